"""Written mathematics as a function of ranges: what its value can be, when each number
is known to its typed digits only.

The bounds are those of `intervals.bound`, compiled once for a class of sheets. Where a
name stands in a formula twice, as in a(1 - a), plain bounds treat it as two numbers;
there they are cut with those of the mean value theorem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation
from decimal import Overflow as TooLarge
from functools import singledispatch

from explainer.derivation.intervals import bound
from explainer.mathematics.differentiation import DifferentiationError, differentiate
from explainer.mathematics.evaluation import COMPARE, as_decimal
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.written import (
    Call,
    Cases,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    walk,
)

Range = tuple[Decimal, Decimal]
Ranges = list[Range]
Bounding = Callable[[Ranges], Range]
ZERO = Decimal(0)
# Bounds are computed with these digits; `SLACK` of a value is far above their error.
CONTEXT = Context(
    prec=25,
    rounding=ROUND_HALF_EVEN,
    Emax=999_999,
    Emin=-999_999,
    traps=[DivisionByZero, InvalidOperation, TooLarge],
)
SLACK = Decimal("1e-12")
TINY = Decimal("1e-30")
LARGEST_POWER = 50
TURN = Key("argument", ("angle",))


class Boundless(ArithmeticError):
    """The value can be any number: a divisor's range has 0 in it, or the like."""


def compile_range(written: Written, slots: Mapping[Key, int]) -> Bounding:
    """The range of a formula, from a list of ranges; to be called in `CONTEXT`.

    Raises ArithmeticError where the value can be anything.

    >>> from decimal import localcontext
    >>> from explainer.mathematics.formula import read
    >>> a = Key("activation", ("a",))
    >>> slope = compile_range(read("a * (1 - a)", {"a": a}), {a: 0})
    >>> with localcontext(CONTEXT):
    ...     low, high = slope([(Decimal("0.495"), Decimal("0.505"))])
    >>> high - low < Decimal("0.0002")
    True
    """
    plain = _bounding(written, slots)
    counts = Counter(part.key for part in walk(written) if isinstance(part, Name))
    twice = [key for key, count in counts.items() if count > 1]
    if not twice:
        return plain
    try:
        slopes = [
            (slots[key], _bounding(differentiate(written, key)[-1].written, slots))
            for key in twice
        ]
    except DifferentiationError:
        return plain

    return _cut_by_slopes(plain, slopes)


def _cut_by_slopes(plain: Bounding, slopes: list[tuple[int, Bounding]]) -> Bounding:
    """The plain bounds, cut with those of the mean value theorem."""

    def cut(ranges: Ranges) -> Range:
        low, high = plain(ranges)
        if all(ranges[slot][0] == ranges[slot][1] for slot, _ in slopes):
            return low, high
        centre = list(ranges)
        spread = ZERO
        for slot, slope in slopes:
            start, end = ranges[slot]
            middle = (start + end) / 2
            centre[slot] = middle, middle
            steepest = max(map(abs, slope(ranges)))
            spread += steepest * (end - start) / 2
        least, most = plain(centre)
        return max(low, least - spread), min(high, most + spread)

    return cut


def times(one: Range, other: Range) -> Range:
    """The range of a product."""
    a, b = one
    c, d = other
    if a == b:
        return (a * c, a * d) if a >= 0 else (a * d, a * c)
    if c == d:
        return (a * c, b * c) if c >= 0 else (b * c, a * c)
    if a >= 0 and c >= 0:
        return a * c, b * d
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


@singledispatch
def _bounding(written: Written, slots: Mapping[Key, int]) -> Bounding:
    raise TypeError(f"no range for {type(written).__name__}")


@_bounding.register
def _(written: Number, slots: Mapping[Key, int]) -> Bounding:
    value = as_decimal(written.value)
    return lambda ranges: (value, value)


@_bounding.register
def _(written: Name, slots: Mapping[Key, int]) -> Bounding:
    slot = slots[written.key]
    return lambda ranges: ranges[slot]


