"""Whole conventions: edits that belong together and are no mistake if the sheet is
right under them."""

from __future__ import annotations

from decimal import Decimal

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import (
    by_rule,
    is_half,
    negative,
    replaced,
)
from explainer.homework.mistakes.loss import (
    is_square,
    logarithm,
    mean_for_sum,
    with_half,
    without_half,
)
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.homework.mistakes.seeds import (
    factor_half,
    factor_two,
    of_slope,
    seed_shared,
    sign,
)
from explainer.homework.mistakes.updates import added
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Written,
    walk,
)
from explainer.network.losses import BASES
from explainer.network.quantity import Quantity


def convention(*edits: Edit) -> Edit:
    """Several edits that belong together: each where it applies."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        for one in edits:
            wrong = one(answers, quantity, way)
            if wrong is not None and wrong != way:
                return wrong
        return None

    return edit


def with_square(edit: Edit, half: bool) -> Edit:
    """The edit of the slope of a square, with a half in front of it or without."""

    def restricted(
        answers: Answers, quantity: Quantity, way: Written
    ) -> Written | None:
        loss = quantity.key.of[0] if quantity.rule == "slope_of_loss" else None
        if not isinstance(loss, Key) or not is_square(answers, loss):
            return None
        formula = answers.graph.quantities[loss].formula
        halved = isinstance(formula, Product) and is_half(formula.factors[0])
        return edit(answers, quantity, way) if halved == half else None

    return restricted


def slope_of_logarithm(base: str) -> Edit:
    """The slope of a loss with another logarithm: divided by ln b."""
    number = Number(Decimal(BASES[base][1]))

    @of_slope
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        loss = quantity.key.of[0]
        assert isinstance(loss, Key)
        formula = answers.graph.quantities[loss].formula
        if not any(isinstance(p, Call) and p.function == "log" for p in walk(formula)):
            return None
        return Quotient(way, Call("log", (number,)))

    return edit


@by_rule("signal_last", "signal_hidden", "signal_through", "signal_mixed")
def other_signal(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """delta = -dE/dz for delta = dE/dz."""
    return negative(_signals_turned(way))


def uses_other_signal(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """What is computed from a signal of the other sign."""
    if quantity.key.kind not in ("derivative", "path"):
        return None
    return _signals_turned(way)


def _signals_turned(way: Written) -> Written:
    return replaced(way, lambda k: Negative(Name(k)) if k.kind == "signal" else None)


TARGET_MINUS_OUTPUT = convention(sign, added)
NEGATIVE_SIGNAL = convention(other_signal, uses_other_signal)
WITHOUT_HALF = convention(without_half, with_square(factor_two, half=True))
WITH_HALF = convention(with_half, with_square(factor_half, half=False))
MEAN_OR_SUM = convention(mean_for_sum, seed_shared)
TO_BASE_10 = convention(logarithm("10"), slope_of_logarithm("10"))
TO_BASE_2 = convention(logarithm("2"), slope_of_logarithm("2"))

CONVENTIONS = (
    Mistake("error-is-t-minus-y", "D1+U1", "convention", TARGET_MINUS_OUTPUT),
    Mistake("signal-is-negative", "D1", "convention", NEGATIVE_SIGNAL),
    Mistake("loss-without-half", "L1+D2", "convention", WITHOUT_HALF),
    Mistake("loss-with-half", "L1+D3", "convention", WITH_HALF),
    Mistake("loss-is-mean-or-sum", "L2+D4", "convention", MEAN_OR_SUM),
    Mistake("loss-to-base-10", "L3", "convention", TO_BASE_10),
    Mistake("loss-to-base-2", "L3", "convention", TO_BASE_2),
)
