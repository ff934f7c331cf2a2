"""One value that a student wrote."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.written import Key


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as typed: of which quantity, its digits, and its line in the sheet.

    `half_unit` is half a unit in the last typed place: 0.005 for `0.50`, 0.0005 for
    `5e-3`, and 0 for a fraction such as `3/8`.
    """

    key: Key
    text: str
    value: Decimal | Fraction
    half_unit: Decimal
    line: int
