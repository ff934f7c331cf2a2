"""Every slope that a page uses, differentiated again by SymPy and compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from explainer.derivation.deriving import Derivation
from explainer.derivation.progress import Progress, told
from explainer.mathematics.algebra import rational, symbol, to_sympy
from explainer.mathematics.written import (
    Key,
    Name,
    Sum,
    Written,
    names_in,
    substitute,
)
from explainer.network.quantity import Graph, Quantity

# Where the comparison is made: no 0, no 1, no kink of the catalogue, both signs.
POINTS = (Decimal("0.37"), Decimal("-1.21"), Decimal("1.73"))
DIGITS = 30


@dataclass(frozen=True, slots=True)
class SlopeCheck:
    """How many different slopes were differentiated again, and the rules that
    disagree."""

    count: int
    failures: tuple[str, ...]


def check_slopes(
    derivation: Derivation, progress: Progress | None = None
) -> SlopeCheck:
    """SymPy differentiates each rule's own formula; the taught slope must be that
    derivative.

    Slopes of one shape (the same formula in other names) are compared once. The
    comparison is by exact algebra where expansion settles it, otherwise at three
    points to 25 digits; the proof for all arguments is in the tests of the catalogue.
    """
    shapes: dict[tuple[Written, Written], str] = {}
    for upper, lower in _used_slopes(derivation):
        quantity = derivation.graph.quantities[upper]
        shape = _shape(derivation.graph, quantity, lower)
        shapes.setdefault(shape, quantity.rule)
    failures = [
        rule
        for (formula, slope), rule in told(shapes.items(), "slopes", progress)
        if not _agree(formula, slope)
    ]
    return SlopeCheck(len(shapes), tuple(failures))


def _used_slopes(derivation: Derivation) -> list[tuple[Key, Key]]:
    """The slopes that this derivation has as factors, and those that add up the
    error."""
    graph = derivation.graph
    pairs = [key.of for key in derivation.quantities if key.kind == "local"]
    used = [
        (up, low) for up, low in pairs if isinstance(up, Key) and isinstance(low, Key)
    ]
    return used + [
        (total, part) for total, parts in graph.parts.items() for part in parts
    ]


def _shape(graph: Graph, quantity: Quantity, lower: Key) -> tuple[Written, Written]:
    """Formula and slope in neutral names: x for the variable, y for the result, c_i
    for others.

    What stands between the result and the variable is put in by its own formula, and
    what the slope assumes of the givens, too.
    """
    slope = quantity.slopes[lower]
    own = {quantity.key, *(quantity.uses if lower in quantity.uses else ())}
    between = {
        key: Name(key) if key in own else _composed(graph, key, lower)
        for key in names_in(Sum((quantity.formula, slope.value)))
    }
    formula, value = (
        substitute(substitute(written, between), slope.assuming)
        for written in (quantity.formula, slope.value)
    )
    names = {lower: Key("neutral", ("x",)), quantity.key: Key("neutral", ("y",))}
    for used in names_in(Sum((formula, value))):
        names.setdefault(used, Key("neutral", (f"c{len(names)}",)))
    neutral = {key: Name(name) for key, name in names.items()}
    return substitute(formula, neutral), substitute(value, neutral)


def _composed(graph: Graph, key: Key, lower: Key) -> Written:
    """A quantity by its formula in the variable, where it depends on it."""
    quantity = graph.quantities.get(key)
    if key == lower or quantity is None or lower not in quantity.uses:
        return Name(key)
    return quantity.formula


@cache
def _agree(formula: Written, slope: Written) -> bool:
    x = symbol("x")
    value = to_sympy(formula, lambda key: symbol(str(key.of[0])))
    taught = to_sympy(
        slope, lambda key: value if key.of[0] == "y" else symbol(str(key.of[0]))
    )
    difference = value.diff(x) - taught
    return difference == 0 or difference.expand() == 0 or _vanishes(difference, x)


def _vanishes(difference: Any, x: Any) -> bool:
    others = sorted(difference.free_symbols - {x}, key=str)
    numbers = {name: rational(Decimal(7 + 2 * i) / 10) for i, name in enumerate(others)}
    values = (
        difference.evalf(DIGITS, subs={**numbers, x: rational(p)}) for p in POINTS
    )
    return all(abs(value) < Decimal("1e-25") for value in values)
