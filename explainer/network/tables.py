"""The tables of a file: what cannot be read is reported and left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from explainer.network.layers import LAYERS
from explainer.network.network_file import TABLES, NetworkFile, keys_of, table_at
from explainer.network.problems import Findings, Location, nearest, shown, unknown

# Leaving out what could not be read takes two rounds, three at most.
ROUNDS = 5
ONE_NAME = "one name with its value, such as { w1 = 0.1 }"
EXPECTED: Mapping[str, str] = {
    "string_type": "a text in quotation marks",
    "list_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "bool_type": "true or false",
    "too_short": ONE_NAME,
    "too_long": ONE_NAME,
}
# These stand for what is missing or no number while the rest of the file is checked.
STAND_IN = Decimal("0.5")
STAND_INS: Mapping[str, Any] = {
    "inputs": {},
    "layers": [],
    "activation": "identity",
    "weights": {},
    "learning_rate": STAND_IN,
}


def read_tables(raw: dict[str, Any], findings: Findings) -> NetworkFile | None:
    """The file's tables. What is wrong goes to `findings`, and out of `raw`."""
    for _ in range(ROUNDS):
        try:
            return NetworkFile.model_validate(raw)
        except ValidationError as error:
            details = error.errors(include_url=False)
        located = [(_locate(detail["loc"], raw), detail) for detail in details]
        # Unknown keys first: a key that was only misspelled is not missing.
        located.sort(key=lambda pair: pair[1]["type"] != "extra_forbidden")
        for location, detail in located:
            findings.add(location, _words(location, detail, raw))
            if detail["type"] == "extra_forbidden":
                _excuse(location, raw, findings)
        for location, detail in located:
            _repair(location, detail["type"], raw, findings)
    return None


def _locate(location: Location, raw: Any) -> Location:
    """The place in the file: pydantic's, without the tags of the forms."""
    place: list[str | int] = []
    for part in location:
        if _has(raw, part):
            raw = raw[part]
        elif re.fullmatch(r"<.*>|\[key\]", str(part)):
            continue
        place.append(part)
    return tuple(place)


def _words(location: Location, detail: ErrorDetails, raw: Any) -> str:
    """What is wrong at a place, for a teacher."""
    kind, got, key = detail["type"], shown(detail["input"]), str(location[-1])
    if kind == "extra_forbidden":
        return _unknown_key(location, raw)
    if kind == "missing":
        needed = keys_of(table_at(location[:-1], raw)).get(key, key)
        return f"missing. Needed: {needed[0].lower()}{needed[1:]}"
    if kind in EXPECTED:
        return f"got {got}; allowed: {EXPECTED[kind]}"
    words = detail["msg"]
    chosen = detail["input"].get("kind") if isinstance(detail["input"], dict) else None
    if kind == "form" and chosen is not None:
        return unknown("kind of layer", str(chosen), LAYERS)
    if kind in ("form", "entry"):
        return f"got {got}; {words}"
    if kind == "number" and _is_stray(location):
        return f"{words}. The key {key!r} belongs above the first table."
    return words


def _unknown_key(location: Location, raw: Any) -> str:
    *parent, key = location
    message = unknown("key", str(key), keys_of(table_at(tuple(parent), raw)))
    meant = _meant(location, raw)
    if meant is None or meant[:-1] == tuple(parent):
        return message
    table = "[[layers]]" if meant[0] == "layers" else f"[{meant[0]}]"
    home = f"in {table}" if len(meant) == 2 else "above the first table"
    return f"{message} {shown(key)} belongs {home}."


def _is_stray(location: Location) -> bool:
    """Whether a key of the file stands in a table by mistake.

    In TOML a key belongs to the table above it, a trap for beginners.
    """
    return len(location) == 2 and location[1] in keys_of(NetworkFile)


def _excuse(location: Location, raw: Any, findings: Findings) -> None:
    """The key that was meant by an unknown one is not missed."""
    meant = _meant(location, raw)
    if meant and _at(meant, raw) is None:
        findings.damaged.add(meant)


def _meant(location: Location, raw: Any) -> Location | None:
    """The key that is spelled like an unknown one, here or in its own table."""
    *parent, key = location
    near = nearest(str(key), keys_of(table_at(tuple(parent), raw)))
    if near:
        return (*parent, near)
    if key in keys_of(NetworkFile):
        return (key,)
    homes = [name for name in TABLES if key in keys_of(table_at((name,)))]
    return (homes[0], key) if homes else None


def _repair(location: Location, kind: str, raw: Any, findings: Findings) -> None:
    """A bad number becomes another one, what is missing is added, the rest left out."""
    *parent, key = location
    holder = _at(tuple(parent), raw)
    if holder is None:
        return
    in_list = isinstance(holder, list)
    if kind == "number" and _is_stray(location):
        kind = "stray"
        if not _has(raw, key):
            findings.damaged.add((key,))
    if kind in ("number", "entry") or (in_list and EXPECTED.get(kind) == ONE_NAME):
        holder[key] = STAND_IN
        return
    if kind == "missing" and key in STAND_INS:
        holder[key] = copy(STAND_INS[str(key)])
    elif kind == "missing" or in_list:
        _repair(tuple(parent), "lost", raw, findings)
    else:
        holder.pop(key, None)
    findings.damaged.add(location)


def _at(location: Location, raw: Any) -> Any:
    """What stands at a place; nothing if it was left out."""
    for part in location:
        if not _has(raw, part):
            return None
        raw = raw[part]
    return raw


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(part, int) and part < len(holder)
    return isinstance(holder, dict) and part in holder
