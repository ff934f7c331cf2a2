"""Many iterations: the same quantities worked out again and again, each time with the
values that the iteration before has found.

A step of training is a map from the parameters to the new parameters (Deep Learning,
section 4.3), and training applies it again and again. The derivation stays; only its
numbers change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from types import MappingProxyType

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.progress import Progress
from explainer.derivation.readings import (
    FARTHEST_EXPONENT,
    Readings,
    Value,
    read_numbers,
    rounding_kind,
)
from explainer.mathematics.compiled_operations import Compiled
from explainer.mathematics.compiling import compile_choice, compile_written
from explainer.mathematics.evaluation import WORKING, as_decimal
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Cases, Key, Name, Number
from explainer.network.problems import NetworkError, Problem
from explainer.network.quantity import Quantity

Schedule = Callable[[int], Mapping[Key, Value]]
Step = Callable[[list[Decimal]], None]
NOTHING: Mapping[Key, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration: its number from 1, and the givens in which it differs from the
    file.

    `objective` is the value of what is minimized as the next step uses it, `shown` the
    same as printed. `readings` has the readings of all quantities where they were kept.
    """

    number: int
    givens: Mapping[Key, Value]
    objective: Value
    shown: Value
    carried: Callable[[Key], Value]
    readings: Readings | None = None

    def value(self, key: Key) -> Value:
        """The value of a quantity as the next step uses it.

        Raises KeyError for one that no new value and no objective needs, unless the
        readings were kept.
        """
        return self.readings[key].carried if self.readings else self.carried(key)


def iterate(
    derivation: Derivation,
    rounding: Rounding,
    count: int,
    following: Mapping[Key, Key],
    keep: Callable[[int], bool] = lambda number: False,
    schedule: Schedule | None = None,
    progress: Progress | None = None,
) -> Iterator[Iteration]:
    """The iterations from 1 to `count`, one at a time.

    `following` says which quantity becomes a given's value in the next iteration: the
    weight w1 follows new_w1. `schedule` gives the values that other givens have in an
    iteration, such as those of another sample; they hold for that iteration alone.
    `keep` chooses the iterations whose readings are kept. Raises NetworkError, with
    the iteration's number, where a rule has no value, as when training diverges.
    """
    _refuse_what_is_not_given(derivation, following)
    work = _prepare(derivation, rounding, following)

    def iterations() -> Iterator[Iteration]:
        followed = NOTHING
        for number in range(1, count + 1):
            now = schedule(number) if schedule else NOTHING
            _refuse_what_is_not_given(derivation, now)
            givens = {**followed, **now}
            try:
                iteration = work.iteration(number, givens)
                if keep(number):
                    kept = read_numbers(derivation, rounding, givens)
                    iteration = replace(iteration, readings=kept)
            except NetworkError as error:
                raise _in_iteration(number, error) from error
            carried = iteration.carried
            followed = {given: carried(key) for given, key in following.items()}
            if progress:
                progress("iterations", number, count)
            yield iteration

    return iterations()


def _refuse_what_is_not_given(derivation: Derivation, keys: Iterable[Key]) -> None:
    unknown = [key for key in keys if key not in derivation.graph.givens]
    if unknown:
        raise ValueError(f"these are not given: {unknown}")


def _in_iteration(number: int, error: NetworkError) -> NetworkError:
    problems = (
        Problem(problem.place, f"iteration {number}: {problem.message}")
        for problem in error.problems
    )
    return NetworkError(problems, error.source)


