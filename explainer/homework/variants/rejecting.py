"""Bad papers: numbers from which nothing is learned, or a mistake cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key

# A slope below this is saturated: every gradient behind it is next to nothing.
SATURATED = Decimal("0.01")


@dataclass(frozen=True)
class Draft:
    """A paper before it is accepted: its derivation and its numbers."""

    derivation: Derivation
    readings: Readings
    check: MistakeCheck | None = None

    @cached_property
    def slopes(self) -> tuple[Key, ...]:
        """The slopes of activations: da/dz."""
        return slopes_of(self.derivation)


# Answers the name of a mistake that would give the same numbers as the right way.
MistakeCheck = Callable[["Draft"], str | None]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A reason to draw again, by name; `what` says what to change if it prevails."""

    name: str
    applies: Callable[[Draft], bool]
    what: str


def slopes_of(derivation: Derivation) -> tuple[Key, ...]:
    quantities = derivation.quantities.values()
    return tuple(q.key for q in quantities if q.rule == "slope_of_activation")


def _dead_unit(draft: Draft) -> bool:
    """A slope of exactly 0: a ReLU that is off."""
    return any(not draft.readings[key].value for key in draft.slopes)


def _saturated_unit(draft: Draft) -> bool:
    """A slope next to 0."""
    values = (abs(as_decimal(draft.readings[key].value)) for key in draft.slopes)
    return any(0 < value < SATURATED for value in values)


def _zero_gradient(draft: Draft) -> bool:
    """A gradient of exactly 0: nothing to work out."""
    gradients = draft.derivation.gradients.values()
    return any(not draft.readings[key].value for key in gradients)


def _equal_inputs(draft: Draft) -> bool:
    """Two inputs of one place are the same number: who takes the wrong one is right."""
    inputs = [key for key in draft.derivation.graph.givens if key.kind == "input"]
    return any(
        one.at == other.at and draft.readings[one].value == draft.readings[other].value
        for one, other in combinations(inputs, 2)
    )


def _symmetric_weights(draft: Draft) -> bool:
    """Two units of one layer have the same weights: they are one unit twice."""
    graph = draft.derivation.graph
    for layer in graph.layers:
        rows = []
        for key in layer.quantities:
            if key.kind == "sum" and key.at == graph.axes[0]:
                uses = graph.quantities[key].uses
                weights = [used for used in uses if used.kind in ("weight", "bias")]
                rows.append((weights, [draft.readings[w].value for w in weights]))
        for (one, numbers), (other, others) in combinations(rows, 2):
            if one != other and numbers == others:
                return True
    return False


def _vanishing_value(draft: Draft) -> bool:
    """A number that is not 0, and is 0 at the digits asked."""
    readings = draft.readings.values()
    return any(not reading.shown and reading.value for reading in readings)


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


def reject(draft: Draft) -> str | None:
    """The first reason against a paper; None where it is good."""
    for rejection in REJECTIONS.values():
        if rejection.applies(draft):
            return rejection.name
    return None
