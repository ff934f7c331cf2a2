"""A page cut into its blocks, with marks in the place of the digits of its numbers.

A number is printed by the ordinary printers, with its own sign, point and length; only
its digits are marks. What the text of the marks leaves is the same for every number of
that form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter
from typing import Any

from explainer.derivation.working import Equation
from explainer.mathematics.written import Key, Number, Written
from explainer.page.document import Block, Step
from explainer.page.formats import Format
from explainer.page.lines import Line
from explainer.page.rendering import Renderer
from explainer.page.rewriting import (
    mathematics_in,
    rewrite_block,
    rewrite_equation,
)
from explainer.page.templates import Ready

# Characters that no text has: Unicode keeps them for private use.
SEAM = "\ue000"
FIRST_MARK = 0xF0000
MARKED = re.compile("([\U000f0000-\U000ffffd])(?:\\1|\\.(?=\\1))*")
DIGIT = re.compile("[0-9]")
# A line has room for numbers of so many digits, or it is made for the number's own.
USUAL_LENGTH = 13


class Marked(Decimal):
    """A number that is printed with a mark for each of its digits."""

    mark: str

    def __new__(cls, value: Decimal, mark: str) -> Marked:
        number = super().__new__(cls, value)
        number.mark = mark
        return number

    def __format__(self, spec: str, /, *rest: Any) -> str:
        digits, sign, exponent = format(Decimal(self), spec).partition("E")
        return DIGIT.sub(self.mark, digits) + sign + exponent


def mark_of(place: int) -> str:
    return chr(FIRST_MARK + place)


def mark_block(block: Block, places: Mapping[Key, int]) -> Block:
    """The block with marks in the numbers of quantities."""

    def change(part: Written) -> Written | None:
        if not isinstance(part, Number) or part.of is None:
            return None
        if not isinstance(part.value, Decimal):
            raise Uncut("a fraction")
        return Number(Marked(part.value, mark_of(places[part.of])), part.of)

    return rewrite_block(block, change)


class Uncut(Exception):
    """The page is not the sum of its blocks, or a block of more than its numbers."""


Choose = Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Template:
    """Text with slots for the digits of numbers: every second one of its pieces.

    `choose` takes from the digits of all numbers those that go into the slots,
    `belongs` those that are to be found there when the page is read again. `has_room`
    says that its lines break at the same places whatever the length of these.
    """

    pieces: list[str]
    choose: Choose
    belongs: Choose
    has_room: bool = True

    def fill(self, digits: Sequence[str]) -> str:
        pieces = self.pieces[:]
        pieces[1::2] = self.choose(digits)
        return "".join(pieces)


def read_template(marked: str, has_room: bool) -> Template:
    """The template that a marked text is.

    >>> read_template("a = -" + 2 * mark_of(1) + "%", True).fill(["0", "17"])
    'a = -17%'
    """
    # The pattern has one group: split() answers text and marks in turn.
    pieces = MARKED.split(marked)
    places = [ord(mark) - FIRST_MARK for mark in pieces[1::2]]
    return Template(pieces, _chooser(places), _chooser(places), has_room)


def _chooser(places: Sequence[int]) -> Choose:
    match places:
        case []:
            return lambda digits: ()
        case [place]:
            return lambda digits: (digits[place],)
    return itemgetter(*places)


class CuttingRenderer(Renderer):
    """Renders a page with seams between its blocks, and finds out whether their lines
    have room to spare. `width` is that of the lines of its format."""

    def __init__(
        self, form: Format, spell: Any, folder: Any = None, language: str = "en"
    ) -> None:
        super().__init__(form, spell, folder, language)
        self.environment.globals["cuts"] = Ready(SEAM)
        self.width = 0.0

    def lines(self, equation: Equation, width: float) -> list[Line]:
        self.width = width
        return super().lines(equation, width)

    def has_room(self, block: Block | None) -> bool:
        """Whether the lines of a block would have room for longer numbers, too."""
        # Lines of a page with links are broken by whoever shows it.
        return (
            self.form.linked
            or not isinstance(block, Step)
            or all(
                line.relation is not None
                for equation in block.equations
                if any(map(_is_marked, mathematics_in(equation)))
                for line in super(CuttingRenderer, self).lines(
                    rewrite_equation(equation, _widest), self.width
                )
            )
        )


def _is_marked(part: Written) -> bool:
    return isinstance(part, Number) and isinstance(part.value, Marked)


def _widest(part: Written) -> Written | None:
    if not isinstance(part, Number) or not isinstance(part.value, Marked):
        return None
    marked = part.value
    length = max(USUAL_LENGTH, len(f"{marked:f}"))
    sign = "-" if marked.is_signed() else ""
    wide = Decimal(f"{sign}0.{'1' * length}")
    return replace(part, value=Marked(wide, marked.mark))
