"""Edits of formulas that several mistakes share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from explainer.homework.answers import Answers, subject_of
from explainer.homework.mistakes.mistake import Edit
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Written,
    product_of,
    rewrite,
)
from explainer.network.quantity import Quantity

BACKWARD = frozenset({"derivative", "signal", "path"})
HALF, TWO, TEN = Number(Fraction(1, 2)), Number(Decimal(2)), Number(Decimal(10))


def without(way: Written, dropped: Callable[[Key], bool]) -> Written | None:
    """The formula without these factors; a factor that stood alone leaves a 1."""

    def change(part: Written) -> Written | None:
        match part:
            case Name(key) if dropped(key):
                return ONE
            case Product(factors):
                kept = [f for f in factors if not _is_dropped(f, dropped)]
                return product_of(tuple(rewrite(factor, change) for factor in kept))
        return None

    return rewrite(way, change)


def _is_dropped(factor: Written, dropped: Callable[[Key], bool]) -> bool:
    return isinstance(factor, Name) and dropped(factor.key)


def replaced(way: Written, other: Callable[[Key], Written | None]) -> Written:
    """The formula with names replaced by what `other` answers."""

    def change(part: Written) -> Written | None:
        return other(part.key) if isinstance(part, Name) else None

    return rewrite(way, change)


def kept_term(way: Written, choose: Callable[[int], int | None]) -> Written | None:
    """The formula with one term in the place of its outermost sum.

    `choose` answers the place of that term, from the number of terms.
    """
    match way:
        case Sum(terms):
            place = choose(len(terms))
            return terms[place] if place is not None else None
        case Product(factors):
            for i, factor in enumerate(factors):
                if isinstance(factor, Sum):
                    kept = kept_term(factor, choose)
                    if kept is None:
                        return None
                    return product_of((*factors[:i], kept, *factors[i + 1 :]))
        case Negative(body):
            kept = kept_term(body, choose)
            return kept and Negative(kept)
    return None


def doubled(way: Written) -> Written:
    return Product((TWO, way))


def halved(way: Written) -> Written:
    return Product((HALF, way))


def negative(way: Written) -> Written:
    return way.body if isinstance(way, Negative) else Negative(way)


def over(way: Written, count: int) -> Written:
    """1/n times the formula."""
    return Product((Quotient(ONE, Number(Decimal(count))), way))


def is_half(written: Written) -> bool:
    match written:
        case Number(value):
            return value == Fraction(1, 2)
        case Quotient(Number(top), Number(bottom)):
            return 2 * top == bottom
    return False


def is_slope(answers: Answers, key: Key) -> bool:
    """Whether a quantity is f'(z) = da/dz."""
    if key.kind != "local":
        return False
    upper, lower = key.of
    return isinstance(upper, Key) and answers.shape.argument.get(upper) == lower


def is_hidden(answers: Answers, key: Key) -> bool:
    """Whether a step is about a unit, or a parameter, before the last layer."""
    return answers.layer_of.get(key, answers.shape.last) < answers.shape.last


def by_rule(*rules: str) -> Callable[[Edit], Edit]:
    """The edit of quantities that these rules made, and of no others."""

    def restrict(edit: Edit) -> Edit:
        def restricted(
            answers: Answers, quantity: Quantity, way: Written
        ) -> Written | None:
            known = quantity.rule in rules
            return edit(answers, quantity, way) if known else None

        return restricted

    return restrict


Local = Callable[[Answers, Key, Key], Written | None]


def of_local(rule: str, other: Local) -> Edit:
    """Another value for a local derivative du/dx: where it is a step, and where it is a
    factor.

    `other` gets u and x.
    """

    def wrong(answers: Answers, key: Key) -> Written | None:
        quantity = answers.quantities.get(key)
        if key.kind != "local" or quantity is None or quantity.rule != rule:
            return None
        upper, lower = key.of
        assert isinstance(upper, Key) and isinstance(lower, Key)
        return other(answers, upper, lower)

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if quantity.key.kind == "local":
            return wrong(answers, quantity.key)
        if quantity.key.kind not in BACKWARD:
            return None
        return replaced(way, lambda key: wrong(answers, key))

    return edit


def without_local(rule: str) -> Edit:
    """The local derivatives that a rule made missing as factors: dE/dw = delta, or a
    sum of deltas without weights."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if quantity.key.kind not in BACKWARD:
            return None

        def dropped(key: Key) -> bool:
            known = answers.quantities.get(key)
            return key.kind == "local" and known is not None and known.rule == rule

        return without(way, dropped)

    return edit


def without_slopes(matches: Callable[[Answers, Key, Key], bool]) -> Edit:
    """f' missing in each product where `matches(answers, step, slope)`."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        step = quantity.key
        if step.kind not in BACKWARD:
            return None
        return without(
            way, lambda key: is_slope(answers, key) and matches(answers, step, key)
        )

    return edit


def unit_number(answers: Answers, key: Key) -> int:
    """The place of a step's unit in its layer, from 0."""
    subject = subject_of(key)
    z = answers.shape.argument.get(subject, subject)
    beside = answers.shape.beside(z) if z in answers.shape.sums else (z,)
    return beside.index(z)
