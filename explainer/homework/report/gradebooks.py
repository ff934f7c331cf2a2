"""Marks as CSV files that the gradebooks of Moodle and of Canvas import."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from explainer.homework.report.classroom import FAILED, Result
from explainer.homework.report.findings import points_text
from explainer.homework.spreadsheet import guard

# Titles of a roster's columns, by what a gradebook calls them.
EMAIL = ("email", "email address", "e-mail")
CANVAS_ID = ("canvas id", "canvas_id")
SECTION = ("section",)
Row = Sequence[str]


def write_moodle(results: Iterable[Result], exercise: str) -> str:
    """For Grades > Import > CSV file: who, and the points.

    Map "ID number" or "Email address" to the user, and the last column to the grade
    item.
    """
    rows: list[Row] = [("ID number", "Email address", exercise)]
    rows += [
        (guard(identifier(r)), guard(_email(r)), points_text(r.earned))
        for r in _marked(results)
    ]
    return _table(rows)


def write_canvas(results: Sequence[Result], exercise: str) -> str:
    """For Grades > Import, with the row of points possible that Canvas writes itself.

    Canvas finds a student by its own ID, by the SIS ID or by the login.
    """
    most = max((result.possible for result in results), default=0)
    header = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", exercise)
    rows: list[Row] = [header, ("    Points Possible", "", "", "", "", str(most))]
    for result in _marked(results):
        cells = (
            result.student,
            _column(result.columns, CANVAS_ID),
            identifier(result),
            _email(result),
            _column(result.columns, SECTION),
        )
        rows.append((*map(guard, cells), points_text(result.earned)))
    return _table(rows)


def write_marks(results: Iterable[Result]) -> str:
    """All that is known of each sheet, for a spreadsheet."""
    header = ("student", "id", "code", "points", "possible", "percent", "look at")
    rows: list[Row] = [header]
    for result in results:
        share = 100 * result.earned / result.possible if result.possible else Decimal(0)
        cells = (result.student, identifier(result), result.code)
        points = (points_text(result.earned), str(result.possible), f"{share:.1f}")
        rows.append((*map(guard, cells), *points, result.trouble))
    return _table(rows)


def _marked(results: Iterable[Result]) -> Iterator[Result]:
    """The sheets that were checked: of another one a gradebook must not say 0."""
    return (result for result in results if result.trouble != FAILED)


def identifier(result: Result) -> str:
    """What tells a student from all others."""
    return result.columns.get("id", "") or result.student


def _email(result: Result) -> str:
    found = _column(result.columns, EMAIL)
    who = identifier(result)
    return found or (who if "@" in who else "")


def _column(columns: Mapping[str, str], titles: tuple[str, ...]) -> str:
    by_title = {title.casefold(): cell for title, cell in columns.items()}
    return next((by_title[title] for title in titles if title in by_title), "")


def _table(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


GRADEBOOKS: Mapping[str, Callable[[Sequence[Result], str], str]] = {
    "moodle": write_moodle,
    "canvas": write_canvas,
}
