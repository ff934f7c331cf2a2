"""A quiz: the worksheet of one variant, as questions with a number for an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.mathematics.written import Key

# https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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

    `code` is that of the paper, empty for one that everybody gets. `title` is that of
    the network file; `student` has the columns of the roster, as they stand there.
    """

    code: str
    title: str
    questions: tuple[Question, ...]
    student: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """By what a teacher finds the paper in a list: title, id, name and code."""
        code = f"({self.code})" if self.code else ""
        parts = (self.title, self.column("id"), self.column("name"), code)
        return " ".join(part for part in parts if part)

    @property
    def identity(self) -> str:
        """What tells the paper from all others in a course."""
        return self.code or self.title

    def column(self, name: str) -> str:
        """What the roster says in a column, without characters that XML forbids."""
        cells = (text for key, text in self.student.items() if key.casefold() == name)
        return FORBIDDEN.sub("", next(cells, ""))

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
