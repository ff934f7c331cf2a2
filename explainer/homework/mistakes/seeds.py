"""D: mistakes in the derivative of the loss, with which the way back begins."""

from __future__ import annotations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import (
    TWO,
    by_rule,
    doubled,
    halved,
    negative,
    over,
)
from explainer.homework.mistakes.loss import is_square
from explainer.homework.mistakes.mistake import Mistake
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Written,
    product_of,
)
from explainer.network.quantity import Quantity

SLOPES = ("slope_of_loss", "slope_short", "slope_short_softmax")
of_slope = by_rule(*SLOPES)


@of_slope
def sign(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """t - y for y - t."""
    match way:
        case Sum((Name(y), Negative(Name(t)))):
            return Sum((Name(t), Negative(Name(y))))
    return negative(way)


@of_slope
def factor_two(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """2 (y - t) for y - t."""
    return None if _has_two(way) else doubled(way)


@of_slope
def factor_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(y - t)/2 for y - t; y - t for 2 (y - t)."""
    if isinstance(way, Product) and _has_two(way):
        return product_of(way.factors[1:])
    return halved(way)


def _has_two(way: Written) -> bool:
    return isinstance(way, Product) and way.factors[0] == TWO


def seed_shared(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """dE/dy with 1/n that is not there, or without one that is."""
    objective = answers.graph.objective
    total = answers.graph.quantities[objective]
    count = len(answers.graph.parts.get(objective, ()))
    if count < 2:
        return None
    match way:
        case Product((Quotient(top, Number()), rest)) if top == ONE:
            return rest if quantity.rule == "seed" else None
    if quantity.rule in SLOPES and total.rule == "total_sum":
        return over(way, count)
    return None


@by_rule("slope_of_loss")
def loss_itself(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """The loss in the place of its derivative."""
    loss = quantity.key.of[0]
    return Name(loss) if isinstance(loss, Key) else None


@by_rule("slope_of_loss")
def power_rule(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(t - y) y for (t - y) (-1): the wrong inner derivative."""
    loss, y = quantity.key.of
    if not isinstance(y, Key) or not isinstance(loss, Key):
        return None
    if not is_square(answers, loss):
        return None
    match way:
        case Sum((Name() as out, Negative(t))):
            return Product((Sum((t, Negative(out))), Name(y)))
    return Product((Negative(way), Name(y)))


@by_rule("slope_short_softmax")
def diagonal(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """-t (1 - y): only dy_k/dz_k, nothing across."""
    match way:
        case Sum((Name() as y, Negative(t))):
            return Negative(Product((t, Sum((ONE, Negative(y))))))
    return None


@by_rule("slope_of_softmax_across")
def nothing_across(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """dy_k/dz_j = 0 for k other than j."""
    return ZERO


@by_rule("slope_short", "slope_short_softmax")
def slope_kept(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(y - t) y (1 - y), where the factor cancels."""
    z = quantity.key.of[1]
    y = answers.shape.result.get(z) if isinstance(z, Key) else None
    if y is None or not isinstance(z, Key):
        return None
    return Product((way, answers.graph.quantities[y].slopes[z].value))


SEEDS = (
    Mistake("target-minus-output", "D1", "concept", sign),
    Mistake("factor-two", "D2", "convention", factor_two),
    Mistake("half-kept", "D3", "concept", factor_half),
    Mistake("mean-kept-or-dropped", "D4", "convention", seed_shared),
    Mistake("loss-for-its-derivative", "D5", "concept", loss_itself),
    Mistake("slope-kept", "D7", "concept", slope_kept),
    Mistake("wrong-power-rule", "D13", "concept", power_rule),
    Mistake("jacobian-diagonal", "D14", "concept", diagonal),
    Mistake("jacobian-diagonal-long", "D14", "concept", nothing_across),
)
