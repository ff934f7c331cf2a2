"""The places of a page that can be linked to, and the place that a number came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from explainer.mathematics.typesetting.boxes import Numeral
from explainer.mathematics.written import Key, Name, Number, Written, walk
from explainer.notation import plain_name
from explainer.page.document import Block, Document, Heading, Step, Table


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number stands for the first time: in which block, at which anchor, with
    which digits."""

    block: int
    anchor: str
    digits: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of a document.

    `blocks` has one for each block, `rows` one for each row of a table of what is
    given, by block and row. `levels` are those of the headings, without a gap, and one
    more for the steps under them. With `by_digits` a number leads only to where it has
    these very digits, as it must where several iterations stand on a page.
    """

    blocks: tuple[str, ...]
    levels: tuple[int, ...]
    rows: Mapping[tuple[int, int], str]
    origins: Mapping[Key, list[Origin]]
    by_digits: bool = True

    def origin(self, number: Numeral, block: int) -> str | None:
        """The anchor of a number that stands in a block: the newest place before where
        its quantity has this very number.

        None in the block that computes it, and for a number that was computed nowhere
        on the page.
        """
        for origin in reversed(self.origins.get(number.of, []) if number.of else []):
            if origin.block == block:
                return None
            same = not self.by_digits or origin.digits == str(number.value)
            if origin.block < block and same:
                return origin.anchor
        return None


def find_anchors(document: Document) -> Anchors:
    """The anchors of the document, in one walk."""
    names = [_name(place, block) for place, block in enumerate(document.blocks)]
    rows: dict[tuple[int, int], str] = {}
    origins: dict[Key, list[Origin]] = {}
    taken = set(names)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Step):
            for key, number in _results(block):
                origin = Origin(place, names[place], str(number.value))
                origins.setdefault(key, []).append(origin)
        elif isinstance(block, Table) and block.given:
            for row, cells in enumerate(block.rows):
                name = _unused(_row_name(cells[0]), taken)
                rows[place, row] = name
                for cell in cells:
                    if isinstance(cell, Number) and cell.of:
                        origin = Origin(place, name, str(cell.value))
                        origins.setdefault(cell.of, []).append(origin)
    return Anchors(tuple(names), tuple(_levels(document)), rows, origins)


def _results(step: Step) -> Iterator[tuple[Key, Number]]:
    """The quantities of a step, and their numbers on the last side of its lines.

    A number that only stands for another one, dz/dw = x, is that of both.
    """
    for equation in step.equations:
        last = equation.sides[-1].written if equation.sides else equation.left
        if isinstance(last, Number) and step.key:
            yield step.key, last
        found = [part for part in walk(last) if isinstance(part, Number)]
        if len(found) == len(step.entries):
            yield from zip(step.entries, found, strict=True)


def _name(place: int, block: Block) -> str:
    if isinstance(block, Step):
        return f"{block.label}-{block.number}"
    return f"{block.kind}-{place + 1}"


def _row_name(cell: object) -> str:
    name = plain_name(cell.key) if isinstance(cell, Name) else ""
    return "given-" + re.sub("[^A-Za-z0-9_]+", "-", name).strip("-")


def _unused(name: str, taken: set[str]) -> str:
    """The name, numbered where it was given before."""
    count, found = 1, name
    while found in taken:
        count += 1
        found = f"{name}-{count}"
    taken.add(found)
    return found


def _levels(document: Document) -> Iterator[int]:
    """The level of each heading, at most one below that of the heading before."""
    last = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            last = min(block.level, last + 1)
        yield last if isinstance(block, Heading) else last + 1


def key_of(cell: Written | object) -> Key | None:
    """The quantity that a cell names."""
    return cell.key if isinstance(cell, Name) else None
