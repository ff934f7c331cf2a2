"""How much room symbols and numbers take in a picture."""

from __future__ import annotations

from explainer.mathematics.svg import width_of
from explainer.mathematics.typesetting.boxes import Pattern
from explainer.mathematics.typesetting.setting import Spell, typeset
from explainer.mathematics.written import Written
from explainer.page.pictures.drawing import Label

# The size of letters, and the height of the box of a line of them.
LETTERS = 13
LINE = 18
# What stands around letters inside their box, and " = " between symbol and value.
PADDING = 4
EQUALS = 1540


def make_label(
    spell: Spell,
    role: str,
    symbol: Written | Pattern | None = None,
    value: Written | None = None,
    at: tuple[int, int] = (0, 0),
) -> Label:
    """A label whose box is as wide as its symbol and its value."""
    thousandths = sum(_width(part, spell) for part in (symbol, value) if part)
    if symbol and value:
        thousandths += EQUALS
    width = thousandths * LETTERS // 1000 + 2 * PADDING
    return Label(symbol, value, *at, width + width % 2, LINE, role)


def _width(part: Written | Pattern, spell: Spell) -> int:
    return width_of(part if isinstance(part, Pattern) else typeset(part, spell))
