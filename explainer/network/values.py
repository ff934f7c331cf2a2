"""Every parameter has one value, and every name stands for one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from explainer.network.problems import (
    Findings,
    Location,
    hint,
    nearest,
    place_of,
    shown,
    unknown,
)
from explainer.network.spec import Entry, Value

NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Use:
    """A name at a place in the file: what it is used as, and its value if given."""

    name: str
    role: str
    location: Location
    value: Value | None = None

    @property
    def is_parameter(self) -> bool:
        """Whether it is a weight or a bias, and not only the value of one."""
        return self.role in ("a weight", "a bias")


def read_entry(entry: Value | str | Mapping[str, Value], use: Use) -> Use:
    """A parameter in a list: a number alone has the name in `use`.

    >>> read_entry("w1", Use("w1_11", "a weight", ("weights",))).name
    'w1'
    """
    if isinstance(entry, str):
        return Use(entry, use.role, use.location)
    if isinstance(entry, Mapping):
        name, value = next(iter(entry.items()))
        return Use(name, use.role, (*use.location, name), value)
    return Use(use.name, use.role, use.location, entry)


def check_names(uses: Iterable[Use], findings: Findings) -> None:
    """A name stands for one thing; that of a parameter may come again."""
    first: dict[str, Use] = {}
    for use in uses:
        known = first.setdefault(use.name, use)
        if known is use:
            _check_spelling(use, findings)
        elif not use.is_parameter or use.role != known.role:
            findings.add(
                use.location,
                f"{use.name} is {use.role} here, but {known.role} at"
                f" {place_of(known.location)}; a name stands for one thing",
            )


def _check_spelling(use: Use, findings: Findings) -> None:
    if not NAME.fullmatch(use.name):
        findings.add(
            use.location,
            f"{shown(use.name)} is no name; allowed: a letter, then letters, digits, _",
        )


def gather_values(
    declared: Mapping[str, Value], uses: tuple[Use, ...], findings: Findings
) -> dict[str, Entry]:
    """The value of every parameter that is used, in the order of use.

    Given twice, never given, given and never used: each is a problem.
    """
    given: dict[str, list[Use]] = {}
    for use in (*_declared(declared), *uses):
        if use.value is not None:
            given.setdefault(use.name, []).append(use)
    for first, *others in given.values():
        for other in others:
            if first.is_parameter and other.role != first.role:
                # The name stands for two things: that is the problem.
                continue
            findings.add(
                other.location,
                f"{other.name} has its value already, at {place_of(first.location)};"
                " give it once, and elsewhere only the name",
            )
    if not findings.is_damaged("parameters") and not names_are_lost(findings):
        _check_complete(declared, given, uses, findings)
    values: dict[str, Entry] = {}
    for use in uses:
        for source in given.get(use.name, [])[:1]:
            assert source.value is not None
            values[use.name] = Entry(source.value, place_of(source.location))
    return values


def names_are_lost(findings: Findings) -> bool:
    """Whether what could not be read may have held names of units or parameters."""
    return any(
        place[0] == "layers" and place[2:3] not in (("activation",), ("matrix_layout",))
        for place in findings.damaged
    )


def _declared(declared: Mapping[str, Value]) -> Iterator[Use]:
    for name, value in declared.items():
        yield Use(name, "a parameter", ("parameters", name), value)


def _check_complete(
    declared: Mapping[str, Value],
    given: Mapping[str, list[Use]],
    uses: tuple[Use, ...],
    findings: Findings,
) -> None:
    used = {use.name: None for use in uses}
    idle = [name for name in declared if name not in used]
    explained: set[str | None] = set()
    for use in uses:
        if use.name not in given and use.name in used:
            del used[use.name]
            # One slip makes a name without a value and a value without a use.
            explained.add(nearest(use.name, idle))
            findings.add(
                use.location,
                f"{use.name} has no value; give it here as {{ {use.name} = 0.1 }} or in"
                f" [parameters].{hint(use.name, idle or given)}",
            )
    for name in idle:
        if name not in explained:
            findings.add(
                ("parameters", name),
                f"{unknown('weight or bias', name, list(used))} A value that nothing"
                " uses is probably a slip.",
            )
