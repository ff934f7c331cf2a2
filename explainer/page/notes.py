"""Notes beside a step: what these very numbers do. A kink, a branch, saturation, a
number that vanishes at the digits printed."""

from __future__ import annotations

from decimal import Decimal

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.working import slope_of
from explainer.mathematics.evaluation import COMPARE, evaluate
from explainer.mathematics.rounding import Rounding, as_decimal
from explainer.mathematics.written import (
    Cases,
    Comparison,
    Key,
    Name,
    Number,
    Written,
    names_in,
    substitute,
)
from explainer.page.document import Words

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}
LARGEST_DOUBLE = Decimal("1.797e308")


def notes_on(
    derivation: Derivation, readings: Readings | None, rounding: Rounding, key: Key
) -> tuple[Words, ...]:
    """The notes of one quantity, none on a page without numbers."""
    if readings is None:
        return ()
    quantity, reading = derivation.quantities[key], readings[key]
    found: list[Words] = []
    if isinstance(quantity.formula, Cases):
        found.append(_branch(quantity.formula, readings))
    slope = slope_of(derivation, key)
    if slope and slope.kink and _meets(slope.kink, readings):
        found.append(
            Words(
                "note_kink", {"condition": slope.kink, "value": Number(reading.shown)}
            )
        )
    value = as_decimal(reading.value)
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


def _meets(kink: Comparison, readings: Readings) -> bool:
    values = _values(kink, readings)
    return evaluate(kink.left, values) == evaluate(kink.right, values)


def _values(written: Written, readings: Readings) -> dict[Key, Decimal]:
    return {key: as_decimal(readings[key].carried) for key in names_in(written)}


def _branch(cases: Cases, readings: Readings) -> Words:
    """Which case holds, with the numbers that decide it."""
    decided: list[Written] = []
    for condition in cases.conditions:
        values = _values(condition, readings)
        left, right = (
            evaluate(condition.left, values),
            evaluate(condition.right, values),
        )
        true = COMPARE[condition.sign](left, right)
        sign = condition.sign if true else OPPOSITE[condition.sign]
        decided = [_decision(condition, sign, readings)]
        if true:
            break
    return Words("note_branch", {"condition": decided[0]})


def _decision(condition: Comparison, sign: str, readings: Readings) -> Comparison:
    """The comparison in printed numbers, in symbols where rounding would make it
    false."""
    numbers = {key: Number(readings[key].shown) for key in names_in(condition)}
    left, right = (substitute(side, numbers) for side in condition.parts())
    printed = (
        COMPARE[sign](evaluate(left, {}), evaluate(right, {}))
        if sign in COMPARE
        else True
    )
    if printed:
        return Comparison(left, sign, right)
    return Comparison(condition.left, sign, condition.right)
