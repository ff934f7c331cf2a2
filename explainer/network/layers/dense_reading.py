"""The units of one layer with their weights, in each of the forms a file may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from explainer.network.activation_choice import choose_activation
from explainer.network.layers.matrices import Side, check_shape
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import DenseTable, WiringTable
from explainer.network.problems import Findings, Location, counted, unknown
from explainer.network.spec import LayerSpec, UnitSpec, Value
from explainer.network.values import Use, read_entry

Item = Value | str | Mapping[str, Value]
Cell = tuple[Item, Location]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its layer describes it; `sources` only where they are spelled out."""

    use: Use
    weights: tuple[Use, ...]
    sources: tuple[str, ...] | None = None


def read_dense(reading: LayerReading) -> ReadLayer:
    """A fully connected layer: by default every unit is fed by all units before."""
    # Where there is nothing before, that is the problem, and not the number of weights.
    before = reading.before or None
    reader = LayerReader(
        reading.index, reading.depth, reading.table, before, reading.findings
    )
    units = reader.units()
    biases = reader.biases([unit.use.name for unit in units])
    specs = tuple(
        UnitSpec(unit.use.name, _inputs(unit, reading), bias.name if bias else None)
        for unit, bias in zip(units, biases, strict=False)
    )
    activation, options = choose_activation(
        reading.table.activation, reading.place("activation"), reading.findings
    )
    weights = [weight for unit in units for weight in unit.weights]
    shared = [bias for bias in dict.fromkeys(biases) if bias is not None]
    names = tuple(unit.name for unit in specs)
    return ReadLayer(
        LayerSpec(specs, activation, options),
        tuple(unit.use for unit in units),
        (*weights, *shared),
        names if reader.knows_its_units() else None,
    )


def _inputs(unit: Unit, reading: LayerReading) -> tuple[tuple[str, str | None], ...]:
    """What feeds a unit: by default all units of the layer before, in their order."""
    where = (*unit.use.location, "from")
    if unit.sources is not None and not unit.sources:
        why = f"{unit.use.name} has no sources; name at least one"
        reading.findings.add(where, why)
    for source in unit.sources or ():
        if source not in reading.earlier and reading.is_complete:
            what = "input or unit of an earlier layer"
            message = unknown(what, source, reading.earlier)
            reading.findings.add((*where, source), message)
    sources = unit.sources if unit.sources is not None else reading.before or ()
    names = (weight.name for weight in unit.weights)
    return tuple(zip(sources, names, strict=False))


