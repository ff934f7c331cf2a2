"""Where every name stands in a network: what layer notations need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from explainer.network.spec import LayerSpec, Spec
from explainer.notation import Place

# The kinds of layer whose weights w_jk lead from unit k before to unit j.
NUMBERED = ("dense", "recurrent")


def places_of(spec: Spec) -> Mapping[str, Place]:
    """The place of every name; a parameter that is used in several places has no
    index, and neither has a unit of a grid: its name says where it stands."""
    places = {
        name: Place(0, None if "_" in name else index)
        for index, name in enumerate(spec.inputs, 1)
    }
    for number, layer in enumerate(spec.layers, 1):
        alone = len(layer.units) == 1
        for index, unit in enumerate(layer.units, 1):
            own = None if _stands_in_a_grid(layer) else index
            places[unit.name] = Place(number, own, alone=alone)
        for gate in layer.gates.values():
            places |= {unit.name: Place(number) for unit in gate}
    used = list(_used_parameters(spec, places))
    times = Counter(name for name, _ in used)
    for name, place in used:
        layers = {other.layer for known, other in used if known == name}
        if times[name] == 1:
            places[name] = place
        else:
            places[name] = Place(place.layer if len(layers) == 1 else None)
    return places


def _stands_in_a_grid(layer: LayerSpec) -> bool:
    return "grid" in layer.facts


def _used_parameters(
    spec: Spec, places: Mapping[str, Place]
) -> Iterator[tuple[str, Place]]:
    """Every use of a parameter, with the place that it speaks of."""
    for number, layer in enumerate(spec.layers, 1):
        for unit in layer.summing_units:
            here = places[unit.name]
            for source, weight in unit.inputs:
                below = places[source]
                # w_jk^(l) speaks of the layer before: a skip connection has no index.
                skips = below.layer != number - 1 or here.index is None
                skips |= layer.kind not in NUMBERED
                own = Place(number) if skips else Place(number, here.index, below.index)
                if weight is not None:
                    yield weight, own if own.source is not None else Place(number)
            for _, weight in unit.recurrent:
                yield weight, Place(number)
            if unit.bias is not None:
                # A gate has no index: its bias is known by its name.
                own = Place() if here.index is None else Place(number, here.index)
                yield unit.bias, own
