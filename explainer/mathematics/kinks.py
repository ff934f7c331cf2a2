"""Derivatives of functions with a kink: each side of the kink by itself.

At the kink there is no derivative, and a convention takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from explainer.mathematics.differentiation_step import Step
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Call,
    Cases,
    Comparison,
    Derivative,
    Name,
    Negative,
    Number,
    Written,
)

Rule = Callable[[tuple[Written, ...], Name], Step]


def _larger(arguments: tuple[Written, ...], variable: Name) -> Step:
    """Where u >= v, max(u, v) is u; elsewhere it is v.

    At the kink u = v there is no derivative; the first argument's is the convention, so
    that max(0, z) has slope 0 at 0.
    """
    return _by_side(arguments, ">=", variable)


def _smaller(arguments: tuple[Written, ...], variable: Name) -> Step:
    """Where u <= v, min(u, v) is u; elsewhere it is v. At u = v the first counts."""
    return _by_side(arguments, "<=", variable)


def _by_side(arguments: tuple[Written, ...], sign: str, variable: Name) -> Step:
    """The first argument that no later one exceeds: with u < v, max(u, v, w) is
    max(v, w)."""
    function = "max" if sign == ">=" else "min"
    conditions = tuple(
        Comparison(argument, sign, rest[0] if len(rest) == 1 else Call(function, rest))
        for place, argument in enumerate(arguments[:-1], 1)
        for rest in (arguments[place:],)
    )
    values = tuple(Derivative(argument, variable) for argument in arguments)
    return Step(Cases(conditions, values), ("cases",))


def _absolute(arguments: tuple[Written, ...], variable: Name) -> Step:
    """|u| is u where u > 0 and -u where u < 0. At the kink 0 is the convention."""
    (inner,) = arguments
    sides = (Comparison(inner, ">", ZERO), Comparison(inner, "<", ZERO))
    if inner == variable:
        values = (ONE, Number(Decimal(-1)), ZERO)
        return Step(Cases(sides, values), ("absolute",))
    slope = Derivative(inner, variable)
    return Step(Cases(sides, (slope, Negative(slope), ZERO)), ("absolute",))


KINKED: Mapping[str, Rule] = {
    "max": _larger,
    "min": _smaller,
    "abs": _absolute,
}
