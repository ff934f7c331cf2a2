"""Judging a sheet: each value from the student's own earlier values, within the digits
typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import Enum

from explainer.derivation.readings import Value
from explainer.homework.entry import Entry
from explainer.homework.examiner import Examiner, Step
from explainer.homework.guards import Cap, find_caps
from explainer.homework.own_values import OwnValues
from explainer.homework.ranges import CONTEXT, Range, meet
from explainer.homework.typed_digits import spread
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits
from explainer.mathematics.written import Key


class Verdict(Enum):
    """What a value is."""

    CORRECT = "correct"  # in the band of the truth, and follows
    NOT_FROM_OWN = "not-from-own"  # the right value, but not from the own lines
    FOLLOWS = "follows"  # wrong, but it follows from an earlier mistake
    WRONG = "wrong"  # neither right nor following
    TOO_COARSE = "too-coarse"  # right, but a mistake would look the same
    FEW_DIGITS = "few-digits"  # right, with fewer digits than asked
    GIVEN_WRONG = "given-wrong"  # a given number, copied wrongly


RIGHT = frozenset({Verdict.CORRECT, Verdict.TOO_COARSE, Verdict.FEW_DIGITS})
BAD = frozenset({Verdict.WRONG, Verdict.GIVEN_WRONG})


@dataclass(frozen=True, slots=True)
class Judged:
    """One value with its verdict.

    `band` is the range of what follows from the own lines by the step judged; None
    where it can be any number. `parents` are the own cells that this step uses, and
    `carries` the wrong cells from which it follows.
    """

    entry: Entry
    verdict: Verdict
    band: Range | None
    parents: tuple[Key, ...]
    carries: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """A judged sheet, in the order of work.

    `roots` are the wrong cells whose own parents are not wrong; the first of them is
    the headline. `caps` are own values from which no credit should follow. `blanks`
    are the quantities of the sheet that were asked and not filled.
    """

    cells: Mapping[Key, Judged]
    roots: tuple[Key, ...]
    caps: tuple[Cap, ...]
    blanks: tuple[Key, ...]
    unknown: tuple[Key, ...]
    own: OwnValues = field(repr=False, compare=False)
    bad: frozenset[int] = field(repr=False, default=frozenset())

    def expected(self, key: Key) -> Decimal | None:
        """What follows from the own lines, from the numbers as they were typed; None
        where a rule has no value for them."""
        slot = self.own.examiner.slots[key]
        if slot < self.own.examiner.first:
            return self.own.givens[slot][0]
        with localcontext(CONTEXT):
            return self.own.middle(self.own.steps[slot][0], {})

    @property
    def headline(self) -> Key | None:
        """The first wrong step."""
        return self.roots[0] if self.roots else None


def judge(
    examiner: Examiner,
    entries: Mapping[Key, Entry],
    *,
    givens: Mapping[Key, Value] | None = None,
    asked: Iterable[Key] = (),
    digits: Digits | None = None,
    truncated: bool = True,
) -> Judgement:
    """The verdict on every value of a sheet.

    `givens` are the numbers of the student's variant, `asked` the quantities of the
    form, `digits` the digits asked. With `truncated` a value that was cut off is as
    good as one that was rounded.
    """
    known = {
        examiner.slots[k]: entry for k, entry in entries.items() if k in examiner.slots
    }
    with localcontext(CONTEXT):
        own = OwnValues(examiner, known, _givens(examiner, givens), truncated)
        cells = _Judging(own, digits).cells()
        caps = find_caps(own)
    bad = frozenset(
        slot
        for slot, judged in cells.items()
        if judged.verdict in (Verdict.WRONG, Verdict.NOT_FROM_OWN)
    )
    by_key = {examiner.keys[slot]: judged for slot, judged in cells.items()}
    return Judgement(
        by_key,
        _roots(by_key),
        caps,
        tuple(key for key in asked if key not in entries),
        tuple(key for key in entries if key not in examiner.slots),
        own,
        bad,
    )


def _givens(
    examiner: Examiner, givens: Mapping[Key, Value] | None
) -> tuple[Range, ...]:
    if not givens:
        return examiner.givens
    numbers = dict(zip(examiner.keys, examiner.givens, strict=False))
    for key, value in givens.items():
        if key in numbers:
            numbers[key] = as_decimal(value), as_decimal(value)
    return tuple(numbers.values())


def _roots(cells: Mapping[Key, Judged]) -> tuple[Key, ...]:
    wrong = {key for key, judged in cells.items() if judged.verdict in BAD}
    return tuple(key for key in cells if key in wrong and not _after(cells[key], wrong))


def _after(judged: Judged, wrong: set[Key]) -> bool:
    return any(parent in wrong for parent in judged.parents)


class _Judging:
    """One pass over the typed cells, in the order of work."""

    def __init__(self, own: OwnValues, digits: Digits | None) -> None:
        self.own = own
        self.examiner = own.examiner
        self.givens = own.givens
        self.digits = digits
        self.tainted: dict[int, frozenset[int]] = {}
        self._truth: dict[int, Range | None] = {}

    def cells(self) -> Mapping[int, Judged]:
        found: dict[int, Judged] = {}
        for slot in sorted(self.own.entries):
            if slot < self.examiner.first:
                judged = self._given(slot)
            else:
                judged = self._judge(slot)
            found[slot] = judged
        return found

    def _given(self, slot: int) -> Judged:
        entry = self.own.entries[slot]
        right = meet(self.own.ranges[slot], self.givens[slot])
        self.tainted[slot] = frozenset() if right else frozenset([slot])
        verdict = Verdict.CORRECT if right else Verdict.GIVEN_WRONG
        return Judged(entry, verdict, self.givens[slot], ())

    def _judge(self, slot: int) -> Judged:
        own, entry = self.own, self.own.entries[slot]
        steps = own.steps[slot]
        fitting = [step for step in steps if own.fits(slot, step) is not False]
        if not fitting:
            right = self._in_truth(slot)
            self.tainted[slot] = frozenset() if right else frozenset([slot])
            verdict = Verdict.NOT_FROM_OWN if right else Verdict.WRONG
            return self._judged(entry, verdict, steps[0])
        causes = [(self._causes(step), step) for step in fitting]
        cause, step = min(causes, key=lambda pair: len(pair[0]))
        if cause and not self._in_truth(slot):
            self.tainted[slot] = cause
            return self._judged(entry, Verdict.FOLLOWS, step, cause)
        self.tainted[slot] = frozenset()
        return self._judged(entry, self._right(slot), step)

    def _causes(self, step: Step) -> frozenset[int]:
        parents = self.own.parents(step)
        return frozenset().union(*(self.tainted.get(p, frozenset()) for p in parents))

    def _judged(
        self,
        entry: Entry,
        verdict: Verdict,
        step: Step,
        causes: frozenset[int] = frozenset(),
    ) -> Judged:
        keys = self.examiner.keys
        band = self.own.range_or_none(step)
        parents = tuple(keys[slot] for slot in sorted(self.own.parents(step)))
        return Judged(
            entry, verdict, band, parents, tuple(keys[s] for s in sorted(causes))
        )

    def _right(self, slot: int) -> Verdict:
        """How good a right value is: with enough digits, or too few of them."""
        entry = self.own.entries[slot]
        if self.digits is None or not entry.half_unit:
            return Verdict.CORRECT
        place = self.digits.last_place(as_decimal(entry.value))
        if 2 * entry.half_unit <= place or self._is_short(slot, place):
            return Verdict.CORRECT
        low, high = self.own.ranges[slot]
        coarse = low <= 0 <= high and self.own.right(slot)
        return Verdict.TOO_COARSE if coarse else Verdict.FEW_DIGITS

    def _is_short(self, slot: int, place: Decimal) -> bool:
        """Whether only zeros are left out: 0.41 for 0.4100."""
        right = self.own.right(slot)
        value = as_decimal(self.own.entries[slot].value)
        return right is not None and abs(value - right) <= place / 2

    def _in_truth(self, slot: int) -> bool:
        """Whether a value is right within what the digits of all steps before it
        allow."""
        truth = self.truth(slot)
        return truth is not None and meet(self.own.ranges[slot], truth)

    def truth(self, slot: int) -> Range | None:
        """The range of the truth: from the givens, each typed step rounded as it was
        typed."""
        if slot < self.examiner.first:
            return self.givens[slot]
        if slot not in self._truth:
            self._truth[slot] = self._true_range(self.examiner.ways[slot][0])
        return self._truth[slot]

    def _true_range(self, step: Step) -> Range | None:
        ranges: list[Range] = list(self.own.ranges)
        for used in step.uses:
            found = self.truth(used)
            if found is None:
                return None
            if used >= self.examiner.first:
                found = self._rounded(used, found)
            ranges[used] = found
        try:
            return step.bound(ranges)
        except ArithmeticError:
            return None

    def _rounded(self, slot: int, truth: Range) -> Range:
        entry = self.own.entries.get(slot)
        if entry is None:
            return self.own.rounded(self.examiner.ways[slot][0], truth)
        return spread(truth, entry.half_unit, self.own.truncated)
