"""Where a number comes from: the quantity, what its formula uses, what that uses, down
to the numbers of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from explainer.derivation.runs import Run
from explainer.derivation.working import ABOUT, EQUAL, Side, work_out
from explainer.mathematics.written import Key, Name, Number


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One number in the tree: its symbol, and the last sides of its line.

    `last` says of the way down to it where it takes the last branch. `origin` is
    "computed", "given", "before" (by an earlier iteration) or "above", where it was
    printed already. `more` says that what it uses is left out.
    """

    symbol: Name
    sides: tuple[Side, ...]
    last: tuple[bool, ...]
    origin: str
    step: int | None
    more: bool = False
    has_below: bool = False


def trace(
    run: Run, key: Key, steps: Mapping[Key, int], depth: int | None = None
) -> Iterator[Ancestor]:
    """The ancestry of a quantity, from it down; `steps` has the numbers of their
    steps."""
    return _trace(run, key, steps, depth, (), set())


def _trace(
    run: Run,
    key: Key,
    steps: Mapping[Key, int],
    depth: int | None,
    last: tuple[bool, ...],
    seen: set[Key],
) -> Iterator[Ancestor]:
    quantity = run.derivation.quantities.get(key)
    name, step = Name(key), steps.get(key)
    if quantity is None:
        given = run.derivation.graph.givens[key]
        origin = "before" if given.path is None else "given"
        yield Ancestor(name, (_result(run, key),), last, origin, None)
        return
    if key in seen and quantity.uses:
        yield Ancestor(name, (_result(run, key),), last, "above", step)
        return
    seen.add(key)
    cut = len(last) == depth and bool(quantity.uses)
    below = () if cut else quantity.uses
    sides = _last_sides(run, key)
    yield Ancestor(name, sides, last, "computed", step, cut, bool(below))
    for place, used in enumerate(below):
        way = (*last, place == len(below) - 1)
        yield from _trace(run, used, steps, depth, way, seen)


def _result(run: Run, key: Key) -> Side:
    reading = run.readings[key]
    return Side(EQUAL if reading.is_exact else ABOUT, Number(reading.shown, key))


def _last_sides(run: Run, key: Key) -> tuple[Side, ...]:
    """The numbers put in, and the result; each with its relation to what is left of
    it."""
    quantity = run.derivation.quantities[key]
    sides = work_out(run.derivation, quantity, run.readings).sides
    *before, numbers = sides[:-1] or sides[-1:]
    about = any(side.relation == ABOUT for side in (*before, numbers))
    first = Side(ABOUT if about else EQUAL, numbers.written)
    return (first, sides[-1]) if len(sides) > 1 else (first,)
