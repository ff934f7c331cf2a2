"""Groups of weighted sums within a layer: the gates of an LSTM, the queries of
attention. Each has weights and biases like a fully connected layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from explainer.mathematics.written import Key
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.construction import Construction, add_inputs
from explainer.network.forms import Name, Number, one_of
from explainer.network.layers.dense_reading import Cell, LayerReader, Unit
from explainer.network.layers.reading import LayerReading
from explainer.network.layers.tables import LAYOUTS, DenseTable, LayerTable, Weights
from explainer.network.layers.tables import Bias as BiasForm
from explainer.network.problems import Findings, Location, counted, place_of, unknown
from explainer.network.quantity import At
from explainer.network.schema import Table
from explainer.network.spec import Entry, UnitSpec
from explainer.network.values import Use

Feeds = tuple[tuple[str, str], ...]


class LinearTable(Table):
    """A group of weighted sums: its weights and biases."""

    weights: Weights = Field(
        default={}, description="The weights, in any form of a dense layer's."
    )
    bias: BiasForm | None = Field(
        default=None, description="The biases, in any form of a dense layer's."
    )


class GateTable(LinearTable):
    """A gate: its weights, its recurrent weights and its biases."""

    recurrent: Weights = Field(
        default={},
        description="The weights of the layer's own outputs one time step before, in"
        " any form of a dense layer's weights.",
    )


class GatedTable(LayerTable):
    """A layer whose sums stand in groups."""

    units: list[Name] | None = Field(
        default=None,
        description="The names of the units, where the weights are matrices.",
    )
    matrix_layout: Annotated[str, one_of("matrix layout", LAYOUTS)] | None = Field(
        default=None,
        description="What a matrix's rows are, as in a fully connected layer.",
    )
    initial: dict[str, Number] = Field(
        default={},
        description="The outputs before the first time step, by unit; absent: 0.",
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """A group as read: its units in order, each with its sum, and the names used."""

    names: tuple[str, ...]
    sums: tuple[UnitSpec, ...]
    units: tuple[Use, ...]
    parameters: tuple[Use, ...]
    is_known: bool


@dataclass(slots=True)
class GroupReader(LayerReader):
    """Reads the weights of one group, at `home` in the layer, under the key `form`."""

    home: tuple[str, ...] = ()
    form: str = "weights"

    def place(self, *steps: str | int) -> Location:
        if steps[0] in ("units", "matrix_layout"):
            return ("layers", self.index, *steps)
        first = self.form if steps[0] == "weights" else steps[0]
        return ("layers", self.index, *self.home, first, *steps[1:])

    def _units_before(self) -> str:
        before = self.before or ()
        whose = "the layer before" if self.form == "weights" else "the layer"
        return f"{whose} has {counted(len(before), 'unit')}: {', '.join(before)}"

    def _row_of_weights(
        self, row: int, cells: Sequence[Cell], wide: bool
    ) -> Iterator[Use]:
        letter = "w" if self.form == "weights" else "u"
        for use in LayerReader._row_of_weights(self, row, cells, wide):
            yield named_in_group(use, letter, self.home)

    def biases(self, units: Sequence[str]) -> list[Use | None]:
        uses = LayerReader.biases(self, units)
        return [use and named_in_group(use, "b", self.home) for use in uses]


LETTERS: Mapping[str, str] = {
    "forget_gate": "f",
    "input_gate": "i",
    "cell_candidate": "g",
    "output_gate": "o",
    "reset_gate": "r",
    "update_gate": "z",
    "candidate": "n",
    "queries": "q",
    "keys": "k",
    "values": "v",
}


def named_in_group(use: Use, letter: str, home: tuple[str, ...]) -> Use:
    """A parameter that has no name in the file: w1_f_11 is a weight of gate f.

    >>> use = Use("w1_11", "a weight", ("layers", 0, "weights", 0, 0), Decimal(1))
    >>> named_in_group(use, "u", ("forget_gate",)).name
    'u1_f_11'
    """
    if use.value is None or use.location[-1] == use.name:
        return use
    base, _, rest = use.name.partition("_")
    tags = [LETTERS[part] for part in home]
    return replace(use, name="_".join(filter(None, [letter + base[1:], *tags, rest])))


def read_group(
    reading: LayerReading,
    table: LinearTable | DenseTable,
    home: tuple[str, ...] = (),
    recurrent: Weights | None = None,
) -> Gate:
    """The sums of one group: sum_k w_jk x_k + sum_l u_jl h_l + b_j."""
    findings = reading.findings
    own = _as_dense(table.weights, table.bias, reading.table)
    before = reading.before or None
    reader = GroupReader(reading.index, reading.depth, own, before, findings, home=home)
    units = reader.units()
    names = tuple(unit.use.name for unit in units)
    biases = reader.biases(names)
    is_known = reader.knows_its_units()
    feeds: dict[str, Feeds] = {}
    back: list[Use] = []
    if recurrent is not None:
        feeds, back = _read_recurrent(reading, home, recurrent, names)
    sums = tuple(
        UnitSpec(
            unit.use.name,
            _feeds(unit, reading.before or (), reading.earlier, reading),
            bias.name if bias else None,
            feeds.get(unit.use.name, ()),
        )
        for unit, bias in zip(units, biases, strict=False)
    )
    shared = [bias for bias in dict.fromkeys(biases) if bias is not None]
    weights = [weight for unit in units for weight in unit.weights]
    uses = tuple(unit.use for unit in units)
    return Gate(names, sums, uses, (*weights, *back, *shared), is_known)


def _as_dense(weights: Weights, bias: BiasForm | None, layer: Any) -> DenseTable:
    return DenseTable.model_construct(
        weights=weights, bias=bias, units=layer.units, matrix_layout=layer.matrix_layout
    )


def _read_recurrent(
    reading: LayerReading,
    home: tuple[str, ...],
    weights: Weights,
    names: tuple[str, ...],
) -> tuple[dict[str, Feeds], list[Use]]:
    """The weights by which the outputs of the step before come back, unit by unit."""
    where: Location = ("layers", reading.index, *home, "recurrent")
    findings = reading.findings
    if not weights:
        why = "missing. Needed: the weights of the outputs one time step before"
        findings.add(where, why)
        return {}, []
    own = _as_dense(weights, None, reading.table)
    if isinstance(weights, list):
        own = own.model_copy(update={"units": list(names)})
    reader = GroupReader(
        reading.index, reading.depth, own, names or None, findings, True, home
    )
    reader.form = "recurrent"
    units = reader.units()
    for unit in units:
        if unit.use.name not in names:
            findings.add(unit.use.location, unknown("unit", unit.use.name, names))
    got = [unit.use.name for unit in units]
    for name in names:
        if name not in got and reader.shape_is_right and set(got) <= set(names):
            findings.add((*where, name), "missing; every unit has recurrent weights")
    feeds = {unit.use.name: _feeds(unit, names, names, reading) for unit in units}
    return feeds, [weight for unit in units for weight in unit.weights]


def _feeds(
    unit: Unit, usual: Sequence[str], known: Sequence[str], reading: LayerReading
) -> Feeds:
    """What feeds a sum, and by which weight; by default all of `usual`, in order."""
    where = (*unit.use.location, "from")
    if unit.sources is not None and not unit.sources:
        why = f"{unit.use.name} has no sources; name at least one"
        reading.findings.add(where, why)
    for source in unit.sources or ():
        if source not in known and reading.is_complete:
            message = unknown("input or unit", source, known)
            reading.findings.add((*where, source), message)
    sources = unit.sources if unit.sources is not None else usual
    return tuple(zip(sources, (w.name for w in unit.weights), strict=False))


def check_same_units(
    gates: Mapping[str, Gate], reading: LayerReading
) -> tuple[str, ...]:
    """The units of a layer: every gate has a sum for each of them."""
    (first, gate), *others = gates.items()
    for key, other in others:
        if other.is_known and gate.is_known and {*other.names} != {*gate.names}:
            reading.findings.add(
                reading.place(key, "weights"),
                f"its units are {', '.join(other.names)}; those of {first} are"
                f" {', '.join(gate.names)}. All gates have the same units.",
            )
    return gate.names


def sums_of_gate(gate: Gate, letter: str, names: Sequence[str]) -> tuple[UnitSpec, ...]:
    """The sums in the order of the layer's units, named after gate and unit: f_h1."""
    by_name = {unit.name: unit for unit in gate.sums}
    return tuple(
        replace(by_name[name], name=f"{letter}_{name}")
        for name in names
        if name in by_name
    )