@dataclass(frozen=True, slots=True)
class _Work:
    """What one iteration does: the steps over a list of values, which begins as `start`
    with the givens of the file."""

    derivation: Derivation
    rounding: Rounding
    slots: Mapping[Key, int]
    start: tuple[Decimal, ...]
    steps: tuple[Step, ...]

    def iteration(self, number: int, givens: Mapping[Key, Value]) -> Iteration:
        if self.rounding.exact:
            return self._walked(number, givens)
        values = list(self.start)
        for key, value in givens.items():
            values[self.slots[key]] = as_decimal(value)
        try:
            with localcontext(WORKING):
                for step in self.steps:
                    step(values)
                objective = self.derivation.graph.objective
                shown = self._shown(objective, values)
        except ArithmeticError:
            return self._walked(number, givens)
        slots = self.slots
        return Iteration(
            number,
            givens,
            values[slots[objective]],
            shown,
            lambda key: values[slots[key]],
        )

    def _walked(self, number: int, givens: Mapping[Key, Value]) -> Iteration:
        """The same by `read_numbers`, which also says what is wrong where a rule has no
        value."""
        readings = read_numbers(self.derivation, self.rounding, givens)
        objective = readings[self.derivation.graph.objective]
        return Iteration(
            number,
            givens,
            objective.carried,
            objective.shown,
            lambda key: readings[key].carried,
        )

    def _shown(self, key: Key, values: list[Decimal]) -> Decimal:
        quantity = self.derivation.quantities.get(key)
        if quantity is None:
            return values[self.slots[key]]
        formula = quantity.formula
        if isinstance(formula, Cases):
            chosen = compile_choice(formula, self.slots)(values)
            formula = formula.values[chosen]
        if isinstance(formula, Name):
            return self._shown(formula.key, values)
        kind = rounding_kind(key, self.derivation.graph)
        value = values[self.slots[key]]
        if isinstance(formula, Number) or kind in self.rounding.carry:
            return value
        return self.rounding.shown(value, kind)


def _prepare(
    derivation: Derivation, rounding: Rounding, following: Mapping[Key, Key]
) -> _Work:
    objective = derivation.graph.objective
    needed = needed_by(derivation, (*following.values(), objective))
    quantities = {k: q for k, q in derivation.quantities.items() if k in needed}
    derivation = replace(derivation, quantities=quantities)
    slots: dict[Key, int] = {}
    start: list[Decimal] = []
    steps: list[Step] = []
    for given in derivation.graph.givens.values():
        slots[given.key] = len(start)
        start.append(as_decimal(given.value))
    for quantity in quantities.values():
        if isinstance(quantity.formula, Name):
            slots[quantity.key] = slots[quantity.formula.key]
            continue
        slots[quantity.key] = len(start)
        if isinstance(quantity.formula, Number):
            start.append(as_decimal(quantity.formula.value))
            continue
        start.append(Decimal(0))
        kind = rounding_kind(quantity.key, derivation.graph)
        steps.append(_step(quantity, slots, rounding, kind))
    return _Work(derivation, rounding, slots, tuple(start), tuple(steps))


def _step(
    quantity: Quantity, slots: Mapping[Key, int], rounding: Rounding, kind: str
) -> Step:
    compute, target = compile_written(quantity.formula, slots), slots[quantity.key]
    if kind in rounding.carry:
        compute = _printed(compute, rounding, kind)
    if isinstance(quantity.formula, Cases):
        compute = _copying(quantity.formula, slots, compute)

    def step(values: list[Decimal]) -> None:
        value = compute(values)
        if value and abs(value.adjusted()) > FARTHEST_EXPONENT:
            raise ArithmeticError("the number is too far from 1 to be written")
        values[target] = value

    return step


def _printed(compute: Compiled, rounding: Rounding, kind: str) -> Compiled:
    def printed(values: list[Decimal]) -> Decimal:
        value = compute(values)
        if value and abs(value.adjusted()) > FARTHEST_EXPONENT:
            raise ArithmeticError("the number is too far from 1 to be written")
        return rounding.shown(value, kind)

    return printed


def _copying(cases: Cases, slots: Mapping[Key, int], compute: Compiled) -> Compiled:
    """A case that is another quantity or a constant is not rounded again."""
    choose = compile_choice(cases, slots)
    copies = tuple(
        compile_written(value, slots) if isinstance(value, Name | Number) else compute
        for value in cases.values
    )
    return lambda values: copies[choose(values)](values)
