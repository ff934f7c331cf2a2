"""The page in a terminal: the whole derivation, its index, one step, the ancestry of a
number. The text carries rich's markup for bold and dim; `rich` wraps and colours it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.markup import escape

from explainer.derivation.working import ABOUT, EQUAL
from explainer.mathematics.matrices import Matrix
from explainer.mathematics.typesetting.boxes import Box
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.unicode_text import print_unicode
from explainer.mathematics.written import Written
from explainer.page.ancestry import Ancestor
from explainer.page.document import (
    Cite,
    Document,
    Heading,
    Step,
    Table,
    Words,
    without_empty_headings,
)
from explainer.page.formats import Format
from explainer.page.rendering import Renderer
from explainer.page.templates import Ready

WIDTH = 80
MARGIN = 4
# Longer results of an index are told by their size.
LONGEST_RESULT = 44
# A last column with less room is not broken into lines.
NARROWEST = 16
TAG = re.compile(r"\[/?(?:bold|dim)\]")
# Where the right side of a line of working begins.
RELATION = re.compile(r" [=≈] ")
# No line of a tree breaks after a relation, or inside what is said of the step.
TOGETHER = re.compile(r"[=≈] |\[dim\].*\[/dim\]")
TIED = "\ue000"
GUIDES = {True: ("└─ ", "   "), False: ("├─ ", "│  ")}


def _print(box: Box, around: Surroundings) -> str:
    return escape(print_unicode(box, around))


def _measure(text: str) -> float:
    """How many places of the terminal a text takes; markup takes none."""
    return cell_len(TAG.sub("", text).replace("\\[", "["))


def _measure_piece(text: str) -> float:
    """The places of a piece of a line, and of the space after it."""
    return _measure(text) + 1


TERMINAL = Format(
    "terminal", ".txt", "terminal", escape, printer=_print, measure=_measure_piece
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index: a step, its symbol, and its result with the relation to
    the symbol. The texts are padded."""

    number: Ready
    symbol: Ready
    relation: str
    result: Ready
    size: tuple[int, int] | None


