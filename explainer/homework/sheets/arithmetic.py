"""Whether each line of arithmetic is true as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from explainer.derivation.intervals import bound
from explainer.homework.sheets.numerals import Numeral
from explainer.homework.sheets.sheet import ArithmeticLine, Interval
from explainer.homework.sheets.statements import Side
from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.written import (
    Key,
    Name,
    Number,
    Written,
    names_in,
    rewrite,
)


def check_chain(sides: Sequence[Side]) -> Iterator[ArithmeticLine]:
    """Each two neighbours of a chain that are both numbers, or made of numbers."""
    for left, right in zip(sides, sides[1:], strict=False):
        try:
            line = _check(left, right)
        except ArithmeticError:
            # 1/0 and numbers beyond all bounds have no value to compare.
            continue
        if line is not None:
            yield line


def _check(left: Side, right: Side) -> ArithmeticLine | None:
    if not (_is_numeric(left.written) and _is_numeric(right.written)):
        return None
    assert left.written is not None and right.written is not None
    value, other = evaluate(left.written, {}), evaluate(right.written, {})
    ends = typed_bounds(left.written)
    if right.numeral is not None:
        how = _compare(value, ends, other, right.numeral)
    elif left.numeral is not None:
        how = _compare(other, typed_bounds(right.written), value, left.numeral)
    else:
        how = "exact" if value == other else _meet(ends, typed_bounds(right.written))
    return ArithmeticLine(left.line, left.text, right.text, ends, how)


def _is_numeric(written: Written | None) -> bool:
    return written is not None and not names_in(written)


def _compare(value: Decimal, ends: Interval, typed: Decimal, numeral: Numeral) -> str:
    """How a typed number is the value of what stands on the other side."""
    half = numeral.half_unit
    if value == typed:
        return "exact"
    if abs(value - typed) <= half:
        return "rounded"
    beyond = abs(value) - abs(typed)
    if 0 <= beyond < 2 * half and value * typed >= 0:
        return "truncated"
    return _meet(ends, (typed - 2 * half, typed + 2 * half))


def _meet(one: Interval, other: Interval) -> str:
    return "within" if one[0] <= other[1] and other[0] <= one[1] else "off"


def typed_bounds(written: Written) -> Interval:
    """The least and the greatest value that the typed digits allow.

    >>> from explainer.mathematics.written import Product
    >>> typed_bounds(Product((Number(Decimal(2)), Number(Decimal("0.50")))))
    (Decimal('0.990'), Decimal('1.010'))
    """
    ranges: dict[Key, Interval] = {}

    def widen(part: Written) -> Written | None:
        if not isinstance(part, Number):
            return None
        value = as_decimal(part.value)
        places = value.as_tuple().exponent
        if not isinstance(places, int) or places >= 0:
            # 2, 1 and 10 are parts of formulas, and exact.
            return None
        half = Decimal((0, (5,), places - 1))
        key = Key("typed", (str(len(ranges)),))
        ranges[key] = value - half, value + half
        return Name(key)

    return bound(rewrite(written, widen), ranges)
