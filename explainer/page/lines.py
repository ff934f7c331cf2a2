"""One printed row of working."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.page.templates import Ready


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row: mathematics, its relation to what stands before, and its reason.

    A row without a relation goes on with the side of the row before. `groups` are its
    pieces, where the format breaks rows itself; within a group rather not.
    """

    math: Ready
    relation: str | None
    reason: Ready
    groups: tuple[tuple[Ready, ...], ...] = ()
