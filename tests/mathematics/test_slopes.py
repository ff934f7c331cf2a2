"""The slopes of functions, activations and losses are SymPy's derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from explainer.mathematics.differentiation import (
    differentiate,
    explain_slope,
    is_same_on_paper,
)
from explainer.mathematics.functions import FUNCTIONS
from explainer.mathematics.kinks import KINKED
from explainer.mathematics.written import (
    Call,
    Derivative,
    Key,
    Name,
    substitute,
)
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.losses import LOSSES, REDUCTIONS, add_losses, lose
from explainer.network.quantity import Quantity
from tests.mathematics.proving import (
    NAMES,
    X,
    Y,
    algebra,
    assert_equal,
    assert_zero_at_points,
    written,
)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_derivative_of_a_function_is_sympy_s(name: str) -> None:
    record = FUNCTIONS[name]
    if name in KINKED:
        assert record.derivative is None
        arguments = (X, Y)[: record.latex.count("<")]
        first, *lines = differentiate(Call(name, arguments), X.key)
        for line in lines:
            assert_zero_at_points(algebra(first.written) - algebra(line.written))
    else:
        assert record.derivative is not None, f"{name} has no derivative"
        outer = written(record.derivative)
        assert_equal(Derivative(Call(name, (X,)), X), outer)


def catalogue() -> Iterator[Any]:
    for activation in ACTIVATIONS.values():
        quantity = activate(activation, {}, NAMES["z"], NAMES["a"])
        yield pytest.param(quantity, NAMES["z"], id=activation.name)
    for loss in LOSSES.values():
        quantity = lose(loss, NAMES["y"], NAMES["t"], NAMES["a"])
        yield pytest.param(quantity, NAMES["y"], id=loss.name)
    for reduction in REDUCTIONS:
        parts = (NAMES["x"], NAMES["y"], NAMES["z"])
        quantity = add_losses(parts, reduction, NAMES["a"])
        yield pytest.param(quantity, NAMES["y"], id=reduction)


CATALOGUE = tuple(catalogue())


def assert_slope_is_the_derivative(quantity: Quantity, variable: Key) -> None:
    """SymPy's derivative of the formula is each form of the slope."""
    derivative = Derivative(quantity.formula, Name(variable))
    slope = quantity.slopes[variable]
    for form in (slope.value, *slope.bridge, *slope.working):
        assert_equal(derivative, substitute(form, {quantity.key: quantity.formula}))


@pytest.mark.parametrize(("quantity", "variable"), CATALOGUE)
def test_slopes_of_the_catalogue(quantity: Quantity, variable: Key) -> None:
    assert_slope_is_the_derivative(quantity, variable)


@pytest.mark.parametrize(("quantity", "variable"), CATALOGUE)
def test_the_way_to_a_slope_of_the_catalogue(quantity: Quantity, variable: Key) -> None:
    slope = quantity.slopes[variable]
    forms = (*slope.working, *slope.bridge)
    first, *lines = explain_slope(quantity.formula, variable, forms, slope.value)
    result = {quantity.key: quantity.formula}
    for line in lines:
        assert_equal(first.written, substitute(line.written, result))
    assert is_same_on_paper(lines[-1].written, slope.value)


WRONG_ACTIVATIONS = [
    replace(ACTIVATIONS["sigmoid"], slope="a * (1 + a)"),
    replace(ACTIVATIONS["sigmoid"], slope="a"),
    replace(ACTIVATIONS["sigmoid"], bridge=("exp(-z) / (1 + exp(-z))",)),
    replace(ACTIVATIONS["tanh"], slope="1 - a"),
    replace(ACTIVATIONS["relu"], slope="1 if z < 0 else 0"),
    replace(ACTIVATIONS["leaky-relu"], slope="1 if z > 0 else -alpha"),
]


@pytest.mark.parametrize("activation", WRONG_ACTIVATIONS, ids=lambda a: a.name)
def test_a_wrong_slope_of_an_activation_is_caught(activation: Any) -> None:
    quantity = activate(activation, {}, NAMES["z"], NAMES["a"])
    with pytest.raises(AssertionError):
        assert_slope_is_the_derivative(quantity, NAMES["z"])


def test_a_wrong_slope_of_a_loss_is_caught() -> None:
    record = LOSSES["half-squared-error"]
    for wrong in (replace(record, slope="t - y"), replace(record, working=("t - y",))):
        quantity = lose(wrong, NAMES["y"], NAMES["t"], NAMES["a"])
        with pytest.raises(AssertionError):
            assert_slope_is_the_derivative(quantity, NAMES["y"])
