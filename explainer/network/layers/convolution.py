"""A convolution: one kernel of weights slides over the grid, with one bias.

z_ij = sum over m, n of K_mn x_(i+m-1)(j+n-1) + b, and over the channels. The kernel is
not flipped: it is the cross-correlation that deep learning calls convolution (Deep
Learning, section 9.1). Padded places are 0, so their terms are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from explainer.network.activation_choice import choose_activation
from explainer.network.forms import Entry
from explainer.network.layers.reading import Grid, LayerReading, ReadLayer
from explainer.network.layers.tables import Bias
from explainer.network.layers.windows import (
    Sliding,
    WindowTable,
    find_grid,
    name_maps,
    slide,
)
from explainer.network.problems import Location, counted
from explainer.network.schema import Activation
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use, read_entry


def _list_or_entry(got: object) -> str:
    return "<list>" if isinstance(got, list) else "<entry>"


Row = Annotated[
    Annotated[Entry, Tag("<entry>")] | Annotated[list[Entry], Tag("<list>")],
    Discriminator(_list_or_entry),
]
Layered = Annotated[
    Annotated[Entry, Tag("<entry>")] | Annotated[list[Row], Tag("<list>")],
    Discriminator(_list_or_entry),
]


class ConvolutionTable(WindowTable):
    """A convolution over a sequence, or over rows and columns. The kernel is not
    flipped."""

    activation: Activation = Field(description="The activation, with its options.")
    bias: Bias | None = Field(
        default=None,
        description="One name or a number: shared by the feature maps. As many names"
        " as kernels, or a list: one each. Absent: none.",
    )
    kernels: dict[str, list[Layered]] = Field(
        description="Each kernel by name: a list for a sequence, such as [1, -1], a"
        " matrix for rows and columns, such as [[1, -1], [2, 0]]. With several input"
        " channels a list of them, one for each channel. K_1_2 is the weight in row 1,"
        " column 2 of K; with several channels K_3_1_2 is that of channel 3."
    )


Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel: its weights by channel, row and column, each counted from 1."""

    name: str
    weights: Mapping[Cell, Use]
    shape: tuple[int, int]


def read_convolution(reading: LayerReading) -> ReadLayer:
    """A convolution. It is built like a dense layer whose units share weights."""
    table: ConvolutionTable = reading.table
    activation, options = choose_activation(
        table.activation, reading.place("activation"), reading.findings
    )
    dimensions = int(table.kind[-2])
    grid = find_grid(reading, dimensions)
    kernels = _kernels(reading, grid, dimensions)
    maps = name_maps(reading, len(table.kernels), "c")
    biases = _biases(reading, maps)
    sliding = _sliding(reading, grid, kernels)
    facts: dict[str, Any] = {"grid": Grid(maps, 0)}
    specs: tuple[UnitSpec, ...] = ()
    leaves = None
    if sliding:
        leaves = sliding.leaves(maps)
        named = zip(kernels, maps, biases, strict=True)
        specs = tuple(unit for each in named for unit in _units(sliding, leaves, *each))
        facts = {
            **sliding.facts,
            "kernels": tuple(kernel.name for kernel in kernels),
            "maps": maps,
            "grid": leaves,
        }
    weights = [use for kernel in kernels for use in kernel.weights.values()]
    shared = [bias for bias in dict.fromkeys(biases) if bias is not None]
    names = tuple(unit.name for unit in specs)
    home = reading.place("maps" if table.maps else "kernels")
    return ReadLayer(
        LayerSpec(specs, activation, options, kind=table.kind, facts=facts),
        tuple(Use(name, "a unit", home) for name in names),
        (*weights, *shared),
        names if sliding else None,
        leaves,
    )


def _units(
    sliding: Sliding, leaves: Grid, kernel: Kernel, channel: str, bias: Use | None
) -> Iterator[UnitSpec]:
    """One feature map: at every place the same weights, and other inputs."""
    for row, column in sliding.stands():
        inputs = tuple(
            (sliding.grid.name(source, *place), kernel.weights[number, *inner].name)
            for number, source in enumerate(sliding.grid.channels, 1)
            for inner, place in sliding.covers(row, column)
        )
        name = leaves.name(channel, row, column)
        yield UnitSpec(name, inputs, bias.name if bias else None)


