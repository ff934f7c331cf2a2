"""Matrices as views: one equation between groups of scalar quantities, and all of a
derivation."""

from __future__ import annotations

from dataclasses import dataclass, field

from explainer.mathematics.matrices import Grid
from explainer.mathematics.written import Key, Name, Written

Keys = tuple[tuple[Key, ...], ...]
# More columns do not fit on a page.
WIDEST = 6


@dataclass(frozen=True, slots=True)
class View:
    """One matrix equation: its symbol, the quantity of each entry, and its right side.

    Without a formula each entry is worked out by its own. `forms` stand before the
    formula.
    """

    key: Key
    entries: Keys
    formula: Written | None
    rule: str
    layer: int = 0
    forms: tuple[Written, ...] = ()

    @property
    def quantities(self) -> tuple[Key, ...]:
        return tuple(key for row in self.entries for key in row)


@dataclass(slots=True)
class Views:
    """All matrices of a derivation, and the equations between them, in sections."""

    grids: dict[Key, Grid] = field(default_factory=dict)
    named: dict[Grid, Key] = field(default_factory=dict)
    given: list[Key] = field(default_factory=list)
    forward: dict[int, list[View]] = field(default_factory=dict)
    signals: dict[int, list[View]] = field(default_factory=dict)
    gradients: dict[int, list[View]] = field(default_factory=dict)
    updates: list[View] = field(default_factory=list)
    again: list[View] = field(default_factory=list)

    def name(self, key: Key, keys: Keys) -> None:
        grid = named_grid(keys)
        self.grids[key] = grid
        self.named.setdefault(grid, key)

    @property
    def sections(self) -> tuple[list[View], ...]:
        layers = (*self.forward.values(), *self.signals.values())
        return (*layers, *self.gradients.values(), self.updates, self.again)


def layer_of(number: int) -> tuple[str]:
    return (str(number),)


def named_grid(keys: Keys) -> Grid:
    return tuple(tuple(map(Name, row)) for row in keys)


def derivatives_of(root: Key, keys: Keys) -> Keys:
    return tuple(tuple(Key("derivative", (root, key)) for key in row) for row in keys)
