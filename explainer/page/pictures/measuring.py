"""How much room symbols and numbers take in a picture."""

from __future__ import annotations

from explainer.mathematics.svg import width_of
from explainer.mathematics.typesetting.boxes import Box, Pattern, Sign, row
from explainer.mathematics.typesetting.setting import Spell, typeset
from explainer.mathematics.written import Written
from explainer.page.pictures.drawing import Label

# The size of letters, and the height of the box of a line of them.
LETTERS = 13
LINE = 18
# What stands around letters inside their box.
PADDING = 4


def make_label(
    spell: Spell,
    role: str,
    symbol: Written | Pattern | None = None,
    value: Written | None = None,
    at: tuple[int, int] = (0, 0),
) -> Label:
    """A label whose box is as wide as its symbol and its value."""
    parts = label_boxes(spell, symbol, value)
    width = width_of(row(*parts)) * LETTERS // 1000 + 2 * PADDING
    return Label(symbol, value, *at, width + width % 2, LINE, role)


def label_boxes(
    spell: Spell, symbol: Written | Pattern | None, value: Written | None
) -> tuple[Box, ...]:
    """Symbol = value, or the one that is there."""
    boxes = [
        part if isinstance(part, Pattern) else typeset(part, spell)
        for part in (symbol, value)
        if part is not None
    ]
    return (boxes[0], Sign("=="), boxes[1]) if len(boxes) == 2 else tuple(boxes)
