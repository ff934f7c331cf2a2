"""Bounds of written mathematics when its numbers are known to their printed digits
only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from functools import reduce, singledispatch
from itertools import product as pairs

from explainer.mathematics.evaluation import COMPARE, DIGITS, WORKING, as_decimal
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
)

Interval = tuple[Decimal, Decimal]
Ranges = Mapping[Key, Interval]
UNBOUNDED = Decimal("-Infinity"), Decimal("Infinity")
ZERO = Decimal(0)


def bound(written: Written, ranges: Ranges, digits: int = DIGITS) -> Interval:
    """The least and the greatest value the expression can have, for names in their
    ranges.

    >>> x = Key("input", ("x",))
    >>> half_to_one = Decimal("0.5"), Decimal(1)
    >>> bound(Product((Name(x), Number(Decimal(-2)))), {x: half_to_one})
    (Decimal('-2'), Decimal('-1.0'))
    """
    with localcontext(WORKING) as context:
        context.prec = digits
        return _bound(written, ranges)


@singledispatch
def _bound(written: Written, ranges: Ranges) -> Interval:
    raise TypeError(f"no bounds for {type(written).__name__}")


@_bound.register
def _(written: Number, ranges: Ranges) -> Interval:
    value = as_decimal(written.value)
    return value, value


@_bound.register
def _(written: Name, ranges: Ranges) -> Interval:
    return ranges[written.key]


@_bound.register
def _(written: Sum, ranges: Ranges) -> Interval:
    ends = [_bound(term, ranges) for term in written.terms]
    return sum((low for low, _ in ends), Decimal(0)), sum(
        (high for _, high in ends), Decimal(0)
    )


@_bound.register
def _(written: Product, ranges: Ranges) -> Interval:
    return reduce(_times, (_bound(factor, ranges) for factor in written.factors))


def _times(one: Interval, other: Interval) -> Interval:
    # 0 times no bound is 0: every number that there is, times 0, is 0.
    corners = [a * b if a and b else ZERO for a, b in pairs(one, other)]
    return min(corners), max(corners)


@_bound.register
def _(written: Quotient, ranges: Ranges) -> Interval:
    top, (low, high) = _bound(written.top, ranges), _bound(written.bottom, ranges)
    if low <= 0 <= high:
        return UNBOUNDED
    return _times(top, (1 / high, 1 / low))


@_bound.register
def _(written: Negative, ranges: Ranges) -> Interval:
    low, high = _bound(written.body, ranges)
    return -high, -low


@_bound.register
def _(written: Power, ranges: Ranges) -> Interval:
    low, high = _bound(written.base, ranges)
    exponent, other = _bound(written.exponent, ranges)
    whole = exponent == exponent.to_integral_value()
    if exponent != other or (low <= 0 and (exponent < 0 or not whole)):
        return UNBOUNDED
    ends = low**exponent, high**exponent
    crosses = low <= 0 <= high and exponent % 2 == 0
    return (Decimal(0) if crosses else min(ends)), max(ends)


@_bound.register
def _(written: Call, ranges: Ranges) -> Interval:
    function, arguments = CALLABLE[written.function], written.arguments
    ends = [_bound(argument, ranges) for argument in arguments]
    if not ends:
        return function.decimal(), function.decimal()
    low, high = ends[0]
    if written.function == "abs":
        crosses = low <= 0 <= high
        least = Decimal(0) if crosses else min(abs(low), abs(high))
        return least, max(abs(low), abs(high))
    if written.function in ("sin", "cos"):
        return _bound_wave(written.function, low, high)
    if written.function in ("log", "log2", "log10", "sqrt") and low <= 0:
        return UNBOUNDED
    # exp, log, tanh, erf and sqrt rise; max and min rise in both arguments.
    lows, highs = zip(*ends, strict=True)
    return function.decimal(*lows), function.decimal(*highs)


def _bound_wave(name: str, low: Decimal, high: Decimal) -> Interval:
    """sin is 1 at pi/2 and -1 at 3/2 pi, cos is 1 at 0 and -1 at pi; so every turn."""
    pi = CALLABLE["pi"].decimal()
    if not (low.is_finite() and high.is_finite()) or high - low >= 2 * pi:
        return Decimal(-1), Decimal(1)
    top = pi / 2 if name == "sin" else Decimal(0)
    ends = [CALLABLE[name].decimal(end) for end in (low, high)]
    least = Decimal(-1) if _meets(top + pi, 2 * pi, low, high) else min(ends)
    return least, Decimal(1) if _meets(top, 2 * pi, low, high) else max(ends)


def _meets(point: Decimal, period: Decimal, low: Decimal, high: Decimal) -> bool:
    """Whether point + n period lies from low to high for a whole n."""
    first = ((low - point) / period).to_integral_value(ROUND_CEILING)
    return first <= ((high - point) / period).to_integral_value(ROUND_FLOOR)


@_bound.register
def _(written: Cases, ranges: Ranges) -> Interval:
    """The union over the branches whose condition can hold somewhere in the ranges."""
    found: list[Interval] = []
    for condition, value in zip(written.conditions, written.values, strict=False):
        corners = pairs(_bound(condition.left, ranges), _bound(condition.right, ranges))
        answers = {COMPARE[condition.sign](a, b) for a, b in corners}
        if True in answers:
            found.append(_bound(value, ranges))
        if answers == {True}:
            break
    else:
        found.append(_bound(written.values[-1], ranges))
    return min(low for low, _ in found), max(high for _, high in found)
