"""What a sheet says: the values on it, its lines of arithmetic, and what is unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.homework.entry import Entry
from explainer.mathematics.written import Key

Interval = tuple[Decimal, Decimal]
UNKNOWN, AMBIGUOUS = "unknown", "ambiguous"
UNREADABLE, REPEATED = "unreadable", "repeated"


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What could not be taken from a line.

    `kind` is "unknown" (no quantity is called so; `candidates` are the nearest names),
    "ambiguous" (`candidates` are the quantities it may mean), "unreadable" (no number)
    or "repeated" (`candidates` are the values as typed; the last one counts).
    """

    line: int
    kind: str
    got: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArithmeticLine:
    """One link `left = right` of a chain, both sides numbers as the student typed them.

    `how` says in which sense it is true: "exact", "rounded" or "truncated" to the typed
    places of the right side; "within" where that takes the half units of the typed
    digits on the left (`left_interval`); "off" where nothing does.
    """

    line: int
    left: str
    right: str
    left_interval: Interval
    how: str

    @property
    def holds(self) -> bool:
        return self.how != "off"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that was read. Of a quantity written twice the last value counts: a
    student's correction stands after what it corrects.

    `notation` is the notation that most names of the sheet fit, "" where none is told
    apart. `decided` are the quantities whose spelling fits several, so that this
    notation decided. `later` has the values of later iterations (`new_w5@2`), by their
    number.
    """

    entries: Mapping[Key, Entry]
    lines: tuple[ArithmeticLine, ...]
    problems: tuple[SheetProblem, ...]
    notation: str
    decided: frozenset[Key] = frozenset()
    later: Mapping[int, Mapping[Key, Entry]] = field(default_factory=dict)
