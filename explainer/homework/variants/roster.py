"""The students of a class: numbered, or from a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from explainer.network.problems import NetworkError, Problem, unknown

DELIMITERS = ",;\t|"
ID, NAME = "id", "name"
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Student:
    """Who gets a paper. `id` is what the paper depends on; `columns` are those of the
    roster, as they stand there."""

    id: str
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Numbered(Sequence[Student]):
    """Students without names, each made when it is asked for.

    >>> [student.id for student in Numbered(range(1, 1_000_000))[:2]]
    ['1', '2']
    """

    numbers: range

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Student: ...
    @overload
    def __getitem__(self, place: slice) -> Numbered: ...
    def __getitem__(self, place: int | slice) -> Student | Numbered:
        if isinstance(place, slice):
            return Numbered(self.numbers[place])
        number = str(self.numbers[place])
        return Student(number, "", {ID: number})


def read_roster(text: str, source: str) -> tuple[Student, ...]:
    """The students of a CSV file with a header; it has a column id.

    Commas, semicolons, tabs or bars; a byte order mark is ignored. Raises NetworkError
    with all problems of the file.

    >>> read_roster("id;name\\n7;Ñandú", "class.csv")[0].name
    'Ñandú'
    """
    text = text.removeprefix("\ufeff")
    rows = [*csv.reader(io.StringIO(text), delimiter=_delimiter(text))]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise NetworkError([Problem("line 1", "the roster is empty")], source)
    header = [title.strip() for title in rows[0]]
    keys = [title.casefold() for title in header]
    problems: list[Problem] = []
    if ID not in keys:
        words = unknown("column", ID, header)
        problems.append(Problem("line 1", f"{words} The first line names the columns."))
        raise NetworkError(problems, source)
    students: list[Student] = []
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[1:], 2):
        student = _student(header, keys, row)
        if len(row) > len(header):
            words = f"{len(row)} cells, but the header has {len(header)}"
            problems.append(Problem(f"line {line}", words))
        elif not student.id:
            problems.append(Problem(f"line {line}", "the id is empty"))
        elif student.id in lines:
            words = f"the id {student.id!r} stands in line {lines[student.id]}, too"
            problems.append(Problem(f"line {line}", words))
        lines.setdefault(student.id, line)
        students.append(student)
    if not students:
        problems.append(Problem("line 2", "the roster has no students"))
    if problems:
        raise NetworkError(problems[:MOST_PROBLEMS], source)
    return tuple(students)


def _student(header: list[str], keys: list[str], row: list[str]) -> Student:
    cells = [cell.strip() for cell in row]
    columns = dict(zip(header, cells, strict=False))
    by_key = dict(zip(keys, cells, strict=False))
    return Student(by_key.get(ID, ""), by_key.get(NAME, ""), columns)


def _delimiter(text: str) -> str:
    """The sign that the header has most of."""
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), sign == ","))
