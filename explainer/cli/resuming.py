"""A run that goes on: what earlier runs left in the folder, and what of it stands."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING

from explainer.cli.files import Refusal, append_line, write_files
from explainer.cli.locking import locked
from explainer.homework.variants.manifest import MANIFEST, Manifest
from explainer.homework.variants.register import (
    find_registers,
    part_of,
    read_placed,
    shard_of,
    student_row,
)

if TYPE_CHECKING:
    from explainer.derivation.progress import Progress
    from explainer.homework.variants.roster import Find

# The choices that draw no other numbers: another folder has the same papers.
OF_PAGES = frozenset(
    "to prints blank hide room points language notation templates matrices".split()
)
BLOCK = 1 << 16
OPTIONS = {"prints": "print", "salted": "salt", "version": "version of the program"}


def check_manifest(folder: Path, manifest: Manifest) -> None:
    """Refuses a folder that has papers of other choices."""
    path = folder / MANIFEST
    registers = [p for p in find_registers(folder) if p.stat().st_size]
    if not registers:
        # A run that failed before its first paper is no run.
        return
    if not path.is_file():
        raise Refusal(
            f"{folder}: there are papers ({registers[0].name}), but no {MANIFEST}."
            " Restore it, or choose another folder with -o."
        )
    found = read_manifest(path)
    differences = {name: pair for name, *pair in found.differences(manifest)}
    if differences:
        raise Refusal(_tell_differences(folder, differences))


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises Refusal or NetworkError where there is none."""
    try:
        return Manifest.from_json(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{path}: this is not a text file in UTF-8. Restore it from a copy."
        ) from error
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error


def _tell_differences(folder: Path, found: Mapping[str, Sequence[object]]) -> str:
    lines = [f"{folder}: this folder has papers that were made with other choices."]
    for name, (here, now) in found.items():
        if name == "salted":
            told = "another file" if "seed" not in found else ""
        elif name == "network":
            told = f"another text ({here} in the folder, {now} now)"
        else:
            told = f"{_plain(here)} in the folder, {_plain(now)} now"
        option = OPTIONS.get(name, name.replace("_", "-"))
        mark = "" if name in ("network", "version") else "--"
        if told:
            lines.append(f"  {mark}{option}: {told}")
    way_out = "Choose another folder with -o, or make the same choices."
    if found.keys() <= OF_PAGES:
        way_out = (
            "Choose another folder with -o: with the same seed and salt it gets the"
            " same numbers and codes. Or make the same choices."
        )
    return "\n".join([*lines, way_out])


def _plain(choice: object) -> str:
    if choice is None or choice == []:
        return "none"
    return ",".join(map(str, choice)) if isinstance(choice, list) else str(choice)


def keep_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; another part of the run may have done so meanwhile."""
    path = folder / MANIFEST
    with locked(path, wait=True):
        check_manifest(folder, manifest)
        text = manifest.to_json()
        if not path.is_file() or path.read_text("utf-8") != text:
            write_files({path: text})


def check_parts(folder: Path, whole: int) -> None:
    """Refuses a folder in which the papers are parted in another way."""
    for path in find_registers(folder):
        if shard_of(path)[1] != whole:
            raise Refusal(
                f"{folder}: this folder has {path.name}: its papers are made in other"
                " parts."
                " Use the same --shard I/N, or choose another folder with -o."
            )


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
