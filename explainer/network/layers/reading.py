"""What a layer is read from, and what reading it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explainer.network.problems import Findings, Location
from explainer.network.spec import LayerSpec
from explainer.network.values import Use


@dataclass(frozen=True, slots=True)
class Grid:
    """Units that stand in rows and columns, in one or several channels.

    A place is part of the name: X_1_2 is row 1, column 2 of X. With one row only (a
    sequence) it is X_2. Inputs and feature maps have a grid, dense layers have none.
    """

    channels: tuple[str, ...]
    columns: int
    rows: int | None = None

    def name(self, channel: str, row: int, column: int) -> str:
        """The unit at a place, counted from 1."""
        if self.rows is None:
            return f"{channel}_{column}"
        return f"{channel}_{row}_{column}"

    @property
    def names(self) -> tuple[str, ...]:
        """All units, channel by channel and row by row."""
        return tuple(
            self.name(channel, row, column)
            for channel in self.channels
            for row in range(1, (self.rows or 1) + 1)
            for column in range(1, self.columns + 1)
        )


@dataclass(frozen=True, slots=True)
class LayerReading:
    """Layer `index` of `depth` with its table, fed by the units `before` (`None`:
    unknown), which may stand in a grid; `earlier` are all that may feed it."""

    index: int
    depth: int
    table: Any
    before: tuple[str, ...] | None
    earlier: tuple[str, ...]
    findings: Findings
    grid: Grid | None = None
    is_complete: bool = True

    def place(self, *steps: str | int) -> Location:
        return ("layers", self.index, *steps)


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """A layer as read: its spec, every use of a name in it, and what it leaves to the
    next layer (`None`: its units could not be made out)."""

    spec: LayerSpec
    units: tuple[Use, ...]
    parameters: tuple[Use, ...]
    names: tuple[str, ...] | None
    grid: Grid | None = None
