"""Spec -> Graph: the network as an ordered graph of named quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from explainer.mathematics.written import Key, names_in
from explainer.network.construction import Construction
from explainer.network.layers import LAYERS
from explainer.network.objectives import Objective, build_objective
from explainer.network.places import places_of
from explainer.network.quantity import Given, Graph, Layer
from explainer.network.spec import LayerSpec, Spec
from explainer.network.training import train


def build(spec: Spec) -> Graph:
    """The graph of a checked network."""
    if spec.optimizer.one_by_one and len(spec.samples) > 1:
        return _build_in_turn(spec)
    if spec.formulas:
        construction, layer = _build_formulas(spec)
        objective = Objective(Key("value", (spec.objective or "",)))
        asked = [Key("value", (name,)) for name in spec.gradients_of]
        return _assemble(spec, construction, (layer,), objective, asked)
    axes = tuple(sample.at for sample in spec.samples)
    outputs = {
        sample.at: {name: Key("input", (name,), sample.at) for name in sample.inputs}
        for sample in spec.samples
    }
    construction = Construction(axes, spec.factor_order, outputs)
    layers = []
    for number, each in enumerate(spec.layers, 1):
        known = set(construction.quantities)
        LAYERS[each.kind].build(each, construction)
        made = tuple(key for key in construction.quantities if key not in known)
        layers.append(_layer(number, each, made, spec.page.parameters))
    asked = [outputs[at][name] for at in axes for name in spec.gradients_of]
    objective = build_objective(spec, construction)
    return _assemble(spec, construction, tuple(layers), objective, asked)


def _build_in_turn(spec: Spec) -> Graph:
    """The graph of one sample; the samples take turns as its givens."""
    turns = []
    for number in dict.fromkeys(dict(s.at).get("sample", 1) for s in spec.samples):
        own = tuple(
            replace(s, at=tuple(place for place in s.at if place[0] != "sample"))
            for s in spec.samples
            if dict(s.at).get("sample", 1) == number
        )
        turns.append(replace(spec, samples=own))
    together = replace(spec.optimizer, one_by_one=False)
    graph = build(replace(turns[0], optimizer=together))
    givens = tuple(tuple(_givens_of_samples(turn)) for turn in turns)
    return replace(graph, turns=givens)


def _assemble(
    spec: Spec,
    construction: Construction,
    layers: tuple[Layer, ...],
    objective: Objective,
    asked: list[Key],
) -> Graph:
    parameters = list(dict.fromkeys(k for layer in layers for k in layer.parameters))
    trained = [
        key for key in parameters if spec.learning_rate and key.of[0] not in spec.frozen
    ]
    training = train(spec, trained)
    carriers = (key for key in construction.quantities if key.kind == "sum")
    kinds = (LAYERS[layer.kind].mixes for layer in spec.layers)
    mixed = set(filter(None, kinds))
    givens = [*_givens(spec, parameters), *construction.givens, *training.givens]
    return Graph(
        givens={given.key: given for given in givens},
        quantities=construction.quantities,
        objective=objective.key,
        parts=objective.parts,
        wanted=tuple(dict.fromkeys([*asked, *parameters])),
        carriers=frozenset(carriers),
        layers=layers,
        places=places_of(spec),
        trained=frozenset(trained),
        samples=() if "samples" in mixed else objective.samples,
        data_loss=objective.data_loss,
        axes=construction.axes,
        learning_rate=Key("learning_rate") if spec.learning_rate else None,
        error_signal=spec.error_signal,
        goes_back_updated=spec.goes_back_updated,
        update=training.update,
        following=training.following,
        optimizer=spec.optimizer.name,
        is_mixed=bool(mixed),
    )


def _givens(spec: Spec, parameters: list[Key]) -> Iterator[Given]:
    """The numbers of the file: inputs, targets, parameters, the learning rate."""
    yield from _givens_of_samples(spec)
    for key in parameters:
        entry = spec.parameters[str(key.of[0])]
        yield Given(key, entry.value, entry.path)
    if spec.learning_rate:
        rate = spec.learning_rate
        yield Given(Key("learning_rate"), rate.value, rate.path)


def _givens_of_samples(spec: Spec) -> Iterator[Given]:
    kind = "value" if spec.formulas else "input"
    for sample in spec.samples:
        for name, entry in sample.inputs.items():
            yield Given(Key(kind, (name,), sample.at), entry.value, entry.path)
    for sample in spec.samples:
        for name, entry in sample.targets.items():
            yield Given(Key("target", (name,), sample.at), entry.value, entry.path)


def _layer(
    number: int, layer: LayerSpec, made: tuple[Key, ...], parameters: str
) -> Layer:
    units = layer.summing_units
    weights = [Key("weight", (name,)) for unit in units for name in unit.weights]
    biases = [Key("bias", (unit.bias,)) for unit in units if unit.bias is not None]
    return Layer(
        number,
        layer.kind,
        tuple(unit.name for unit in layer.units),
        layer.activation.name,
        made,
        _ordered(weights, parameters),
        _ordered(biases, parameters),
        layer.facts,
    )


def _ordered(keys: list[Key], order: str) -> tuple[Key, ...]:
    """Each key once: by name, w2 before w10, or as the units use them."""
    once = list(dict.fromkeys(keys))
    if order == "by-name":
        once.sort(key=lambda key: _natural(str(key.of[0])))
    return tuple(once)


def _natural(name: str) -> list[tuple[str, int]]:
    parts = re.findall("([^0-9]*)([0-9]*)", name)
    return [(letters, int(digits or 0)) for letters, digits in parts]


def _build_formulas(spec: Spec) -> tuple[Construction, Layer]:
    """A computational graph: each formula is a quantity, and all are one layer."""
    construction = Construction(((),), spec.factor_order, {})
    keys = tuple(
        construction.define(Key("value", (name,)), formula, "formula")
        for name, formula in spec.formulas.items()
    )
    used = [key for formula in spec.formulas.values() for key in names_in(formula)]
    weights = [key for key in used if key.kind == "weight"]
    return construction, Layer(
        1, "formulas", (), "", keys, _ordered(weights, spec.page.parameters)
    )
