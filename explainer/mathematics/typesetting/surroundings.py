"""What a printer of boxes may ask of the page around a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explainer.mathematics.written import Key


def _nowhere(key: Key) -> None:
    """A formula that stands alone has no links."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words of a phrase in the page's language, escaped; and, in formats with
    links, where the number of a quantity was computed."""

    say: Callable[[str], str] = str
    link: Callable[[Key], str | None] = _nowhere


ALONE = Surroundings()
