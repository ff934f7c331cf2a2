"""The numbers of one paper in a list, and as readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Reading
from explainer.mathematics.written import Key

Values = list[Decimal]


@dataclass(frozen=True)
class Numbers(Mapping[Key, Reading]):
    """The numbers of one paper by slots, as carried and as printed; and by quantity, as
    readings. The value of a reading has the few digits with which it was computed."""

    derivation: Derivation
    slots: Mapping[Key, int]
    carried: Values
    shown: Values
    names: tuple[tuple[str, int], ...]

    def found(self) -> dict[str, str]:
        """What was computed, by plain names, as printed."""
        return {name: str(self.shown[slot]) for name, slot in self.names}

    def __getitem__(self, key: Key) -> Reading:
        slot = self.slots[key]
        given = self.derivation.graph.givens.get(key)
        carried = self.carried[slot]
        path = given.path if given else None
        return Reading(carried, carried, self.shown[slot], path)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.slots)

    def __len__(self) -> int:
        return len(self.slots)
