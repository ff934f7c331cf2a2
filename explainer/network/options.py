"""The constants of a catalogue's formulas, and which values a file may give them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Option:
    """A constant of a formula: its usual value, and which values are allowed.

    least <= value < below, or least < value where the least itself is left out.
    """

    usual: Decimal
    least: Decimal | None = None
    below: Decimal | None = None
    is_least_allowed: bool = True

    def allows(self, value: Decimal) -> bool:
        """Whether the file may choose this value."""
        if not value.is_finite():
            return False
        if self.below is not None and value >= self.below:
            return False
        if self.least is None or value > self.least:
            return True
        return value == self.least and self.is_least_allowed

    @property
    def allowed(self) -> str:
        """The allowed values in words.

        >>> Option(Decimal(1), Decimal(0), Decimal(1)).allowed
        'a number from 0 up to, but not including, 1'
        """
        if self.least is None:
            return "a number"
        start = "from" if self.is_least_allowed else "above"
        end = f" up to, but not including, {self.below}" if self.below else ""
        return f"a number {start} {self.least}{end}"
