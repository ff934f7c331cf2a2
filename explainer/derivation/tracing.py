"""The part of the network that a number comes through: the chain of a gradient, or
what a unit computes with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explainer.derivation.deriving import Derivation
from explainer.mathematics.written import Key

# What is computed on the way back; everything else belongs to the forward pass.
BACKWARD = frozenset({"derivative", "local", "path", "signal"})


def chain_of(derivation: Derivation, keys: Iterable[Key]) -> tuple[Key, ...]:
    """The quantities of the forward pass that the quantities in `keys` come through.

    A gradient comes through everything between the error and its parameter, on the way
    or ways that it takes; a quantity of the forward pass through what it uses; a new
    value through the old one.
    """
    found: dict[Key, None] = {}
    seen: set[Key] = set()
    for key in keys:
        found |= dict.fromkeys(_passed(derivation, key, seen))
    return tuple(found)


def _passed(derivation: Derivation, key: Key, seen: set[Key]) -> Iterator[Key]:
    if key in seen:
        return
    seen.add(key)
    quantity = derivation.quantities.get(key)
    if quantity is None:
        yield key
    elif key.kind in BACKWARD:
        yield from _inside(key)
        for used in quantity.uses:
            if used.kind in BACKWARD:
                yield from _passed(derivation, used, seen)
            elif used.kind == "weight":
                # The connection that an error goes back through.
                yield used
    else:
        yield from _forward(key)
        if key in derivation.graph.quantities:
            yield from quantity.uses
        elif key.kind == "new" and _forward(key)[0] in derivation.graph.quantities:
            yield from (part for used in quantity.uses for part in _forward(used))


def _inside(key: Key) -> Iterator[Key]:
    """What a derivative is taken of and by, and the quantities that a path names."""
    return (part for part in key.of if isinstance(part, Key))


def _forward(key: Key) -> tuple[Key, ...]:
    """The quantity before the update."""
    if key.kind == "new" and isinstance(key.of[0], Key):
        return (key.of[0],)
    return (key,)
