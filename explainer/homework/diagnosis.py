"""What was found out about a sheet: data for the reports, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from explainer.derivation.readings import Value
from explainer.homework.injecting import Scope
from explainer.homework.mistakes.mistake import Mistake
from explainer.mathematics.written import Key, Written

FindingKind = Literal["convention", "mistake", "pair", "slip", "given", "unexplained"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation: what was done, where, and what it explains.

    `mistakes` has two where two mistakes meet in one value. `step` is the quantity that
    was computed wrongly: the cell `first` itself, or a blank on the way to it. There
    stand the `right` and the `wrong` formula side by side, `numbers` has the student's
    own number for everything that they use, and `value` is what the wrong formula gives
    with them for the cell `first`.

    `broken` are cells that would be wrong by this mistake, and are not.
    """

    mistakes: tuple[Mistake, ...]
    scope: Scope
    explained: tuple[Key, ...]
    broken: tuple[Key, ...]
    first: Key
    step: Key
    right: Written
    wrong: Written
    numbers: Mapping[Key, Value]
    value: Decimal | None

    @property
    def name(self) -> str:
        return " + ".join(mistake.name for mistake in self.mistakes)

    @property
    def ids(self) -> frozenset[str]:
        """The entries of the catalogue."""
        return frozenset(m.id for m in self.mistakes)


@dataclass(frozen=True, slots=True)
class Finding:
    """The wrong cells that have one cause, and the hypotheses on it.

    Several hypotheses are a tie: from this sheet they cannot be told apart. Without
    any, the cells do not follow from the `parents`; from those it should be `expected`.
    `spared` are later cells that use the right value in the place of the wrong one: it
    was only written down wrongly, or looked up.
    """

    kind: FindingKind
    cells: tuple[Key, ...]
    hypotheses: tuple[Hypothesis, ...] = ()
    parents: tuple[Key, ...] = ()
    expected: Decimal | None = None
    spared: tuple[Key, ...] = ()

    @property
    def first(self) -> Key:
        return self.cells[0]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings, the earliest wrong step first."""

    findings: tuple[Finding, ...]

    @property
    def convention(self) -> Finding | None:
        """Where the whole sheet is right under another convention: that one."""
        kinds = [finding.kind for finding in self.findings]
        return self.findings[0] if kinds == ["convention"] else None
