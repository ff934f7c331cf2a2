"""What all papers of a run have in common, so that they can be made again:
manifest.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from explainer.network.problems import NetworkError, Problem, shown

FORMAT = 2
MANIFEST = "manifest.json"


def program_version() -> str:
    """The version that makes the papers."""
    try:
        return version("backprop-explainer")
    except PackageNotFoundError:
        return "unknown"


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The program's version, the network file and the choices of the command."""

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
        return _write({**data, "sha256": hash_text(_write(data))})

    @classmethod
    def from_json(cls, text: str, source: str) -> Manifest:
        """Raises NetworkError for a file that is no manifest, or was changed."""
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            message = f"this is no JSON: {error.msg}"
            raise _damaged(source, f"line {error.lineno}", message) from error
        except RecursionError as error:
            raise _damaged(source, "line 1", "this is no manifest") from error
        if not isinstance(data, dict) or not {"format", "sha256"} <= data.keys():
            raise _damaged(source, "manifest", "this is no manifest of papers")
        if data["format"] != FORMAT:
            raise NetworkError([Problem("format", _other_format(data))], source)
        if data.pop("sha256") != hash_text(_write(data)):
            raise _damaged(source, "manifest", "it was changed since it was written")
        network = data["network"]
        return cls(data["version"], network["name"], network["text"], data["choices"])

    def differences(self, other: Manifest) -> Iterator[tuple[str, object, object]]:
        """What another manifest has otherwise: its name, here, and there."""
        if self.version != other.version:
            yield "version", self.version, other.version
        if self.text != other.text:
            yield "network", self.source, other.source
        for name in sorted({*self.choices, *other.choices}):
            here, there = self.choices.get(name), other.choices.get(name)
            if here != there:
                yield name, here, there


def _write(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _other_format(data: Mapping[str, Any]) -> str:
    version = data.get("version", "unknown")
    return (
        f"got {shown(data['format'])}; this program reads {FORMAT}. Version {version}"
        " of the program made these papers, and can make them again."
    )


def _damaged(source: str, place: str, message: str) -> NetworkError:
    way_out = (
        "Restore the file from a copy, or make the papers again in another folder:"
        " the same command, seed and salt draw the same numbers."
    )
    return NetworkError([Problem(place, f"{message}. {way_out}")], source)
