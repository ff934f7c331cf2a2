"""The three prints of one key: the worksheet, the worksheet with answers, the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import rounding_kind
from explainer.homework.worksheet.asking import ask
from explainer.homework.worksheet.masking import (
    Holes,
    Sheet,
    follow_from,
    give_points,
    mask,
    missing_steps,
    with_solutions,
)
from explainer.mathematics.written import Key
from explainer.page.document import Document, Paper
from explainer.page.formats import LATEX

# The exam class hides and shows the solutions of a worksheet itself: one file is both.
EXAM = replace(LATEX, name="exam", suffix=".exam.tex", document="exam")
PRINTS = ("blank", "answers", "key")
ROOMS = ("none", "lines", "third", "half", "full")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worksheet asks, of which working it hides how much, and how it is marked.

    `wanted` are choices or plain names. `points` counts by kind of quantity, such as
    gradient; every other step counts 1.
    """

    wanted: tuple[str, ...] = ("results",)
    hide: str = "working"
    room: str = "none"
    points: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Papers:
    """A key whose steps have points, which of its quantities are asked for, and the
    points of each."""

    key: Document
    holes: Holes
    points: Mapping[Key, int]

    def part(self, name: str) -> Document:
        """One of PRINTS."""
        return self.sheet(name).document

    def sheet(self, name: str) -> Sheet:
        """One of PRINTS, with the places of its blocks in the key."""
        assert self.key.paper is not None
        key = replace(self.key, paper=replace(self.key.paper, part=name))
        if name == "key":
            return Sheet(key, tuple(range(len(key.blocks))), {})
        return mask(key, self.holes_of(name))

    def holes_of(self, name: str) -> Holes:
        """What is hidden in a print: in the one with answers they stand in the holes,
        and there is no room to write."""
        answered = name == "answers"
        room = "none" if answered else self.holes.room
        return replace(self.holes, answered=answered, room=room)

    def with_solutions(self, name: str) -> Document:
        """The worksheet whose format hides or shows the solutions itself."""
        assert self.key.paper is not None
        key = replace(self.key, paper=replace(self.key.paper, part=name))
        return with_solutions(mask(key, self.holes))


def set_papers(
    document: Document,
    derivation: Derivation,
    assignment: Assignment,
    code: str = "",
    name: str = "",
    id: str = "",
) -> Papers:
    """The papers of one document. Raises NetworkError for an unknown name."""
    asked = ask(document, derivation, assignment.wanted)
    points = _points(asked, derivation, assignment.points or {})
    total = sum(
        points.get(key, 0)
        for step in document.steps
        for key in (step.entries or (step.key,))
        if key is not None
    )
    left_out = follow_from(derivation, asked)
    keys = [key for step in document.steps for key in (step.entries or (step.key,))]
    given = any(key not in asked and key not in left_out for key in keys)
    gaps = any(key in left_out for key in keys)
    paper = Paper("key", code, name, total, assignment.room, given, gaps, id)
    key = replace(give_points(document, points), paper=paper)
    holes = Holes(asked, left_out, assignment.hide, room=assignment.room)
    holes = replace(holes, missing=missing_steps(document, holes))
    return Papers(key, holes, points)


def _points(
    asked: frozenset[Key], derivation: Derivation, by_kind: Mapping[str, int]
) -> dict[Key, int]:
    graph = derivation.graph
    return {key: by_kind.get(rounding_kind(key, graph), 1) for key in asked}
