"""Which mistakes cannot be seen in a set of numbers, and which look the same.

With equal inputs it does not show that the wrong one was taken, with a symmetric matrix
that it was transposed, and with a learning rate of 1 that it was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from explainer.derivation.readings import Value, rounding_kind
from explainer.homework.examiner import Examiner, Step
from explainer.homework.injecting import inject
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular
from explainer.homework.ranges import CONTEXT, Range
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key

Numbers = tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Mistakes that give the same numbers. With `is_right` these are the right ones: no
    sheet can show the mistake."""

    mistakes: tuple[Mistake, ...]
    is_right: bool


class Clashes:
    """Every mistake injected, compiled once for all variants of a network."""

    def __init__(
        self, examiner: Examiner, mistakes: Iterable[Mistake] = MISTAKES.values()
    ) -> None:
        self.examiner = examiner
        self.injected = {
            mistake: steps for mistake in mistakes if (steps := self._steps(mistake))
        }

    def _steps(self, mistake: Mistake) -> tuple[tuple[int, Step], ...]:
        """What is computed anew with the mistake, in the order of work."""
        examiner = self.examiner
        try:
            wrong = inject(examiner.answers, mistake)
        except Circular:
            return ()
        steps: list[tuple[int, Step]] = []
        changed: set[Key] = set()
        for key, quantity in wrong.quantities.items() if wrong else ():
            right = examiner.answers.quantities[key]
            if quantity.formula != right.formula:
                steps.append((examiner.slots[key], examiner.step(quantity.formula)))
                changed.add(key)
            elif not changed.isdisjoint(quantity.uses):
                slot = examiner.slots[key]
                steps.append((slot, examiner.ways[slot][0]))
                changed.add(key)
        return tuple(steps)

    def among(
        self,
        keys: tuple[Key, ...],
        rounding: Rounding,
        givens: Mapping[Key, Value] | None = None,
    ) -> tuple[Clash, ...]:
        """The clashes on a sheet that asks these quantities, in these digits."""
        examiner = self.examiner
        slots = tuple(examiner.slots[key] for key in keys)
        kinds = tuple(rounding_kind(key, examiner.answers.graph) for key in keys)
        with localcontext(CONTEXT):
            right = examiner.truths(_ranges(examiner, givens))
            groups: dict[Numbers, list[Mistake]] = {}
            groups[_shown(right, slots, kinds, rounding)] = []
            for mistake, steps in self.injected.items():
                numbers = _shown(_rerun(right, steps), slots, kinds, rounding)
                groups.setdefault(numbers, []).append(mistake)
        first = next(iter(groups.values()))
        return tuple(
            Clash(tuple(group), group is first)
            for group in groups.values()
            if len(group) > (group is not first)
        )


def _ranges(
    examiner: Examiner, givens: Mapping[Key, Value] | None
) -> tuple[Range, ...]:
    numbers = dict(zip(examiner.keys, examiner.givens, strict=False))
    for key, value in (givens or {}).items():
        numbers[key] = as_decimal(value), as_decimal(value)
    return tuple(numbers.values())


def _rerun(
    right: tuple[Range | None, ...], steps: tuple[tuple[int, Step], ...]
) -> list[Range | None]:
    found = list(right)
    for slot, step in steps:
        try:
            # A quantity without a value leaves those without one that use it.
            found[slot] = step.bound(found)  # type: ignore[arg-type]
        except (ArithmeticError, TypeError):
            found[slot] = None
    return found


def _shown(
    numbers: Iterable[Range | None],
    slots: tuple[int, ...],
    kinds: tuple[str, ...],
    rounding: Rounding,
) -> Numbers:
    known = tuple(numbers)
    return tuple(
        rounding.shown(found[0], kind) if (found := known[slot]) else None
        for slot, kind in zip(slots, kinds, strict=True)
    )
