"""A gated recurrent unit: h' = (1 - z) n + z h, or by the other convention
h' = (1 - z) h + z n."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from explainer.mathematics.written import ONE, Key, Name, Negative, Product, Sum
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.construction import Construction, add_inputs
from explainer.network.forms import one_of
from explainer.network.layers.gates import (
    LETTERS,
    GatedTable,
    GateTable,
    GroupReader,
    add_gate,
    check_same_units,
    outputs_before,
    read_group,
    read_initial,
    sums_of_gate,
)
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import Bias, DenseTable
from explainer.network.quantity import At
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use

GATES = ("reset_gate", "update_gate", "candidate")
UPDATES = ("keeps-old", "takes-new")
RESETS = ("after", "before")


class CandidateTable(GateTable):
    """The candidate of a GRU."""

    recurrent_bias: Bias | None = Field(
        default=None,
        description="A second bias that the reset gate multiplies, too; only with"
        ' reset = "after".',
    )


class GRUTable(GatedTable):
    """A layer of gated recurrent units."""

    kind: Annotated[str, one_of("kind of layer", ["gru"])] = Field(
        description="The kind of layer."
    )
    reset_gate: GateTable = Field(
        description="How much of the old output the candidate sees."
    )
    update_gate: GateTable = Field(
        description="How old output and candidate are mixed."
    )
    candidate: CandidateTable = Field(description="What the output may become.")
    update: Annotated[str, one_of("convention", UPDATES)] = Field(
        default="keeps-old",
        description="What an update gate of 1 does: it keeps the old output, or takes"
        " the candidate.",
    )
    reset: Annotated[str, one_of("convention", RESETS)] = Field(
        default="after",
        description="Whether the reset gate multiplies after the recurrent weights, or"
        " before them.",
    )


def read_gru(reading: LayerReading) -> ReadLayer:
    """The three groups of sums r, z, n; with a late reset n has two parts."""
    table = reading.table
    gates = {}
    for key in GATES:
        part: GateTable = getattr(table, key)
        gates[key] = read_group(reading, part, (key,), part.recurrent)
    names = check_same_units(gates, reading)
    sums = {
        LETTERS[key]: sums_of_gate(gates[key], LETTERS[key], names) for key in GATES
    }
    late = _late_biases(reading, names)
    made = [f"{x}_{name}" for x in "rzn" for name in names]
    if table.reset == "after":
        biases = dict(zip(names, late, strict=False))
        sums |= _parted(sums.pop("n"), names, biases)
        made += [f"n_{part}_{name}" for part in "xh" for name in names]
    else:
        made += [f"reset_{name}" for name in names]
    spec = LayerSpec(
        tuple(UnitSpec(name, ()) for name in names),
        ACTIVATIONS["tanh"],
        kind="gru",
        gates=sums,
        initial=read_initial(
            table.initial, reading.place("initial"), names, "", reading.findings
        ),
        facts={"update": table.update, "reset": table.reset},
    )
    uses = (Use(name, "a part of the layer", reading.place("kind")) for name in made)
    parameters = [use for gate in gates.values() for use in gate.parameters]
    parameters += [use for use in dict.fromkeys(late) if use]
    known = names if all(gate.is_known for gate in gates.values()) else None
    units = (*gates["reset_gate"].units, *uses)
    return ReadLayer(spec, units, tuple(parameters), known)


def _late_biases(reading: LayerReading, names: tuple[str, ...]) -> list[Use | None]:
    """The second bias of each candidate, where there is one."""
    table, where = reading.table, reading.place("candidate", "recurrent_bias")
    given = table.candidate.recurrent_bias
    if given is not None and table.reset == "before":
        why = 'needs reset = "after": otherwise it is added to the other bias'
        reading.findings.add(where, why)
    reader = _LateReader(
        reading.index,
        reading.depth,
        DenseTable.model_construct(bias=given),
        reading.before,
        reading.findings,
        home=("candidate",),
    )
    uses = reader.biases(names)
    return [
        replace(use, name=f"{use.name}_h") if use and _is_unnamed(use) else use
        for use in uses
    ]


def _is_unnamed(use: Use) -> bool:
    return use.value is not None and use.location[-1] != use.name


class _LateReader(GroupReader):
    """Reads the recurrent bias in the place of the bias."""

    def place(self, *steps: str | int) -> tuple[str | int, ...]:
        first = "recurrent_bias" if steps[0] == "bias" else steps[0]
        return ("layers", self.index, *self.home, first, *steps[1:])


def _parted(
    units: tuple[UnitSpec, ...], names: tuple[str, ...], late: dict[str, Use | None]
) -> dict[str, tuple[UnitSpec, ...]]:
    """W x + b and U h + b', apart: the reset gate multiplies the second only."""
    pairs = list(zip(units, names, strict=False))
    biases = {name: use.name if use else None for name, use in late.items()}
    return {
        "n_x": tuple(
            replace(unit, name=f"n_x_{name}", recurrent=()) for unit, name in pairs
        ),
        "n_h": tuple(
            UnitSpec(f"n_h_{name}", (), biases.get(name), unit.recurrent)
            for unit, name in pairs
        ),
    }


