"""A document with parts of its mathematics replaced: in lines, tables and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from explainer.derivation.working import Equation
from explainer.mathematics.written import Written, rewrite, walk
from explainer.page.document import (
    Block,
    Heading,
    Paragraph,
    Picture,
    Step,
    Table,
    Words,
)
from explainer.page.pictures.rewriting import rewrite_drawing

Change = Callable[[Written], Written | None]


def rewrite_block(block: Block, change: Change) -> Block:
    """The block with every part of its mathematics that `change` answers replaced."""
    match block:
        case Step():
            return replace(
                block,
                reason=_rewrite_all(block.reason, change),
                equations=tuple(
                    rewrite_equation(line, change) for line in block.equations
                ),
                notes=_rewrite_all(block.notes, change),
            )
        case Table():
            rows = tuple(
                tuple(_rewrite_cell(cell, change) for cell in row) for row in block.rows
            )
            return replace(block, rows=rows)
        case Paragraph():
            return replace(block, words=_rewrite_all(block.words, change))
        case Heading():
            return replace(block, words=rewrite_words(block.words, change))
        case Picture():
            return replace(
                block,
                drawing=rewrite_drawing(block.drawing, change),
                caption=rewrite_words(block.caption, change),
                alternative=rewrite_words(block.alternative, change),
            )
    return block


def rewrite_equation(equation: Equation, change: Change) -> Equation:
    sides = tuple(
        replace(side, written=rewrite(side.written, change)) for side in equation.sides
    )
    return replace(equation, sides=sides)


def rewrite_words(words: Words, change: Change) -> Words:
    values = {name: _rewrite_value(v, change) for name, v in words.values.items()}
    return replace(words, values=values)


def _rewrite_all(words: tuple[Words, ...], change: Change) -> tuple[Words, ...]:
    return tuple(rewrite_words(part, change) for part in words)


def _rewrite_cell(cell: Written | Words, change: Change) -> Written | Words:
    return (
        rewrite_words(cell, change)
        if isinstance(cell, Words)
        else rewrite(cell, change)
    )


def _rewrite_value(value: object, change: Change) -> object:
    match value:
        case Written():
            return rewrite(value, change)
        case Words():
            return rewrite_words(value, change)
        case tuple():
            return tuple(_rewrite_value(item, change) for item in value)
    return value


def mathematics_in(block: Block | Words | Equation) -> Iterator[Written]:
    """Every part of the mathematics of a block, of a sentence or of a line."""
    found: list[Written] = []

    def note(part: Written) -> None:
        found.append(part)

    match block:
        case Words():
            rewrite_words(block, note)
        case Equation():
            rewrite_equation(block, note)
            yield from walk(block.left)
        case _:
            rewrite_block(block, note)
    yield from found
