"""Diagnosis: which mistakes explain the wrong values of a sheet.

Every mistake of the catalogue is tried on the student's own numbers. The one that
explains most and breaks least comes first; what explains the same is a tie and told as
one. What is left is tried with generic edits, with two mistakes at once, and with slips
of the pen. Where nothing fits, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext

from explainer.homework.candidates import WIDTH, Candidate, Trial
from explainer.homework.diagnosis import Diagnosis, Finding, FindingKind, Hypothesis
from explainer.homework.examiner import Examiner, Step
from explainer.homework.generic import generic_mistakes
from explainer.homework.judging import Judgement, Verdict
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.own_values import OwnValues
from explainer.homework.pairs import pairs_on
from explainer.homework.ranges import CONTEXT
from explainer.homework.slips import slips_on
from explainer.mathematics.written import Key

MOST_TIES = 6
# So many times as far as the digits of a value reach.
CLEARLY = 4


def diagnose(examiner: Examiner, judgement: Judgement) -> Diagnosis:
    """The findings on a judged sheet, the earliest wrong step first."""
    with localcontext(CONTEXT):
        return _Search(examiner, judgement).diagnosis()


class _Search:
    def __init__(self, examiner: Examiner, judgement: Judgement) -> None:
        self.examiner = examiner
        self.judgement = judgement
        self.trial = Trial(examiner, judgement)
        self.spared = self._spared()
        self.open = judgement.bad - self.spared.keys()
        self.findings: list[Finding] = []

    def diagnosis(self) -> Diagnosis:
        self._givens()
        if self.open:
            self._explain(self._from_catalogue(), "mistake")
        if self.open:
            self._explain(self._from_formulas(), "mistake")
        if self.open:
            self._explain(pairs_on(self.trial, self.open), "pair")
        if self.open:
            self._slips()
        for slot in sorted(self.open):
            self.findings.append(self._unexplained(slot))
        place = self.examiner.slots
        found = (self._with_spared(finding) for finding in self.findings)
        return Diagnosis(tuple(sorted(found, key=lambda f: place[f.first])))

    def _spared(self) -> Mapping[int, frozenset[int]]:
        """The right values that do not follow from wrong ones, but would without them;
        with those wrong cells."""
        own, cells = self.trial.own, self.judgement.cells
        keys = self.examiner.keys
        wrong = {s for s in own.entries if cells[keys[s]].verdict is Verdict.WRONG}
        right = [s for s in self.judgement.bad if s not in wrong]
        if not wrong or not right:
            return {}
        kept = {slot: e for slot, e in own.entries.items() if slot not in wrong}
        others = OwnValues(self.examiner, kept, own.givens, own.truncated)
        found = {}
        for slot in right:
            parents = frozenset().union(*map(own.parents, own.steps[slot])) & wrong
            if parents and any(others.fits(slot, step) for step in others.steps[slot]):
                found[slot] = parents
        return found

    def _with_spared(self, finding: Finding) -> Finding:
        slots = {self.examiner.slots[key] for key in finding.cells}
        spared = [slot for slot, parents in self.spared.items() if parents & slots]
        return replace(finding, spared=self._keys(spared))

    def _givens(self) -> None:
        for key, judged in self.judgement.cells.items():
            if judged.verdict is Verdict.GIVEN_WRONG and judged.band:
                self.findings.append(Finding("given", (key,), expected=judged.band[0]))

    def _from_catalogue(self) -> Iterator[Candidate]:
        for mistake in MISTAKES.values():
            yield from self._tried(mistake)

    def _from_formulas(self) -> Iterator[Candidate]:
        own = self.trial.own
        slots = {
            through
            for cell in self.open
            for through in own.through(cell, own.steps[cell])
        }
        quantities = self.examiner.answers.quantities
        rules = (quantities[self.examiner.keys[slot]].rule for slot in sorted(slots))
        for rule in dict.fromkeys(rules):
            for mistake in self.examiner.generic(rule, generic_mistakes):
                yield from self._tried(mistake)

    def _tried(self, mistake: Mistake) -> Iterator[Candidate]:
        whole = self.trial.on((mistake,), self.examiner.edits(mistake))
        if whole:
            yield from self.trial.scoped(whole)

    def _explain(self, candidates: Iterable[Candidate], kind: FindingKind) -> None:
        """Take the best candidate while there is one, with all that tie with it."""
        found = list(candidates)
        while self.open:
            ranked = [c for c in found if c.score(self.open) > 0 and self._tells(c)]
            if not ranked:
                return
            best = max(ranked, key=self._rank)
            ties = [c for c in ranked if self._rank(c)[:2] == self._rank(best)[:2]]
            cells = best.explained & self.open
            ties = [c for c in ties if c.explained & self.open == cells]
            self._found(self._distinct(ties, cells), cells, kind)
            self.open -= cells

    def _tells(self, candidate: Candidate) -> bool:
        """Whether an explanation is more than a coincidence.

        One that explains several values is. For a single value, what it predicts must
        be clearly another number than the right one: in few digits many mistakes come
        near 0.002 where 0.003 was right.
        """
        if len(candidate.explained & self.open) > 1:
            return True
        (cell,) = candidate.explained & self.open
        own = self.trial.own
        right = own.middle(own.steps[cell][0], {})
        wrong = self._value(cell, candidate)
        if right is None or wrong is None:
            return True
        low, high = own.ranges[cell]
        return abs(wrong - right) >= CLEARLY * (high - low)

    def _rank(self, candidate: Candidate) -> tuple[int, int, int]:
        earliest = min(candidate.explained & self.open)
        return (
            candidate.score(self.open),
            WIDTH[candidate.scope.kind],
            -earliest,
        )

    def _distinct(
        self, ties: list[Candidate], explained: frozenset[int]
    ) -> list[Candidate]:
        """One of those that write the same wrong formulas where it matters."""
        kept: dict[frozenset[tuple[int, object]], Candidate] = {}
        # A convention is meant where it makes the whole sheet right.
        whole = explained == self.judgement.bad
        in_order = sorted(
            ties, key=lambda c: whole != (c.mistakes[0].kind == "convention")
        )
        for candidate in in_order:
            cells = candidate.explained | candidate.broken
            matter = frozenset(
                (slot, step.written)
                for slot, steps in candidate.edits.items()
                if cells & set(self.trial.own.touched.get(slot, ()))
                for step in steps[:1]
                if step
            )
            kept.setdefault(matter, candidate)
        return list(kept.values())

    def _found(
        self, ties: list[Candidate], cells: frozenset[int], kind: FindingKind
    ) -> None:
        whole = cells == self.judgement.bad and not ties[0].broken
        conventions = [
            c
            for c in ties
            if c.mistakes[0].kind == "convention" and c.scope.kind == "everywhere"
        ]
        if whole and conventions and len(ties[0].mistakes) == 1:
            kind = "convention"
        hypotheses = tuple(self._hypothesis(c, cells) for c in ties[:MOST_TIES])
        self.findings.append(Finding(kind, self._keys(cells), hypotheses))

    def _keys(self, slots: Iterable[int]) -> tuple[Key, ...]:
        return tuple(self.examiner.keys[slot] for slot in sorted(slots))

    def _hypothesis(self, candidate: Candidate, cells: frozenset[int]) -> Hypothesis:
        own, keys = self.trial.own, self.examiner.keys
        first = min(cells)
        through = own.through(first, own.steps[first])
        step = min((s for s in candidate.edits if s in through), default=first)
        right, wrong = self._side_by_side(step, candidate)
        used = dict.fromkeys((*right.uses, *wrong.uses))
        numbers = {keys[s]: n for s in used if (n := own.number(s)) is not None}
        return Hypothesis(
            candidate.mistakes,
            candidate.scope,
            self._keys(candidate.explained & cells),
            self._keys(candidate.broken),
            keys[first],
            keys[step],
            right.written,
            wrong.written,
            numbers,
            self._value(first, candidate),
        )

    def _side_by_side(self, slot: int, candidate: Candidate) -> tuple[Step, Step]:
        """The right and the wrong formula, for the way that explains the value."""
        own, ways = self.trial.own, self.examiner.ways[slot]
        pairs = [
            (right, wrong)
            for right, wrong in zip(ways, candidate.edits[slot], strict=True)
            if wrong is not None
        ]
        if slot in own.entries:
            for right, wrong in pairs:
                if own.fits(slot, wrong, candidate.edits, {}):
                    return right, wrong
        else:
            for right, wrong in pairs:
                if right is own.chosen[slot]:
                    return right, wrong
        return pairs[0]

    def _value(self, cell: int, candidate: Candidate) -> Decimal | None:
        own = self.trial.own
        for step in self.trial.edited(cell, candidate.edits):
            if own.fits(cell, step, candidate.edits, {}):
                return own.middle(step, candidate.edits)
        return None

    def _slips(self) -> None:
        for slip in slips_on(self.trial, self.open):
            cells = frozenset(self.examiner.slots[key] for key in slip.cells)
            if cells <= self.open:
                self.findings.append(slip)
                self.open -= cells

    def _unexplained(self, slot: int) -> Finding:
        key = self.examiner.keys[slot]
        judged = self.judgement.cells[key]
        own = self.trial.own
        step = own.steps[slot][0]
        return Finding("unexplained", (key,), (), judged.parents, own.middle(step, {}))
