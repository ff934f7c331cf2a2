"""Pooling: each unit is the largest, or the mean, of a window of the grid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from explainer.mathematics.written import (
    ONE,
    ZERO,
    Call,
    Cases,
    Comparison,
    Key,
    Name,
    Number,
    Quotient,
    Written,
    sum_of,
)
from explainer.network.activations import ACTIVATIONS
from explainer.network.construction import Construction
from explainer.network.layers.reading import Grid, LayerReading, ReadLayer
from explainer.network.layers.windows import (
    Sliding,
    Steps,
    WindowTable,
    by_axis,
    find_grid,
    name_maps,
    slide,
)
from explainer.network.quantity import Quantity, Slope
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use


class PoolingTable(WindowTable):
    """Pooling over a sequence, or over rows and columns."""

    size: Steps = Field(
        description="The size of the window: a whole number, or [rows, columns]."
    )


def read_pooling(reading: LayerReading) -> ReadLayer:
    """Pooling: one unit for each place of the window, channel by channel.

    Padded places are never the largest; in a mean they count as 0, as in PyTorch.
    """
    table: PoolingTable = reading.table
    grid = find_grid(reading, int(table.kind[-2]))
    identity = ACTIVATIONS["identity"]
    lost = ReadLayer(LayerSpec((), identity, kind=table.kind), (), (), None)
    if grid is None:
        return lost
    size = by_axis(reading, grid, table.size, "size", (1, 1))
    maps = name_maps(reading, len(grid.channels), "p")
    sliding = slide(reading, grid, size, "window")
    if sliding is None:
        return lost
    leaves = sliding.leaves(maps)
    units = _pooled(grid, leaves, sliding)
    facts = {
        **sliding.facts,
        "places": size[0] * size[1],
        "maps": maps,
        "grid": leaves,
    }
    home = reading.place("maps" if table.maps else "kind")
    names = tuple(unit.name for unit in units)
    return ReadLayer(
        LayerSpec(units, identity, kind=table.kind, facts=facts),
        tuple(Use(name, "a unit", home) for name in names),
        (),
        names,
        leaves,
    )


def _pooled(grid: Grid, leaves: Grid, sliding: Sliding) -> tuple[UnitSpec, ...]:
    """One unit for each place of the window, fed by what the window covers there."""
    return tuple(
        UnitSpec(
            leaves.name(channel, row, column),
            tuple(
                (grid.name(source, *place), None)
                for _, place in sliding.covers(row, column)
            ),
        )
        for source, channel in zip(grid.channels, leaves.channels, strict=True)
        for row, column in sliding.stands()
    )


def build_max_pool(layer: LayerSpec, construction: Construction) -> None:
    """p = max(a_1, ..., a_n), place by place."""
    for at in construction.axes:
        sources = construction.outputs[at]
        for unit in layer.units:
            window = [sources[source] for source, _ in unit.inputs]
            construction.add(take_largest(Key("activation", (unit.name,), at), window))
        construction.leave(at, layer.units)


def build_average_pool(layer: LayerSpec, construction: Construction) -> None:
    """p = (a_1 + ... + a_n) / n, place by place; padded places are 0 and count."""
    count = Number(Decimal(layer.facts["places"]))
    for at in construction.axes:
        sources = construction.outputs[at]
        for unit in layer.units:
            window = [sources[source] for source, _ in unit.inputs]
            key = Key("activation", (unit.name,), at)
            construction.add(_average(key, window, count))
        construction.leave(at, layer.units)


def take_largest(key: Key, window: Sequence[Key]) -> Quantity:
    """p = max(a_1, ..., a_n); dp/da_k is 1 for the largest and 0 for the others.

    Where several are the largest there is no derivative, and the first one counts, row
    by row, as in PyTorch.

    >>> a, b = Key("activation", ("a",)), Key("activation", ("b",))
    >>> slopes = take_largest(Key("activation", ("p",)), [a, b]).slopes
    >>> [slope.value.conditions[0].sign for slope in slopes.values()]
    ['>=', '>']
    """
    slopes = {k: _slope_of_largest(window, n) for n, k in enumerate(window)}
    return Quantity(key, _largest(window), "layer_max_pool", slopes)


def _largest(keys: Sequence[Key]) -> Written:
    names = tuple(map(Name, keys))
    return names[0] if len(names) == 1 else Call("max", names)


def _slope_of_largest(window: Sequence[Key], place: int) -> Slope:
    this, rule = Name(window[place]), "slope_of_max_pool"
    before, after = window[:place], window[place + 1 :]
    if not before and not after:
        return Slope(ONE, rule)
    value: Written
    if not after:
        value = Cases((Comparison(this, ">", _largest(before)),), (ONE, ZERO))
    elif not before:
        value = Cases((Comparison(this, ">=", _largest(after)),), (ONE, ZERO))
    else:
        conditions = (
            Comparison(this, "<=", _largest(before)),
            Comparison(this, ">=", _largest(after)),
        )
        value = Cases(conditions, (ZERO, ONE, ZERO))
    others = (*before, *after)
    return Slope(value, rule, kink=Comparison(this, "==", _largest(others)))


def _average(key: Key, window: Sequence[Key], count: Number) -> Quantity:
    whole = sum_of(tuple(map(Name, window)))
    slope = Slope(Quotient(ONE, count), "slope_of_average_pool")
    if count == ONE:
        slope = Slope(ONE, "slope_of_average_pool")
    formula = whole if count == ONE else Quotient(whole, count)
    return Quantity(key, formula, "layer_average_pool", dict.fromkeys(window, slope))
