"""Boxes: what stands where in a formula, before any format.

`setting` makes boxes of written mathematics: it decides on brackets, signs and places
where a line may break, once for all formats. `patterns` reads the symbols of a
notation and the forms of functions into boxes. A printer walks the boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.written import Key


class Box:
    """A part of a formula as it stands on the page."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row(Box):
    """Boxes side by side."""

    parts: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Numeral(Box):
    """A number, digit for digit. `of` is the quantity whose number it is."""

    value: Decimal | Fraction
    of: Key | None = None


@dataclass(frozen=True, slots=True)
class Pattern(Box):
    r"""A symbol or a form in the small LaTeX of the notations: `\delta_{h1}`,
    `\frac{<0>}{<1>}`.

    `<0>`, `<1>` stand for the slots. `key` is the quantity whose symbol it is.
    """

    tex: str
    slots: tuple[Box, ...] = ()
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Sign(Box):
    """A sign between two operands; `prefix` for the minus of one operand.

    Named by one of + - times dot circ < <= > >= == !=.
    """

    name: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Bracket(Box):
    """A round bracket, opening or closing. `size` counts: 0 is the size of text, 1 goes
    around fractions, 2 around matrices.

    A line may break between the two, so each is a box of its own.
    """

    opens: bool
    size: int = 0


@dataclass(frozen=True, slots=True)
class Grid(Box):
    """Rows and columns: the cases of a formula behind a brace, or a matrix in
    brackets."""

    rows: tuple[tuple[Box, ...], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Frame(Box):
    """An empty frame to write a number into, or the number in its frame."""

    body: Box | None = None


@dataclass(frozen=True, slots=True)
class Phrase(Box):
    """A word inside a formula, by its key in the wording: "otherwise"."""

    key: str


# What `patterns` reads out of a pattern.


@dataclass(frozen=True, slots=True)
class Letters(Box):
    """A letter or a word. `style` is italic, upright, bold or bold-italic."""

    text: str
    style: str = "italic"


@dataclass(frozen=True, slots=True)
class Mark(Box):
    """A mark that is no letter: an arrow, a bar, a comma, a bracket of a symbol.

    `size` is 0, or larger for a bar that is as high as a fraction.
    """

    text: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Scripts(Box):
    """A base with what stands below and above it on the right."""

    base: Box
    below: Box | None
    above: Box | None

    def stacked(self) -> Scripts:
        """A symbol with an index that is raised has both at the same place."""
        inner = self.base
        if isinstance(inner, Scripts) and self.below is None and inner.above is None:
            return Scripts(inner.base, inner.below, self.above)
        return self


@dataclass(frozen=True, slots=True)
class Over(Box):
    """top over bottom, with a line between."""

    top: Box
    bottom: Box


@dataclass(frozen=True, slots=True)
class Root(Box):
    """The square root of a body."""

    body: Box


@dataclass(frozen=True, slots=True)
class Accent(Box):
    """A body with a mark above it: hat, bar, tilde, dot, vec."""

    name: str
    body: Box


@dataclass(frozen=True, slots=True)
class Space(Box):
    """Empty room, in hundredths of an em."""

    width: int


@dataclass(frozen=True, slots=True)
class Slot(Box):
    """The place of an argument in a pattern."""

    place: int


def row(*parts: Box) -> Box:
    """The boxes side by side: one stands alone, rows inside rows are one row."""
    flat: list[Box] = []
    for part in parts:
        flat += part.parts if isinstance(part, Row) else (part,)
    return flat[0] if len(flat) == 1 else Row(tuple(flat))
