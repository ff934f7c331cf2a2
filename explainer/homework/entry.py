"""One value of a student's sheet, as it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.written import Key


@dataclass(frozen=True, slots=True)
class Entry:
    """A typed value: the quantity, the text, the number, and how exact it is.

    `half_unit` is half a unit of the last place typed (0.005 for `0.50`), 0 for a
    fraction or a given. `line` is the line of the sheet, from 1.
    """

    key: Key
    text: str
    value: Decimal | Fraction
    half_unit: Decimal
    line: int
