"""Several iterations: the same derivation again, with the new parameters as its
givens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.iterating import iterate
from explainer.derivation.progress import Progress
from explainer.derivation.readings import Readings, Value, read_numbers
from explainer.mathematics.rounding import FULL, Rounding
from explainer.mathematics.written import Key
from explainer.network.optimizer_steps import STEP
from explainer.network.quantity import Given

# Up to so many iterations each has a table of its own.
MOST_TABLES = 10


@dataclass(frozen=True)
class Run:
    """One iteration: its number from 1, and its readings.

    The givens of its derivation are those of this iteration.
    """

    number: int
    derivation: Derivation
    readings: Readings
    rounding: Rounding

    @cached_property
    def full(self) -> Readings:
        """The readings in full precision, from the givens of this iteration."""
        if self.rounding.exact:
            return self.readings
        return read_numbers(self.derivation, FULL)


@dataclass(frozen=True, slots=True)
class Course:
    """All iterations: those that are kept, and the error after so many updates.

    `last` has the givens as they are after the last update, with their readings.
    """

    count: int
    runs: Mapping[int, Run]
    errors: Mapping[int, Value]
    last: Mapping[Key, Value]


def run_course(
    derivation: Derivation,
    rounding: Rounding,
    count: int,
    shown: tuple[int, ...],
    progress: Progress | None = None,
) -> Course:
    """The iterations from 1 to `count`, each from the results of the one before.

    Those in `shown` are kept with all their readings; all of them where they are few.
    """
    wanted = set(shown) | set(range(1, count + 1) if count <= MOST_TABLES else ())
    rows = _rows(count)
    runs: dict[int, Run] = {}
    errors: dict[int, Value] = {}
    last: Mapping[Key, Value] = {}
    for iteration in iterate(
        derivation,
        rounding,
        count + 1,
        derivation.graph.following,
        schedule=lambda number: given_in_turn(derivation, number),
        progress=progress,
    ):
        if iteration.number in wanted:
            runs[iteration.number] = run_at(
                derivation, rounding, iteration.number, iteration.givens
            )
        if iteration.number - 1 in rows:
            errors[iteration.number - 1] = iteration.shown
        last = iteration.givens
    return Course(count, runs, errors, last)


def run_at(
    derivation: Derivation,
    rounding: Rounding,
    number: int,
    givens: Mapping[Key, Value],
) -> Run:
    """One iteration with all its readings. The givens that it does not get from the
    file have no place in it."""
    graph = derivation.graph
    changed = {
        key: Given(key, value, _place(derivation, number, key))
        for key, value in givens.items()
    }
    here = replace(derivation, graph=replace(graph, givens={**graph.givens, **changed}))
    return Run(number, here, read_numbers(here, rounding), rounding)


def _place(derivation: Derivation, number: int, key: Key) -> str | None:
    turn = derivation.graph.turns
    if number == 1:
        return derivation.graph.givens[key].path
    if turn:
        for given in turn[(number - 1) % len(turn)]:
            if given.key == key:
                return given.path
    return None


def given_in_turn(derivation: Derivation, number: int) -> Mapping[Key, Value]:
    """What changes by itself: the sample whose turn it is, and the iteration's
    number."""
    graph = derivation.graph
    changed: dict[Key, Value] = {}
    if graph.turns:
        turn = graph.turns[(number - 1) % len(graph.turns)]
        changed |= {given.key: given.value for given in turn}
    if STEP in graph.givens:
        changed[STEP] = graph.givens[STEP].value + number - 1
    return changed


def _rows(count: int) -> frozenset[int]:
    """After how many updates the error is told: all of them where they are few, then
    1, 2, 5, 10, 20, 50 and so on, and the last."""
    if count <= 2 * MOST_TABLES:
        return frozenset(range(count + 1))
    steps = (base * 10**power for power in range(7) for base in (1, 2, 5))
    return frozenset([0, *(step for step in steps if step < count), count])
