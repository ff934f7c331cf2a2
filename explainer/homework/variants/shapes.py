"""The shape of an exercise: its symbols once, and the numbers that may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from explainer.derivation.deriving import Derivation, derive_graph
from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.homework.variants.rejecting import Look
from explainer.mathematics.evaluation import Value
from explainer.mathematics.written import Key
from explainer.network.building import build
from explainer.network.losses import LOSSES
from explainer.network.problems import NetworkError
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import Spec, Spread, Variation
from explainer.network.variation import spread_around
from explainer.notation import plain_name

GROUP: Mapping[str, str] = {
    "input": "inputs",
    "value": "inputs",
    "target": "targets",
    "weight": "weights",
    "bias": "biases",
    "learning_rate": "learning_rate",
}


@dataclass(frozen=True)
class Shape:
    """One choice of activation: the network with its derivation, and what each given
    number may be."""

    activation: str
    spec: Spec
    derivation: Derivation
    spreads: Mapping[Key, Spread]

    @cached_property
    def fields(self) -> tuple[tuple[Key, str, Spread], ...]:
        """The numbers to draw, each with the name of its field."""
        return tuple((key, plain_name(key), s) for key, s in self.spreads.items())

    @cached_property
    def reckoner(self) -> Reckoner:
        return Reckoner(self.derivation, self.spec.rounding)

    @cached_property
    def own(self) -> Numbers | None:
        """The numbers of the file; None where a rule has no value."""
        try:
            return self.reckoner.reckon({})
        except NetworkError:
            return None

    @cached_property
    def look(self) -> Look:
        gradients = self.derivation.gradients.values()
        places = self.reckoner.places
        zero = (
            frozenset(key for key in gradients if not self.own.value[places[key]])
            if self.own
            else frozenset[Key]()
        )
        return Look(self.derivation, frozenset(self.spreads), zero)


def make_shapes(spec: Spec, method: str, only: tuple[str, ...]) -> Mapping[str, Shape]:
    """The shapes of an exercise, by the activation chosen; "" is that of the file."""
    choices = spec.variation.activation if spec.variation else ()
    return {
        name: _shape(name, _activated(spec, name), method, only)
        for name in choices or ("",)
    }


def count_papers(shapes: Mapping[str, Shape]) -> int:
    """How many papers there can be: the product of the numbers to choose from."""
    return sum(
        prod(len(spread) for spread in shape.spreads.values())
        for shape in shapes.values()
    )


def _activated(spec: Spec, name: str) -> Spec:
    """The network with this activation in all layers but the last."""
    if not name:
        return spec
    *hidden, last = spec.layers
    record = LAYER_ACTIVATIONS[name]
    changed = [replace(layer, activation=record, options={}) for layer in hidden]
    return replace(spec, layers=(*changed, last))


def _shape(name: str, spec: Spec, method: str, only: tuple[str, ...]) -> Shape:
    derivation = derive_graph(build(spec), method, only)
    givens = derivation.graph.givens.values()
    found = {
        given.key: spread
        for given in givens
        if (spread := _spread(spec.variation, given.key, given.value))
        and not (given.key.kind == "target" and _adds_up(spec))
    }
    return Shape(name, spec, derivation, found)


def _adds_up(spec: Spec) -> bool:
    """Whether the targets add up to 1: one alone cannot be another number."""
    return spec.loss is not None and LOSSES[spec.loss.name].distribution


def _spread(variation: Variation | None, key: Key, value: Value) -> Spread | None:
    """What a given number may be; None where it stays.

    Without [variants] these are inputs, weights and biases around their values, and
    targets that are no whole numbers, between 0 and 1.
    """
    group = GROUP.get(key.kind)
    if group is None:
        return None
    if variation is not None:
        name = str(key.of[0]) if key.of else ""
        single = variation.single.get(name) if group != "targets" else None
        return single or variation.groups.get(group)
    if group == "learning_rate":
        return None
    spread = spread_around(value)
    if group == "targets":
        # A class is not a number to vary; a target between 0 and 1 stays there.
        if spread is None or value in (0, 1) or not 0 < value < 1:
            return None
        return tuple(number for number in spread if 0 < number < 1)
    return spread
