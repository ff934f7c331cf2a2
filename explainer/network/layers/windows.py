"""How a window slides over a grid: its size, its stride, and the padding around the
grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, Tag
from pydantic_core import PydanticCustomError

from explainer.network.forms import Count, ReadBy, by_form, one_of
from explainer.network.layers.reading import Grid, LayerReading
from explainer.network.layers.tables import LayerTable
from explainer.network.problems import counted, shown

PADDINGS = ("valid", "same")
MOST_PADDING = 30


def _padding(got: object) -> int:
    if type(got) is not int or not 0 <= got <= MOST_PADDING:
        allowed = f"allowed is a whole number from 0 to {MOST_PADDING}"
        words = {"words": f"got {shown(got)}; {allowed}"}
        raise PydanticCustomError("digits", "{words}", words)
    return got


Cells = Annotated[
    int,
    ReadBy(_padding, {"type": "integer", "minimum": 0, "maximum": MOST_PADDING}),
]
Steps = Annotated[
    Annotated[Count, Tag("<number>")] | Annotated[list[Count], Tag("<list>")],
    by_form("a whole number, or a list [rows, columns]"),
]
Padding = Annotated[
    Annotated[Cells, Tag("<number>")]
    | Annotated[list[Cells], Tag("<list>")]
    | Annotated[str, one_of("padding", PADDINGS), Tag("<name>")],
    by_form('a whole number, a list [rows, columns], "valid" or "same"'),
]


class WindowTable(LayerTable):
    """A layer whose window slides over rows and columns."""

    stride: Steps | None = Field(
        default=None,
        description="By how many places the window moves, or [rows, columns]. Absent:"
        " 1 for a convolution, the size of the window for pooling.",
    )
    padding: Padding = Field(
        default=0,
        description='Places added on every side, or [rows, columns]. "valid" is none,'
        ' "same" as many as keep the size, with stride 1.',
    )
    maps: list[str] | None = Field(
        default=None,
        description="The names of the feature maps: the unit in row 1, column 2 of the"
        " map c is c_1_2; of a sequence its second unit is c_2.",
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """A window of length k on n places with p and q padded ones before and after: it
    stands at floor((n + p + q - k) / s) + 1 places.

    What is left over at the end is in no window, as in PyTorch.

    >>> axis = Axis(size=5, window=2, stride=2)
    >>> axis.count, axis.left_out, list(axis.places(2))
    (2, 1, [(1, 3), (2, 4)])
    """

    size: int
    window: int
    stride: int = 1
    before: int = 0
    after: int = 0

    @property
    def count(self) -> int:
        room = self.size + self.before + self.after - self.window
        return room // self.stride + 1 if room >= 0 else 0

    @property
    def left_out(self) -> int:
        """How many places at the end are in no window."""
        end = (self.count - 1) * self.stride + self.window - self.before
        return max(0, self.size - end)

    def places(self, number: int) -> Iterator[tuple[int, int]]:
        """Window `number`: the places inside the grid, as (place in the window, place
        in the grid). Padded places are left out."""
        start = (number - 1) * self.stride - self.before
        for place in range(1, self.window + 1):
            if 1 <= start + place <= self.size:
                yield place, start + place


@dataclass(frozen=True, slots=True)
class Sliding:
    """A window that slides over a grid. A sequence is one row."""

    grid: Grid
    rows: Axis
    columns: Axis

    def leaves(self, channels: Sequence[str]) -> Grid:
        """The grid of the places where the window stands."""
        rows = None if self.grid.rows is None else self.rows.count
        return Grid(tuple(channels), self.columns.count, rows)

    def stands(self) -> Iterator[tuple[int, int]]:
        """The row and column of each place where the window stands."""
        for row in range(1, self.rows.count + 1):
            for column in range(1, self.columns.count + 1):
                yield row, column

    def covers(
        self, row: int, column: int
    ) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """The places under the window, each by its place in the window and in the
        grid, row by row."""
        for inner_row, grid_row in self.rows.places(row):
            for inner_column, grid_column in self.columns.places(column):
                yield (inner_row, inner_column), (grid_row, grid_column)

    @property
    def facts(self) -> dict[str, object]:
        """What the page says of the window."""
        return {
            "size": self._by_axis(self.rows.window, self.columns.window),
            "stride": self._by_axis(self.rows.stride, self.columns.stride),
            "padding": self._by_axis(
                self.rows.before,
                self.columns.before,
            ),
            "padding_after": self._by_axis(self.rows.after, self.columns.after),
            "left_out": (self.rows.left_out, self.columns.left_out),
            "over": self.grid.channels,
        }

    def _by_axis(self, rows: int, columns: int) -> tuple[int, ...]:
        return (columns,) if self.grid.rows is None else (rows, columns)


def find_grid(reading: LayerReading, dimensions: int) -> Grid | None:
    """The grid before the layer; a problem where there is none of these dimensions."""
    before, grid, kind = reading.before, reading.grid, reading.table.kind
    if before is None:
        return None
    needs = "rows and columns" if dimensions == 2 else "a sequence, one row of units"
    if grid is None:
        got = ", ".join(before[:4]) + (", ..." if len(before) > 4 else "")
        got = f"the layer before has the units {got}, which stand in no grid"
    elif (grid.rows is None) == (dimensions == 1):
        return grid
    else:
        other = kind.replace(f"{dimensions}d", f"{3 - dimensions}d")
        has = "rows and columns" if dimensions == 1 else "one row"
        names = ", ".join(grid.channels)
        got = f'{names} has {has}. Did you mean "{other}"?'
    reading.findings.add(reading.place("kind"), f"a {kind} needs {needs}; {got}")
    return None


def slide(
    reading: LayerReading, grid: Grid, window: tuple[int, int], what: str
) -> Sliding | None:
    """The window on the grid, with the stride and padding of the table; None where
    they do not fit."""
    table: WindowTable = reading.table
    usual = window if what == "window" else (1, 1)
    stride = usual
    if table.stride is not None:
        stride = by_axis(reading, grid, table.stride, "stride", usual)
    padding = _padding_of(reading, grid, window, stride)
    if padding is None:
        return None
    sizes = (grid.rows or 1, grid.columns)
    rows, columns = (
        Axis(*each[:3], *each[3])
        for each in zip(sizes, window, stride, padding, strict=True)
    )
    sliding = Sliding(grid, rows, columns)
    return sliding if _fits(reading, sliding, what) else None


def by_axis(
    reading: LayerReading,
    grid: Grid,
    given: int | list[int],
    key: str,
    usual: tuple[int, int],
) -> tuple[int, int]:
    """A number for rows and columns alike, or one each. A sequence has one row."""
    if isinstance(given, int):
        return (usual[0] if grid.rows is None else given), given
    if grid.rows is not None and len(given) == 2:
        return given[0], given[1]
    allowed = "one number" if grid.rows is None else "one number, or [rows, columns]"
    got = counted(len(given), "number")
    reading.findings.add(reading.place(key), f"got {got}; allowed: {allowed}")
    return usual


def _padding_of(
    reading: LayerReading,
    grid: Grid,
    window: tuple[int, int],
    stride: tuple[int, int],
) -> tuple[tuple[int, int], ...] | None:
    given = reading.table.padding
    if given == "same":
        if stride != (1, 1):
            why = (
                '"same" keeps the size with stride 1 only; give the padding in numbers'
            )
            reading.findings.add(reading.place("padding"), why)
            return None
        return tuple(((k - 1) // 2, k // 2) for k in window)
    if given == "valid":
        given = 0
    both = by_axis(reading, grid, given, "padding", (0, 0))
    return tuple((p, p) for p in both)


def _fits(reading: LayerReading, sliding: Sliding, what: str) -> bool:
    """The window is no larger than the padded grid, and never on padding alone."""
    problems = []
    sides = (("rows", sliding.rows), ("columns", sliding.columns))
    for side, axis in sides:
        if not axis.count:
            room = axis.size + axis.before + axis.after
            problems.append(
                f"the {what} has {axis.window} {side}, but what it slides over has"
                f" {room}" + (", with its padding" if axis.before + axis.after else "")
            )
        elif not all(any(axis.places(n)) for n in range(1, axis.count + 1)):
            problems.append(
                f"at some {side} the {what} would lie on padding alone; give less"
                " padding"
            )
    key = "padding" if problems and "padding alone" in problems[0] else what
    where = {"window": "size", "kernel": "kernels"}.get(key, key)
    for problem in problems:
        reading.findings.add(reading.place(where), problem)
    return not problems


def name_maps(reading: LayerReading, count: int, letter: str) -> tuple[str, ...]:
    """The names of the feature maps; c1, or c1_1 and c1_2, where the file has none."""
    base = f"{letter}{reading.index + 1}"
    usual = (base,) if count == 1 else tuple(f"{base}_{n + 1}" for n in range(count))
    names = reading.table.maps
    if names is None:
        return usual
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if len(names) != count:
        got, wanted = counted(len(names), "name"), counted(count, "feature map")
        reading.findings.add(reading.place("maps"), f"{got} for {wanted}")
    elif twice:
        why = f"{twice[0]} stands twice; each feature map has its own name"
        reading.findings.add(reading.place("maps"), why)
    else:
        return tuple(names)
    return usual
