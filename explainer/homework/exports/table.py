"""CSV: all answers of a class, one line for each blank of each paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from explainer.homework.exports.handout import Handout
from explainer.homework.spreadsheet import guard

COLUMNS = (
    "code",
    "id",
    "name",
    "group",
    "step",
    "quantity",
    "value",
    "tolerance",
    "points",
)
# A spreadsheet takes a file without it for one of the letters of its own language.
MARK = "\ufeff"


class AnswerTable:
    """The table in a file: whose paper, which blank, its right answer."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._write_rows([COLUMNS], MARK)

    def add(self, handout: Handout) -> None:
        quiz = handout.quiz
        whose = (quiz.code, *(guard(quiz.column(c)) for c in ("id", "name", "group")))
        self._write_rows(
            (
                *whose,
                str(question.step),
                guard(question.name),
                f"{question.value:f}",
                f"{question.tolerance:f}",
                str(question.points),
            )
            for question in quiz.questions
        )

    def close(self) -> None:
        """A table has no end."""

    def _write_rows(self, rows: Iterable[Sequence[str]], before: str = "") -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.file.write(f"{before}{text.getvalue()}".encode())
