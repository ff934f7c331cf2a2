"""Matrix equations against the scalar quantities, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from explainer.derivation.comparing import relative_distance, value_or_zero
from explainer.derivation.deriving import Derivation
from explainer.derivation.matrix_view import View
from explainer.derivation.readings import Readings
from explainer.derivation.verification import FALSE, judge
from explainer.mathematics.evaluation import (
    as_decimal,
)
from explainer.mathematics.matrices import Grid, entries_of
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Written

TOLERANCE = Decimal("1e-25")


@dataclass(frozen=True, slots=True)
class MatrixCheck:
    """How many matrix equations were compared entry by entry, and which entries do not
    agree."""

    count: int = 0
    failures: tuple[Key, ...] = ()


def check_view(
    derivation: Derivation,
    readings: Readings,
    full: Readings,
    rounding: Rounding,
    view: View,
    grids: Mapping[Key, Grid],
) -> MatrixCheck:
    """Each entry of the right side must have the value of its quantity, in full
    precision; and with the printed numbers it must give the number that is printed."""
    failures: list[Key] = []
    values = {key: as_decimal(reading.value) for key, reading in full.items()}
    for side in (view.formula, *view.forms):
        if side is None:
            continue
        for key, entry in _pairs(view, entries_of(side, grids)):
            found = value_or_zero(entry, values)
            if relative_distance(found, values[key], Decimal(1)) > TOLERANCE:
                failures.append(key)
            elif side is view.formula and not _is_true(
                derivation, readings, rounding, key, entry
            ):
                failures.append(key)
    return MatrixCheck(1, tuple(dict.fromkeys(failures)))


def all_matrices(checks: Sequence[MatrixCheck]) -> MatrixCheck:
    """The checks of all equations of a page as one."""
    failures = (key for check in checks for key in check.failures)
    return MatrixCheck(
        sum(check.count for check in checks), tuple(dict.fromkeys(failures))
    )


def _pairs(view: View, found: Grid | Written) -> list[tuple[Key, Written]]:
    rows = found if isinstance(found, tuple) else ((found,),)
    return [
        (key, entry)
        for keys, entries in zip(view.entries, rows, strict=True)
        for key, entry in zip(keys, entries, strict=True)
    ]


def _is_true(
    derivation: Derivation,
    readings: Readings,
    rounding: Rounding,
    key: Key,
    entry: Written,
) -> bool:
    """Whether the printed entry follows from the printed numbers of the equation."""
    quantity = replace(derivation.quantities[key], formula=entry)
    printed = replace(derivation, quantities={**derivation.quantities, key: quantity})
    return judge(printed, readings, rounding, key) != FALSE
