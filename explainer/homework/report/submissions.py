"""The sheets of a class: one file each, or all of them in one table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from explainer.homework.sheets import decode
from explainer.homework.variants.roster import DELIMITERS

STUDENT = ("student", "id", "student id", "email")
CODE = ("code", "variant", "paper")
NAME = ("name", "step", "quantity")
VALUE = ("value", "answer")


@dataclass(frozen=True, slots=True)
class Submission:
    """One sheet: whose it is, its text, and the code of the paper, if the table has
    one. None is the text of what could not be read."""

    student: str
    text: str | None
    code: str = ""


def is_class_table(text: str) -> bool:
    """Whether a CSV file is a table of a class: with columns student, name and value.

    >>> is_class_table("student,name,value\\nada,out_h1,0.6")
    True
    >>> is_class_table("name,value\\nout_h1,0.6")
    False
    """
    header = _header(text)
    return all(_find(header, words) is not None for words in (STUDENT, NAME, VALUE))


def read_table(text: str) -> tuple[Submission, ...]:
    """The sheets in a table, in the order in which the students come first."""
    header = _header(text)
    student, code, name, value = (
        _find(header, words) for words in (STUDENT, CODE, NAME, VALUE)
    )
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_sign(text))
    next(rows, None)
    found: dict[tuple[str, str], io.StringIO] = {}
    for row in rows:
        cells = dict(enumerate(cell.strip() for cell in row))
        who = cells.get(-1 if student is None else student, "")
        paper = cells.get(-1 if code is None else code, "")
        if not who:
            continue
        if (who, paper) not in found:
            found[who, paper] = io.StringIO()
        line = csv.writer(found[who, paper], lineterminator="\n")
        line.writerow(cells.get(-1 if c is None else c, "") for c in (name, value))
    return tuple(
        Submission(who, sheet.getvalue(), paper)
        for (who, paper), sheet in found.items()
    )


def list_folder(folder: Path) -> tuple[Path, ...]:
    """The sheets of a folder: files, and folders with the files of one student, as
    Moodle packs them. Hidden ones are left out."""
    return tuple(sorted(p for p in folder.iterdir() if not p.name.startswith(".")))


def read_path(path: Path) -> Submission:
    """The sheet of one student; the name of the file or folder is that of the student.

    In a folder, files that hold no text, such as a picture, are passed over.
    """
    if not path.is_dir():
        return Submission(path.stem, _text_of(path))
    files = sorted(p for p in path.rglob("*") if p.is_file())
    texts = [text for text in map(_text_of, files) if text is not None]
    unread = files and not texts
    return Submission(path.name, None if unread else "\n".join(texts))


def _text_of(path: Path) -> str | None:
    """The text of a file; None for one that cannot be read, or holds no text."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return decode(data) if is_text(data) else None


def is_text(data: bytes) -> bool:
    """Whether bytes are a text; not those of a PDF or Word file or of a picture.

    >>> is_text(b"out_h1 = 0.6"), is_text(b"%PDF-1.7"), is_text(b"PK\\x03\\x04\\x00")
    (True, False, False)
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return marked or not (data.startswith(b"%PDF") or b"\0" in data[:8192])


def _header(text: str) -> list[str]:
    first = text.removeprefix("\ufeff").partition("\n")[0]
    rows = list(csv.reader([first], delimiter=_sign(text)))
    return [title.strip().casefold() for title in rows[0]] if rows else []


def _sign(text: str) -> str:
    """The sign between the columns: the one that the header has most of."""
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: (first.count(sign), sign == ","))


def _find(header: list[str], words: tuple[str, ...]) -> int | None:
    """The column with one of these titles, the first word first."""
    return next((header.index(word) for word in words if word in header), None)
