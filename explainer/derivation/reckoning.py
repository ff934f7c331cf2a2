"""The numbers of one derivation for many givens: symbols once, numbers often.

What `readings.read_numbers` finds for one set of givens, as lists of numbers and by
compiled functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import (
    FARTHEST_EXPONENT,
    Reading,
    Readings,
    Value,
    read_numbers,
    rounding_kind,
)
from explainer.mathematics.compiling import compile_choice, compile_written
from explainer.mathematics.evaluation import WORKING, as_decimal
from explainer.mathematics.rounding import FULL, Rounding
from explainer.mathematics.written import Cases, Key, Name, Number, Written
from explainer.network.quantity import Quantity
from explainer.notation import plain_name


@dataclass(slots=True)
class Numbers:
    """The numbers of one paper, each list in the order of `reckoner.keys`.

    `exact` says whether the printed number is the one that the next step uses.
    """

    reckoner: Reckoner
    givens: Mapping[Key, Value]
    value: list[Decimal]
    carried: list[Decimal]
    shown: list[Decimal]
    exact: list[bool]
    _readings: Readings | None = None

    @property
    def readings(self) -> Readings:
        """The same as readings, made when they are asked for."""
        if self._readings is None:
            self._readings = self.reckoner.as_readings(self)
        return self._readings

    def carried_of(self, key: Key) -> Value:
        """The number that the next step uses, a fraction where the rule is exact."""
        if self.reckoner.rounding.exact:
            return self.readings[key].carried
        return self.carried[self.reckoner.places[key]]

    def shown_of(self, key: Key) -> Value:
        """The number that is printed."""
        if self.reckoner.rounding.exact:
            return self.readings[key].shown
        return self.shown[self.reckoner.places[key]]

    @property
    def printed(self) -> Sequence[Value]:
        """The numbers as they are printed, fractions where the rule is exact."""
        if not self.reckoner.rounding.exact:
            return self.shown
        return [reading.shown for reading in self.readings.values()]


Step = Callable[[Numbers], None]
Copied = Key | Number | None
Source = Copied | Callable[[list[Decimal]], Copied]


@dataclass(frozen=True)
class Reckoner:
    """Works out the quantities of one derivation by one rounding rule."""

    derivation: Derivation
    rounding: Rounding

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The givens, then the quantities in their order."""
        return (*self.derivation.graph.givens, *self.derivation.quantities)

    @cached_property
    def places(self) -> Mapping[Key, int]:
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The plain name of each quantity."""
        return tuple(map(plain_name, self.keys))

    @cached_property
    def found(self) -> tuple[int, ...]:
        """The places of the numbers that no file gives."""
        return tuple(n for n, (path, *_) in enumerate(self._labels) if path is None)

    def reckon(self, givens: Mapping[Key, Value]) -> Numbers:
        """The numbers at these givens; the others are those of the file.

        Raises NetworkError where a rule has no value.
        """
        if self.rounding.exact:
            return self._walk(givens)
        numbers = self._start(givens)
        try:
            with localcontext(WORKING):
                for step in self._steps:
                    step(numbers)
        except ArithmeticError:
            return self._walk(givens)
        return numbers

    def full(self, givens: Mapping[Key, Value]) -> Readings:
        """The readings in full precision."""
        return self._in_full.reckon(givens).readings

    @cached_property
    def _in_full(self) -> Reckoner:
        return Reckoner(self.derivation, FULL)

    def as_readings(self, numbers: Numbers) -> Readings:
        found: dict[Key, Reading] = {}
        lists = (numbers.value, numbers.carried, numbers.shown)
        rows = zip(self.keys, self._labels, *lists, strict=True)
        for key, (path, kind, source), value, carried, shown in rows:
            copied = source(numbers.carried) if callable(source) else source
            if copied is not None:
                kind = found[copied].kind if isinstance(copied, Key) else "given"
            found[key] = Reading(value, carried, shown, path, kind)
        return found

    @cached_property
    def _labels(self) -> list[tuple[str | None, str, Source]]:
        """The path and the kind of each reading, and what it is a copy of."""
        graph = self.derivation.graph
        given: list[tuple[str | None, str, Source]] = [
            (given.path, "given", None) for given in graph.givens.values()
        ]
        return given + [
            (None, rounding_kind(key, graph), self._source(quantity.formula))
            for key, quantity in self.derivation.quantities.items()
        ]

    def _source(self, formula: Written) -> Source:
        if not isinstance(formula, Cases):
            return _copied(formula)
        choose = compile_choice(formula, self.places)
        sources = tuple(map(_copied, formula.values))
        return lambda values: sources[choose(values)]

    def _start(self, givens: Mapping[Key, Value]) -> Numbers:
        graph = self.derivation.graph
        value = [
            as_decimal(givens.get(given.key, given.value))
            for given in graph.givens.values()
        ]
        value += [Decimal(0)] * len(self.derivation.quantities)
        shown = list(value)
        for place, kind in self._unprinted:
            shown[place] = self.rounding.shown(value[place], kind)
        exact = [one == other for one, other in zip(value, shown, strict=True)]
        return Numbers(self, givens, value, list(value), shown, exact)

    @cached_property
    def _unprinted(self) -> list[tuple[int, str]]:
        """The givens that no file gives: they have more digits than are printed."""
        graph = self.derivation.graph
        return [
            (self.places[given.key], rounding_kind(given.key, graph))
            for given in graph.givens.values()
            if given.path is None
        ]

    def _walk(self, givens: Mapping[Key, Value]) -> Numbers:
        """The same by `read_numbers`, which says what is wrong where a rule has no
        value."""
        readings = read_numbers(self.derivation, self.rounding, givens)
        found = [readings[key] for key in self.keys]
        return Numbers(
            self,
            givens,
            [as_decimal(reading.value) for reading in found],
            [as_decimal(reading.carried) for reading in found],
            [as_decimal(reading.shown) for reading in found],
            [reading.is_exact for reading in found],
            readings,
        )

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        return tuple(map(self._step, self.derivation.quantities.values()))

    def _step(self, quantity: Quantity) -> Step:
        formula, place = quantity.formula, self.places[quantity.key]
        compute = self._computing(quantity)
        if not isinstance(formula, Cases):
            return self._copying(formula, place) or compute
        choose = compile_choice(formula, self.places)
        steps = [self._copying(value, place) or compute for value in formula.values]
        return lambda numbers: steps[choose(numbers.carried)](numbers)

    def _copying(self, formula: Written, place: int) -> Step | None:
        """A quantity that is another one, or a constant, is not rounded again."""
        match formula:
            case Number(constant):
                return _constant(as_decimal(constant), place)
            case Name(key):
                return _copy(self.places[key], place)
        return None

    def _computing(self, quantity: Quantity) -> Step:
        place, rounding = self.places[quantity.key], self.rounding
        kind = rounding_kind(quantity.key, self.derivation.graph)
        compute = compile_written(quantity.formula, self.places)
        quickly, carries = rounding.quickly(kind), kind in rounding.carry

        def step(numbers: Numbers) -> None:
            value = compute(numbers.carried)
            shown = quickly(value)
            exact = carries
            if shown is None:
                if value and abs(value.adjusted()) > FARTHEST_EXPONENT:
                    raise ArithmeticError("the number is too far from 1 to be written")
                shown = rounding.shown(value, kind)
                exact = carries or shown == value
            numbers.value[place] = value
            numbers.shown[place] = shown
            numbers.carried[place] = shown if carries else value
            numbers.exact[place] = exact

        return step


def _copied(formula: Written) -> Copied:
    """The quantity or the constant that a formula is; None for what is computed."""
    match formula:
        case Name(key):
            return key
        case Number():
            return formula
    return None


def _constant(constant: Decimal, place: int) -> Step:
    def step(numbers: Numbers) -> None:
        numbers.value[place] = numbers.carried[place] = constant
        numbers.shown[place] = constant
        numbers.exact[place] = True

    return step


def _copy(source: int, place: int) -> Step:
    def step(numbers: Numbers) -> None:
        numbers.value[place] = numbers.value[source]
        numbers.carried[place] = numbers.carried[source]
        numbers.shown[place] = numbers.shown[source]
        numbers.exact[place] = numbers.exact[source]

    return step
