"""A long short-term memory layer: c' = f c + i g, h' = o tanh(c')."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from explainer.mathematics.written import Call, Key, Name, Product, Sum
from explainer.network.activations import ACTIVATIONS
from explainer.network.construction import Construction
from explainer.network.forms import Number, one_of
from explainer.network.layers.gates import (
    LETTERS,
    GatedTable,
    GateTable,
    add_gate,
    check_same_units,
    outputs_before,
    read_group,
    read_initial,
    sums_of_gate,
)
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.quantity import At
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use

GATES: Mapping[str, str] = {
    "forget_gate": "sigmoid",
    "input_gate": "sigmoid",
    "cell_candidate": "tanh",
    "output_gate": "sigmoid",
}


class LSTMTable(GatedTable):
    """A long short-term memory layer: three gates, and what may go into the cell."""

    kind: Annotated[str, one_of("kind of layer", ["lstm"])] = Field(
        description="The kind of layer."
    )
    forget_gate: GateTable = Field(description="How much of the old cell stays.")
    input_gate: GateTable = Field(description="How much of the candidate goes in.")
    cell_candidate: GateTable = Field(description="What may go into the cell.")
    output_gate: GateTable = Field(description="How much of the cell is seen.")
    initial_cell: dict[str, Number] = Field(
        default={},
        description="The cells before the first time step, by unit; absent: 0.",
    )


def read_lstm(reading: LayerReading) -> ReadLayer:
    """The four groups of sums f, i, g, o, each with weights of its own."""
    table, findings = reading.table, reading.findings
    gates = {}
    for key in GATES:
        part: GateTable = getattr(table, key)
        gates[key] = read_group(reading, part, (key,), part.recurrent)
    names = check_same_units(gates, reading)
    first = gates["forget_gate"]
    sums = {
        LETTERS[key]: sums_of_gate(gates[key], LETTERS[key], names) for key in GATES
    }
    initial = read_initial(
        table.initial, reading.place("initial"), names, "", findings
    ) | read_initial(
        table.initial_cell, reading.place("initial_cell"), names, "c_", findings
    )
    spec = LayerSpec(
        tuple(UnitSpec(name, ()) for name in names),
        ACTIVATIONS["tanh"],
        kind="lstm",
        gates=sums,
        initial=initial,
    )
    made = [unit.name for group in sums.values() for unit in group]
    made += [f"c_{name}" for name in names]
    uses = (Use(name, "a part of the layer", reading.place("kind")) for name in made)
    parameters = tuple(use for gate in gates.values() for use in gate.parameters)
    known = names if all(gate.is_known for gate in gates.values()) else None
    return ReadLayer(spec, (*first.units, *uses), parameters, known)


def build_lstm(layer: LayerSpec, construction: Construction) -> None:
    """Step by step: the gates, then cell and output of each unit."""
    names = [unit.name for unit in layer.units]
    construction.begin(layer, "activation", names)
    construction.begin(layer, "value", [f"c_{name}" for name in names])
    for at in construction.axes:
        back = outputs_before(construction, names, at)
        for key, activation in GATES.items():
            units = layer.gates[LETTERS[key]]
            add_gate(construction, units, at, back, activation, f"layer_{key}")
        for name in names:
            _add_cell(construction, name, at)
        construction.leave(at, layer.units)


def _add_cell(construction: Construction, name: str, at: At) -> None:
    """c' = f c + i g and h' = o tanh(c')."""
    f, i, g, o, cell = (Key("value", (f"{x}_{name}",), at) for x in "figoc")
    old = Key("value", cell.of, construction.before(at))
    kept, new = Product((Name(f), Name(old))), Product((Name(i), Name(g)))
    construction.define(cell, Sum((kept, new)), "layer_cell")
    output = Product((Name(o), Call("tanh", (Name(cell),))))
    construction.define(Key("activation", (name,), at), output, "layer_lstm_output")
