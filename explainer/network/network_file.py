"""The whole network file as one table, and what its places are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from explainer.network.forms import Names, Number, Values
from explainer.network.layers.any_layer import AnyLayer, table_of
from explainer.network.layers.tables import DenseTable, WiringTable
from explainer.network.problems import Location
from explainer.network.schema import (
    ActivationTable,
    ConventionsTable,
    DigitsTable,
    LossTable,
    Notation,
    NotationTable,
    OptimizerTable,
    PageTable,
    PenaltyTable,
    RoundingTable,
    Table,
    TrainingTable,
)
from explainer.network.variation import SpreadTable, VariantsTable


class StepTable(Table):
    """One time step: what goes in, and what should come out, if anything."""

    inputs: dict[str, Values] = Field(description="The inputs at this time step.")
    targets: dict[str, Number] | None = Field(
        default=None, description="The values wanted at this time step."
    )


class SampleTable(Table):
    """One sample: its inputs and targets, or its time steps."""

    inputs: dict[str, Values] = Field(
        default={}, description="The inputs of this sample."
    )
    targets: dict[str, Number] | None = Field(
        default=None, description="The values wanted of the last layer."
    )
    steps: list[StepTable] = Field(
        default=[], description="The time steps of this sample."
    )


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
    inputs: dict[str, Values] = Field(
        default={}, description="The inputs with their values; a matrix for a grid."
    )
    samples: list[SampleTable] = Field(
        default=[], description="Several samples, each with its inputs and targets."
    )
    steps: list[StepTable] = Field(
        default=[], description="Time steps, each with its inputs and targets."
    )
    formulas: dict[str, str] = Field(
        default={},
        description="A computational graph in place of layers, formula by formula.",
    )
    parameters: dict[str, Number] = Field(
        default={}, description="Values of parameters that are only named elsewhere."
    )
    layers: list[AnyLayer] = Field(
        default=[], description="The layers, from the inputs on."
    )
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
    variants: VariantsTable | None = Field(
        default=None, description="What may vary from paper to paper."
    )


TABLES: Mapping[str, type[Table]] = {
    "layers": DenseTable,
    "samples": SampleTable,
    "steps": StepTable,
    "loss": LossTable,
    "training": TrainingTable,
    "rounding": RoundingTable,
    "conventions": ConventionsTable,
    "page": PageTable,
    "notation": NotationTable,
    "variants": VariantsTable,
}


def table_at(location: Location, raw: Any = None) -> type[Table]:
    """The kind of table that stands at a place; `Table` where there is none.

    What a layer's table is depends on its kind, which stands in the file.

    >>> table_at(("layers", 0)).__name__, table_at(("loss",)).__name__
    ('DenseTable', 'LossTable')
    """
    match location:
        case ():
            return NetworkFile
        case ("layers", int(index)) if raw is not None:
            return table_of(raw["layers"][index])
        case (str(name),) | ("layers" | "samples" | "steps" as name, int()):
            return TABLES.get(name, Table)
        case ("samples", int(), "steps", int()):
            return StepTable
        case ("layers", int(), *_, "weights" | "recurrent", str()):
            return WiringTable
        case ("layers", int(), *_, "activation"):
            return ActivationTable
        case ("layers", int(index), str(key)) if raw is not None:
            return _inner_table(table_of(raw["layers"][index]), key)
        case ("loss", "penalty") | ("loss", "penalty", int()):
            return PenaltyTable
        case ("training", "optimizer"):
            return OptimizerTable
        case ("rounding", "by_kind", str()):
            return DigitsTable
        case ("variants", str()) | ("variants", "single", str()):
            return SpreadTable
    return Table


def _inner_table(table: type[Table], key: str) -> type[Table]:
    """The kind of table that stands under a key of another one, such as a gate."""
    field = table.model_fields.get(key)
    waiting: list[Any] = [field.annotation] if field else []
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Table):
            return kind
        waiting += get_args(kind)
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
