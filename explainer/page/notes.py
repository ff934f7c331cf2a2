"""Notes beside a step: what these very numbers do. A kink, a branch, saturation, a
number that vanishes at the digits printed."""

from __future__ import annotations

from decimal import Decimal

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.working import slope_of
from explainer.mathematics.cases import last_condition
from explainer.mathematics.evaluation import as_decimal, choose_branch, holds
from explainer.mathematics.written import (
    Cases,
    Comparison,
    Key,
    Name,
    Number,
    Written,
    names_in,
    substitute,
    walk,
)
from explainer.page.document import Words

LARGEST_DOUBLE = Decimal("1.797e308")


def notes_on(
    derivation: Derivation,
    readings: Readings | None,
    full: Readings | None,
    key: Key,
) -> tuple[Words, ...]:
    """The notes of one quantity, none on a page without numbers.

    `full` are the readings in full precision: 1 - a² is exactly 0 where a was rounded
    to 1, and yet the slope is not 0.
    """
    if readings is None or full is None:
        return ()
    quantity, reading = derivation.quantities[key], readings[key]
    found: list[Words] = []
    for part in walk(quantity.formula):
        if isinstance(part, Cases):
            found += _branch(part, readings)
    slope = slope_of(derivation, key)
    if slope and slope.kink and holds(slope.kink, _values(slope.kink, readings)):
        found.append(
            Words(
                "note_kink",
                {"condition": slope.kink, "value": Number(reading.shown, key)},
            )
        )
    value = as_decimal(full[key].value)
    if not reading.shown and value:
        saturated = slope is not None and slope.rule == "slope_of_activation"
        found.append(
            Words(
                "note_saturated" if saturated else "note_vanishes", {"this": Name(key)}
            )
        )
    if abs(value) > LARGEST_DOUBLE:
        found.append(Words("note_overflow", {"this": Name(key)}))
    return tuple(found)


def _values(written: Written, readings: Readings) -> dict[Key, Decimal]:
    return {key: as_decimal(readings[key].carried) for key in names_in(written)}


def _branch(cases: Cases, readings: Readings) -> tuple[Words, ...]:
    """Which case holds, with the numbers that decide it."""
    _, condition = choose_branch(cases, _values(cases, readings))
    condition = condition or last_condition(cases)
    if condition is None:
        return ()
    values = {"condition": condition, "numbers": _decision(condition, readings)}
    return (Words("note_branch", values),)


def _decision(condition: Comparison, readings: Readings) -> Comparison:
    """The comparison in printed numbers; in symbols where rounding made it false."""
    numbers = {key: Number(readings[key].shown, key) for key in names_in(condition)}
    left, right = (substitute(side, numbers) for side in condition.parts())
    printed = Comparison(left, condition.sign, right)
    return printed if holds(printed, {}) else condition
