"""Whether a mistake of the catalogue would give the right numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Inexact, localcontext
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import rounding_kind
from explainer.homework.answers import answer_key
from explainer.homework.mistakes import MISTAKES
from explainer.homework.variants.numbers import Numbers
from explainer.homework.variants.quick import (
    CONTEXT,
    Quick,
    QuickStep,
    TooHard,
    compile_quickly,
    prepare_numbers,
)
from explainer.homework.variants.rejecting import Draft
from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Written, names_in


@dataclass(frozen=True)
class HiddenMistakes:
    """The wrong formulas of one shape, for all its papers.

    A mistake is hidden where each of its wrong steps, from the right numbers before it,
    gives the right printed number. Mistakes that are hidden by the file's own numbers
    belong to the exercise, such as a learning rate of 1, and are not asked.
    """

    derivation: Derivation
    rounding: Rounding
    ignored: frozenset[str] = frozenset()

    @cached_property
    def edits(self) -> Mapping[str, Mapping[Key, Written]]:
        """For each mistake the wrong formulas of the quantities that are worked out."""
        answers = answer_key(self.derivation.graph)
        again = {*self.derivation.again}
        found: dict[str, dict[Key, Written]] = {}
        for mistake in MISTAKES.values():
            if mistake.kind == "convention" or mistake.name in self.ignored:
                continue
            for key, quantity in self.derivation.quantities.items():
                if key in again or key not in answers.quantities:
                    continue
                wrong = mistake.wrong(
                    answers, answers.quantities[key], quantity.formula
                )
                if wrong is not None and self._is_known(wrong):
                    found.setdefault(mistake.name, {})[key] = wrong
        return found

    def _is_known(self, written: Written) -> bool:
        known = self.derivation
        return all(
            key in known.quantities or key in known.graph.givens
            for key in names_in(written)
        )

    @cached_property
    def quick(self) -> Mapping[str, tuple[tuple[Quick, QuickStep], ...]]:
        """The same formulas compiled, those of steps that are computed."""
        numbers = prepare_numbers(self.derivation, self.rounding)
        steps = {step.slot: step for step in numbers.steps}
        return {
            name: tuple(
                (_compiled(wrong, numbers.slots), steps[numbers.slots[key]])
                for key, wrong in edits.items()
                if numbers.slots[key] in steps
            )
            for name, edits in self.edits.items()
        }

    def _ask_quickly(self, numbers: Numbers) -> str | None:
        with localcontext(CONTEXT) as context:
            for name, edits in self.quick.items():
                if edits and all(
                    self._prints_the_same(compute, step, numbers, context)
                    for compute, step in edits
                ):
                    return name
        return None

    def _prints_the_same(
        self, compute: Quick, step: QuickStep, numbers: Numbers, context: Context
    ) -> bool:
        """Whether a wrong formula gives the right printed number. Raises Doubtful."""
        context.flags[Inexact] = False
        try:
            value = compute(numbers.carried)
        except ArithmeticError:
            return False
        shown = numbers.shown[step.slot]
        if abs(value - shown) > 2 * step.unit(shown):
            return False
        return step.print(value, bool(context.flags[Inexact]), self.rounding) == shown

    def __call__(self, draft: Draft) -> str | None:
        """The name of a mistake that these numbers hide, None where there is none.

        Raises Doubtful where few digits do not decide it.
        """
        if isinstance(draft.readings, Numbers):
            return self._ask_quickly(draft.readings)
        values = {key: as_decimal(r.carried) for key, r in draft.readings.items()}
        for name, edits in self.edits.items():
            if all(self._is_right(draft, key, edits[key], values) for key in edits):
                return name
        return None

    def _is_right(
        self, draft: Draft, key: Key, wrong: Written, values: Mapping[Key, object]
    ) -> bool:
        try:
            value = evaluate(wrong, {k: values[k] for k in names_in(wrong)})  # type: ignore[misc]
        except ArithmeticError:
            return False
        kind = rounding_kind(key, self.derivation.graph)
        shown = draft.readings[key].shown
        return self.rounding.shown(as_decimal(value), kind) == as_decimal(shown)


def _compiled(written: Written, slots: Mapping[Key, int]) -> Quick:
    """The formula compiled, or walked where it is too hard for that."""
    try:
        return compile_quickly(written, slots)
    except TooHard:
        used = [(key, slots[key]) for key in names_in(written)]
        return lambda values: evaluate(written, {k: values[slot] for k, slot in used})
