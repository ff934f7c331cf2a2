"""One paper: numbers drawn for a student, and drawn again while they are bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from explainer.derivation.readings import Readings, Value, read_numbers
from explainer.homework.variants.drawing import Seed
from explainer.homework.variants.hidden import HiddenMistakes
from explainer.homework.variants.rejecting import (
    NO_VALUE,
    REJECTIONS,
    Draft,
    reject,
)
from explainer.homework.variants.roster import Student
from explainer.homework.variants.shapes import Shape
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name

MOST_TRIES = 500


@dataclass(frozen=True)
class Variant:
    """A good paper: its code, its student, its numbers, and why earlier tries were
    bad."""

    code: str
    student: Student
    activation: str
    givens: Mapping[Key, Value]
    readings: Readings
    rejected: Mapping[str, int]


@dataclass(frozen=True)
class Exercise:
    """An exercise whose numbers vary. `file` is the hash of the network file."""

    shapes: Mapping[str, Shape]
    checks: Mapping[str, HiddenMistakes]
    rounding: Rounding
    file: str
    salt: bytes

    def make(self, student: Student) -> Variant:
        """The paper of a student: the same one whenever it is asked for.

        Raises NetworkError where every try is bad, with the reasons by their number.
        """
        rejected: Counter[str] = Counter()
        seed = Seed(self.salt, self.file, student.id)
        for attempt in range(MOST_TRIES):
            variant, reason = self._try(replace(seed, attempt=attempt), student)
            if variant is not None:
                # A paper has one code, however many tries it took.
                return replace(variant, code=seed.code, rejected=dict(rejected))
            rejected[reason] += 1
        raise NetworkError([Problem("variants", _why_none(student, rejected))])

    def _try(self, seed: Seed, student: Student) -> tuple[Variant | None, str]:
        activation = seed.draw("activation", list(self.shapes))
        shape = self.shapes[activation]
        givens = {
            key: seed.draw(plain_name(key), spread)
            for key, spread in shape.spreads.items()
        }
        try:
            readings = read_numbers(shape.derivation, self.rounding, givens)
        except NetworkError:
            return None, NO_VALUE
        check = self.checks.get(activation)
        reason = reject(Draft(shape.derivation, readings, check))
        if reason:
            return None, reason
        return Variant("", student, activation, givens, readings, {}), ""


def make_checks(
    shapes: Mapping[str, Shape], rounding: Rounding
) -> Mapping[str, HiddenMistakes]:
    """For each shape the mistakes that its papers should tell apart from the right way:
    all but those that the numbers of the file itself hide."""
    found = {}
    for name, shape in shapes.items():
        check = HiddenMistakes(shape.derivation, rounding)
        try:
            own = Draft(shape.derivation, read_numbers(shape.derivation, rounding))
        except NetworkError:
            continue
        ignored: set[str] = set()
        while hidden := replace(check, ignored=frozenset(ignored))(own):
            ignored.add(hidden)
        found[name] = replace(check, ignored=frozenset(ignored))
    return found


def _why_none(student: Student, rejected: Mapping[str, int]) -> str:
    listed = sorted(rejected.items(), key=lambda pair: (-pair[1], pair[0]))
    reasons = ", ".join(f"{name} {count}" for name, count in listed)
    first = listed[0][0]
    way_out = REJECTIONS[first].what if first in REJECTIONS else "other numbers"
    return (
        f"{MOST_TRIES} papers for {student.id} were all bad ({reasons});"
        f" try {way_out} in [variants]"
    )
