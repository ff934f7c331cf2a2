"""The tables of layers in a network file: what all have, and the fully connected
one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Tag

from explainer.network.forms import Entry, Name, NamedEntry, Number, by_form, one_of
from explainer.network.schema import Activation, Table

LAYOUTS = ("to-from", "from-to")


class LayerTable(Table):
    """A layer of any kind."""

    kind: str = Field(default="dense", description="The kind of layer.")


class WiringTable(Table):
    """The wiring of one unit, spelled out: from which units, by which weights."""

    sources: dict[str, NamedEntry] = Field(
        alias="from",
        description="Earlier units or inputs, each with the name of its weight.",
    )


UnitWeights = Annotated[
    Annotated[dict[str, Number], Tag("<table>")]
    | Annotated[list[Entry], Tag("<list>")]
    | Annotated[WiringTable, Tag("<wiring>")],
    by_form(
        "weights with their values as in { w1 = 0.1, w2 = 0.2 }, a list of them, or the"
        ' wiring as in { from = { i1 = "w1" } }'
    ),
]
Weights = Annotated[
    Annotated[dict[str, UnitWeights], Tag("<table>")]
    | Annotated[list[list[Entry]], Tag("<list>")],
    by_form("a table with the weights of each unit, or a matrix such as [[0.1, 0.3]]"),
]
Bias = Annotated[
    Annotated[Number, Tag("<number>")]
    | Annotated[Name, Tag("<name>")]
    | Annotated[list[Entry], Tag("<list>")]
    | Annotated[dict[str, Number], Tag("<table>")],
    by_form("a table such as { b1 = 0.25 }, a number, a name, or a list of them"),
]


class DenseTable(LayerTable):
    """A fully connected layer: its activation, biases and weights."""

    activation: Activation = Field(description="The activation, with its options.")
    bias: Bias | None = Field(
        default=None,
        description="One name or a number: shared by the layer. As many names as"
        " units, or a list: one each. Absent: none.",
    )
    units: list[Name] | None = Field(
        default=None,
        description="The names of the units, where the weights are a matrix.",
    )
    matrix_layout: Annotated[str, one_of("matrix layout", LAYOUTS)] | None = Field(
        default=None,
        description="What a matrix's rows are: this layer's units (to-from, the usual"
        " layout) or the units before (from-to).",
    )
    weights: Weights = Field(
        description="By unit, in the order of the units of the layer before; or spelled"
        " out with from; or as a matrix."
    )
