"""Slips of the pen and of the calculator: one cell at a time, only with evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from explainer.homework.candidates import Trial
from explainer.homework.diagnosis import Finding, Hypothesis
from explainer.homework.entry import Entry
from explainer.homework.examiner import Step
from explainer.homework.injecting import Scope
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.own_values import OwnValues
from explainer.homework.ranges import Range, meet
from explainer.homework.shape import terms_of
from explainer.mathematics.evaluation import as_decimal

# With fewer figures many slips come near to many numbers.
CLEAR_FIGURES = 3
# The step of a slip, and the numbers that show it.
Found = tuple[Step, dict[int, Decimal]]


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip by its entry in the catalogue; `find` answers the formula and the numbers
    that show it."""

    name: str
    id: str
    find: Callable[[OwnValues, int], Iterator[Found]]

    @property
    def mistake(self) -> Mistake:
        return Mistake(self.name, self.id, "slip", _nothing)


def rounded_early(own: OwnValues, cell: int) -> Iterator[Found]:
    """A number of an earlier line, used with fewer digits than were written."""
    for step in own.steps[cell]:
        for used in step.uses:
            entry = own.entries.get(used)
            if entry is None or not isinstance(entry.value, Decimal):
                continue
            place = int((2 * entry.half_unit or Decimal("1e-6")).adjusted()) + 1
            while place < 0 and entry.value and place <= entry.value.adjusted():
                short = entry.value.quantize(
                    Decimal(1).scaleb(place), rounding=ROUND_HALF_UP
                )
                if short != entry.value and own.follows_with(cell, step, {used: short}):
                    yield step, {used: short}
                place += 1


def given_misread(own: OwnValues, cell: int) -> Iterator[Found]:
    """A given number in the place of another one of its kind."""
    examiner = own.examiner
    keys = examiner.keys[: examiner.first]
    for step in own.steps[cell]:
        for used in step.uses:
            if used >= examiner.first:
                continue
            others = [
                slot
                for slot, key in enumerate(keys)
                if key.kind == keys[used].kind and slot != used
            ]
            for other in others:
                number = own.ranges[other][0]
                if own.follows_with(cell, step, {used: number}):
                    yield step, {used: number}


def terms_rounded(own: OwnValues, cell: int) -> Iterator[Found]:
    """The terms of a sum, each rounded to the digits of the result before they were
    added."""
    entry = own.entries[cell]
    if not entry.half_unit:
        return
    for step in own.steps[cell]:
        terms = terms_of(step.written)
        found = [own.middle(own.examiner.step(term), {}) for term in terms]
        numbers = [n for n in found if n is not None]
        if len(terms) > 1 and len(numbers) == len(terms):
            place = _last_place(entry)
            rounded = (n.quantize(place, rounding=ROUND_HALF_UP) for n in numbers)
            if sum(rounded) == entry.value:
                yield step, {}


def powers_of_ten(own: OwnValues, cell: int) -> Iterator[Found]:
    """The point in the wrong place."""
    low, high = own.ranges[cell]
    if _figures(own, cell) < CLEAR_FIGURES:
        return
    for step in own.steps[cell]:
        for power in (-3, -2, -1, 1, 2, 3):
            moved = low.scaleb(power), high.scaleb(power)
            if (found := own.range_or_none(step)) and meet(moved, found):
                yield step, {cell: Decimal(1).scaleb(-power)}


def digits_swapped(own: OwnValues, cell: int) -> Iterator[Found]:
    """Two digits next to each other exchanged, one left out, or one mistyped."""
    entry = own.entries[cell]
    place = _last_place(entry)
    if _figures(own, cell) < CLEAR_FIGURES:
        return
    typed = _digits(as_decimal(entry.value), place)
    for step in own.steps[cell]:
        right = own.middle(step, {})
        if right is None or (right < 0) != (entry.value < 0):
            continue
        longer = _digits(right, place.scaleb(-1))
        if _one_apart(typed, _digits(right, place)) or _one_left_out(typed, longer):
            yield step, {cell: right}


