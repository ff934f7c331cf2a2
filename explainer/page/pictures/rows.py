"""How high the rows of a picture are, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.page.pictures.choosing import Cell
from explainer.page.pictures.drawing import Node
from explainer.page.pictures.nodes import bottom_of
from explainer.page.pictures.plan import ROOMY, ROOMY_ROWS, TIGHT, Plan
from explainer.page.pictures.wiring import Spot


@dataclass(frozen=True, slots=True)
class Heights:
    """Where the rows of each time step stand."""

    tops: Mapping[int | None, int]
    rows: Mapping[int | None, int]
    pitch: int
    middle: int
    bottom: int

    def __call__(self, time: int | None, row: Sequence[Cell]) -> list[tuple[Cell, int]]:
        if time in self.tops:
            spare = (self.rows[time] - len(row)) * self.pitch // 2
            top = self.tops[time] + spare
        else:
            top = self.middle - (len(row) - 1) * self.pitch // 2
        return [(cell, top + i * self.pitch) for i, cell in enumerate(row)]


def find_heights(plan: Plan, made: Mapping[Spot, Node]) -> Heights:
    rows = plan.arrangement.rows
    below = max(bottom_of(node) for node in made.values())
    above = max(node.height for node in made.values()) // 2
    most = max(rows.values())
    room = ROOMY if most <= ROOMY_ROWS and len(rows) < 3 else TIGHT
    pitch = below + above + room
    tops: dict[int | None, int] = {}
    top = 0
    for time, count in rows.items():
        if time is not None:
            tops[time] = top
            top += count * pitch + (room if count > 1 else 0)
    height = top if tops else rows[None] * pitch
    middle = (height - pitch) // 2
    lowest = max(middle + pitch * (most - 1) // 2, height - pitch) + below
    return Heights(tops, rows, pitch, middle, lowest)
