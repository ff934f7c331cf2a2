"""Marks: the points of each step that is asked, with credit for what follows correctly
from an earlier mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


class Credit(Enum):
    """Why a step has its points."""

    RIGHT = "right"
    CONVENTION = "convention"  # right under another convention
    FOLLOWS = "follows"
    CAPPED = "capped"  # follows from a value from which nothing should follow
    WRONG = "wrong"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Marking:
    """How a class is marked. `points` are those of a step by its kind; a kind that is
    not in it counts 1 where it is asked."""

    points: Mapping[str, int] = field(default_factory=dict)
    follow_through: Decimal = FOLLOW_THROUGH["full"]

    def of(self, kind: str) -> int:
        return self.points.get(kind, 1)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of steps that count."""
        named = {kind for kind, count in self.points.items() if count}
        return (MILESTONES | named) - {k for k, n in self.points.items() if not n}


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


def mark(checker: Checker, checked: Checked, marking: Marking) -> Marks:
    """The marks of a checked sheet.

    Right is right, with few digits too. What follows from an own mistake has the share
    that the marking gives it; nothing follows from an impossible value, or from one that
    makes the rest trivial. A right value that does not follow from the own lines keeps
    its points: the report asks for the way to it.
    """
    asked = checker.of_kinds(marking.kinds)
    return Marks(tuple(_marks(checker, checked, marking, asked)))


def _marks(
    checker: Checker, checked: Checked, marking: Marking, asked: Iterable[Key]
) -> Iterable[Mark]:
    capped = _capped(checked.judgement)
    convention = checked.diagnosis.convention
    allowed = frozenset(convention.cells if convention else ())
    share = {
        Credit.RIGHT: Decimal(1),
        Credit.CONVENTION: marking.follow_through,
        Credit.FOLLOWS: marking.follow_through,
    }
    for key in asked:
        credit = _credit(key, checked.judgement.cells.get(key), capped, allowed)
        possible = marking.of(rounding_kind(key, checker.graph))
        yield Mark(key, credit, share.get(credit, Decimal(0)) * possible, possible)


def _credit(
    key: Key, judged: Judged | None, capped: frozenset[Key], allowed: frozenset[Key]
) -> Credit:
    if judged is None:
        return Credit.BLANK
    if judged.verdict in RIGHT or judged.verdict is Verdict.NOT_FROM_OWN:
        return Credit.RIGHT
    if key in allowed:
        return Credit.CONVENTION
    if judged.verdict is Verdict.FOLLOWS:
        return Credit.CAPPED if key in capped else Credit.FOLLOWS
    return Credit.WRONG


def _capped(judgement: Judgement) -> frozenset[Key]:
    """The values that follow from one that caps."""
    sources = {cap.key for cap in judgement.caps}
    found: set[Key] = set()
    for key, judged in judgement.cells.items():
        if any(parent in sources or parent in found for parent in judged.parents):
            found.add(key)
    return frozenset(found)
