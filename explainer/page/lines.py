"""One printed row of working."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.page.breaking import Nested
from explainer.page.templates import Ready


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row: mathematics, its relation to what stands before, and its reason.

    A row without a relation goes on with the side of the row before. `pieces` are what
    it is broken into, where the format breaks rows itself.
    """

    math: Ready
    relation: str | None
    reason: Ready
    pieces: Nested = ()
