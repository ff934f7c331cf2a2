"""The students of a class: numbered, or from a CSV file."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from explainer.network.problems import NetworkError, Problem, shown, unknown

DELIMITERS = ",;\t|"
ID, NAME = "id", "name"
MOST_PROBLEMS = 20
# What a program writes for a byte that it cannot read.
LOST = "\ufffd"


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


Find = Callable[[str], Student | None]


def find_in(students: Sequence[Student]) -> Find:
    """Who has an id, None where nobody has it.

    >>> find_in(Numbered(range(1, 31)))("31") is None
    True
    """
    if isinstance(students, Numbered):
        numbers = students.numbers

        def find(name: str) -> Student | None:
            is_number = name.isascii() and name.isdecimal() and str(int(name)) == name
            if not is_number or int(name) not in numbers:
                return None
            return students[numbers.index(int(name))]

        return find
    return {student.id: student for student in students}.get


def decode(data: bytes) -> tuple[str, bool]:
    """The text of a roster as spreadsheets save it, and whether it is Unicode: UTF-8,
    UTF-16 with its mark, else Windows-1252.

    >>> decode("Ñandú".encode("utf-16")), decode("Ñandú".encode("latin-1"))
    (('Ñandú', True), ('Ñandú', False))
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), True
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False


def read_roster(text: str, source: str) -> tuple[Student, ...]:
    """The students of a CSV file with a header; it has a column id.

    Commas, semicolons, tabs or bars; a byte order mark is ignored. Cells are in normal
    form C, with single blanks between words: a name is one line. Raises NetworkError
    with all problems of the file.

    >>> read_roster("id;name\\n7;Ñandú", "class.csv")[0].name
    'Ñandú'
    """
    problems: list[Problem] = []
    rows = _read_rows(text, problems)
    _, titles = next(rows, ("", []))
    header = _check_header(titles, source, problems)
    students: list[Student] = []
    places: dict[str, str] = {}
    for place, cells in rows:
        student = _student(header, cells)
        problems += (Problem(place, words) for words in _faults(student, header, cells))
        if student.id and student.id in places:
            words = f"the id {student.id!r} stands in {places[student.id]}, too"
            problems.append(Problem(place, words))
        places.setdefault(student.id, place)
        students.append(student)
    if not students and not problems:
        problems.append(Problem("line 2", "the roster has no students"))
    if problems:
        raise NetworkError(_shortened(problems), source)
    return tuple(students)


def _read_rows(text: str, problems: list[Problem]) -> Iterator[tuple[str, list[str]]]:
    """The rows that hold something, each with the line where it begins."""
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    skipped = 0
    if text.casefold().startswith("sep="):
        # Spreadsheets write and read such a line: it only names the delimiter.
        text, skipped = text[len(text.splitlines(keepends=True)[0]) :], 1
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=_delimiter(text),
        skipinitialspace=True,
        strict=True,
    )
    line = 1 + skipped
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                yield f"line {line}", cells
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        words = f"the quotation marks of this row do not match ({error})"
        problems.append(Problem(f"line {line}", words))


def _check_header(titles: list[str], source: str, problems: list[Problem]) -> list[str]:
    """The titles of the columns. Raises NetworkError where there is no id."""
    while titles and not titles[-1]:
        titles = titles[:-1]
    if not titles:
        found = problems or [Problem("line 1", "the roster is empty")]
        raise NetworkError(found, source)
    keys = [title.casefold() for title in titles]
    if ID not in keys:
        words = unknown("column", ID, titles)
        likely = [title for title in titles if ID in _words(title)]
        if likely:
            words += f" Call the column {likely[0]!r} {ID}."
        message = f"{words} The first line names the columns."
        raise NetworkError([Problem("line 1", message)], source)
    for place, title in enumerate(titles):
        if not title:
            problems.append(Problem("line 1", f"column {place + 1} has no name"))
        elif keys.index(keys[place]) < place:
            problems.append(Problem("line 1", f"two columns are called {title!r}"))
    return titles


def _words(title: str) -> list[str]:
    """The words of a title.

    >>> _words("Student-ID"), _words("ID number")
    (['student', 'id'], ['id', 'number'])
    """
    letters = (sign if sign.isalnum() else " " for sign in title.casefold())
    return "".join(letters).split()


def _student(header: list[str], cells: list[str]) -> Student:
    cells = cells + [""] * (len(header) - len(cells))
    columns = dict(zip(header, cells, strict=False))
    by_key = {title.casefold(): cell for title, cell in columns.items()}
    return Student(by_key[ID], by_key.get(NAME, ""), columns)


def _faults(student: Student, header: list[str], cells: list[str]) -> Iterator[str]:
    """What is wrong with one row."""
    if any(cells[len(header) :]):
        yield f"{len(cells)} cells, but the header has {len(header)}"
    if not student.id:
        yield "the id is empty"
    for title, cell in student.columns.items():
        if LOST in cell:
            yield f"{title} {shown(cell)} cannot be read; save the roster as UTF-8"
        elif any(unicodedata.category(sign) in ("Cc", "Cs") for sign in cell):
            yield f"{title} {shown(cell)} has a control character"


def _shortened(problems: list[Problem]) -> list[Problem]:
    """A file of the wrong kind has a problem in every line."""
    left = len(problems) - MOST_PROBLEMS
    if left <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], Problem("further lines", f"{left} problems")]


def _delimiter(text: str) -> str:
    """The sign that cuts a column id out of the header; else the one it has most of."""
    first = (text.lstrip().splitlines() or [""])[0]

    def rank(sign: str) -> tuple[bool, int, bool]:
        titles = next(csv.reader([first], delimiter=sign), [])
        has_id = ID in (title.strip().casefold() for title in titles)
        return has_id and len(titles) > 1, len(titles), sign == ","

    return max(DELIMITERS, key=rank)