def _sliding(
    reading: LayerReading, grid: Grid | None, kernels: Sequence[Kernel]
) -> Sliding | None:
    if grid is None or not kernels or len(kernels) < len(reading.table.kernels):
        return None
    first = kernels[0]
    for other in kernels[1:]:
        if other.shape != first.shape:
            why = f"{other.name} is not of the size of {first.name}; all kernels of a"
            place = reading.place("kernels", other.name)
            reading.findings.add(place, f"{why} layer have one size")
            return None
    return slide(reading, grid, first.shape, "kernel")


def _kernels(
    reading: LayerReading, grid: Grid | None, dimensions: int
) -> tuple[Kernel, ...]:
    """The kernels that could be made out."""
    if not reading.table.kernels:
        why = "the layer has no kernels; at least one is needed"
        reading.findings.add(reading.place("kernels"), why)
    found = []
    for name, given in reading.table.kernels.items():
        where = reading.place("kernels", name)
        if reading.findings.is_damaged(*where):
            continue
        problem = _shape_problem(given, grid, dimensions)
        if problem:
            reading.findings.add(where, problem)
            continue
        found.append(_kernel(name, given, dimensions, where))
    return tuple(found)


def _depth(given: object) -> int:
    """How many lists stand inside each other: 2 for a matrix."""
    depths = [_depth(each) for each in given] if isinstance(given, list) else []
    return 1 + max(depths, default=0) if isinstance(given, list) else 0


def _shape_problem(given: list[Any], grid: Grid | None, dimensions: int) -> str | None:
    """Why this is no kernel of the dimensions for the channels of the grid."""
    depth = _depth(given)
    form = "a matrix" if dimensions == 2 else "a list"
    if depth not in (dimensions, dimensions + 1):
        return (
            f"the kernel is {form} of weights, or for several input channels a list"
            " with one for each"
        )
    channels = given if depth > dimensions else [given]
    if grid is not None and len(channels) != len(grid.channels):
        before = counted(len(grid.channels), "channel")
        names = ", ".join(grid.channels)
        got = counted(len(channels), "channel")
        return f"the kernel has {got}, but it slides over {before}: {names}"
    if dimensions == 1:
        channels = [[channel] for channel in channels]
    rows = [row for channel in channels if isinstance(channel, list) for row in channel]
    lengths = {len(row) if isinstance(row, list) else 0 for row in rows}
    heights = {len(each) if isinstance(each, list) else 0 for each in channels}
    if len(lengths | {0}) != 2 or len(heights) != 1 or 0 in lengths | heights:
        return "the rows of a kernel have one length, at least 1, in all channels"
    return None


def _kernel(name: str, given: list[Any], dimensions: int, where: Location) -> Kernel:
    """A kernel by its weights; a number alone is named by its place."""
    several = _depth(given) > dimensions
    weights: dict[Cell, Use] = {}
    shape = (1, 1)
    for number, channel in enumerate(given if several else [given], 1):
        place = (*where, number - 1) if several else where
        rows = channel if dimensions == 2 else [channel]
        shape = (len(rows), len(rows[0]))
        for r, row in enumerate(rows, 1):
            for c, entry in enumerate(row, 1):
                cell = (
                    *([number] if several else []),
                    *([r] if dimensions > 1 else []),
                )
                steps = (r - 1, c - 1) if dimensions == 2 else (c - 1,)
                usual = "_".join([name, *map(str, cell), str(c)])
                use = Use(usual, "a weight", (*place, *steps))
                weights[number, r, c] = read_entry(entry, use)
    return Kernel(name, weights, shape)


def _biases(reading: LayerReading, maps: Sequence[str]) -> list[Use | None]:
    """The bias of each feature map: shared, one each, or none."""
    given, where = reading.table.bias, reading.place("bias")
    if given is None or given == {}:
        return [None] * len(maps)
    base = f"b{reading.index + 1}"
    if isinstance(given, Mapping):
        items = given.items()
        uses = [Use(name, "a bias", (*where, name), value) for name, value in items]
    elif isinstance(given, list):
        uses = [
            read_entry(entry, Use(f"{base}_{j + 1}", "a bias", (*where, j)))
            for j, entry in enumerate(given)
        ]
    else:
        uses = [read_entry(given, Use(base, "a bias", where))]
    if len(uses) == 1 and not isinstance(given, list):
        return [uses[0]] * len(maps)
    if len(uses) != len(maps) and not reading.findings.is_damaged(
        *reading.place("kernels")
    ):
        got, wanted = counted(len(uses), "bias"), counted(len(maps), "feature map")
        allowed = "one name for all of them, or one for each"
        reading.findings.add(where, f"{got} for {wanted}; allowed: {allowed}")
    return [*uses, *[None] * len(maps)][: len(maps)]
