"""Spec -> Graph: the network as an ordered graph of named quantities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from explainer.mathematics.written import Key
from explainer.network.layers import connect
from explainer.network.losses import LOSSES, add_losses, lose
from explainer.network.quantity import Given, Graph, Layer, Quantity
from explainer.network.spec import LayerSpec, Spec
from explainer.notation import Place


def build(spec: Spec) -> Graph:
    """The graph of a checked network."""
    sources = {name: Key("input", (name,)) for name in spec.inputs}
    quantities: list[Quantity] = []
    for layer in spec.layers:
        quantities += connect(layer, sources, spec.factor_order)
        sources |= {unit.name: Key("activation", (unit.name,)) for unit in layer.units}
    losses = _losses(spec)
    quantities += losses
    layers = tuple(
        _layer(number, layer, spec.page.parameters)
        for number, layer in enumerate(spec.layers, 1)
    )
    parameters = [key for layer in layers for key in layer.parameters]
    asked = [sources[name] for name in spec.gradients_of]
    learning_rate = Key("learning_rate") if spec.learning_rate else None
    return Graph(
        givens={given.key: given for given in _givens(spec, parameters)},
        quantities={quantity.key: quantity for quantity in quantities},
        objective=losses[-1].key if losses else _objective(spec),
        parts=tuple(quantity.key for quantity in losses[:-1]),
        wanted=tuple(dict.fromkeys([*asked, *parameters])),
        carriers=frozenset(q.key for q in quantities if q.key.kind == "sum"),
        layers=layers,
        places=_places(spec),
        trained=frozenset(
            key for key in parameters if learning_rate and key.of[0] not in spec.frozen
        ),
        learning_rate=learning_rate,
        error_signal=spec.error_signal,
    )


def _losses(spec: Spec) -> tuple[Quantity, ...]:
    """The error of each output and the total, the total last; one output has only a
    total."""
    if spec.loss is None:
        return ()
    loss = LOSSES[spec.loss.name]
    outputs = tuple(unit.name for unit in spec.layers[-1].units)
    single = len(outputs) == 1
    parts = tuple(
        lose(
            loss,
            Key("activation", (name,)),
            Key("target", (name,)),
            Key("loss") if single else Key("loss", (name,)),
        )
        for name in outputs
    )
    if single:
        return parts
    total = add_losses(
        tuple(part.key for part in parts), spec.loss.outputs, Key("total")
    )
    return (*parts, total)


def _objective(spec: Spec) -> Key:
    return Key("activation", (spec.objective or spec.layers[-1].units[-1].name,))


def _layer(number: int, layer: LayerSpec, parameters: str) -> Layer:
    weights = [
        Key("weight", (name,)) for unit in layer.units for _, name in unit.inputs
    ]
    biases = [
        Key("bias", (unit.bias,)) for unit in layer.units if unit.bias is not None
    ]
    return Layer(
        number,
        tuple(unit.name for unit in layer.units),
        layer.activation,
        _ordered(weights, parameters),
        _ordered(biases, parameters),
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


def _givens(spec: Spec, parameters: list[Key]) -> Iterator[Given]:
    for name, entry in spec.inputs.items():
        yield Given(Key("input", (name,)), entry.value, entry.path)
    for name, entry in spec.targets.items():
        yield Given(Key("target", (name,)), entry.value, entry.path)
    for key in dict.fromkeys(parameters):
        entry = spec.parameters[str(key.of[0])]
        yield Given(key, entry.value, entry.path)
    if spec.learning_rate:
        yield Given(
            Key("learning_rate"), spec.learning_rate.value, spec.learning_rate.path
        )


def _places(spec: Spec) -> Mapping[str, Place]:
    """The place of every name; a parameter that is used in several places has no
    index."""
    places = {name: Place(0, index) for index, name in enumerate(spec.inputs, 1)}
    for number, layer in enumerate(spec.layers, 1):
        for index, unit in enumerate(layer.units, 1):
            places[unit.name] = Place(number, index, alone=len(layer.units) == 1)
    used: list[tuple[str, Place]] = []
    for number, layer in enumerate(spec.layers, 1):
        for index, unit in enumerate(layer.units, 1):
            for source, weight in unit.inputs:
                below = places[source]
                skips = below.layer != number - 1
                # w_jk^(l) speaks of the layer before: a skip connection has no index.
                own = Place(number) if skips else Place(number, index, below.index)
                used.append((weight, own))
            if unit.bias is not None:
                used.append((unit.bias, Place(number, index)))
    times = Counter(name for name, _ in used)
    for name, place in used:
        layers = {other.layer for known, other in used if known == name}
        if times[name] == 1:
            places[name] = place
        else:
            places[name] = Place(place.layer if len(layers) == 1 else None)
    return places
