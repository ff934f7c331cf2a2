"""The symbolic sides of the printed lines: forms on the way, products written out,
lines of calculus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.derivation.comparing import relative_distance, value_or_zero
from explainer.derivation.deriving import Derivation
from explainer.derivation.progress import Progress, told
from explainer.derivation.readings import Readings
from explainer.derivation.working import Equation, slope_of
from explainer.mathematics.algebra import rational, read_decimal, symbol, to_sympy
from explainer.mathematics.differentiation import has_derivative
from explainer.mathematics.evaluation import (
    as_decimal,
    holds,
)
from explainer.mathematics.written import Key, Written, names_in

DIGITS = 40
TOLERANCE = Decimal("1e-25")


@dataclass(frozen=True, slots=True)
class FormCheck:
    """How many symbolic sides were compared with their result, and which do not
    agree."""

    count: int
    failures: tuple[Key, ...]


def check_forms(
    derivation: Derivation,
    full: Readings,
    equations: Mapping[Key, tuple[Equation, ...]],
    progress: Progress | None = None,
) -> FormCheck:
    """Each symbolic side, in full precision, must have the value of its quantity.

    SymPy carries out the derivatives that a line of calculus still has to take. The
    formula itself is not counted: it is what the value comes from. At a kink nothing
    is compared, for there the slope is a convention.
    """
    values = {key: as_decimal(reading.value) for key, reading in full.items()}
    count = 0
    failures: list[Key] = []
    for key, lines in told(equations.items(), "forms", progress):
        slope = slope_of(derivation, key)
        if slope and slope.kink and holds(slope.kink, values):
            continue
        for form in _forms(lines, derivation.quantities[key].formula, values):
            count += 1
            value = _value(form, values)
            if relative_distance(value, values[key], Decimal(1)) > TOLERANCE:
                failures.append(key)
    return FormCheck(count, tuple(dict.fromkeys(failures)))


def _forms(
    lines: tuple[Equation, ...], formula: Written, values: Mapping[Key, Decimal]
) -> list[Written]:
    """The symbolic sides whose names all have a number, but for the formula itself."""
    sides = [side.written for line in lines for side in line.sides]
    return [
        side
        for side in sides
        if side != formula and names_in(side) and values.keys() >= {*names_in(side)}
    ]


def _value(form: Written, values: Mapping[Key, Decimal]) -> Decimal:
    if not has_derivative(form):
        return value_or_zero(form, values)
    symbols = {key: symbol(f"q{i}") for i, key in enumerate(names_in(form))}
    expression = to_sympy(form, symbols.__getitem__)
    numbers = {name: rational(values[key]) for key, name in symbols.items()}
    return read_decimal(str(expression.evalf(DIGITS, subs=numbers)))
