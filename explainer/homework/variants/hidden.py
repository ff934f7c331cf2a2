"""Whether a mistake of the catalogue would give the right numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import rounding_kind
from explainer.derivation.reckoning import Numbers
from explainer.homework.answers import answer_key
from explainer.homework.mistakes import MISTAKES
from explainer.homework.variants.rejecting import Draft
from explainer.mathematics.compiling import compile_roughly
from explainer.mathematics.evaluation import evaluate
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Call, Key, Written, names_in, walk

# Digits enough to see that a wrong number is not the right one.
ROUGHLY = Context(prec=24, traps=[DivisionByZero, InvalidOperation])
LEAST = Decimal("1e-15")
Look = Callable[[Numbers], bool]


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

    def __call__(self, draft: Draft) -> str | None:
        """The name of a mistake that these numbers hide, None where there is none."""
        numbers = draft.numbers
        with localcontext(ROUGHLY):
            suspects = [
                name
                for name, looks in self._looks
                if all(look(numbers) for look in looks)
            ]
        if not suspects:
            return None
        values = dict(zip(numbers.reckoner.keys, numbers.carried, strict=True))
        for name in suspects:
            edits = self.edits[name]
            if all(self._is_right(numbers, key, edits[key], values) for key in edits):
                return name
        return None

    @cached_property
    def _looks(self) -> list[tuple[str, list[Look]]]:
        """For each mistake a first look at its steps, the cheap ones first: is the
        wrong number anywhere near the right one?"""
        keys = (*self.derivation.graph.givens, *self.derivation.quantities)
        places = {key: place for place, key in enumerate(keys)}
        found = []
        for name, edits in self.edits.items():
            cheap = sorted(edits, key=lambda key: _has_calls(edits[key]))
            found.append((name, [self._look(k, edits[k], places) for k in cheap]))
        return found

    def _look(self, key: Key, wrong: Written, places: Mapping[Key, int]) -> Look:
        compute, place = compile_roughly(wrong, places), places[key]
        digits = self.rounding.digits_of(rounding_kind(key, self.derivation.graph))
        is_fixed = digits.unit == "decimals"
        unit = Decimal(2).scaleb(-digits.count if is_fixed else 1 - digits.count)

        def is_near(numbers: Numbers) -> bool:
            shown = numbers.shown[place]
            try:
                difference = abs(compute(numbers.carried) - shown)
            except ArithmeticError:
                return True
            room = unit if is_fixed else abs(shown) * unit
            return difference <= room or difference <= LEAST

        return is_near

    def _is_right(
        self, numbers: Numbers, key: Key, wrong: Written, values: Mapping[Key, Decimal]
    ) -> bool:
        try:
            value = evaluate(wrong, {k: values[k] for k in names_in(wrong)})
        except ArithmeticError:
            return False
        kind = rounding_kind(key, self.derivation.graph)
        shown = numbers.shown[numbers.reckoner.places[key]]
        return self.rounding.shown(value, kind) == shown


def _has_calls(written: Written) -> bool:
    return any(isinstance(part, Call) for part in walk(written))
