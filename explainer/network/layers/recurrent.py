"""A recurrent layer (Elman): h_t = f(W x_t + U h_{t-1} + b)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from explainer.mathematics.written import Key
from explainer.network.activation_choice import choose_activation
from explainer.network.construction import Construction, add_inputs
from explainer.network.forms import Number, one_of
from explainer.network.layers.gates import outputs_before, read_group, read_initial
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import DenseTable, Weights
from explainer.network.softmax import is_softmax
from explainer.network.spec import LayerSpec


class RecurrentTable(DenseTable):
    """A recurrent layer: like a fully connected one, and its own outputs come back."""

    kind: Annotated[str, one_of("kind of layer", ["recurrent"])] = Field(
        description="The kind of layer."
    )
    recurrent: Weights = Field(
        default={},
        description="The weights of the layer's own outputs one time step before, in"
        " any form of the weights.",
    )
    initial: dict[str, Number] = Field(
        default={},
        description="The outputs before the first time step, by unit; absent: 0.",
    )


def read_recurrent(reading: LayerReading) -> ReadLayer:
    """A layer that is fed by the layer before and by itself, one time step earlier."""
    table, findings = reading.table, reading.findings
    group = read_group(reading, table, recurrent=table.recurrent)
    activation, options = choose_activation(
        table.activation, reading.place("activation"), findings
    )
    initial = read_initial(
        table.initial, reading.place("initial"), group.names, "", findings
    )
    spec = LayerSpec(group.sums, activation, options, "recurrent", initial=initial)
    names = group.names if group.is_known else None
    return ReadLayer(spec, group.units, group.parameters, names)


def build_recurrent(layer: LayerSpec, construction: Construction) -> None:
    """Step by step: the weighted sums use the outputs of the step before."""
    names = [unit.name for unit in layer.units]
    construction.begin(layer, "activation", names)
    for at in construction.axes:
        sources = construction.outputs[at]
        back = outputs_before(construction, names, at)
        pairs = []
        for unit in layer.units:
            z = construction.add(
                add_inputs(unit, sources, at, construction.factor_order, back)
            )
            pairs.append((z, Key("activation", (unit.name,), at)))
            if not is_softmax(layer.activation):
                construction.activate(layer, pairs[-1:])
        if is_softmax(layer.activation):
            construction.activate(layer, pairs)
        construction.leave(at, layer.units)
