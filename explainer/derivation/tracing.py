"""The part of the network that a number comes through: the ways of a gradient, or what
a unit computes with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from explainer.mathematics.written import Key
from explainer.network.quantity import Graph, Quantity, reach

PARAMETERS = frozenset(("weight", "bias"))
SLOPES = frozenset(("local", "derivative"))
Link = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Chain:
    """Quantities of the forward pass, and the links between them: what is used, and
    what uses it. `everywhere` are parameters with all their uses."""

    keys: frozenset[Key] = frozenset()
    links: frozenset[Link] = frozenset()
    everywhere: frozenset[Key] = frozenset()

    def __or__(self, other: Chain) -> Chain:
        return Chain(
            self.keys | other.keys,
            self.links | other.links,
            self.everywhere | other.everywhere,
        )


def alone(key: Key) -> Chain:
    """A given number by itself; a parameter wherever it is used."""
    keys = frozenset([key])
    return Chain(keys, everywhere=keys if key.kind in PARAMETERS else frozenset())


class Tracer:
    """Finds the chains in one graph; `quantities` has what is derived from it, too."""

    def __init__(self, graph: Graph, quantities: Mapping[Key, Quantity]) -> None:
        self._graph = graph
        self._quantities = quantities
        self._users: dict[Key, list[Key]] = {}
        for key, quantity in graph.quantities.items():
            for used in quantity.uses:
                self._users.setdefault(used, []).append(key)
        self._above = cache(self._reached_from)
        self._below = cache(self._needed_for)

    def chain_of(self, keys: Iterable[Key]) -> Chain:
        """What the quantities in `keys` come through.

        A derivative dy/dx comes through everything on the ways from x to y, a path
        through its own way only; a quantity of the forward pass through what it uses; a
        new value through the old one; a parameter through all its uses.
        """
        found = Chain()
        for key in keys:
            found |= self._chain(key)
        return found

    def between(self, lower: Key, upper: Key) -> Chain:
        """All ways from a quantity to another one that depends on it."""
        inside = self._above(lower) & self._below(upper)
        links = ((k, user) for k in inside for user in self._users.get(k, ()))
        kept = frozenset(link for link in links if link[1] in inside)
        return Chain(inside | {lower, upper}, kept)

    def _chain(self, key: Key) -> Chain:
        match key.kind:
            case "path":
                return self._path(key)
            case "local" | "derivative":
                upper, lower = _pair(key)
                return self._slope(upper, lower, partial=key.kind == "local")
            case "signal":
                (carrier,) = _inner(key)
                return self.between(carrier, self._graph.root_of(carrier))
        if key in self._graph.quantities:
            uses = self._graph.quantities[key].uses
            links = frozenset((used, key) for used in uses)
            return Chain(frozenset((key, *uses)), links)
        if key in self._graph.givens:
            return alone(key)
        # After the update, or of the optimizer: it is drawn where the old one is.
        return self.chain_of(_inner(key))

    def _slope(self, upper: Key, lower: Key, partial: bool) -> Chain:
        """Of the formula itself, or through everything in between."""
        quantity = self._graph.quantities.get(upper)
        if partial and quantity and lower in quantity.uses:
            return Chain(frozenset((lower, upper)), frozenset([(lower, upper)]))
        return self.between(lower, upper)

    def _path(self, key: Key) -> Chain:
        """The links of its factors; and from the first of them up to the total, where
        that share is a plain number."""
        top = key.of[0]
        assert isinstance(top, Key)
        factors = [k for k in self._quantities[key].uses if k.kind in SLOPES]
        pairs = [_pair(factor) for factor in factors]
        highest = {upper for upper, _ in pairs} - {lower for _, lower in pairs}
        shares = (self.between(upper, top) for upper in highest)
        found = self.chain_of(factors)
        for share in shares:
            found |= share
        return found

    def _reached_from(self, start: Key) -> frozenset[Key]:
        return reach([start], lambda key: self._users.get(key, ()))

    def _needed_for(self, end: Key) -> frozenset[Key]:
        known = self._graph.quantities
        return reach([end], lambda key: known[key].uses if key in known else ())


def _pair(key: Key) -> tuple[Key, Key]:
    """What a derivative is taken of, and by what."""
    upper, lower = _inner(key)
    return upper, lower


def _inner(key: Key) -> Iterator[Key]:
    return (part for part in key.of if isinstance(part, Key))
