"""Worked backpropagation: from a small network to a numbered derivation, every line
true.

>>> import explainer
>>> network = explainer.Network.from_example("forward-backward")
>>> derivation = explainer.derive(network, verify=False)
>>> derivation["new_w5"].shown
Decimal('0.45187')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainer.network.problems import NetworkError as NetworkError
    from explainer.worked import Network as Network
    from explainer.worked import WorkedDerivation as WorkedDerivation
    from explainer.worked import derive as derive
    from explainer.worked import render as render
    from explainer.worked_quantity import WorkedQuantity as WorkedQuantity

__all__ = [
    "Network",
    "NetworkError",
    "WorkedDerivation",
    "WorkedQuantity",
    "derive",
    "render",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are used: `explainer --help` starts at
    once."""
    if name not in __all__:
        raise AttributeError(f"module 'explainer' has no attribute {name!r}")
    from explainer import worked
    from explainer.network import problems

    return getattr(problems if name == "NetworkError" else worked, name)
