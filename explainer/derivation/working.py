"""Lines of working: symbol = formula = numbers = result, with a true relation between
each two.

`=` stands only where both sides are exactly equal; everywhere else it is `\\approx`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.mathematics.evaluation import (
    as_decimal,
    choose_branch,
    evaluate_exactly,
    is_exactly_zero,
    is_rational,
)
from explainer.mathematics.written import (
    Cases,
    Key,
    Name,
    Negative,
    Number,
    Written,
    names_in,
    rewrite,
    substitute,
    walk,
)
from explainer.network.quantity import Quantity, Slope

EQUAL, ABOUT = "=", "approx"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a line: its relation to the side before, and the rules that lead to
    it."""

    relation: str
    written: Written
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equation:
    """left = side = side ... of one quantity."""

    left: Written
    sides: tuple[Side, ...]
    key: Key | None = None


def work_out(
    derivation: Derivation,
    quantity: Quantity,
    readings: Readings | None,
    brief: bool = False,
    bridged: bool = False,
) -> Equation:
    """The line of one quantity: its formulas, then, with readings, numbers and result.

    `bridged` shows the way from the derivative of calculus to a slope as it is taught;
    `brief` leaves out every form on the way.
    """
    forms = _forms(derivation, quantity, brief, bridged)
    sides = [Side(EQUAL, form) for form in forms]
    if readings is not None:
        sides += _numbers(quantity, readings, forms[-1])
    return Equation(Name(quantity.key), _without_repeats(sides), quantity.key)


def _forms(
    derivation: Derivation, quantity: Quantity, brief: bool, bridged: bool
) -> tuple[Written, ...]:
    """The symbolic sides: definition, forms on the way, formula, product of symbols."""
    forms: list[Written] = []
    key, graph = quantity.key, derivation.graph
    if key.kind == "signal":
        (carrier,) = (part for part in key.of if isinstance(part, Key))
        root = graph.root_of(carrier)
        definition: Written = Name(Key("derivative", (root, carrier)))
        forms.append(definition if graph.error_signal > 0 else Negative(definition))
    slope = slope_of(derivation, key)
    if slope is not None and bridged:
        forms += slope.bridge
    if slope is not None and not brief:
        forms += slope.working
    forms.append(quantity.formula)
    expanded = _expand(derivation, quantity)
    if expanded != quantity.formula:
        forms.append(expanded)
    return tuple(forms)


def slope_of(derivation: Derivation, key: Key) -> Slope | None:
    """The catalogue's slope behind a local derivative, None for any other quantity."""
    if key.kind != "local":
        return None
    upper, lower = key.of
    assert isinstance(upper, Key) and isinstance(lower, Key)
    return derivation.graph.quantities[upper].slopes[lower]


def _expand(derivation: Derivation, quantity: Quantity) -> Written:
    """The formula with each local derivative written out, where that reads well."""
    if quantity.key.kind in ("local", "new"):
        return quantity.formula
    replacements = {}
    for used in names_in(quantity.formula):
        formula = (
            derivation.quantities[used].formula if used.kind in ("local",) else None
        )
        if used.kind == "derivative" and derivation.quantities[used].rule == "seed":
            seed = derivation.quantities[used]
            # With a share, 1/n dE_1/do, the digits are those of the step of dE_1/do.
            plain = isinstance(seed.formula, Name)
            formula = _expand(derivation, seed) if plain else seed.formula
        if formula is not None and not any(isinstance(p, Cases) for p in walk(formula)):
            replacements[used] = formula
    return substitute(quantity.formula, replacements)


def _numbers(quantity: Quantity, readings: Readings, last: Written) -> list[Side]:
    """The formula with its numbers put in, and the result.

    `last` is the symbolic side before them. Where it has a(1 - a) for a factor that was
    rounded in a step of its own, the numbers are only about equal to it.
    """
    result = Number(readings[quantity.key].shown, quantity.key)
    used = {*quantity.uses, *names_in(last)} & readings.keys()
    shown = {key: Number(readings[key].shown, key) for key in used}
    carried = {key: as_decimal(readings[key].carried) for key in used}
    if isinstance(quantity.formula, Cases):
        # The case is decided in words beside the line; the line goes on to the result.
        branch = substitute(choose_branch(quantity.formula, carried)[0], shown)
        return [Side(EQUAL if same_value(branch, result) else ABOUT, result)]
    exact = all(readings[key].is_exact for key in quantity.uses)
    numbers = substitute(decided(quantity.formula, carried), shown)
    if exact and last != quantity.formula:
        exact = same_value(substitute(last, shown), numbers)
    return [
        Side(EQUAL if exact else ABOUT, numbers),
        Side(EQUAL if same_value(numbers, result) else ABOUT, result),
    ]


def decided(formula: Written, values: Mapping[Key, Decimal]) -> Written:
    """The formula with the case that holds in the place of its cases."""

    def change(part: Written) -> Written | None:
        if not isinstance(part, Cases):
            return None
        return decided(choose_branch(part, values)[0], values)

    return rewrite(formula, change)


def same_value(one: Written, other: Written) -> bool:
    """Whether two expressions of printed numbers are both rational and equal, or both
    exactly 0: 0 times a logarithm."""
    if is_exactly_zero(one, {}) and is_exactly_zero(other, {}):
        return True
    if not (is_rational(one) and is_rational(other)):
        return False
    return evaluate_exactly(one, {}) == evaluate_exactly(other, {})


def _without_repeats(sides: list[Side]) -> tuple[Side, ...]:
    """The sides without one that is written like the side before it."""
    kept: list[Side] = []
    for side in sides:
        if kept and _same(kept[-1].written, side.written):
            continue
        kept.append(side)
    return tuple(kept)


def _same(one: Written, other: Written) -> bool:
    """Whether two sides look the same: equal trees, and for numbers equal digits."""
    if isinstance(one, Number) and isinstance(other, Number):
        return str(one.value) == str(other.value)
    return one == other and str(one) == str(other)
