"""A run that goes on: what earlier runs left in the folder, and what of it stands."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING

from explainer.cli.files import append_line
from explainer.homework.variants.register import (
    part_of,
    read_placed,
    student_row,
)

if TYPE_CHECKING:
    from explainer.derivation.progress import Progress
    from explainer.homework.variants.roster import Find

BLOCK = 1 << 16


@dataclass
class Earlier:
    """The lines of an earlier run that stand, by the id of their student, and those of
    students who are not in the roster: where each begins in the register."""

    register: Path
    kept: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def raw(self, start: int) -> bytes:
        with self.register.open("rb") as file:
            file.seek(start)
            return file.readline()


def find_earlier(
    register: Path, find: Find, verifies: bool, progress: Progress | None
) -> Earlier:
    """What of an earlier run stands: the student's row is that of the roster, every
    file is there as it was written, and the key was verified where this run does so."""
    _gather(register)
    earlier = Earlier(register)
    folder = register.parent
    size = register.stat().st_size if register.is_file() else 0
    for start, line in read_placed(register):
        student = find(line.student["id"])
        if student is None:
            earlier.others[line.student["id"]] = start
        elif line.student == student_row(student.id, student.columns):
            if line.is_intact(folder) and (line.verified.keys or not verifies):
                earlier.kept[student.id] = start
        if progress:
            progress("papers that are there", start, size)
    return earlier


def _gather(register: Path) -> None:
    """One register of what a stopped run had done, and what one before it had."""
    part = part_of(register)
    mend(register)
    mend(part)
    if not part.is_file():
        return
    if register.is_file():
        with register.open("ab") as file, part.open("rb") as lines:
            copyfileobj(lines, file)
        part.unlink()
    else:
        os.replace(part, register)


def mend(path: Path) -> None:
    """Cut off what a killed run left of its last line."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        end = size = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - BLOCK)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        if end != size:
            file.truncate(end)


def finish(earlier: Earlier) -> None:
    """The lines of this run are the register."""
    part = part_of(earlier.register)
    for start in earlier.others.values():
        append_line(part, earlier.raw(start).decode())
    if not part.is_file():
        return
    register = earlier.register
    if register.is_file() and filecmp.cmp(part, register, shallow=False):
        part.unlink()
    else:
        os.replace(part, register)


def differing(
    folder: Path, files: Mapping[str, str | bytes]
) -> dict[Path, str | bytes]:
    """The files that are not there in just this form: the others are left alone."""
    paths = {folder / name: content for name, content in files.items()}
    return {path: c for path, c in paths.items() if not _has(path, c)}


def _has(path: Path, content: str | bytes) -> bool:
    data = content.encode() if isinstance(content, str) else content
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
