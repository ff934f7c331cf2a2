"""A sheet's own values: each typed number within its digits, and what is blank computed
from the nearest typed ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from explainer.derivation.readings import Value
from explainer.homework.entry import Entry
from explainer.homework.examiner import Edits, Examiner, Step
from explainer.homework.ranges import TINY, Boundless, Range, meet
from explainer.homework.typed_digits import (
    range_of_entry,
    spread,
    unit_unwritten,
    usual_digits,
)
from explainer.mathematics.evaluation import as_decimal

NO_EDITS: Edits = {}


class OwnValues:
    """The ranges of one sheet. To be used in the context `ranges.CONTEXT`.

    A typed value may have been rounded or, with `truncated`, cut off; the next line may
    have used it as typed, or with all its digits. Its range holds all of these.
    """

    def __init__(
        self,
        examiner: Examiner,
        entries: Mapping[int, Entry],
        givens: tuple[Range, ...],
        truncated: bool = True,
    ) -> None:
        self.examiner = examiner
        self.entries = entries
        self.truncated = truncated
        self.givens = givens
        count = len(examiner.keys)
        self.ranges: list[Range] = [*givens, *[(TINY, TINY)] * (count - len(givens))]
        for slot, entry in entries.items():
            self.ranges[slot] = range_of_entry(entry, truncated)
        self.chosen = self._choose()
        self._known: dict[int, Range] = {}
        self._in_steps: dict[int, Range] = {}
        # One list for all evaluations: a step's own operands are put in before it.
        self._work = list(self.ranges)

    def right(self, slot: int) -> Decimal | None:
        """The right number in full precision; None where a rule has no value."""
        truth = self.examiner.truths(self.givens)[slot]
        return truth[0] if truth else None

    def _choose(self) -> Mapping[int, Step]:
        """For each blank the way with the fewest blanks in it."""
        examiner = self.examiner
        far = float("inf")
        costs = [0.0 if s < examiner.first else far for s in range(len(examiner.keys))]
        for slot in self.entries:
            costs[slot] = 0.0
        chosen: dict[int, Step] = {}
        changed = True
        while changed:
            changed = False
            for slot in range(examiner.first, len(examiner.keys)):
                if slot in self.entries:
                    continue
                alias = examiner.aliases.get(slot)
                steps = examiner.ways[slot]
                for step in (*steps, alias) if alias else steps:
                    cost = 1.0 + sum([costs[used] for used in step.uses])
                    if cost < costs[slot]:
                        costs[slot], chosen[slot], changed = cost, step, True
        return chosen

    def chosen_step(self, slot: int, edits: Edits) -> Step:
        """The step by which a blank is computed."""
        own = self.chosen[slot]
        if slot not in edits:
            return own
        ways, wrong = self.examiner.ways[slot], edits[slot]
        if own in ways and (edited := wrong[ways.index(own)]):
            return edited
        return wrong[0] or own

    def evaluate(
        self, step: Step, edits: Edits = NO_EDITS, known: dict[int, Range] | None = None
    ) -> Range:
        """The range of a step from the own values. Raises ArithmeticError where it can
        be anything."""
        if known is None:
            known = self._known if not edits else {}
        operands = [(used, self.range_of(used, edits, known)) for used in step.uses]
        for used, found in operands:
            self._work[used] = found
        return step.bound(self._work)

    def evaluate_stepwise(self, step: Step) -> Range:
        """The range of a step where every blank was worked out in the smallest steps,
        each of them rounded."""
        operands = [(used, self._stepwise(used)) for used in step.uses]
        for used, found in operands:
            self._work[used] = found
        return step.bound(self._work)

    def _stepwise(self, slot: int) -> Range:
        if slot < self.examiner.first or slot in self.entries:
            return self.ranges[slot]
        if slot not in self._in_steps:
            step = self.examiner.ways[slot][0]
            self._in_steps[slot] = self.rounded(step, self.evaluate_stepwise(step))
        return self._in_steps[slot]

    def range_of(self, slot: int, edits: Edits, known: dict[int, Range]) -> Range:
        """The range of a quantity: as typed, or computed."""
        if slot < self.examiner.first or slot in self.entries:
            return self.ranges[slot]
        if slot in known:
            if known[slot] is BEING_COMPUTED:
                raise Boundless
            return known[slot]
        if edits and self.reach[slot].isdisjoint(edits):
            return self.range_of(slot, NO_EDITS, self._known)
        known[slot] = BEING_COMPUTED
        step = self.chosen_step(slot, edits)
        try:
            found = self.evaluate(step, edits, known)
        except ArithmeticError:
            del known[slot]
            raise
        known[slot] = self.rounded(step, found)
        return known[slot]

    def rounded(self, step: Step, found: Range) -> Range:
        """The range of a value that is not written down, once its step was rounded."""
        if step.trivial:
            return found
        unit = unit_unwritten(max(map(abs, found)), self._digits)
        return spread(found, unit / 2, self.truncated)

    @cached_property
    def _digits(self) -> tuple[Decimal, Decimal]:
        return usual_digits(self.entries.values())

    @cached_property
    def reach(self) -> Mapping[int, frozenset[int]]:
        """For each blank, itself and the blanks through which it is computed."""
        found: dict[int, frozenset[int]] = {}

        def reached(slot: int) -> frozenset[int]:
            if slot < self.examiner.first or slot in self.entries:
                return frozenset()
            if slot not in found:
                below = (reached(used) for used in self.chosen[slot].uses)
                found[slot] = frozenset([slot]).union(*below)
            return found[slot]

        for slot in self.chosen:
            reached(slot)
        return found

    @cached_property
    def steps(self) -> Mapping[int, tuple[Step, ...]]:
        """For each typed cell the ways from cells before it."""
        return {
            slot: tuple(
                step
                for step in self.examiner.ways[slot]
                if all(used < slot for used in step.uses)
            )
            for slot in self.entries
            if slot >= self.examiner.first
        }

    @cached_property
    def touched(self) -> Mapping[int, tuple[int, ...]]:
        """For each quantity the typed cells whose value is computed through it, with no
        typed cell between."""
        found: dict[int, list[int]] = {}
        for slot, steps in self.steps.items():
            for through in self.through(slot, steps):
                found.setdefault(through, []).append(slot)
        return {slot: tuple(cells) for slot, cells in found.items()}

    def through(self, slot: int, steps: Iterable[Step]) -> frozenset[int]:
        """A cell, and the blanks through which its steps are computed."""
        blanks = (
            self.reach[used]
            for step in steps
            for used in step.uses
            if used in self.reach
        )
        return frozenset([slot]).union(*blanks)

    def parents(self, step: Step) -> frozenset[int]:
        """The typed cells from which a step is computed, through blanks."""
        found: set[int] = set()
        waiting, seen = list(step.uses), set()
        while waiting:
            used = waiting.pop()
            if used in seen:
                continue
            seen.add(used)
            if used in self.entries:
                found.add(used)
            elif used >= self.examiner.first:
                waiting += self.chosen[used].uses
        return frozenset(found)

    def fits(
        self,
        slot: int,
        step: Step,
        edits: Edits = NO_EDITS,
        known: dict[int, Range] | None = None,
    ) -> bool | None:
        """Whether a typed value follows from a step; None where the step can give any
        number."""
        try:
            if meet(self.ranges[slot], self.evaluate(step, edits, known)):
                return True
            # Another student takes another way through what is blank.
            if edits or self.reach.keys().isdisjoint(step.uses):
                return False
            return meet(self.ranges[slot], self.evaluate_stepwise(step))
        except ArithmeticError:
            return None

    def range_or_none(self, step: Step) -> Range | None:
        """The range of a step; None where it can be anything."""
        try:
            return self.evaluate(step)
        except ArithmeticError:
            return None

    def follows_with(
        self, slot: int, step: Step, numbers: Mapping[int, Decimal]
    ) -> bool:
        """Whether a typed value follows with other numbers in the place of own ones."""
        try:
            self.evaluate(step)
            for used, number in numbers.items():
                self._work[used] = number, number
            found = step.bound(self._work)
        except ArithmeticError:
            return False
        return meet(self.ranges[slot], found)

    def number(self, slot: int) -> Value | None:
        """The own number of a quantity: as typed, or computed from those."""
        if slot in self.entries:
            return self.entries[slot].value
        if slot < self.examiner.first:
            return self.ranges[slot][0]
        try:
            return self._middle(self.chosen[slot], NO_EDITS, {})
        except ArithmeticError:
            return None

    def middle(self, step: Step, edits: Edits) -> Decimal | None:
        """What a step gives from the numbers as they were typed."""
        try:
            return self._middle(step, edits, {})
        except ArithmeticError:
            return None

    def _middle(self, step: Step, edits: Edits, known: dict[int, Decimal]) -> Decimal:
        numbers: dict[int, Decimal] = {}
        for used in step.uses:
            if used in known:
                number = known[used]
            elif used in self.entries:
                number = as_decimal(self.entries[used].value)
            elif used < self.examiner.first:
                number = self.ranges[used][0]
            else:
                number = self._middle(self.chosen_step(used, edits), edits, known)
            numbers[used] = known[used] = number
        for used, number in numbers.items():
            self._work[used] = number, number
        low, high = step.bound(self._work)
        return (low + high) / 2


BEING_COMPUTED: Range = (TINY, -TINY)
