"""Bad papers: numbers from which nothing is learned, or a mistake cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from explainer.derivation.deriving import Derivation
from explainer.derivation.reckoning import Numbers
from explainer.mathematics.written import Key

# A slope below this is saturated: every gradient behind it is next to nothing.
SATURATED = Decimal("0.01")


@dataclass(frozen=True)
class Look:
    """Where to look in the numbers of one shape. Each place is that of a list of
    numbers.

    `varied` are the numbers that are drawn; what the others do belongs to the exercise.
    `zero` are the gradients that are 0 at the numbers of the file.
    """

    derivation: Derivation
    varied: frozenset[Key]
    zero: frozenset[Key] = frozenset()

    @cached_property
    def _places(self) -> Mapping[Key, int]:
        keys = (*self.derivation.graph.givens, *self.derivation.quantities)
        return {key: place for place, key in enumerate(keys)}

    @cached_property
    def slopes(self) -> tuple[int, ...]:
        """The slopes of activations: da/dz."""
        quantities = self.derivation.quantities.values()
        slopes = (q.key for q in quantities if q.rule == "slope_of_activation")
        return tuple(self._places[key] for key in slopes)

    @cached_property
    def gradients(self) -> tuple[int, ...]:
        gradients = self.derivation.gradients.values()
        return tuple(self._places[key] for key in gradients if key not in self.zero)

    @cached_property
    def pairs_of_inputs(self) -> tuple[tuple[int, int], ...]:
        """Any two inputs of one sample or time step."""
        inputs = [key for key in self.derivation.graph.givens if key.kind == "input"]
        return tuple(
            (self._places[one], self._places[other])
            for one, other in combinations(inputs, 2)
            if one.at == other.at and self.varied & {one, other}
        )

    @cached_property
    def pairs_of_units(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Any two units of one layer: the parameters of the one, each beside that of
        the other."""
        graph = self.derivation.graph
        found: list[tuple[tuple[int, int], ...]] = []
        for layer in graph.layers:
            rows = [
                [used for used in graph.quantities[key].uses if used.kind in PARAMETERS]
                for key in layer.quantities
                if key.kind == "sum" and key.at == graph.axes[0]
            ]
            for one, other in combinations(rows, 2):
                varied = self.varied & {*one, *other}
                if one != other and len(one) == len(other) and varied:
                    pairs = zip(one, other, strict=True)
                    found.append(
                        tuple((self._places[a], self._places[b]) for a, b in pairs)
                    )
        return tuple(found)


PARAMETERS = ("weight", "bias")


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper before it is accepted: its numbers, and where to look in them."""

    look: Look
    numbers: Numbers
    check: MistakeCheck | None = None


# Answers the name of a mistake that would give the same numbers as the right way.
MistakeCheck = Callable[[Draft], str | None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A reason to draw again, by name; `what` says what to change if it prevails."""

    name: str
    applies: Callable[[Draft], bool]
    what: str


def _dead_unit(draft: Draft) -> bool:
    """A slope of exactly 0: a ReLU that is off."""
    value = draft.numbers.value
    return any(not value[place] for place in draft.look.slopes)


def _saturated_unit(draft: Draft) -> bool:
    """A slope next to 0."""
    value = draft.numbers.value
    return any(
        -SATURATED < value[place] < SATURATED and value[place]
        for place in draft.look.slopes
    )


def _zero_gradient(draft: Draft) -> bool:
    """A gradient of exactly 0: nothing to work out."""
    value = draft.numbers.value
    return any(not value[place] for place in draft.look.gradients)


def _equal_inputs(draft: Draft) -> bool:
    """Two inputs of one place are the same number: who takes the wrong one is right."""
    value = draft.numbers.value
    return any(value[one] == value[other] for one, other in draft.look.pairs_of_inputs)


def _symmetric_weights(draft: Draft) -> bool:
    """Two units of one layer have the same weights: they are one unit twice."""
    value = draft.numbers.value
    return any(
        all(value[one] == value[other] for one, other in pairs)
        for pairs in draft.look.pairs_of_units
    )


def _vanishing_value(draft: Draft) -> bool:
    """A number that is not 0, and is 0 at the digits asked."""
    numbers = draft.numbers
    if all(numbers.shown):
        return False
    return any(
        not shown and value
        for shown, value in zip(numbers.shown, numbers.value, strict=True)
    )


def _hidden_mistake(draft: Draft) -> bool:
    """A mistake of the catalogue would give the right numbers."""
    return draft.check is not None and draft.check(draft) is not None


REJECTIONS: Mapping[str, Rejection] = {
    rejection.name: rejection
    for rejection in (
        Rejection("dead-unit", _dead_unit, "larger weights or inputs, or no ReLU"),
        Rejection("saturated-unit", _saturated_unit, "smaller weights or inputs"),
        Rejection("zero-gradient", _zero_gradient, "other inputs or targets"),
        Rejection("equal-inputs", _equal_inputs, "more inputs to choose from"),
        Rejection(
            "symmetric-weights", _symmetric_weights, "more weights to choose from"
        ),
        Rejection("vanishing-value", _vanishing_value, "more digits, or figures"),
        Rejection("hidden-mistake", _hidden_mistake, "more numbers to choose from"),
    )
}
# Where a rule has no value, there are no readings to ask.
NO_VALUE = "no-value"


def what_to_change(reason: str) -> str:
    """What helps where a reason prevails."""
    return REJECTIONS[reason].what if reason in REJECTIONS else "other numbers"


def reject(draft: Draft) -> str | None:
    """The first reason against a paper; None where it is good."""
    for rejection in REJECTIONS.values():
        if rejection.applies(draft):
            return rejection.name
    return None