def _figures(own: OwnValues, cell: int) -> int:
    """How many figures a typed value has, 0 where it is exact or 0."""
    entry = own.entries[cell]
    if not entry.half_unit or not entry.value:
        return 0
    return as_decimal(entry.value).adjusted() - _last_place(entry).adjusted() + 1


def _last_place(entry: Entry) -> Decimal:
    """One unit of the last place typed: 0.01 for 0.50, and not 0.010."""
    return Decimal(1).scaleb((2 * entry.half_unit).adjusted())


def _digits(value: Decimal, place: Decimal) -> str:
    return str(abs(value).quantize(place, rounding=ROUND_HALF_UP)).replace(".", "")


def _one_apart(typed: str, right: str) -> bool:
    """Whether one exchange or one wrong digit, not the last, leads from one to the
    other."""
    if len(typed) != len(right):
        return False
    pairs = enumerate(zip(typed, right, strict=True))
    differ = [i for i, (one, other) in pairs if one != other]
    if len(differ) == 2 and differ[1] == differ[0] + 1:
        i, j = differ
        return typed[i] == right[j] and typed[j] == right[i]
    return len(differ) == 1 and differ[0] < len(right) - 1


def _one_left_out(typed: str, right: str) -> bool:
    """Whether a digit before the last was left out."""
    return any(right[:i] + right[i + 1 :] == typed for i in range(1, len(right) - 1))


def cut_off(own: OwnValues, cell: int) -> Iterator[Found]:
    """Digits cut off where they were to be rounded."""
    if own.truncated:
        return
    entry = own.entries[cell]
    value, half = as_decimal(entry.value), entry.half_unit
    far: Range = (value, value + 2 * half) if value >= 0 else (value - 2 * half, value)
    for step in own.steps[cell]:
        if (found := own.range_or_none(step)) and meet(far, found):
            yield step, {}


SLIPS = (
    Slip("rounded-early", "T1", rounded_early),
    Slip("terms-rounded", "T1", terms_rounded),
    Slip("power-of-ten", "T2", powers_of_ten),
    Slip("digits", "T5", digits_swapped),
    Slip("given-misread", "T6", given_misread),
    Slip("cut-off", "T7", cut_off),
)
EXCHANGED = Mistake("cells-exchanged", "T4", "slip", _nothing)


def slips_on(trial: Trial, open_cells: frozenset[int]) -> Iterator[Finding]:
    """The slips that explain single cells: all that do, as a tie."""
    yield from _exchanged(trial, open_cells)
    for cell in sorted(open_cells):
        hypotheses = []
        for slip in SLIPS:
            try:
                found = next(slip.find(trial.own, cell), None)
            except ArithmeticError:
                # A number with more digits than any context has room for.
                continue
            if found is not None:
                hypotheses.append(_hypothesis(trial, cell, slip.mistake, *found))
        if hypotheses:
            key = trial.examiner.keys[cell]
            yield Finding("slip", (key,), tuple(hypotheses))


def _exchanged(trial: Trial, open_cells: frozenset[int]) -> Iterator[Finding]:
    """Two cells of one kind with each other's value."""
    own, keys = trial.own, trial.examiner.keys
    cells = sorted(open_cells)
    for place, one in enumerate(cells):
        for other in cells[place + 1 :]:
            if keys[one].kind != keys[other].kind:
                continue
            a, b = (own.range_or_none(own.steps[c][0]) for c in (one, other))
            if not a or not b:
                continue
            if meet(own.ranges[one], b) and meet(own.ranges[other], a):
                step = own.steps[one][0]
                found = _hypothesis(trial, one, EXCHANGED, step, {})
                yield Finding("slip", (keys[one], keys[other]), (found,))


def _hypothesis(
    trial: Trial, cell: int, mistake: Mistake, step: Step, numbers: dict[int, Decimal]
) -> Hypothesis:
    own, keys = trial.own, trial.examiner.keys
    known = {keys[s]: n for s in step.uses if (n := own.number(s)) is not None}
    known |= {keys[s]: n for s, n in numbers.items()}
    return Hypothesis(
        (mistake,),
        Scope("cell", keys[cell]),
        (keys[cell],),
        (),
        keys[cell],
        keys[cell],
        step.written,
        step.written,
        known,
        as_decimal(own.entries[cell].value),
    )
