"""What a picture consists of. A unit of length is a pixel, or three quarters of a
printer's point."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.mathematics.typesetting.boxes import Pattern
from explainer.mathematics.written import Written

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A symbol, a number, or a symbol with its number, in the box that it fills.

    `x` and `y` are the middle of the box. `symbol` is a pattern where no quantity has
    it: the name of a unit.
    """

    symbol: Written | Pattern | None
    value: Written | None
    x: int
    y: int
    width: int
    height: int
    role: str


@dataclass(frozen=True, slots=True)
class Node:
    """An input, a unit, a bias, an error, or what stands for those left out.

    `key` is the plain name of its main quantity, `keys` of all it stands for. `shape`
    is one of input, unit, bias, error, rows, columns; the last two are ellipses.
    """

    key: str
    keys: tuple[str, ...]
    shape: str
    x: int
    y: int
    width: int
    height: int
    labels: tuple[Label, ...] = ()
    lit: bool = False

    @property
    def parts(self) -> tuple[Node | Label, ...]:
        return (self, *self.labels)


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from what is used to what uses it: two points, or four of a Bézier curve.

    `key` is the weight's plain name where there is one. `shape` is line, arc (into the
    right side of its end) or bias. `uses` are what the edge stands for: each begins
    with what is used and ends with what uses it, with what has no node in between.
    """

    key: str
    keys: tuple[str, ...]
    start: str
    end: str
    shape: str
    points: tuple[Point, ...]
    label: Label | None = None
    uses: tuple[tuple[str, ...], ...] = ()
    lit: bool = False


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A network: edges lie below nodes, labels of edges above both.

    `left_out` says what had no room: nodes, weights, values, biases.
    """

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[str, ...] = ()
    kind: str = "network"

    @property
    def lights(self) -> bool:
        """Whether a chain is lit."""
        parts: tuple[Node | Edge, ...] = (*self.nodes, *self.edges)
        return any(part.lit for part in parts)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the zero line, with its symbol on the left and its number behind."""

    key: str
    x: int
    y: int
    width: int
    height: int
    symbol: Label
    value: Label


@dataclass(frozen=True, slots=True)
class BarDrawing:
    """The error before and after: two bars on one scale."""

    width: int
    height: int
    zero: int
    bars: tuple[Bar, ...]
    kind: str = "bars"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, with its number."""

    at: int
    label: Label


@dataclass(frozen=True, slots=True)
class CourseDrawing:
    """The course of the error: its points joined, in a frame with ticks.

    `left`, `right`, `top` and `bottom` are the sides of the frame. `counts` says what
    the lower axis counts: updates or iterations. `marked` tells whether each point has
    a dot.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    below: tuple[Tick, ...]
    beside: tuple[Tick, ...]
    points: tuple[Point, ...]
    symbol: Label
    counts: str
    marked: bool
    kind: str = "course"


Drawing = NetworkDrawing | BarDrawing | CourseDrawing
