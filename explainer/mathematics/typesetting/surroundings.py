"""What a printer of boxes may ask of the page around a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.numerals import numeral
from explainer.mathematics.written import Key


def _nowhere(key: Key) -> None:
    """A formula that stands alone has no links."""


def _digit_for_digit(value: Decimal | Fraction, of: Key | None) -> str:
    return numeral(value)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of a phrase in the page's language, escaped; in formats with links,
    where the number of a quantity was computed; in LaTeX, how a number is spelled."""

    say: Callable[[str], str] = str
    link: Callable[[Key], str | None] = _nowhere
    spell_number: Callable[[Decimal | Fraction, Key | None], str] = _digit_for_digit


ALONE = Surroundings()
