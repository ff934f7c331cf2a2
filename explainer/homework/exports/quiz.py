"""A quiz: the worksheet of one variant, as questions with a number for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from explainer.mathematics.written import Key


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """The number that a mistake of the catalogue leads to."""

    mistake: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Question:
    """One blank: which quantity, its right number and how far an answer may be off.

    The tolerance covers every way to round at the asked digits; it is absolute. `wrong`
    are numbers of mistakes, each farther from the right one and from each other than
    two tolerances: a system that takes the first answer that fits takes no other.
    """

    key: Key
    name: str
    step: int
    points: int
    value: Decimal
    tolerance: Decimal
    wrong: tuple[WrongAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions of one paper, in the order of its steps.

    `code` is that of the paper. `title` and `student` are texts as they were given.
    """

    code: str
    title: str
    questions: tuple[Question, ...]
    student: str = ""

    @property
    def points(self) -> int:
        return sum(question.points for question in self.questions)


def apart(
    value: Decimal, tolerance: Decimal, wrong: tuple[WrongAnswer, ...]
) -> tuple[WrongAnswer, ...]:
    """The wrong answers whose bands overlap neither the right one nor an earlier one.

    >>> close = WrongAnswer("close", Decimal("0.12"))
    >>> far = WrongAnswer("far", Decimal("0.5"))
    >>> [w.mistake for w in apart(Decimal("0.1"), Decimal("0.05"), (close, far, far))]
    ['far']
    """
    taken = [value]
    kept = []
    for answer in wrong:
        if all(abs(answer.value - other) > 2 * tolerance for other in taken):
            taken.append(answer.value)
            kept.append(answer)
    return tuple(kept)
