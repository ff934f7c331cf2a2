"""Arithmetic that a teacher does without a word: `0 + a`, `1 · a`, `0 · a`, `-(-a)`.

The order of terms and factors stays. Only a sign moves, to the front of its product.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.rounding import shortest
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Comparison,
    Derivative,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    names_in,
    product_of,
    sum_of,
)

# Twelve digits are more than anybody multiplies without writing it down.
MENTAL = Context(prec=12, traps=[Inexact, InvalidOperation])
Parts = tuple[Written, ...]


def clear(written: Written) -> Written:
    """0 + a = a, 1 · a = a, 0 · a = 0. Derivatives not yet taken are left alone.

    >>> clear(Sum((ZERO, Product((ONE, Number(Decimal(7)))))))
    Number(value=Decimal('7'))
    """
    return _from_inside(written, _clear)


def tidy(written: Written) -> Written:
    """The expression after all the arithmetic that needs no explanation.

    >>> two = Number(Decimal(2))
    >>> tidy(Negative(Product((Sum((ZERO, Negative(ONE))), two))))
    Number(value=Decimal('2'))
    """
    tidied = _from_inside(written, _tidy)
    return tidied if tidied == written else tidy(tidied)


def _from_inside(written: Written, change: Callable[[Written], Written]) -> Written:
    if isinstance(written, Derivative | Comparison) or not written.parts():
        return written
    parts = tuple(_from_inside(part, change) for part in written.parts())
    return change(written.with_parts(parts))


def _clear(written: Written) -> Written:
    match written:
        case Sum(terms):
            kept = tuple(term for term in terms if not is_zero(term))
            return sum_of(kept) if kept else ZERO
        case Product(factors) if any(map(is_zero, factors)):
            return ZERO
        case Product(factors):
            return product_of(tuple(factor for factor in factors if not is_one(factor)))
    return written


def is_zero(written: Written) -> bool:
    """Whether it is the number 0, or -0."""
    inside = written.body if isinstance(written, Negative) else written
    return isinstance(inside, Number) and inside.value == 0


def is_one(written: Written) -> bool:
    """Whether it is the number 1."""
    return isinstance(written, Number) and written.value == 1


@singledispatch
def _tidy(written: Written) -> Written:
    return written


@_tidy.register
def _(written: Sum) -> Written:
    tidied = _clear(sum_of(_fold(terms_of(*written.terms), _added)))
    if not isinstance(tidied, Sum):
        return tidied
    first, *rest = tidied.terms
    return Sum((first, *map(_subtracted, rest)))


@_tidy.register
def _(written: Product) -> Written:
    tidied = _clear(product_of(_fold(factors_of(*written.factors), _multiplied)))
    if not isinstance(tidied, Product):
        return tidied
    return _with_sign_in_front(tidied.factors)


@_tidy.register
def _(written: Negative) -> Written:
    if is_zero(written.body):
        return ZERO
    if isinstance(written.body, Number):
        return Number(negated(written.body.value))
    return _opposite(written.body) or written


@_tidy.register
def _(written: Quotient) -> Written:
    top, bottom = written.top, written.bottom
    if is_zero(top):
        return ZERO
    if is_one(bottom):
        return top
    if _begins_with_minus(top):
        return Negative(Quotient(_opposite(top) or top, bottom))
    if _begins_with_minus(bottom):
        return Negative(Quotient(top, _opposite(bottom) or bottom))
    return written


@_tidy.register
def _(written: Power) -> Written:
    return written.base if is_one(written.exponent) else written


def terms_of(*terms: Written) -> Parts:
    """The terms of a sum, those of a sum within it in its place."""
    return tuple(
        inner
        for term in terms
        for inner in (terms_of(*term.terms) if isinstance(term, Sum) else (term,))
    )


def factors_of(*factors: Written) -> Parts:
    """The factors of a product, those of a product within it in its place."""
    return tuple(
        inner
        for factor in factors
        for inner in (
            factors_of(*factor.factors) if isinstance(factor, Product) else (factor,)
        )
    )


def _fold(parts: Parts, operation: Callable[[Number, Number], Number | None]) -> Parts:
    """Two numbers side by side become one, where the result is exact and short."""
    folded: list[Written] = []
    for part in parts:
        last = folded[-1] if folded else None
        both = None
        if isinstance(last, Number) and isinstance(part, Number):
            both = operation(last, part)
        if both is None:
            folded.append(part)
        else:
            folded[-1] = both
    return tuple(folded)


def _added(left: Number, right: Number) -> Number | None:
    a, b = left.value, right.value
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return Number(Fraction(a) + Fraction(b))
    return _exactly(MENTAL.add, a, b)


def _multiplied(left: Number, right: Number) -> Number | None:
    # (-1) is a sign, and signs are moved; it is not a coefficient.
    if -1 in (left.value, right.value):
        return None
    a, b = left.value, right.value
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return Number(Fraction(a) * Fraction(b))
    return _exactly(MENTAL.multiply, a, b)


def _exactly(
    operation: Callable[[Decimal, Decimal], Decimal], a: Decimal, b: Decimal
) -> Number | None:
    try:
        return Number(shortest(operation(a, b)))
    except Inexact:
        return None


def _subtracted(term: Written) -> Written:
    """A negative number after the first term is printed as a subtraction."""
    if isinstance(term, Number) and term.value < 0:
        return Negative(Number(negated(term.value)))
    return term


def _begins_with_minus(written: Written) -> bool:
    return isinstance(written, Negative) or (
        isinstance(written, Number) and written.value < 0
    )


def _is_minus_one(written: Written) -> bool:
    return isinstance(written, Number) and written.value == -1


def _with_sign_in_front(factors: Parts) -> Written:
    """a · (-1) · b = -a · b.

    Beside other numbers, as in 2 · (t - y) · (-1), a single -1 is left where the chain
    rule has put it.
    """
    signed = [
        place
        for place, factor in enumerate(factors)
        if isinstance(factor, Negative)
        or _is_minus_one(factor)
        or (place == 0 and _begins_with_minus(factor))
    ]
    numbers = [place for place, factor in enumerate(factors) if not names_in(factor)]
    if not signed or (signed == numbers[-1:] and len(numbers) > 1):
        return Product(factors)
    bare = tuple(
        (_opposite(factor) or factor) if place in signed else factor
        for place, factor in enumerate(factors)
    )
    body = _clear(product_of(bare))
    return Negative(body) if len(signed) % 2 else body


def _opposite(written: Written) -> Written | None:
    """-a, where a has a minus sign to give away; None where it has none."""
    match written:
        case Negative(body):
            return body
        case Number(value) if value < 0:
            return Number(negated(value))
        case Quotient(top, bottom):
            opposite = _opposite(top)
            return None if opposite is None else Quotient(opposite, bottom)
        case Product(factors):
            opposites = tuple(map(_opposite, factors))
            place = next((i for i, o in enumerate(opposites) if o is not None), None)
            if place is None:
                return None
            flipped = (opposites[place] or ONE,)
            return _clear(Product(factors[:place] + flipped + factors[place + 1 :]))
    return None


def negated(value: Decimal | Fraction) -> Decimal | Fraction:
    """-value, digit for digit. (A minus sign before a Decimal rounds it to 28 digits.)

    >>> negated(Decimal("0.1234567890123456789012345678901234"))
    Decimal('-0.1234567890123456789012345678901234')
    """
    return value.copy_negate() if isinstance(value, Decimal) else -value
