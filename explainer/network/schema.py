"""The shape of a network file: its tables and keys. What they mean is checked later."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Tag

from explainer.mathematics.rounding import MODES
from explainer.network.forms import (
    NUMBER_SCHEMA,
    Carry,
    Count,
    Decimals,
    Figures,
    Kind,
    Names,
    Number,
    ReadBy,
    by_form,
    one_of,
)
from explainer.network.losses import LOSSES, NATURAL_LOGARITHM, REDUCTIONS, WAYS
from explainer.network.optimizers import OPTIMIZERS, OTHER_NAMES
from explainer.network.penalties import PENALTIES
from explainer.network.softmax import LAYER_ACTIVATIONS

METHODS = ("paths", "signals", "matrix")
MATRICES = ("columns", "rows")
UPDATES = ("with-gradient", "at-end")
ORDERS = ("output-first", "input-first")
PICTURES = ("network", "chains", "none")
PARAMETER_ORDERS = ("by-name", "as-wired")
FACTOR_ORDERS = ("weight-first", "input-first")
OPTIMIZER_NAMES = (*OPTIMIZERS, *OTHER_NAMES)
SAMPLE_USES = ("together", "one-by-one")
BACK_THROUGH = {"old-weights": False, "updated-weights": True}
ERROR_SIGNALS = {"positive": 1, "negative": -1}


class Table(BaseModel):
    """A table of the file. Keys that it does not know are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ActivationTable(Table):
    """An activation with its options, or a formula of the file with its constants."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Number]

    name: str = Field(
        description="The activation by name; with a formula a new name.",
        json_schema_extra={"examples": list(LAYER_ACTIVATIONS)},
    )
    formula: str | None = Field(
        default=None,
        description="A formula in z, such as z / (1 + abs(z)), with the other keys as"
        " its constants.",
    )


Activation = Annotated[
    Annotated[str, one_of("activation", LAYER_ACTIVATIONS), Tag("<name>")]
    | Annotated[ActivationTable, Tag("<table>")],
    by_form('a name such as "sigmoid", or a table such as { name = "relu", kink = 0 }'),
]


class PenaltyTable(Table):
    """A penalty on large parameters, added to the loss."""

    name: Annotated[str, one_of("penalty", PENALTIES)] = Field(
        description="The penalty by name."
    )
    rate: Number = Field(description="Its factor lambda, 0 or above.")
    half: bool | None = Field(
        default=None,
        description="Whether it is lambda / 2. Absent: as is usual for the penalty.",
    )
    by_samples: bool = Field(
        default=False, description="Whether it is divided by the number of samples."
    )
    biases: bool = Field(default=False, description="Whether biases count, too.")


Penalties = Annotated[
    Annotated[PenaltyTable, Tag("<table>")]
    | Annotated[list[PenaltyTable], Tag("<list>")],
    by_form('a table such as { name = "l2", rate = 0.1 }, or a list of them'),
]
# What is no number is refused with the options that there are.
LossOption = Annotated[Any, ReadBy(lambda got: got, NUMBER_SCHEMA)]
Logarithm = Annotated[
    Any, ReadBy(lambda got: got, {"enum": [2, 10, *NATURAL_LOGARITHM]})
]


class LossTable(Table):
    """The error that training makes smaller, with its options, such as delta."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, LossOption]

    name: Annotated[str, one_of("loss", LOSSES)] = Field(
        description="The loss by name."
    )
    outputs: Annotated[str, one_of("reduction", REDUCTIONS)] | None = Field(
        default=None,
        description="Whether the outputs' errors are added or averaged. Absent: as is"
        " usual for the loss.",
    )
    samples: Annotated[str, one_of("reduction", REDUCTIONS)] = Field(
        default="mean",
        description="Whether the samples' errors are added or averaged.",
    )
    times: Annotated[str, one_of("reduction", REDUCTIONS)] = Field(
        default="sum",
        description="Whether the time steps' errors are added or averaged.",
    )
    log: Logarithm = Field(
        default="natural", description="The base of the logarithm of a cross-entropy."
    )
    way: Annotated[str, one_of("way", WAYS)] = Field(
        default="short",
        description="Short: a cross-entropy and the activation that belongs to it are"
        " differentiated together. Long: each by itself.",
    )
    penalty: Penalties | None = Field(
        default=None, description="What is added for large parameters."
    )


class OptimizerTable(Table):
    """An optimizer with its constants and its choices."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    name: Annotated[str, one_of("optimizer", OPTIMIZER_NAMES)] = Field(
        description="The optimizer by name."
    )


Optimizer = Annotated[
    Annotated[str, one_of("optimizer", OPTIMIZER_NAMES), Tag("<name>")]
    | Annotated[OptimizerTable, Tag("<table>")],
    by_form('a name such as "adam", or a table such as { name = "adam", beta1 = 0.9 }'),
]


class TrainingTable(Table):
    """How the parameters are updated."""

    learning_rate: Number = Field(description="The learning rate, above zero.")
    optimizer: Optimizer = Field(
        default="gradient-descent", description="The rule of the update."
    )
    iterations: Count | None = Field(
        default=None, description="How many updates; usually one."
    )
    epochs: Count | None = Field(
        default=None,
        description="How many times all samples are used, in place of iterations.",
    )
    show: list[Count] = Field(
        default=[1], description="The iterations that are worked out in full."
    )
    samples: Annotated[str, one_of("use of samples", SAMPLE_USES)] = Field(
        default="together",
        description="One update for all samples together, or one after each sample,"
        " one-by-one.",
    )
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
    back_through: Annotated[str, one_of("kind of weights", BACK_THROUGH)] = Field(
        default="old-weights",
        description="Whether the error is passed back through the weights of the"
        " forward pass, or through those that are updated already.",
    )
    factor_order: Annotated[str, one_of("factor order", FACTOR_ORDERS)] = Field(
        default="weight-first", description="What stands first in weight times input."
    )
    matrices: Annotated[str, one_of("layout", MATRICES)] = Field(
        default="columns",
        description="With method matrix: W times a column vector, or a row vector"
        " times W.",
    )


class PageTable(Table):
    """How the document is laid out."""

    method: Annotated[str, one_of("method", METHODS)] = Field(
        default="paths",
        description="Chains factor by factor, error signals, or matrices.",
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
    pictures: Annotated[str, one_of("choice of pictures", PICTURES)] = Field(
        default="network",
        description="The network and charts of the error; with chains also the network"
        " at each gradient, its chain highlighted.",
    )
    # A folder of templates may bring more languages: the page knows which there are.
    language: str = Field(
        default="en",
        description="The language of the page, such as es; the names of the file stay.",
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
