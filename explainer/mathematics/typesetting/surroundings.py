"""What a printer of boxes may ask of the page around a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.numerals import numeral
from explainer.mathematics.typesetting.boxes import Numeral
from explainer.mathematics.written import Key


def _nowhere(number: Numeral) -> None:
    """A formula that stands alone has no links."""


def _digit_for_digit(value: Decimal | Fraction, of: Key | None) -> str:
    return numeral(value)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of a phrase in the page's language, escaped; in formats with links, the
    address of the place where a number was computed, and the plain name of its
    quantity; in LaTeX, how a number is spelled."""

    say: Callable[[str], str] = str
    link: Callable[[Numeral], str | None] = _nowhere
    name: Callable[[Key], str] = str
    spell_number: Callable[[Decimal | Fraction, Key | None], str] = _digit_for_digit


ALONE = Surroundings()
