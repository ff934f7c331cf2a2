"""CSV: all answers of a paper, one line each."""

from __future__ import annotations

import csv
import io

from explainer.homework.exports.handout import Handout

COLUMNS = ("code", "student", "step", "name", "value", "tolerance", "points")


def write_table(handout: Handout) -> str:
    """One line for each blank. A value that a spreadsheet would take for a formula
    cannot occur: names and numbers only; a student's name is guarded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    quiz = handout.quiz
    for question in quiz.questions:
        writer.writerow(
            (
                quiz.code,
                guard(quiz.student),
                question.step,
                question.name,
                f"{question.value:f}",
                f"{question.tolerance:f}",
                question.points,
            )
        )
    return text.getvalue()


def guard(text: str) -> str:
    """A text that no spreadsheet computes.

    >>> guard("=cmd()"), guard("Ana")
    ("'=cmd()", 'Ana')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