def read_initial(
    given: Mapping[str, Decimal | Fraction],
    where: Location,
    names: Sequence[str],
    prefix: str,
    findings: Findings,
) -> dict[str, Entry]:
    """The values before the first time step, 0 where the file gives none."""
    for name, value in given.items():
        if name not in names:
            findings.add((*where, name), unknown("unit of this layer", name, names))
        if isinstance(value, Fraction):
            why = f'got "{value}"; a starting value is a decimal such as 0.5'
            findings.add((*where, name), why)
    return {
        prefix + name: Entry(given.get(name, Decimal(0)), place_of((*where, name)))
        for name in names
    }


def add_gate(
    construction: Construction,
    units: Sequence[UnitSpec],
    at: At,
    recurrent: Mapping[str, Key],
    activation: str,
    rule: str,
) -> tuple[Key, ...]:
    """The weighted sums of a gate and their activations."""
    values = []
    for unit in units:
        sources, order = construction.outputs[at], construction.factor_order
        z = construction.add(add_inputs(unit, sources, at, order, recurrent))
        value = Key("value", (unit.name,), at)
        quantity = activate(ACTIVATIONS[activation], {}, z, value)
        values.append(construction.add(replace(quantity, rule=rule)))
    return tuple(values)


def outputs_before(
    construction: Construction, names: Sequence[str], at: At, kind: str = "activation"
) -> dict[str, Key]:
    """What the units had one time step before."""
    earlier = construction.before(at)
    return {name: Key(kind, (name,), earlier) for name in names}
