"""A fully connected layer: z_j = sum_k w_jk a_k + b_j, then a_j = f(z_j)."""

from __future__ import annotations

from explainer.mathematics.written import Key
from explainer.network.construction import Construction, add_inputs
from explainer.network.softmax import is_softmax
from explainer.network.spec import LayerSpec


def build_dense(layer: LayerSpec, construction: Construction) -> None:
    """The weighted sum and the output of each unit, place by place."""
    for at in construction.axes:
        sources = construction.outputs[at]
        pairs = []
        for unit in layer.units:
            z = construction.add(
                add_inputs(unit, sources, at, construction.factor_order)
            )
            pairs.append((z, Key("activation", (unit.name,), at)))
            if not is_softmax(layer.activation):
                construction.activate(layer, pairs[-1:])
        if is_softmax(layer.activation):
            construction.activate(layer, pairs)
        construction.leave(at, layer.units)
