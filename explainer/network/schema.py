"""The shape of a network file: its tables and keys. What they mean is checked later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Tag
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from explainer.mathematics.rounding import MODES
from explainer.network.activations import ACTIVATIONS
from explainer.network.forms import (
    Carry,
    Decimals,
    Entry,
    Figures,
    Kind,
    Name,
    NamedEntry,
    Names,
    Number,
    by_form,
    one_of,
)
from explainer.network.losses import LOSSES, REDUCTIONS
from explainer.network.problems import Location

LAYOUTS = ("to-from", "from-to")
METHODS = ("paths", "signals")
UPDATES = ("with-gradient", "at-end")
ORDERS = ("output-first", "input-first")
PARAMETER_ORDERS = ("by-name", "as-wired")
FACTOR_ORDERS = ("weight-first", "input-first")
ERROR_SIGNALS = {"positive": 1, "negative": -1}


class Table(BaseModel):
    """A table of the file. Keys that it does not know are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WiringTable(Table):
    """The wiring of one unit, spelled out: from which units, by which weights."""

    sources: dict[str, NamedEntry] = Field(
        alias="from",
        description="Earlier units or inputs, each with the name of its weight.",
    )


class ActivationTable(Table):
    """An activation with its options."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Number]

    name: Annotated[str, one_of("activation", ACTIVATIONS)] = Field(
        description="The activation by name."
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
Activation = Annotated[
    Annotated[str, one_of("activation", ACTIVATIONS), Tag("<name>")]
    | Annotated[ActivationTable, Tag("<table>")],
    by_form('a name such as "sigmoid", or a table such as { name = "relu", kink = 0 }'),
]


class LayerTable(Table):
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


class LossTable(Table):
    """The error that training makes smaller."""

    name: Annotated[str, one_of("loss", LOSSES)] = Field(
        description="The loss by name."
    )
    outputs: Annotated[str, one_of("reduction", REDUCTIONS)] = Field(
        default="sum",
        description="Whether the outputs' errors are added or averaged.",
    )


class TrainingTable(Table):
    """One step of gradient descent."""

    learning_rate: Number = Field(description="The learning rate, above zero.")
    frozen: Names = Field(
        default=[],
        description='Parameters that are not updated; "weights" and "biases" are all.',
    )


class DigitsTable(Table):
    """How many digits are printed: decimals or significant figures."""

    decimals: Decimals | None = Field(default=None, description="After the point.")
    figures: Figures | None = Field(default=None, description="Significant figures.")


class RoundingTable(DigitsTable):
    """How numbers are rounded, and which number the next step uses."""

    mode: Annotated[str, one_of("rounding mode", MODES)] = Field(
        default="half-up", description="What happens to the digits that are left out."
    )
    carry: Carry | None = Field(
        default=None,
        description="What the next step uses: the printed number (shown), all digits"
        " (full), or the printed number for the kinds listed.",
    )
    exact: bool = Field(default=False, description="Fractions, and nothing is rounded.")
    by_kind: dict[Kind, DigitsTable] = Field(
        default={}, description="Other digits for some kinds of quantity."
    )


class ConventionsTable(Table):
    """Choices that change numbers or the order of factors."""

    error_signal: Annotated[str, one_of("sign", ERROR_SIGNALS)] = Field(
        default="positive",
        description="Whether the error signal of a unit is dE/dz or its negative.",
    )
    factor_order: Annotated[str, one_of("factor order", FACTOR_ORDERS)] = Field(
        default="weight-first", description="What stands first in weight times input."
    )


class PageTable(Table):
    """How the document is laid out."""

    method: Annotated[str, one_of("method", METHODS)] = Field(
        default="paths", description="Chains factor by factor, or error signals."
    )
    updates: Annotated[str, one_of("place for updates", UPDATES)] = Field(
        default="at-end", description="Where the new parameters are computed."
    )
    order: Annotated[str, one_of("order", ORDERS)] = Field(
        default="output-first", description="Which layer's gradients come first."
    )
    parameters: Annotated[str, one_of("order", PARAMETER_ORDERS)] = Field(
        default="by-name",
        description="Within a layer: by name, w2 before w10, or as the units use them.",
    )


class NotationTable(Table):
    """A notation with the file's own spelling over it."""

    base: str = Field(default="net-out", description="A built-in notation by name.")
    patterns: dict[str, str] = Field(
        default={}, description="LaTeX patterns by kind of quantity, such as sum."
    )
    symbols: dict[str, str] = Field(
        default={}, description="LaTeX symbols for single names, such as w5."
    )


Notation = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[NotationTable, Tag("<table>")],
    by_form('a name such as "net-out", or a table with base, patterns and symbols'),
]


class NetworkFile(Table):
    """A small neural network, and how its derivation is written."""

    title: str | None = Field(default=None, description="The title of the document.")
    description: str = Field(default="", description="The network in one line.")
    notation: Notation | None = Field(
        default=None, description="How quantities are spelled."
    )
    gradients_of: Names = Field(
        default=[],
        description="Inputs, and units for their outputs, whose gradient is asked"
        ' besides those of all parameters; "inputs" stands for all inputs.',
    )
    objective: str | None = Field(
        default=None,
        description="Without a loss: the unit whose output is differentiated.",
    )
    inputs: dict[str, Number] = Field(description="The inputs with their values.")
    parameters: dict[str, Number] = Field(
        default={}, description="Values of parameters that are only named elsewhere."
    )
    layers: list[LayerTable] = Field(description="The layers, from the inputs on.")
    targets: dict[str, Number] | None = Field(
        default=None, description="The value wanted of each unit of the last layer."
    )
    loss: LossTable | None = Field(default=None, description="The error.")
    training: TrainingTable | None = Field(default=None, description="One update.")
    rounding: RoundingTable = Field(
        default_factory=RoundingTable, description="How numbers are rounded."
    )
    conventions: ConventionsTable = Field(
        default_factory=ConventionsTable, description="Signs and the order of factors."
    )
    page: PageTable = Field(default_factory=PageTable, description="The layout.")


TABLES: Mapping[str, type[Table]] = {
    "layers": LayerTable,
    "loss": LossTable,
    "training": TrainingTable,
    "rounding": RoundingTable,
    "conventions": ConventionsTable,
    "page": PageTable,
    "notation": NotationTable,
}


def table_at(location: Location) -> type[Table]:
    """The kind of table that stands at a place; `Table` where there is none.

    >>> table_at(("layers", 0)).__name__, table_at(("loss",)).__name__
    ('LayerTable', 'LossTable')
    """
    match location:
        case ():
            return NetworkFile
        case (str(name),) | ("layers" as name, int()):
            return TABLES.get(name, Table)
        case ("layers", int(), "weights", str()):
            return WiringTable
        case ("layers", int(), "activation"):
            return ActivationTable
        case ("rounding", "by_kind", str()):
            return DigitsTable
    return Table


def keys_of(table: type[Table]) -> dict[str, str]:
    """The keys of a table, each with its description."""
    fields = table.model_fields.items()
    return {field.alias or name: field.description or "" for name, field in fields}


class FileSchema(GenerateJsonSchema):
    """The JSON Schema of a TOML file: it has no null, a key is just absent."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)