class TerminalRenderer(Renderer):
    """Renders in `width` columns."""

    def __init__(
        self,
        spell: Callable[[Any], str],
        width: int = WIDTH,
        folder: Path | None = None,
        language: str = "en",
    ) -> None:
        super().__init__(TERMINAL, spell, folder, language)
        self.width = width
        self.environment.filters |= {"blank": self.blank, "padded": self.padded}
        self.environment.globals["room"] = width - MARGIN

    def render(self, document: Document) -> str:
        """The document as text, no line of it wider than the terminal."""
        return fold(super().render(document), self.width)

    def index(self, document: Document) -> str:
        """Sections, and the steps in them with their results."""
        kept = [b for b in document.blocks if isinstance(b, Heading | Step)]
        entries = iter(self.entries(document.steps))
        items = [
            (block.kind, next(entries) if isinstance(block, Step) else block)
            for block in without_empty_headings(kept)
        ]
        return fold(self.part("index", {"items": items}), self.width)

    def step(self, document: Document, step: Step) -> str:
        """One step, and the steps that it cites."""
        numbers = {cite.number for words in step.reason for cite in _cites(words)}
        cited = [other for other in document.steps if other.number in numbers]
        text = self.render(Document(document.title, (step,)))
        below = self.part("cited", {"entries": self.entries(cited)})
        return text + fold(below, self.width)

    def ancestry(self, ancestors: Iterable[Ancestor]) -> str:
        """The tree of a number down to what is given."""
        return "\n".join(map(self._branch, ancestors)) + "\n"

    def entries(self, steps: Iterable[Step]) -> list[Entry]:
        """The steps as lines of an index, in columns."""
        rows = [self._entry(step) for step in steps]
        digits = max((len(row.number) for row in rows), default=0)
        widths = [_measure(row.symbol) for row in rows]
        most = max((w for w in widths if w <= LONGEST_RESULT // 2), default=0)
        return [
            Entry(
                Ready(row.number.rjust(digits)),
                _pad(row.symbol, most),
                row.relation,
                row.result,
                row.size,
            )
            for row in rows
        ]

    def _entry(self, step: Step) -> Entry:
        equation = step.equations[-1]
        symbol, number = self.math(equation.left), Ready(step.number)
        if not equation.sides:
            return Entry(number, symbol, "", Ready(""), None)
        last = equation.sides[-1].written
        about = any(side.relation == ABOUT for side in equation.sides)
        result, size = self.math(last), None
        if _measure(result) > LONGEST_RESULT and isinstance(last, Matrix):
            size = (len(last.rows), len(last.rows[0]))
        return Entry(number, symbol, ABOUT if about else EQUAL, result, size)

    def _branch(self, ancestor: Ancestor) -> str:
        """The line of one number; where it is long, the guides go on beside it."""
        text = self.part("ancestor", {"item": ancestor, "step": ancestor.step})
        way = [GUIDES[last] for last in ancestor.last]
        above = "".join(after for _, after in way[:-1])
        first, after = way[-1] if way else ("", "")
        below = GUIDES[not ancestor.has_below][1]
        indents = (above + first, above + after + below)
        text = TOGETHER.sub(lambda part: part[0].replace(" ", TIED), text)
        lines = _wrap(text.split(), self.width, *indents)
        return "\n".join(lines).replace(TIED, " ")

    def blank(self, written: Written) -> Ready:
        """As much empty room as the mathematics takes."""
        return Ready(" " * int(_measure(self.math(written))))

    def padded(self, table: Table) -> list[list[Ready]]:
        """The header and the rows of a table, each column but the last as wide as its
        widest cell. A last cell that is too long goes on in rows of its own."""
        header = [self.say(words) for words in table.header]
        rows = [header, *([self.cell(cell) for cell in row] for row in table.rows)]
        widths = [max(map(_measure, column)) for column in zip(*rows, strict=True)]
        widths[-1] = 0
        return [
            [_pad(cell, width) for cell, width in zip(line, widths, strict=True)]
            for row in rows
            for line in self._broken(row, sum(widths) + 2 * len(widths))
        ]

    def _broken(self, row: list[Ready], before: float) -> list[list[Ready]]:
        """A row, with the lines that its last cell goes on in."""
        room = int(self.width - MARGIN - before)
        if room < NARROWEST or _measure(row[-1]) <= room:
            return [row]
        first, *rest = _wrap(row[-1].split(), room, "", "")
        empty = [Ready("")] * (len(row) - 1)
        return [[*row[:-1], Ready(first)], *([*empty, Ready(line)] for line in rest)]


def fold(text: str, width: int) -> str:
    """Long lines broken at spaces. A line of working goes on under its right side, any
    other one under its beginning.

    >>> print(fold("    y = 1000 + 1000 + 1000", 20))
        y = 1000 + 1000
            + 1000
    """
    return "\n".join(part for line in text.split("\n") for part in _fold(line, width))


def _fold(line: str, width: int) -> list[str]:
    if _measure(line) <= width:
        return [line.rstrip()]
    margin = " " * (len(line) - len(line.lstrip()))
    relation = RELATION.search(line) if margin else None
    start = line[: relation.end()] if relation else margin
    under = int(_measure(start))
    if under > width // 2:
        under = len(margin) + MARGIN
    return _wrap(line[len(start) :].split(), width, start, " " * under)


def _wrap(words: Sequence[str], width: int, first: str, after: str) -> list[str]:
    """The words in lines: the first one begins with `first`, the others with
    `after`."""
    lines = [first]
    for word in words:
        line = lines[-1]
        empty = line in (first, after)
        if not empty and _measure(f"{line} {word}") > width:
            lines.append(after + word)
        else:
            lines[-1] = line + word if empty else f"{line} {word}"
    return [line.rstrip() for line in lines]


def _pad(text: str, width: float) -> Ready:
    return Ready(text + " " * int(width - _measure(text)))


def _cites(words: Words) -> Iterable[Cite]:
    """The steps that a sentence cites."""
    for value in words.values.values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Cite):
                yield item
            elif isinstance(item, Words):
                yield from _cites(item)
