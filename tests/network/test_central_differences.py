"""Every slope of the catalogue against central differences with 50 digits."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from explainer.mathematics.evaluation import WORKING, evaluate
from explainer.mathematics.written import ONE, Key
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.losses import LOSSES, lose
from explainer.network.penalties import PENALTIES, penalize
from explainer.network.quantity import Quantity
from explainer.network.softmax import activate_together

Z, A, Y, T, E, W = (Key(kind, ("u",)) for kind in ("z", "a", "y", "t", "e", "w"))
RATE = Key("rate")
STEP = Decimal("1e-16")
# The differences err by h²/6 times the third derivative, and by 1e-34 in themselves.
TOLERANCE = Decimal("1e-27")
# No kink of the catalogue, both sides of each, and neither 0 nor 1.
ARGUMENTS = [Decimal(text) for text in ("-3.7", "-1.21", "-0.4", "0.37", "1.73", "4.2")]
SHARES = [Decimal(text) for text in ("0.07", "0.37", "0.61", "0.93")]


def differ(quantity: Quantity, lower: Key, values: dict[Key, Decimal]) -> Decimal:
    """How far the slope is from (f(x + h) - f(x - h)) / 2h."""
    with localcontext(WORKING):
        above, below = (
            evaluate(quantity.formula, {**values, lower: values[lower] + step})
            for step in (STEP, -STEP)
        )
        here = {**values, quantity.key: evaluate(quantity.formula, values)}
        slope = evaluate(quantity.slopes[lower].value, here)
        return abs(slope - (above - below) / (2 * STEP))


@pytest.mark.parametrize("z", ARGUMENTS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation(name: str, z: Decimal) -> None:
    assert differ(activate(ACTIVATIONS[name], {}, Z, A), Z, {Z: z}) < TOLERANCE


@pytest.mark.parametrize("target", [Decimal(-1), Decimal(1), Decimal("0.3")])
@pytest.mark.parametrize("y", SHARES)
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss(name: str, y: Decimal, target: Decimal) -> None:
    error = lose(LOSSES[name], Y, T, E)
    assert differ(error, Y, {Y: y, T: target}) < TOLERANCE


@pytest.mark.parametrize("base", ["2", "10"])
def test_a_cross_entropy_to_another_base(base: str) -> None:
    error = lose(LOSSES["binary-cross-entropy"], Y, T, E, base=base)
    assert differ(error, Y, {Y: Decimal("0.37"), T: Decimal(1)}) < TOLERANCE


@pytest.mark.parametrize("w", ARGUMENTS)
@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty(name: str, w: Decimal) -> None:
    cost = penalize(PENALTIES[name], (W,), RATE, ONE, E)
    assert differ(cost, W, {W: w, RATE: Decimal("0.3")}) < TOLERANCE


def test_the_softmax() -> None:
    pairs = [(Key("z", (str(n),)), Key("a", (str(n),))) for n in range(3)]
    sums = {z: Decimal(n) / 3 + 1 for n, (z, _) in enumerate(pairs)}
    made = activate_together(pairs)
    values = {**sums, **{q.key: evaluate(q.formula, sums) for q in made}}
    for quantity in made:
        for z, _ in pairs:
            assert differ(quantity, z, values) < TOLERANCE


def test_a_wrong_slope_differs() -> None:
    right = activate(ACTIVATIONS["tanh"], {}, Z, A)
    wrong = Quantity(A, right.formula, "tanh", {Z: right.slopes[Z]})
    sigmoid = activate(ACTIVATIONS["sigmoid"], {}, Z, A)
    mixed = Quantity(A, wrong.formula, "tanh", dict(sigmoid.slopes))
    assert differ(mixed, Z, {Z: Decimal("0.37")}) > Decimal("0.1")