@_bounding.register
def _(written: Sum, slots: Mapping[Key, int]) -> Bounding:
    terms = tuple(_bounding(term, slots) for term in written.terms)

    def total(ranges: Ranges) -> Range:
        low = high = ZERO
        for term in terms:
            least, most = term(ranges)
            low += least
            high += most
        return low, high

    return total


@_bounding.register
def _(written: Product, slots: Mapping[Key, int]) -> Bounding:
    first, *rest = (_bounding(factor, slots) for factor in written.factors)

    def product(ranges: Ranges) -> Range:
        result = first(ranges)
        for factor in rest:
            result = times(result, factor(ranges))
        return result

    return product


@_bounding.register
def _(written: Quotient, slots: Mapping[Key, int]) -> Bounding:
    top, bottom = _bounding(written.top, slots), _bounding(written.bottom, slots)

    def quotient(ranges: Ranges) -> Range:
        low, high = bottom(ranges)
        if low <= 0 <= high:
            raise Boundless
        return times(top(ranges), (1 / high, 1 / low))

    return quotient


@_bounding.register
def _(written: Negative, slots: Mapping[Key, int]) -> Bounding:
    body = _bounding(written.body, slots)

    def negative(ranges: Ranges) -> Range:
        low, high = body(ranges)
        return -high, -low

    return negative


@_bounding.register
def _(written: Power, slots: Mapping[Key, int]) -> Bounding:
    base, exponent = _bounding(written.base, slots), _bounding(written.exponent, slots)

    def power(ranges: Ranges) -> Range:
        low, high = base(ranges)
        n, other = exponent(ranges)
        if n != other:
            # 10^-z, where z is known to its digits only.
            if low != high or low <= 1 or max(abs(n), abs(other)) > LARGEST_POWER:
                raise Boundless
            return low**n, low**other
        whole = n == n.to_integral_value()
        if low <= 0 and (n < 0 or not whole):
            raise Boundless
        ends = low**n, high**n
        crosses = low <= 0 <= high and n % 2 == 0
        return (ZERO if crosses else min(ends)), max(ends)

    return power


@_bounding.register
def _(written: Call, slots: Mapping[Key, int]) -> Bounding:
    name = written.function
    function = CALLABLE[name].decimal
    arguments = tuple(_bounding(argument, slots) for argument in written.arguments)

    def call(ranges: Ranges) -> Range:
        ends = [argument(ranges) for argument in arguments]
        if not ends:
            return function(), function()
        low, high = ends[0]
        if name in ("log", "log2", "log10") and low <= 0:
            raise Boundless
        if low == high and len(ends) == 1:
            value = function(low)
            return value, value
        if name in ("sin", "cos"):
            return bound(Call(name, (Name(TURN),)), {TURN: (low, high)}, CONTEXT.prec)
        if name == "abs":
            least = ZERO if low <= 0 <= high else min(abs(low), abs(high))
            return least, max(abs(low), abs(high))
        # exp, log, tanh, erf and sqrt rise; max and min rise in both arguments.
        lows, highs = zip(*ends, strict=True)
        return function(*lows), function(*highs)

    return call


@_bounding.register
def _(written: Cases, slots: Mapping[Key, int]) -> Bounding:
    conditions = [
        (COMPARE[c.sign], _bounding(c.left, slots), _bounding(c.right, slots))
        for c in written.conditions
    ]
    *values, otherwise = (_bounding(value, slots) for value in written.values)

    def cases(ranges: Ranges) -> Range:
        found: list[Range] = []
        for (holds, left, right), value in zip(conditions, values, strict=True):
            one, other = left(ranges), right(ranges)
            answers = {holds(a, b) for a in one for b in other}
            if True in answers:
                found.append(value(ranges))
            if answers == {True}:
                break
        else:
            found.append(otherwise(ranges))
        return min(low for low, _ in found), max(high for _, high in found)

    return cases


def meet(one: Range, other: Range) -> bool:
    """Whether two ranges have a number in common, but for the last digits computed."""
    slack = SLACK * max(abs(other[0]), abs(other[1])) + TINY
    return one[0] <= other[1] + slack and other[0] <= one[1] + slack
