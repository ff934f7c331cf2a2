"""The register of a run, papers.jsonl: a line for each paper, with its code, its
student, its numbers, and the hashes of its files.

A line is written when the files of its paper are in place. The lines of a run that goes
on stand in papers.part.jsonl; at its end they are papers.jsonl.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from explainer.homework.variants.codes import read_code
from explainer.homework.variants.making import Variant
from explainer.homework.variants.verifying import Verified
from explainer.mathematics.evaluation import Value
from explainer.network.literals import read_number
from explainer.network.problems import NetworkError, Problem, shown

PART = ".part.jsonl"
NAME = re.compile(r"papers(?:-(\d+)-of-(\d+))?(?:\.part)?\.jsonl")
# Enough to see that a file is another one.
HASH_LENGTH = 16


def register_name(part: int = 1, whole: int = 1) -> str:
    """The register of one of several parts of a run.

    >>> register_name(), register_name(2, 12)
    ('papers.jsonl', 'papers-02-of-12.jsonl')
    """
    width = len(str(whole))
    return f"papers-{part:0{width}}-of-{whole}.jsonl" if whole > 1 else "papers.jsonl"


def shard_of(register: Path) -> tuple[int, int]:
    """Which of how many parts of a run a register is of.

    >>> shard_of(Path("papers.jsonl")), shard_of(Path("papers-02-of-12.part.jsonl"))
    ((1, 1), (2, 12))
    """
    found = NAME.fullmatch(register.name)
    assert found is not None
    return int(found[1] or 1), int(found[2] or 1)


def find_registers(folder: Path) -> list[Path]:
    """The registers of a folder; a copy under another name is none."""
    found = folder.glob("papers*.jsonl")
    return sorted(path for path in found if NAME.fullmatch(path.name))


def part_of(register: Path) -> Path:
    """Where the lines of a run stand that goes on."""
    return register.with_name(register.name.removesuffix(".jsonl") + PART)


def hash_content(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:HASH_LENGTH]


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one paper, read again."""

    code: str
    student: Mapping[str, str]
    activation: str
    given: Mapping[str, Value]
    found: Mapping[str, str]
    rejected: Mapping[str, int]
    files: Mapping[str, str]
    verified: Verified

    def is_intact(self, folder: Path) -> bool:
        """Whether all files of the paper are there as they were written."""
        return bool(self.files) and all(
            _hash_of(folder / name) == digest for name, digest in self.files.items()
        )


def _hash_of(path: Path) -> str:
    try:
        return hash_content(path.read_bytes())
    except OSError:
        return ""


def write_line(
    variant: Variant, files: Mapping[str, str | bytes], verified: Verified
) -> str:
    """The line of one paper: code, student, numbers given and numbers found, its files,
    and what of its key was verified."""
    reckoner = variant.numbers.reckoner
    names, places = reckoner.names, reckoner.places
    shown = variant.numbers.printed
    data = {
        "code": variant.code,
        "student": student_row(variant.student.id, variant.student.columns),
        "activation": variant.activation,
        "given": {names[places[k]]: str(v) for k, v in variant.givens.items()},
        "found": {names[place]: str(shown[place]) for place in reckoner.found},
        "rejected": dict(sorted(variant.rejected.items())),
        "files": {name: hash_content(content) for name, content in files.items()},
        "verified": verified.to_json() if verified.keys else None,
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def student_row(name: str, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of a student, the id first, whatever its title."""
    return {"id": name, **columns}


def read_folder(folder: Path) -> Iterator[Line]:
    """The lines of all registers of a folder; a run that goes on may have left two for
    one paper."""
    for path in find_registers(folder):
        yield from read_lines(path)


def read_lines(path: Path) -> Iterator[Line]:
    """The whole lines of a register; one that was cut off at its end is left out."""
    for _, line in read_placed(path):
        yield line


def read_placed(path: Path) -> Iterator[tuple[int, Line]]:
    """The whole lines, each with the place where it begins, in bytes.

    Raises NetworkError for a line that is damaged.
    """
    if not path.is_file():
        return
    start = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if raw.endswith(b"\n"):
                try:
                    line = read_line(raw)
                except (ValueError, RecursionError) as error:
                    problem = Problem(f"line {number}", f"{error}. {WAY_OUT}")
                    raise NetworkError([problem], str(path)) from error
                yield start, line
            start += len(raw)


WAY_OUT = (
    "Delete this line, or restore the file from a copy; `explainer variants` with the"
    " same choices makes a missing paper again, with the same numbers."
)


def read_line(raw: bytes) -> Line:
    """One line. Raises ValueError with what is wrong."""
    try:
        data = json.loads(raw)
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ValueError("this is no text in UTF-8") from error
    if not isinstance(data, dict):
        raise ValueError("this is no line of a paper")
    code = _text(data, "code")
    if read_code(code) != code:
        raise ValueError(f"'code' is {shown(code)}, and that is no code of a paper")
    student = _table(data, "student", str)
    if "id" not in student:
        raise ValueError("the student has no id")
    given = {k: _read_value(k, v) for k, v in _table(data, "given", str).items()}
    return Line(
        code,
        student,
        _text(data, "activation"),
        given,
        _table(data, "found", str),
        _table(data, "rejected", int),
        _table(data, "files", str),
        _read_verified(data),
    )


def _get(data: Mapping[str, Any], name: str) -> Any:
    if name not in data:
        raise ValueError(f"{name!r} is missing")
    return data[name]


def _text(data: Mapping[str, Any], name: str) -> str:
    found = _get(data, name)
    if not isinstance(found, str):
        raise ValueError(f"{name!r} is {shown(found)}, no text")
    return found


def _table(data: Mapping[str, Any], name: str, kind: type) -> Mapping[str, Any]:
    found = _get(data, name)
    if not isinstance(found, dict):
        raise ValueError(f"{name!r} is {shown(found)}, no table")
    for key, value in found.items():
        if not isinstance(value, kind):
            raise ValueError(f"{key!r} in {name!r} is {shown(value)}")
    return found


def _read_verified(data: Mapping[str, Any]) -> Verified:
    if _get(data, "verified") is None:
        return Verified()
    try:
        return Verified.from_json(_table(data, "verified", int))
    except KeyError as error:
        raise ValueError(f"{error} is missing in 'verified'") from error


def _read_value(name: str, text: str) -> Value:
    try:
        return read_number(text) if "/" in text else read_number(Decimal(text))
    except (ValueError, ArithmeticError, InvalidOperation) as error:
        raise ValueError(f"{name!r} is {shown(text)}, no number") from error
