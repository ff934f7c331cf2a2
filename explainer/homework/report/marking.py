"""Marks: the points of each step that is asked, with credit for what follows correctly
from an earlier mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from explainer.derivation.readings import rounding_kind
from explainer.homework.judging import RIGHT, Judged, Judgement, Verdict
from explainer.homework.report.checking import MILESTONES, Checked, Checker
from explainer.mathematics.written import Key

# The share of the points for a value that follows from an earlier mistake.
FOLLOW_THROUGH: Mapping[str, Decimal] = {
    "full": Decimal(1),
    "half": Decimal("0.5"),
    "none": Decimal(0),
}

# A value that may be chance, or copied, says nothing about a step before it.
TRUSTED = frozenset({Verdict.CORRECT, Verdict.FOLLOWS, Verdict.WRONG})


class Credit(Enum):
    """Why a step has its points."""

    RIGHT = "right"
    CONVENTION = "convention"  # right under another convention
    FOLLOWS = "follows"
    CAPPED = "capped"  # follows from a value from which nothing should follow
    SKIPPED = "skipped"  # not written down, but a right value was worked out with it
    WRONG = "wrong"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Marking:
    """How a class is marked. `points` are those of a step by its kind. With `skipped`,
    a step that was not written down counts like the value that comes right after it."""

    points: Mapping[str, int] = field(default_factory=dict)
    follow_through: Decimal = FOLLOW_THROUGH["full"]
    skipped: bool = True

    def of(
        self, checker: Checker, printed: Mapping[Key, int] | None
    ) -> Mapping[Key, int]:
        """The points of each step that counts, in the order of work.

        What a paper asks counts what is printed there, and nothing else counts. Without
        a paper the milestones count 1, and what has points here. The points of a kind
        that is named here are these.
        """
        if printed is None:
            asked = checker.of_kinds(MILESTONES | self.points.keys())
            printed = dict.fromkeys(asked, 1)
        found = {
            key: self.points.get(rounding_kind(key, checker.graph), printed[key])
            for key in checker.answers.quantities
            if key in printed
        }
        return {key: count for key, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class Mark:
    """The points of one step."""

    key: Key
    credit: Credit
    earned: Decimal
    possible: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one sheet, in the order of work."""

    marks: tuple[Mark, ...]

    @property
    def earned(self) -> Decimal:
        return sum((mark.earned for mark in self.marks), Decimal(0))

    @property
    def possible(self) -> int:
        return sum(mark.possible for mark in self.marks)

    def count(self, credit: Credit) -> int:
        return sum(mark.credit is credit for mark in self.marks)


def mark(
    checker: Checker,
    checked: Checked,
    marking: Marking,
    printed: Mapping[Key, int] | None = None,
) -> Marks:
    """The marks of a checked sheet; `printed` are the points on its paper.

    Right is right, with few digits too. What follows from an own mistake has the share
    that the marking gives it; nothing follows from an impossible value, or from one
    that makes the rest trivial. A right value that does not follow from the own lines
    keeps its points: the report asks for the way to it.
    """
    points = marking.of(checker, printed)
    return Marks(tuple(_Marking(checked, marking).marks(points)))


class _Marking:
    def __init__(self, checked: Checked, marking: Marking) -> None:
        self.marking = marking
        self.judgement = checked.judgement
        self.capped = _capped(checked.judgement)
        self.by_convention = checked.diagnosis.convention is not None
        part = marking.follow_through
        self.share = {
            Credit.RIGHT: Decimal(1),
            Credit.CONVENTION: part,
            Credit.FOLLOWS: part,
        }

    def marks(self, points: Mapping[Key, int]) -> Iterator[Mark]:
        cells = self.judgement.cells
        credits = {key: self._credit(key, judged) for key, judged in cells.items()}
        skipped = self._skipped(credits) if self.marking.skipped else {}
        for key, possible in points.items():
            credit = credits.get(key, Credit.BLANK)
            share = self.share.get(credit, Decimal(0))
            if key not in cells and key in skipped:
                credit, share = Credit.SKIPPED, skipped[key]
            yield Mark(key, credit, share * possible, possible)

    def _credit(self, key: Key, judged: Judged) -> Credit:
        if judged.verdict in RIGHT or judged.verdict is Verdict.NOT_FROM_OWN:
            return Credit.RIGHT
        if self.by_convention:
            return Credit.CONVENTION
        if judged.verdict is Verdict.FOLLOWS:
            return Credit.CAPPED if key in self.capped else Credit.FOLLOWS
        return Credit.WRONG

    def _skipped(self, credits: Mapping[Key, Credit]) -> Mapping[Key, Decimal]:
        """The share of each blank that a value was worked out from in one step: the
        best one of those values."""
        own, found = self.judgement.own, dict[Key, Decimal]()
        for key, credit in credits.items():
            slot = own.examiner.slots[key]
            verdict = self.judgement.cells[key].verdict
            trusted = verdict in TRUSTED and slot >= own.examiner.first
            if not trusted or credit not in self.share:
                continue
            for used in own.examiner.ways[slot][0].uses:
                name = own.examiner.keys[used]
                best = found.get(name, Decimal(0))
                found[name] = max(best, self.share[credit])
        return found


def _capped(judgement: Judgement) -> frozenset[Key]:
    """The values that follow from one that caps."""
    sources = {cap.key for cap in judgement.caps}
    found: set[Key] = set()
    for key, judged in judgement.cells.items():
        if any(parent in sources or parent in found for parent in judged.parents):
            found.add(key)
    return frozenset(found)
