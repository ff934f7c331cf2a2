"""One head of attention: o_i = sum_j a_ij v_j, with a_ij the softmax over j of
q_i · k_j / sqrt(d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Number,
    Product,
    Quotient,
    sum_of,
)
from explainer.network.activations import ACTIVATIONS
from explainer.network.construction import Construction, add_inputs
from explainer.network.forms import Name as NameForm
from explainer.network.forms import one_of
from explainer.network.layers.gates import LinearTable, read_group
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import LAYOUTS, LayerTable
from explainer.network.problems import counted
from explainer.network.quantity import At, Slope
from explainer.network.softmax import activate_together
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use

PARTS = {"queries": "q", "keys": "k", "values": "v"}
SLOPES = {
    "slope_of_softmax": "layer_slope_of_share",
    "slope_of_softmax_across": "layer_slope_of_share_across",
}


class AttentionTable(LayerTable):
    """One head of attention over the time steps."""

    kind: Annotated[str, one_of("kind of layer", ["attention"])] = Field(
        description="The kind of layer."
    )
    units: list[NameForm] | None = Field(
        default=None, description="The names of the outputs, one for each value."
    )
    matrix_layout: Annotated[str, one_of("matrix layout", LAYOUTS)] | None = Field(
        default=None,
        description="What a matrix's rows are, as in a fully connected layer.",
    )
    causal: bool = Field(
        default=False,
        description="Whether a time step attends to itself and earlier ones only.",
    )
    queries: LinearTable = Field(description="The weights of the queries.")
    keys: LinearTable = Field(description="The weights of the keys.")
    values: LinearTable = Field(description="The weights of the values.")


def read_attention(reading: LayerReading) -> ReadLayer:
    """Queries, keys and values are weighted sums; each value has an output."""
    table, findings = reading.table, reading.findings
    unnamed = replace(reading, table=table.model_copy(update={"units": None}))
    groups = {key: read_group(unnamed, getattr(table, key), (key,)) for key in PARTS}
    sums = {
        letter: _named(groups[key].sums, getattr(table, key), letter, reading)
        for key, letter in PARTS.items()
    }
    asked, held = len(sums["q"]), len(sums["k"])
    if asked != held and groups["queries"].is_known and groups["keys"].is_known:
        got = f"{counted(held, 'unit')}, but the queries have {counted(asked, 'unit')}"
        why = "Keys and queries are multiplied, unit by unit."
        findings.add(reading.place("keys", "weights"), f"the keys have {got}. {why}")
    names = _output_names(reading, len(sums["v"]), groups["values"].is_known)
    home = reading.place("units") if table.units else reading.place("values")
    units = [Use(name, "a unit", home) for name in names]
    units += [
        Use(unit.name, "a unit", reading.place(key, "weights"))
        for key, letter in PARTS.items()
        for unit in sums[letter]
    ]
    spec = LayerSpec(
        tuple(UnitSpec(name, ()) for name in names),
        ACTIVATIONS["identity"],
        kind="attention",
        gates=sums,
        facts={
            "causal": int(table.causal),
            "width": asked,
            "prefix": _number(reading),
        },
    )
    parameters = tuple(use for group in groups.values() for use in group.parameters)
    known = all(group.is_known for group in groups.values())
    return ReadLayer(spec, tuple(units), parameters, tuple(names) if known else None)


def _output_names(reading: LayerReading, count: int, is_known: bool) -> list[str]:
    """One output for each value: by the file's names, or o1, o2."""
    names = reading.table.units or [f"o{_number(reading)}{j + 1}" for j in range(count)]
    if len(names) != count and is_known:
        got = f"units names {counted(len(names), 'unit')}"
        need = f"the values have {counted(count, 'unit')}"
        reading.findings.add(reading.place("units"), f"{got}, but {need}")
    return names


def _number(reading: LayerReading) -> str:
    """What tells the names of this layer from those of another one of its kind."""
    return "" if reading.index == 0 else f"{reading.index + 1}_"


def _named(
    sums: Sequence[UnitSpec], table: LinearTable, letter: str, reading: LayerReading
) -> tuple[UnitSpec, ...]:
    """The rows of a matrix have no names: they are q1, q2 and so on."""
    if not isinstance(table.weights, list):
        return tuple(sums)
    return tuple(
        replace(unit, name=f"{letter}{_number(reading)}{j}")
        for j, unit in enumerate(sums, 1)
    )


def build_attention(layer: LayerSpec, construction: Construction) -> None:
    """Queries, keys and values at all places; then sample by sample who attends to
    whom."""
    for at in construction.axes:
        for group in layer.gates.values():
            for unit in group:
                sources, order = construction.outputs[at], construction.factor_order
                construction.add(add_inputs(unit, sources, at, order))
    sequences: dict[At, list[At]] = {}
    for at in construction.axes:
        sample = tuple(place for place in at if place[0] != "time")
        sequences.setdefault(sample, []).append(at)
    for sample, times in sequences.items():
        for place, at in enumerate(times, 1):
            seen = times[:place] if layer.facts["causal"] else times
            _attend(layer, construction, sample, at, place, seen)
            construction.leave(at, layer.units)


def _attend(
    layer: LayerSpec,
    construction: Construction,
    sample: At,
    at: At,
    place: int,
    seen: Sequence[At],
) -> None:
    """The scores of one query, its shares of attention, and the mean of the values."""
    names, prefix = layer.gates, layer.facts["prefix"]
    pairs = []
    for j, other in enumerate(seen, 1):
        terms = tuple(
            Product(
                (Name(Key("sum", (q.name,), at)), Name(Key("sum", (k.name,), other)))
            )
            for q, k in zip(names["q"], names["k"], strict=True)
        )
        root = Call("sqrt", (Number(Decimal(len(terms))),))
        score = Key("value", (f"s{prefix or '_'}{place}_{j}",), sample)
        construction.define(score, Quotient(sum_of(terms), root), "layer_score")
        pairs.append((score, Key("value", (f"a{prefix or '_'}{place}_{j}",), sample)))
    for quantity in activate_together(pairs):
        slopes = {
            key: Slope(slope.value, SLOPES[slope.rule])
            for key, slope in quantity.slopes.items()
        }
        construction.add(replace(quantity, rule="layer_share", slopes=slopes))
    for unit, value in zip(layer.units, names["v"], strict=True):
        parts = tuple(
            Product((Name(share), Name(Key("sum", (value.name,), other))))
            for (_, share), other in zip(pairs, seen, strict=True)
        )
        output = Key("activation", (unit.name,), at)
        construction.define(output, sum_of(parts), "layer_attention_output")
