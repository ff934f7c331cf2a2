"""The numbers that the mistakes of the catalogue lead to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import cached_property

from explainer.derivation.deriving import needed_by
from explainer.derivation.readings import Value
from explainer.homework.answers import Answers, answer_key
from explainer.homework.exports.quiz import WrongAnswer
from explainer.homework.injecting import edits_of, inject
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import FULL
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError
from explainer.network.quantity import Graph

# For each mistake the steps in which it is made, and the answers with it.
Injected = list[tuple[Mistake, frozenset[Key], Answers]]


class InjectedMistakes:
    """The catalogue injected into one exercise: its formulas serve every paper of it,
    whatever the numbers."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    @cached_property
    def answers(self) -> Answers:
        return answer_key(self.graph)

    @cached_property
    def injected(self) -> Injected:
        found: Injected = []
        for mistake in MISTAKES.values():
            edited = frozenset(edits_of(self.answers, mistake))
            if mistake.kind == "convention" or not edited:
                continue
            try:
                wrong = inject(self.answers, mistake)
            except (Circular, NetworkError):
                continue
            if wrong:
                found.append((mistake, edited, wrong))
        return found

    def wrong_numbers(
        self,
        asked: Collection[Key],
        shown: Collection[Key],
        givens: Mapping[Key, Value],
    ) -> Mapping[Key, tuple[WrongAnswer, ...]]:
        """For each quantity asked the wrong numbers of a paper with these givens.

        A mistake in a step that is `shown` on the sheet is none of the student's. First
        come those made in the step itself.
        """
        right = self._numbers(self.answers, givens)
        above = {key: needed_by(self.answers.derivation, [key]) for key in asked}
        own: dict[Key, list[WrongAnswer]] = {key: [] for key in asked}
        carried: dict[Key, list[WrongAnswer]] = {key: [] for key in asked}
        for mistake, edited, wrong in self.injected:
            numbers = self._numbers(wrong, givens)
            for key in asked:
                reached = edited & above[key]
                if not reached or reached & {*shown} or key not in numbers:
                    continue
                if numbers[key] != right[key]:
                    found = own if key in edited else carried
                    found[key].append(WrongAnswer(mistake.name, numbers[key]))
        return {key: (*own[key], *carried[key]) for key in asked}

    def _numbers(
        self, answers: Answers, givens: Mapping[Key, Value]
    ) -> Mapping[Key, Decimal]:
        """All numbers in full; none where a mistake has no value."""
        try:
            readings = answers.read(FULL, givens)
        except NetworkError:
            return {}
        return {key: as_decimal(reading.value) for key, reading in readings.items()}
