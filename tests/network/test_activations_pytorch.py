"""Activations against PyTorch: values and slopes, at the kinks too."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest

from explainer.network.activations import ACTIVATIONS, slope_at
from tests.network.test_activations import POINTS, value_at

with warnings.catch_warnings():
    # PyTorch warns where NumPy is missing; nothing here needs it.
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")

TORCH: dict[str, Any] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": torch.nn.Softplus(threshold=100),
    "silu": torch.nn.functional.silu,
    "swish": torch.nn.functional.silu,
    "gelu": torch.nn.functional.gelu,
    "gelu-tanh": torch.nn.GELU(approximate="tanh"),
    "relu": torch.relu,
    "leaky-relu": torch.nn.functional.leaky_relu,
    "elu": torch.nn.functional.elu,
    "identity": torch.nn.Identity(),
    "hard-sigmoid": torch.nn.functional.hardsigmoid,
}


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_value_and_slope_are_pytorch_s_at_kinks_too(name: str) -> None:
    for point in (*POINTS, "-3", "0", "3"):
        z = torch.tensor(float(point), dtype=torch.float64, requires_grad=True)
        value = TORCH[name](z)
        value.backward()
        record = ACTIVATIONS[name]
        assert z.grad is not None
        ours = slope_at(record, {}, Decimal(point))
        # PyTorch keeps the sixth of its hard sigmoid in single precision.
        close = 1e-8 if name == "hard-sigmoid" else 1e-12
        assert float(ours) == pytest.approx(z.grad.item(), abs=close)
        ours = value_at(record, Decimal(point))
        assert float(ours) == pytest.approx(value.item(), abs=close)