@dataclass(slots=True)
class LayerReader:
    """Reads layer `index` of `depth`, fed by the units `before` (`None`: unknown)."""

    index: int
    depth: int
    table: DenseTable
    before: tuple[str, ...] | None
    findings: Findings
    shape_is_right: bool = True

    def place(self, *steps: str | int) -> Location:
        return ("layers", self.index, *steps)

    def units(self) -> list[Unit]:
        """The units with their weights, whatever form the file gives them in."""
        weights = self.table.weights
        if isinstance(weights, list):
            units = self._units_of_matrix(weights)
        else:
            units = self._named_units(weights)
            for key in ("units", "matrix_layout"):
                if getattr(self.table, key) is not None:
                    why = "is for a matrix; here the keys of weights name the units"
                    self.findings.add(self.place(key), f"{key} {why}")
        if not units:
            self.findings.add(
                self.place("weights"), "the layer has no units; at least one is needed"
            )
        return units

    def biases(self, units: Sequence[str]) -> list[Use | None]:
        """The bias of each unit: shared by the layer, one each, or none."""
        given, where, number = self.table.bias, self.place("bias"), self.index + 1
        uses: list[Use]
        if given is None or given == {}:
            return [None] * len(units)
        if isinstance(given, Mapping):
            items = given.items()
            uses = [Use(name, "a bias", (*where, name), value) for name, value in items]
        elif isinstance(given, list):
            uses = [
                read_entry(entry, Use(f"b{number}_{j + 1}", "a bias", (*where, j)))
                for j, entry in enumerate(given)
            ]
        else:
            uses = [read_entry(given, Use(f"b{number}", "a bias", where))]
        if len(uses) == 1 and not isinstance(given, list):
            return [uses[0]] * len(units)
        if len(uses) != len(units):
            self._report_biases(len(uses), units, isinstance(given, list))
        # However many there are, all names are known to what is checked later.
        return [*uses, *[None] * (len(units) - len(uses))]

    def _report_biases(self, got: int, units: Sequence[str], is_list: bool) -> None:
        if self.findings.is_damaged(*self.place("weights")):
            return
        either = "" if is_list else "one name for all of them, or "
        self.findings.add(
            self.place("bias"),
            f"{counted(got, 'bias')} for {counted(len(units), 'unit')}:"
            f" {', '.join(units)}; allowed: {either}one for each unit",
        )

    def _named_units(self, weights: Mapping[str, object]) -> list[Unit]:
        lists = [given for given in weights.values() if isinstance(given, list)]
        wide = max([len(weights), *map(len, lists)]) > 9
        units: list[Unit] = []
        for row, (name, given) in enumerate(weights.items(), 1):
            where, sources, uses = self.place("weights", name), None, []
            if isinstance(given, WiringTable):
                sources = tuple(given.sources)
                uses = [
                    read_entry(entry, _weight("", (*where, "from", source)))
                    for source, entry in given.sources.items()
                ]
            elif isinstance(given, list):
                cells = [(entry, (*where, k)) for k, entry in enumerate(given)]
                uses = list(self._row_of_weights(row, cells, wide))
            elif isinstance(given, Mapping):
                uses = [_weight(k, (*where, k), value) for k, value in given.items()]
            if sources is None:
                self._check_count(name, len(uses), where)
            units.append(Unit(Use(name, "a unit", where), tuple(uses), sources))
        return units

    def _check_count(self, unit: str, got: int, where: Location) -> None:
        if self.before is not None and got != len(self.before):
            self.findings.add(
                where,
                f"{unit} has {counted(got, 'weight')}, but {self._units_before()}",
            )

    def _units_before(self) -> str:
        before = self.before or ()
        names = ", ".join(before)
        return f"the layer before has {counted(len(before), 'unit')}: {names}"

    def _row_of_weights(
        self, row: int, cells: Sequence[Cell], wide: bool
    ) -> Iterator[Use]:
        """The weights into unit `row`. A number alone is named w<layer>_<to><from>.

        Where an index exceeds 9 it is w<layer>_<to>_<from>: w1_111 may be two.
        """
        for column, (entry, where) in enumerate(cells, 1):
            name = f"w{self.index + 1}_{row}{'_' if wide else ''}{column}"
            yield read_entry(entry, _weight(name, where))

    def knows_its_units(self) -> bool:
        """Whether it is clear from the file what the units of the layer are."""
        keys = ("weights", "units")
        lost = any(self.findings.is_damaged(*self.place(key)) for key in keys)
        return self.shape_is_right and bool(self.table.weights) and not lost

    def _units_of_matrix(self, matrix: Sequence[Sequence[Item]]) -> list[Unit]:
        """W[to][from], one row a unit; or the other layout, one column a unit."""
        by_unit = self.table.matrix_layout != "from-to"
        self.shape_is_right = self._check_shape(matrix, by_unit)
        rows: list[list[Cell]] = [
            [(entry, self.place("weights", r, c)) for c, entry in enumerate(row)]
            for r, row in enumerate(matrix)
        ]
        if not by_unit:
            longest = max(map(len, rows), default=0)
            rows = [[row[j] for row in rows if j < len(row)] for j in range(longest)]
        wide = max([len(rows), *map(len, rows)]) > 9
        return [
            Unit(self._unit(j), tuple(self._row_of_weights(j + 1, row, wide)))
            for j, row in enumerate(rows)
        ]

    def _unit(self, j: int) -> Use:
        """The unit of a matrix by its given name; o1, h1 or h2_1 where it has none."""
        names, number = self.table.units, self.index + 1
        if names is not None and j < len(names):
            return Use(names[j], "a unit", self.place("units", j))
        layer = (
            "o" if number == self.depth else "h" if self.depth == 2 else f"h{number}_"
        )
        return Use(f"{layer}{j + 1}", "a unit", self.place("weights"))

    def _check_shape(self, matrix: Sequence[Sequence[Item]], by_unit: bool) -> bool:
        units = self.table.units
        named = f"units names {counted(len(units or ()), 'unit')}"
        here = Side(None if units is None else len(units), named)
        before = Side(len(self.before) if self.before else None, self._units_before())
        rows, columns = (here, before) if by_unit else (before, here)
        other, where = "from-to" if by_unit else "to-from", self.place("weights")
        return check_shape(matrix, rows, columns, other, where, self.findings)


def _weight(name: str, where: Location, value: Value | None = None) -> Use:
    return Use(name, "a weight", where, value)
