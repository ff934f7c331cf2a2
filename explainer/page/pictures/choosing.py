"""Which nodes of a large network are drawn, and where an ellipsis stands for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from explainer.page.pictures.wiring import Spot, Wiring

MOST_UNITS = 8
MOST_LAYERS = 5
MOST_FORMULAS = 9
# With time steps, so many rows in all.
MOST_ROWS = 10
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a column: a node, or the nodes that an ellipsis stands for."""

    spots: tuple[Spot, ...]
    omitted: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The columns that are drawn, each with its cells by time step; 'None' is no time
    step.

    A column that an ellipsis stands for is empty.
    """

    columns: tuple[Mapping[int | None, tuple[Cell, ...]], ...]
    rows: Mapping[int | None, int]
    omits: bool


def arrange(wiring: Wiring, keep: frozenset[Spot] = frozenset()) -> Arrangement:
    """The nodes to draw; those of `keep` are not left out before others."""
    by_column: list[list[Spot]] = [[] for _ in range(wiring.columns)]
    for station in wiring.stations.values():
        by_column[station.column].append(station.spot)
    by_column = [spots for spots in by_column if spots]
    chosen = _choose_columns(wiring, by_column, keep)
    times = _choose_times(by_column, keep)
    columns: list[Mapping[int | None, tuple[Cell, ...]]] = []
    for place in chosen:
        if place is None:
            columns.append({})
            continue
        columns.append(_cells_of(by_column[place], times, keep))
    rows = {
        time: max(len(column.get(time, ())) for column in columns) for time in times
    }
    omits = None in chosen or any(
        cell.omitted
        for column in columns
        for cells in column.values()
        for cell in cells
    )
    return Arrangement(tuple(columns), rows, omits)


def _choose_columns(
    wiring: Wiring, by_column: Sequence[Sequence[Spot]], keep: frozenset[Spot]
) -> list[int | None]:
    """All columns of errors; of the others the first and the last ones."""
    errors = [i for i, spots in enumerate(by_column) if spots[0][0] == "error"]
    others = [i for i in range(len(by_column)) if i not in errors]
    formulas = wiring.graph.has_formulas
    # The inputs are no layer.
    most = (MOST_FORMULAS if formulas else MOST_LAYERS) + 1
    wanted = [i for i in others if not keep.isdisjoint(by_column[i])]
    return [*_shorten(others, most, wanted), *errors]


def _choose_times(
    by_column: Sequence[Sequence[Spot]], keep: frozenset[Spot]
) -> tuple[int | None, ...]:
    """The time steps that have rows, and None for what has no time step."""
    times = sorted({t for spots in by_column for *_, t in spots if t is not None})
    if len(times) < 2:
        return (*times, None) if times else (None,)
    height = max(sum(1 for *_, t in spots if t == times[-1]) for spots in by_column)
    most = max(3, MOST_ROWS // min(max(height, 1), MOST_UNITS // 2))
    wanted = [t for *_, t in keep if t is not None]
    return (*(t for t in _shorten(times, most, wanted) if t is not None), None)


def _cells_of(
    spots: Sequence[Spot], times: Sequence[int | None], keep: frozenset[Spot]
) -> Mapping[int | None, tuple[Cell, ...]]:
    """The cells of one column by time step."""
    steps = [time for time in times if time is not None]
    most = MOST_UNITS if len(steps) < 2 else max(3, MOST_ROWS // len(steps))
    cells: dict[int | None, tuple[Cell, ...]] = {}
    known = {time for *_, time in spots}
    for place, time in enumerate(times):
        here = [spot for spot in spots if spot[2] == time]
        wanted = [spot for spot in here if spot in keep]
        row = list(_cut(here, _shorten(here, most, wanted)))
        after = times[place + 1] if place + 1 < len(times) else None
        if time is not None and after is not None and row:
            between = tuple(s for s in spots if s[2] and time < s[2] < after)
            row += [Cell(between, omitted=True)] if between else []
        if time in known:
            cells[time] = tuple(row)
    return cells


def _cut(spots: Sequence[Spot], chosen: Sequence[Spot | None]) -> list[Cell]:
    """The chosen nodes as cells; each gap as a cell with the nodes left out there."""
    cells: list[Cell] = []
    start = 0
    for place, spot in enumerate(chosen):
        if spot is not None:
            start = spots.index(spot) + 1
            cells.append(Cell((spot,)))
            continue
        after = chosen[place + 1]
        assert after is not None
        gap = tuple(spots[start : spots.index(after)])
        cells.append(Cell(gap, omitted=True))
    return cells


def _shorten(
    items: Sequence[Item], most: int, wanted: Sequence[Item]
) -> list[Item | None]:
    """At most so many of the items, None where others are left out: those wanted, the
    last one, and the first ones.

    >>> _shorten([1, 2, 3, 4, 5, 6], 4, [])
    [1, 2, None, 6]
    >>> _shorten([1, 2, 3, 4, 5, 6], 5, [4])
    [1, None, 4, 5, 6]
    """
    if len(items) <= most:
        return list(items)
    first = [items[0], items[-1]]
    kept: set[int] = set()
    for item in (*first, *wanted, *items):
        if item in items:
            trial = kept | {items.index(item)}
            if _length(trial) <= most:
                kept = trial
    found: list[Item | None] = []
    for place in sorted(kept):
        if found and place - 1 not in kept:
            found.append(None)
        found.append(items[place])
    return found


def _length(kept: set[int]) -> int:
    """Items, and an ellipsis for each gap."""
    places = sorted(kept)
    gaps = sum(1 for a, b in zip(places, places[1:], strict=False) if b - a > 1)
    return len(places) + gaps
