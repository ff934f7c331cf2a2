"""Two sides, compared from the digits that are printed."""

from __future__ import annotations

from tests.rereading.tree import COMPARISONS, Tree, literal
from tests.rereading.values import (
    OPERATIONS,
    Value,
    distance,
    real,
    rounded,
    same,
    uncertainty,
    value,
)


class Untrue(Exception):
    """The two sides do not say the same."""


class Loose(Exception):
    """The two sides agree within the printed digits, but the sign says exactly."""


def modes(truncate: bool) -> tuple[str, ...]:
    """The ways in which a page may drop digits."""
    return ("truncate",) if truncate else ("half-up", "half-even")


def compare_numbers(left: Tree, right: Tree, relation: str, truncate: bool) -> str:
    """The class of two sides without symbols; raises Untrue."""
    a, b = value(left), value(right)
    if relation != r"\approx":
        compare(a, relation, b)
        return "equal"
    if same(a, b):
        return "weak"
    result = literal(right)
    if result and result.unit:
        if any(rounded(a, result.unit, mode) == b for mode in modes(truncate)):
            return "rounded"
    within(left, right, truncate)
    return "propagated"


def within(left: Tree, right: Tree, truncate: bool) -> None:
    """The sides differ by no more than their printed digits leave open."""
    a, b = value(left), value(right)
    open_ = uncertainty(left, truncate)
    result = literal(right)
    if result:
        open_ += real(result.unit) / (1 if truncate else 2)
    else:
        open_ += uncertainty(right, truncate)
    if distance(a, b) > open_:
        raise Untrue(
            f"{printed(a)} and {printed(b)} differ by {printed(distance(a, b))}, "
            f"the printed digits leave {printed(open_)} open"
        )


def compare(a: Value, relation: str, b: Value) -> None:
    if not OPERATIONS[COMPARISONS[relation]](a, b):
        not_ = "is not" if relation == "=" else f"is not {COMPARISONS[relation]}"
        raise Untrue(f"{printed(a)} {not_} {printed(b)}")


def printed(number: Value) -> str:
    """A number for a message: a fraction while it is short, otherwise ten digits."""
    short = str(number)
    return short if len(short) < 24 else f"{float(real(number)):.10g}"
