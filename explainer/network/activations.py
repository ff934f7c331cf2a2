"""The catalogue of activations: one record each.

A record is everything the program knows of an activation. The tests prove every slope
by SymPy, the table of the catalogue and the "did you mean" hints are made from these
records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.mathematics.formula import read
from explainer.mathematics.written import (
    Comparison,
    Key,
    Number,
    Written,
    substitute,
)
from explainer.network.quantity import Quantity, Slope


@dataclass(frozen=True, slots=True)
class Option:
    """A constant of a formula: its usual value; allowed is least <= value < below."""

    usual: Decimal
    least: Decimal
    below: Decimal


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation as it is taught: a = f(z), and its slope in z and a.

    `bridge` holds the forms between the derivative that the rules of calculus give and
    the taught slope. `options` are constants of the formula. At a `kink` the slope is a
    convention; the file may choose another value.
    """

    name: str
    formula: str
    slope: str
    bridge: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    kink: str | None = None
    source: str = ""


ACTIVATIONS: Mapping[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            "sigmoid",
            "1 / (1 + exp(-z))",
            "a * (1 - a)",
            bridge=(
                "exp(-z) / (1 + exp(-z))**2",
                "1 / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))",
                "1 / (1 + exp(-z)) * (1 - 1 / (1 + exp(-z)))",
            ),
            source="Goodfellow, Bengio, Courville, Deep Learning, section 3.10",
        ),
        Activation(
            "tanh",
            "tanh(z)",
            "1 - a**2",
            bridge=("1 - tanh(z)**2",),
            source="Deep Learning, section 6.3.2",
        ),
        Activation(
            "relu",
            "max(0, z)",
            "1 if z > 0 else 0",
            kink="z == 0",
            source="Deep Learning, section 6.3.1; slope 0 at 0 as in PyTorch",
        ),
        Activation(
            "leaky-relu",
            "max(alpha * z, z)",
            "1 if z > 0 else alpha",
            # From 1 on, max(alpha z, z) would be another function.
            options={"alpha": Option(Decimal("0.01"), Decimal(0), Decimal(1))},
            kink="z == 0",
            source="Maas, Hannun, Ng 2013; slope alpha at 0 as in PyTorch",
        ),
        Activation(
            "softplus",
            "log(1 + exp(z))",
            "1 / (1 + exp(-z))",
            bridge=("exp(z) / (1 + exp(z))",),
            source="Deep Learning, section 3.10",
        ),
        Activation("identity", "z", "1", source="Deep Learning, section 6.2.2.1"),
    )
}


def activate(
    activation: Activation,
    options: Mapping[str, Decimal],
    argument: Key,
    result: Key,
) -> Quantity:
    """result = f(argument), with its slope.

    `options` replaces the record's usual constants; `kink` among them is the slope
    that the file chooses at the kink.
    """
    names = {
        "z": argument,
        "a": result,
        **{o: Key("option", (o,)) for o in activation.options},
    }
    constants = {
        names[option]: Number(options.get(option, record.usual))
        for option, record in activation.options.items()
    }

    def written(text: str) -> Written:
        return substitute(read(text, names), constants)

    slope = activation.slope
    if activation.kink and "kink" in options:
        slope = f"{options['kink']} if {activation.kink} else ({slope})"
    kink = written(activation.kink) if activation.kink else None
    taught = Slope(
        written(slope),
        "slope_of_activation",
        bridge=tuple(map(written, activation.bridge)),
        kink=kink if isinstance(kink, Comparison) else None,
    )
    formula = written(activation.formula)
    return Quantity(result, formula, activation.name, {argument: taught})
