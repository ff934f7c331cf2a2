"""What a printer of boxes may ask of the page around a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explainer.mathematics.typesetting.boxes import Numeral
from explainer.mathematics.written import Key


def _nowhere(number: Numeral) -> None:
    """A formula that stands alone has no links."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of a phrase in the page's language, escaped; in formats with links, the
    address of the place where a number was computed, and the plain name of its
    quantity."""

    say: Callable[[str], str] = str
    link: Callable[[Numeral], str | None] = _nowhere
    name: Callable[[Key], str] = str


ALONE = Surroundings()
