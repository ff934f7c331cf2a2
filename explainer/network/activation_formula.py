"""An activation from a formula of the file: its slope by the rules of calculus, its
kinks from its own cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from explainer.mathematics.differentiation import differentiate
from explainer.mathematics.evaluation import (
    WORKING,
    NoExactValue,
    as_decimal,
    evaluate,
    evaluate_exactly,
)
from explainer.mathematics.formula import FormulaError, read
from explainer.mathematics.tidying import negated
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Name,
    Negative,
    Number,
    Sum,
    Written,
    names_in,
    product_of,
    substitute,
    walk,
)
from explainer.network.activations import (
    STEP,
    Activation,
    Z,
    option_key,
    write,
)
from explainer.network.options import Option

ZERO = Number(Decimal(0))
CLOSE = Decimal("1e-12")


class _Crossing(NamedTuple):
    """Where a formula changes from one case to another: z = point, where z is known."""

    condition: Comparison
    point: Fraction | None


def from_formula(
    name: str, formula: str, constants: Mapping[str, Decimal]
) -> Activation:
    """a = f(z) for a formula in z and named constants, differentiated by the rules of
    calculus.

    Raises FormulaError, and DifferentiationError where no rule gives the slope.

    >>> from explainer.mathematics.plain import plain
    >>> wave = from_formula("wave", "z + sin(c * z)", {"c": Decimal(2)})
    >>> plain(wave.slope, lambda key: key.of[0])
    '1 + cos(2*z)*2'
    """
    names = {"z": Z, **{constant: option_key(constant) for constant in constants}}
    written = read(formula, names)
    if isinstance(written, Comparison):
        raise FormulaError("a comparison is no formula; write '1 if z > 0 else 0'")
    if Z not in names_in(written):
        raise FormulaError("the formula has no z in it: z is the weighted sum")
    options = {constant: Option(value) for constant, value in constants.items()}
    record = Activation(name, formula, "1", options=options, source="the network file")
    value = write(formula, record, {})
    slope = differentiate(value, Z)[-1].written
    kink = _kink(value, slope)
    return Activation(name, formula, slope, (), options, kink, record.source)


def _kink(value: Written, slope: Written) -> Comparison | None:
    """One condition for all the places where the formula has no derivative.

    A crossing at a known z counts only if there is a jump or a corner. Where z is not
    known by simple algebra, the crossing itself is the condition.
    """
    found = [
        crossing
        for crossing in _crossings(value)
        if crossing.point is None or not _is_smooth(value, slope, crossing.point)
    ]
    points = sorted({p for _, p in found if p is not None})
    if len(points) == 2 and sum(points) == 0 and all(p is not None for _, p in found):
        return Comparison(Call("abs", (Name(Z),)), "==", _number(points[1]))
    conditions = dict.fromkeys(
        condition if point is None else Comparison(Name(Z), "==", _number(point))
        for condition, point in found
    )
    if len(conditions) < 2:
        return next(iter(conditions), None)
    return Comparison(product_of(tuple(map(_difference, conditions))), "==", ZERO)


def _crossings(value: Written) -> Iterator[_Crossing]:
    for part in walk(value):
        match part:
            case Call("abs", (inside,)):
                pairs: tuple[tuple[Written, Written], ...] = ((inside, ZERO),)
            case Call("max" | "min", (one, other)):
                pairs = ((one, other),)
            case Cases(conditions, _):
                pairs = tuple((c.left, c.right) for c in conditions)
            case _:
                continue
        for left, right in pairs:
            yield from _crossing(Comparison(left, "==", right))


def _crossing(condition: Comparison) -> Iterator[_Crossing]:
    """The z at which both sides are equal, where their difference is a straight line;
    nothing where it is constant."""
    difference = _difference(condition)
    if Z not in names_in(difference):
        return
    rise = differentiate(difference, Z)[-1].written
    if Z in names_in(rise):
        yield _Crossing(condition, None)
        return
    try:
        start = evaluate_exactly(substitute(difference, {Z: ZERO}), {})
        steepness = evaluate_exactly(rise, {})
    except NoExactValue:
        yield _Crossing(condition, None)
        return
    if steepness:
        yield _Crossing(condition, -start / steepness)


def _difference(condition: Comparison) -> Written:
    left, right = condition.parts()
    if isinstance(right, Number) and right.value <= 0:
        return Sum((left, Number(negated(right.value)))) if right.value else left
    return Sum((left, Negative(right)))


def _is_smooth(value: Written, slope: Written, point: Fraction) -> bool:
    """Whether value and slope are the same before, at and after the point."""
    at = as_decimal(point)
    around = (WORKING.subtract(at, STEP), at, WORKING.add(at, STEP))
    try:
        for form in (value, slope):
            before, here, after = (evaluate(form, {Z: z}) for z in around)
            if max(abs(before - here), abs(after - here)) > CLOSE * (1 + abs(here)):
                return False
    except ArithmeticError:
        return False
    return True


def _number(value: Fraction) -> Number:
    decimal = as_decimal(value)
    return Number(decimal if Fraction(decimal) == value else value)
