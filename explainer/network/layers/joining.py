"""Layers that join or rearrange: flatten, and the element-wise sum of a skip
connection."""

from __future__ import annotations

from pydantic import Field

from explainer.mathematics.written import ONE, Key, Name, Sum
from explainer.network.activations import ACTIVATIONS
from explainer.network.construction import Construction
from explainer.network.forms import Name as UnitName
from explainer.network.layers.reading import Grid, LayerReading, ReadLayer
from explainer.network.layers.tables import LayerTable
from explainer.network.problems import Location, counted, unknown
from explainer.network.quantity import Quantity, Slope
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use


class FlattenTable(LayerTable):
    """The units of a grid as one list: channel by channel, row by row. It has no keys
    of its own."""


class AddTable(LayerTable):
    """The layer before plus earlier units, one by one: a skip connection."""

    skip: list[str] = Field(
        description="What is added to the layer before: a feature map or a grid of"
        " inputs by name, or as many earlier units or inputs as the layer before has."
    )
    units: list[UnitName] | None = Field(
        default=None,
        description="The names of the sums. After a grid: the names of its feature"
        " maps.",
    )


def read_flatten(reading: LayerReading) -> ReadLayer:
    """The same units, in no grid. They keep their names."""
    if reading.index == reading.depth - 1:
        why = "flatten has no units of its own; the last layer needs some"
        reading.findings.add(reading.place("kind"), why)
    if reading.before is not None and reading.grid is None:
        why = "there is nothing to flatten: the units before stand in no grid"
        reading.findings.add(reading.place("kind"), why)
    facts = {"over": reading.grid.channels if reading.grid else ()}
    spec = LayerSpec((), ACTIVATIONS["identity"], kind="flatten", facts=facts)
    return ReadLayer(spec, (), (), reading.before)


def build_flatten(layer: LayerSpec, construction: Construction) -> None:
    """Nothing is computed."""


def read_add(reading: LayerReading) -> ReadLayer:
    """s_k = a_k + x_k, for the units a before and those x that skip layers."""
    before, grid = reading.before, reading.grid
    skipped = _skipped(reading)
    sums = _sums(reading, grid, before)
    lost = before is None or skipped is None or len(skipped) != len(before)
    home = reading.place("units" if reading.table.units else "kind")
    specs: tuple[UnitSpec, ...] = ()
    if before is not None and skipped is not None and not lost:
        pairs = zip(sums, before, skipped, strict=True)
        specs = tuple(UnitSpec(s, ((a, None), (x, None))) for s, a, x in pairs)
    names = tuple(spec.name for spec in specs)
    leaves = None
    if grid is not None and not lost:
        leaves = Grid(_channels(reading, grid), grid.columns, grid.rows)
    facts: dict[str, object] = {"skip": tuple(reading.table.skip)}
    facts |= {"grid": leaves} if leaves else {}
    return ReadLayer(
        LayerSpec(specs, ACTIVATIONS["identity"], kind="add", facts=facts),
        tuple(Use(name, "a unit", home) for name in names),
        (),
        None if lost else names,
        leaves,
    )


def _channels(reading: LayerReading, grid: Grid) -> tuple[str, ...]:
    """The feature maps of the sums; s3, or s3_1 and s3_2, where the file names none."""
    names, count = reading.table.units, len(grid.channels)
    if names is not None and len(names) == count:
        return tuple(names)
    base = f"s{reading.index + 1}"
    return (base,) if count == 1 else tuple(f"{base}_{n + 1}" for n in range(count))


def _sums(
    reading: LayerReading, grid: Grid | None, before: tuple[str, ...] | None
) -> tuple[str, ...]:
    """The names of the sums."""
    names, count = reading.table.units, len(before or ())
    wanted = (len(grid.channels), "feature map") if grid else (count, "unit")
    if names is not None and before is not None and len(names) != wanted[0]:
        got = counted(len(names), "name")
        reading.findings.add(reading.place("units"), f"{got} for {counted(*wanted)}")
        names = None
    if grid:
        return Grid(_channels(reading, grid), grid.columns, grid.rows).names
    usual = (f"s{reading.index + 1}_{n + 1}" for n in range(count))
    return tuple(names) if names is not None else tuple(usual)


def _skipped(reading: LayerReading) -> tuple[str, ...] | None:
    """What is added, unit by unit; None where it could not be made out."""
    found: list[str] = []
    where: Location = reading.place("skip")
    is_clear = reading.is_complete
    for number, name in enumerate(reading.table.skip):
        cells = _cells(name, reading)
        found += cells
        if reading.before and {*cells} & {*reading.before}:
            is_clear = False
            why = f"{name} is in the layer before already; name an earlier one"
            reading.findings.add((*where, number), why)
        if not cells and reading.is_complete:
            is_clear = False
            what = "earlier unit, input or feature map"
            message = unknown(what, name, reading.earlier)
            reading.findings.add((*where, number), message)
    count = len(reading.before or ())
    if is_clear and reading.before is not None and len(found) != count:
        got = counted(len(found), "unit")
        why = f"{got} to add, but the layer before has {counted(count, 'unit')}"
        reading.findings.add(where, f"{why}: {', '.join(reading.before)}")
    return tuple(found) if is_clear else None


def _cells(name: str, reading: LayerReading) -> tuple[str, ...]:
    """A unit by its name, or all units of a grid by the name of its channel.

    A grid that is added stands as the layer before does, place by place.
    """
    if name in reading.earlier:
        return (name,)
    grid = reading.grid
    cells = Grid((name,), grid.columns, grid.rows).names if grid else ()
    return cells if {*cells} <= {*reading.earlier} else ()


def build_add(layer: LayerSpec, construction: Construction) -> None:
    """s = a + x, place by place; ds/da = ds/dx = 1."""
    slope = Slope(ONE, "slope_of_add")
    for at in construction.axes:
        sources = construction.outputs[at]
        for unit in layer.units:
            terms = [sources[source] for source, _ in unit.inputs]
            key = Key("activation", (unit.name,), at)
            formula = Sum(tuple(map(Name, terms)))
            slopes = dict.fromkeys(terms, slope)
            construction.add(Quantity(key, formula, "layer_add", slopes))
        construction.leave(at, layer.units)
