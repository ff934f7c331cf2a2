"""What was made, so that it can be made again: manifest.json for all papers, and one
line of papers.jsonl for each.

A line is written when the files of its paper are in place. A run that was killed goes
on after the last whole line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from explainer.homework.variants.making import Variant
from explainer.homework.variants.verifying import Verified
from explainer.mathematics.evaluation import Value
from explainer.network.literals import read_number
from explainer.network.problems import NetworkError, Problem

FORMAT = 1
MANIFEST = "manifest.json"


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What all papers of a run have in common: the program's version, the network file
    and the choices of the command."""

    version: str
    source: str
    text: str
    choices: Mapping[str, Any]

    def to_json(self) -> str:
        data = {
            "format": FORMAT,
            "version": self.version,
            "network": {
                "name": self.source,
                "sha256": hash_text(self.text),
                "text": self.text,
            },
            "choices": dict(self.choices),
        }
        return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str) -> Manifest:
        """Raises NetworkError for a file that is no manifest, or was changed."""
        try:
            data = json.loads(text)
            network = data["network"]
            found = cls(
                data["version"], network["name"], network["text"], data["choices"]
            )
            intact = network["sha256"] == hash_text(found.text)
            known = data["format"] == FORMAT
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _no_manifest(source, "this is no manifest of papers") from error
        if not known:
            raise _no_manifest(source, f"format {data['format']}; known: {FORMAT}")
        if not intact:
            raise _no_manifest(source, "the network file in it was changed")
        return found


def _no_manifest(source: str, message: str) -> NetworkError:
    return NetworkError([Problem("manifest", message)], source)


def write_line(variant: Variant, verified: Verified) -> str:
    """The line of one paper: code, student, numbers given and numbers found, and what
    of its key was verified."""
    reckoner = variant.numbers.reckoner
    names, places = reckoner.names, reckoner.places
    shown = variant.numbers.printed
    data = {
        "code": variant.code,
        "student": {"id": variant.student.id, **variant.student.columns},
        "activation": variant.activation,
        "given": {names[places[k]]: str(v) for k, v in variant.givens.items()},
        "found": {names[place]: str(shown[place]) for place in reckoner.found},
        "rejected": dict(sorted(variant.rejected.items())),
        "verified": verified.to_json() if verified.keys else None,
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one paper, read again."""

    code: str
    student: Mapping[str, str]
    activation: str
    given: Mapping[str, Value]
    found: Mapping[str, str]
    rejected: Mapping[str, int]
    verified: Mapping[str, int] | None


def read_lines(path: Path) -> Iterator[Line]:
    """The whole lines of a file; one that was cut off is left out."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for raw in file:
            if raw.endswith(b"\n"):
                data = json.loads(raw)
                given = {k: _read(v) for k, v in data.pop("given").items()}
                yield Line(given=given, **data)


def _read(text: str) -> Value:
    return read_number(text) if "/" in text else read_number(Decimal(text))


def mend(path: Path) -> None:
    """Cut off what a killed run left of its last line."""
    if path.is_file():
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            with path.open("r+b") as file:
                file.truncate(whole)
