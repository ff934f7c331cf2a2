"""One paper: numbers drawn for a student, and drawn again while they are bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from explainer.derivation.readings import Readings, Value
from explainer.derivation.reckoning import Numbers
from explainer.homework.variants.drawing import Seed
from explainer.homework.variants.hidden import HiddenMistakes
from explainer.homework.variants.rejecting import (
    NO_VALUE,
    Draft,
    reject,
    what_to_change,
)
from explainer.homework.variants.roster import Student
from explainer.homework.variants.shapes import Shape
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem

MOST_TRIES = 500


@dataclass(frozen=True, slots=True)
class Variant:
    """A good paper: its code, its student, its numbers, and why earlier tries were
    bad."""

    code: str
    student: Student
    activation: str
    givens: Mapping[Key, Value]
    numbers: Numbers
    rejected: Mapping[str, int]

    @property
    def readings(self) -> Readings:
        return self.numbers.readings


@dataclass(frozen=True)
class Exercise:
    """An exercise whose numbers vary. `file` is the hash of the network file."""

    shapes: Mapping[str, Shape]
    checks: Mapping[str, HiddenMistakes]
    file: str
    salt: bytes

    def make(self, student: Student) -> Variant:
        """The paper of a student: the same one whenever it is asked for.

        Raises NetworkError where every try is bad, with the reasons by their number.
        """
        rejected: Counter[str] = Counter()
        seed = Seed(self.salt, self.file, student.id)
        for attempt in range(MOST_TRIES):
            found = self._try(replace(seed, attempt=attempt))
            if not isinstance(found, str):
                # A paper has one code, however many tries it took.
                name, numbers = found
                givens = numbers.givens
                return Variant(
                    seed.code, student, name, givens, numbers, dict(rejected)
                )
            rejected[found] += 1
        raise NetworkError([Problem("variants", _why_none(student, rejected))])

    def _try(self, seed: Seed) -> tuple[str, Numbers] | str:
        """The activation and the numbers of one try, or what is bad about them."""
        activation = seed.draw("activation", self._activations)
        shape = self.shapes[activation]
        draw = seed.draws()
        givens = {key: draw(field, spread) for key, field, spread in shape.fields}
        try:
            numbers = shape.reckoner.reckon(givens)
        except NetworkError:
            return NO_VALUE
        draft = Draft(shape.look, numbers, self.checks.get(activation))
        return reject(draft) or (activation, numbers)

    @cached_property
    def _activations(self) -> tuple[str, ...]:
        return tuple(self.shapes)


def make_checks(shapes: Mapping[str, Shape]) -> Mapping[str, HiddenMistakes]:
    """For each shape the mistakes that its papers should tell apart from the right way:
    all but those that the numbers of the file itself hide."""
    found = {}
    for name, shape in shapes.items():
        if shape.own is None:
            continue
        check = HiddenMistakes(shape.derivation, shape.spec.rounding)
        own = Draft(shape.look, shape.own)
        ignored: set[str] = set()
        while hidden := replace(check, ignored=frozenset(ignored))(own):
            ignored.add(hidden)
        found[name] = replace(check, ignored=frozenset(ignored))
    return found


def _why_none(student: Student, rejected: Mapping[str, int]) -> str:
    """The reasons by their number, each with what to change."""
    listed = sorted(rejected.items(), key=lambda pair: (-pair[1], pair[0]))
    reasons = [
        f"{name}, {count} times: {what_to_change(name)}" for name, count in listed
    ]
    return (
        f"{MOST_TRIES} papers for {student.id} were all bad ({'; '.join(reasons)})."
        " Change this in [variants] of the network file, or choose other digits."
    )
