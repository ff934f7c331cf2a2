"""What is wrong with a network file: every problem with its place, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

Location = tuple[str | int, ...]
LONGEST_SHOWN = 60
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: its place, such as `layers[0].bias.b1`, and what is wrong there."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class NetworkError(ValueError):
    """The network file asks for the impossible: all its problems, in file order."""

    def __init__(self, problems: Iterable[Problem], source: str = "network") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Findings:
    """The problems found so far.

    `damaged` are the places whose content could not be read. It was left out or
    replaced, so that the rest can still be checked, and nothing more is said about it.
    """

    damaged: set[Location] = field(default_factory=set)
    found: dict[tuple[Location, str], None] = field(default_factory=dict)

    def add(self, location: Location, message: str) -> None:
        if not any(location[: len(place)] == place for place in self.damaged):
            # A quoted name may hold a line's end; a problem is one line.
            self.found[location, re.sub(r"\s|[\x00-\x1f]", " ", message)] = None

    def is_damaged(self, *location: str | int) -> bool:
        """Whether something at this place, in it or around it could not be read.

        >>> Findings({("layers", 0, "bias")}).is_damaged("layers")
        True
        """
        return any(
            all(a == b for a, b in zip(place, location, strict=False))
            for place in self.damaged
        )

    def in_file_order(self, file: Mapping[str, object]) -> tuple[Problem, ...]:
        """The problems sorted by their place in the file, missing things first."""
        ordered = sorted(self.found, key=lambda found: _position(found[0], file))
        return tuple(Problem(place_of(where), message) for where, message in ordered)


def place_of(location: Location) -> str:
    """The place as it is written in messages.

    >>> place_of(("layers", 0, "weights", "h1", 1)), place_of(("inputs", "i 1"))
    ('layers[0].weights.h1[1]', 'inputs."i 1"')
    """
    return "".join(_steps(location)).removeprefix(".") or "file"


def shown(value: object) -> str:
    """What was got, as it is quoted in a message: short, and never a failure itself.

    >>> shown("sigmod"), shown(True), shown([1, 2]), shown({"w1": 1})
    ("'sigmod'", 'true', 'a list', 'a table')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 4 * LONGEST_SHOWN:
        return "a whole number of too many digits"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def unknown(what: str, got: str, known: Collection[str]) -> str:
    """The message for a name that does not exist, with the nearest one that does.

    >>> unknown("word", "meen", ["sum", "mean"])
    "no word is called 'meen'. Did you mean 'mean'? Known: sum, mean."
    """
    names = ", ".join(list(known)[:MOST_SHOWN]) if known else "none"
    if len(known) > MOST_SHOWN:
        names = f"{names} and {len(known) - MOST_SHOWN} more"
    return f"no {what} is called {shown(got)}.{hint(got, known)} Known: {names}."


def hint(got: str, known: Iterable[str]) -> str:
    """The nearest known name as a question, or nothing.

    >>> hint("sigmod", ["tanh", "sigmoid"]), hint("maxout", ["tanh", "sigmoid"])
    (" Did you mean 'sigmoid'?", '')
    """
    near = nearest(got, known)
    return f" Did you mean {near!r}?" if near else ""


def nearest(got: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant; only the case may differ, too."""
    names = list(known)
    same = [name for name in names if name.lower() == got.lower()]
    near = same or get_close_matches(got[:LONGEST_SHOWN], names, n=1)
    return near[0] if near else None


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "unit"), counted(3, "bias")
    ('1 unit', '3 biases')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith('s') else 's'}"


def _steps(location: Location) -> Iterator[str]:
    for part in location:
        if isinstance(part, int):
            yield f"[{part}]"
        elif re.fullmatch("[A-Za-z0-9_-]+", part):
            yield f".{part}"
        else:
            yield f".{json.dumps(part, ensure_ascii=False)}"


def _position(location: Location, file: object) -> tuple[int, ...]:
    """How far down the file a place is: its index in each table and list above."""
    position: list[int] = []
    for part in location:
        if isinstance(file, Mapping) and part in file:
            position.append(list(file).index(part))
            file = file[part]
        elif isinstance(file, Sequence) and isinstance(part, int) and part < len(file):
            position.append(part)
            file = file[part]
        else:
            return (*position, -1)
    return tuple(position)