def build_gru(layer: LayerSpec, construction: Construction) -> None:
    """Step by step: the gates, the candidate, then the output of each unit."""
    names = [unit.name for unit in layer.units]
    construction.begin(layer, "activation", names)
    for at in construction.axes:
        back = outputs_before(construction, names, at)
        for key in ("reset_gate", "update_gate"):
            units = layer.gates[LETTERS[key]]
            add_gate(construction, units, at, back, "sigmoid", f"layer_{key}")
        if layer.facts["reset"] == "before":
            _reset_before(layer, construction, at, back)
        else:
            _reset_after(layer, construction, at, back)
        for name in names:
            _add_output(layer, construction, name, at, back[name])
        construction.leave(at, layer.units)


def _reset_before(
    layer: LayerSpec, construction: Construction, at: At, back: dict[str, Key]
) -> None:
    """n = tanh(W x + U (r h) + b)."""
    reset = {}
    for name, old in back.items():
        product = Product((Name(Key("value", (f"r_{name}",), at)), Name(old)))
        key = Key("value", (f"reset_{name}",), at)
        reset[name] = construction.define(key, product, "layer_reset")
    units = layer.gates["n"]
    add_gate(construction, units, at, reset, "tanh", "layer_candidate")


def _reset_after(
    layer: LayerSpec, construction: Construction, at: At, back: dict[str, Key]
) -> None:
    """n = tanh(W x + b + r (U h + b'))."""
    sources, order = construction.outputs[at], construction.factor_order
    for unit in (*layer.gates["n_x"], *layer.gates["n_h"]):
        construction.add(add_inputs(unit, sources, at, order, back))
    for name in back:
        fresh, old = (Key("sum", (f"n_{part}_{name}",), at) for part in "xh")
        gated = Product((Name(Key("value", (f"r_{name}",), at)), Name(old)))
        z = construction.define(
            Key("sum", (f"n_{name}",), at),
            Sum((Name(fresh), gated)),
            "layer_candidate_sum",
        )
        value = Key("value", (f"n_{name}",), at)
        quantity = activate(ACTIVATIONS["tanh"], {}, z, value)
        construction.add(replace(quantity, rule="layer_candidate"))


def _add_output(
    layer: LayerSpec, construction: Construction, name: str, at: At, old: Key
) -> None:
    """h' = (1 - z) n + z h; with "takes-new" h' = (1 - z) h + z n."""
    z, n = (Name(Key("value", (f"{x}_{name}",), at)) for x in "zn")
    first, second = (n, Name(old))
    if layer.facts["update"] == "takes-new":
        first, second = second, first
    rest = Sum((ONE, Negative(z)))
    formula = Sum((Product((rest, first)), Product((z, second))))
    construction.define(Key("activation", (name,), at), formula, "layer_gru_output")
