"""L: mistakes in the loss."""

from __future__ import annotations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import (
    by_rule,
    halved,
    is_half,
    kept_term,
    over,
)
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Power,
    Product,
    Sum,
    Written,
    product_of,
    rewrite,
)
from explainer.network.losses import BASES, LOSSES
from explainer.network.quantity import Quantity

TOTALS = ("total_sum", "total_mean")
of_loss = by_rule(*LOSSES)
of_total = by_rule(*TOTALS)


def is_square(answers: Answers, key: Key) -> bool:
    """Whether the error of an output is a square, with a half or without."""
    quantity = answers.graph.quantities.get(key)
    return quantity is not None and "squared-error" in quantity.rule


@of_loss
def without_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = (t - y)^2 for 1/2 (t - y)^2."""
    if not isinstance(way, Product) or not is_half(way.factors[0]):
        return None
    return product_of(way.factors[1:])


@of_loss
def with_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = 1/2 (t - y)^2 for (t - y)^2."""
    return halved(way) if isinstance(way, Power) else None


@of_total
def mean_for_sum(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """1/n (E_1 + E_2), or the sum for the mean."""
    match way:
        case Sum(terms):
            return over(way, len(terms))
        case Product((_, Sum() as added)):
            return added
    return None


def logarithm(base: str) -> Edit:
    """log2 or log10 for ln."""

    @of_loss
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        def change(part: Written) -> Written | None:
            match part:
                case Call("log", arguments):
                    return Call(BASES[base][0], arguments)
            return None

        return rewrite(way, change)

    return edit


def half_of_entropy(place: int) -> Edit:
    """Only -t ln y, or only -(1 - t) ln(1 - y)."""

    @by_rule("binary-cross-entropy")
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        return kept_term(way, lambda count: place if place < count else None)

    return edit


@by_rule("binary-cross-entropy", "categorical-cross-entropy")
def no_minus(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """t ln y for -t ln y."""
    return way.body if isinstance(way, Negative) else None


def one_error(place: int) -> Edit:
    """The error of one output for that of all."""

    @of_total
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        match way:
            case Sum(terms) | Product((_, Sum(terms))):
                return terms[place]
        return None

    return edit


@of_loss
def times_slope(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = 1/2 ((t - y) f')^2: the error is multiplied too early."""
    outputs = [key for key in quantity.uses if key in answers.shape.argument]
    if len(outputs) != 1 or not is_square(answers, quantity.key):
        return None
    (y,) = outputs
    slope = Name(Key("local", (y, answers.shape.argument[y])))
    if slope.key not in answers.quantities:
        return None

    def change(part: Written) -> Written | None:
        match part:
            case Power(base, exponent):
                return Power(Product((base, slope)), exponent)
        return None

    return rewrite(way, change)


LOSS = (
    Mistake("half-dropped", "L1", "convention", without_half),
    Mistake("half-added", "L1", "convention", with_half),
    Mistake("mean-or-sum-of-errors", "L2", "convention", mean_for_sum),
    Mistake("logarithm-to-base-10", "L3", "concept", logarithm("10")),
    Mistake("logarithm-to-base-2", "L3", "concept", logarithm("2")),
    Mistake("first-half-of-entropy", "L4", "concept", half_of_entropy(0)),
    Mistake("second-half-of-entropy", "L4", "concept", half_of_entropy(1)),
    Mistake("minus-missing", "L5", "slip", no_minus),
    Mistake("first-error-only", "L6", "slip", one_error(0)),
    Mistake("last-error-only", "L6", "slip", one_error(-1)),
    Mistake("error-times-slope", "L7", "concept", times_slope),
)
