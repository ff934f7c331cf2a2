"""Two mistakes that meet in one value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from explainer.homework.candidates import Candidate, Trial
from explainer.homework.examiner import Edits, Examiner, Step
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake

# Many pairs come near to a single value by chance. There few of them must be left.
ENOUGH, FEW = 2, 2


def pairs_on(trial: Trial, open_cells: frozenset[int]) -> Iterator[Candidate]:
    """The pairs of the catalogue that explain cells which no single mistake explains.

    The second mistake is made in the formula that the first has left.
    """
    first = min(open_cells)
    own = trial.own
    through = own.through(first, own.steps[first])
    examiner = trial.examiner
    near = [
        mistake
        for mistake in MISTAKES.values()
        if not through.isdisjoint(examiner.edits(mistake))
    ]
    found = []
    tried: set[frozenset[str]] = set()
    for one, other in permutations(near, 2):
        both = frozenset((one.name, other.name))
        apart = examiner.edits(one).keys().isdisjoint(examiner.edits(other))
        if both in tried and apart:
            continue
        tried.add(both)
        candidate = trial.on((one, other), composed(examiner, one, other))
        if candidate and first in candidate.explained:
            found.append(candidate)
    strong = [c for c in found if len(c.explained & open_cells) >= ENOUGH]
    if strong:
        yield from strong
    elif len({_ids(candidate) for candidate in found}) <= FEW:
        yield from {
            _ids(candidate): candidate for candidate in reversed(found)
        }.values()


def composed(examiner: Examiner, one: Mistake, other: Mistake) -> Edits:
    """The wrong formulas with both mistakes in them."""

    def compose() -> Edits:
        first, second = examiner.edits(one), examiner.edits(other)
        both = {**first, **second}
        for slot in first.keys() & second.keys():
            both[slot] = tuple(
                _again(examiner, other, slot, step) if step else alone
                for step, alone in zip(first[slot], second[slot], strict=True)
            )
        return both

    return examiner.composed(one.name, other.name, compose)


def _again(examiner: Examiner, other: Mistake, slot: int, step: Step) -> Step:
    answers = examiner.answers
    quantity = answers.quantities[examiner.keys[slot]]
    wrong = other.wrong(answers, quantity, step.written)
    return examiner.step(wrong) if wrong else step


def _ids(candidate: Candidate) -> frozenset[str]:
    return frozenset(part for m in candidate.mistakes for part in m.id.split("+"))
