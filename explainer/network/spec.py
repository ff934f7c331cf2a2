"""What a network file says, checked: the names, values and wiring, and the choices of
the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Written
from explainer.network.activations import Activation

Value = Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of the file: its value as typed, and its place, such as
    `layers[0].bias.b1`."""

    value: Value
    path: str


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """One unit: what feeds it, as (source unit, weight) in order, and its bias if it
    has one.

    The weight is None where a source goes in as it is. `recurrent` feeds the unit from
    the time step before.
    """

    name: str
    inputs: tuple[tuple[str, str | None], ...]
    bias: str | None = None
    recurrent: tuple[tuple[str, str], ...] = ()

    @property
    def weights(self) -> tuple[str, ...]:
        """The weights it uses, in order."""
        pairs = (*self.inputs, *self.recurrent)
        return tuple(weight for _, weight in pairs if weight is not None)


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer: its units, and its activation with the options chosen.

    `kind` is one of `layers.LAYERS`. `gates` are further groups of weighted sums, such
    as the forget gate of an LSTM, by name. `initial` has the values of recurrent units
    before the first time step. `facts` are choices of this kind of layer.
    """

    units: tuple[UnitSpec, ...]
    activation: Activation
    options: Mapping[str, Decimal] = field(default_factory=dict)
    kind: str = "dense"
    gates: Mapping[str, tuple[UnitSpec, ...]] = field(default_factory=dict)
    initial: Mapping[str, Entry] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def summing_units(self) -> tuple[UnitSpec, ...]:
        """Every unit and gate that has weights of its own."""
        gates = (unit for gate in self.gates.values() for unit in gate)
        return (*self.units, *gates)


@dataclass(frozen=True, slots=True)
class Sample:
    """The inputs and targets at one place: of one sample, at one time step.

    `at` is () where there is one place only.
    """

    inputs: Mapping[str, Entry]
    targets: Mapping[str, Entry] = field(default_factory=dict)
    at: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PenaltySpec:
    """A penalty by name: lambda, or lambda / 2 with `half`, times the sum over the
    weights and, where asked, the biases; divided by the number of samples where
    asked."""

    name: str
    rate: Entry
    half: bool = False
    by_samples: bool = False
    biases: bool = False


@dataclass(frozen=True, slots=True)
class LossSpec:
    """The loss by name, and whether the errors of the outputs, the samples and the time
    steps are added or averaged.

    Without `outputs` the usual reduction of the loss holds. `base` is that of the
    logarithm, "e", "2" or "10". The `way` is short where the loss and the activation of
    the last layer are differentiated together.
    """

    name: str
    outputs: str | None = None
    samples: str = "mean"
    times: str = "sum"
    base: str = "e"
    way: str = "short"
    options: Mapping[str, Decimal] = field(default_factory=dict)
    penalties: tuple[PenaltySpec, ...] = ()


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """The optimizer by name, its options, and how long it runs.

    `iterations` counts updates; `show` are those worked out in full. With `one_by_one`
    each sample has an update of its own, in turn.
    """

    name: str = "gradient-descent"
    options: Mapping[str, Any] = field(default_factory=dict)
    iterations: int = 1
    show: tuple[int, ...] = (1,)
    one_by_one: bool = False


@dataclass(frozen=True, slots=True)
class PageSpec:
    """How the document is laid out; the command line may choose otherwise."""

    method: str = "paths"
    updates: str = "at-end"
    order: str = "output-first"
    parameters: str = "by-name"
    matrices: str = "columns"
    pictures: str = "network"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NotationSpec:
    """The base notation by name, with the file's own patterns and symbols over it."""

    base: str = "net-out"
    patterns: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)


# Numbers to choose from.
Spread = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Variation:
    """What may vary from paper to paper: groups of numbers, single names over them, and
    the activation of the layers before the last."""

    groups: Mapping[str, Spread] = field(default_factory=dict)
    single: Mapping[str, Spread] = field(default_factory=dict)
    activation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked network. `parameters` has every weight and bias once, in the file's
    order.

    `objective` is the unit whose output is differentiated where there is no loss.
    `gradients_of` are inputs and units (their outputs) whose gradient is asked, besides
    those of all parameters. `formulas` define quantities of a computational graph.
    `error_signal` is +1 where the error signal is dE/dz and -1 where it is its
    negative. With `goes_back_updated` the error is passed back through weights that are
    updated already.
    """

    title: str
    samples: tuple[Sample, ...]
    layers: tuple[LayerSpec, ...]
    parameters: Mapping[str, Entry]
    formulas: Mapping[str, Written] = field(default_factory=dict)
    loss: LossSpec | None = None
    objective: str | None = None
    learning_rate: Entry | None = None
    frozen: frozenset[str] = frozenset()
    optimizer: OptimizerSpec = field(default_factory=OptimizerSpec)
    gradients_of: tuple[str, ...] = ()
    error_signal: int = 1
    goes_back_updated: bool = False
    factor_order: str = "weight-first"
    rounding: Rounding = field(default_factory=Rounding)
    notation: NotationSpec = field(default_factory=NotationSpec)
    page: PageSpec = field(default_factory=PageSpec)
    description: str = ""
    variation: Variation | None = None

    @property
    def inputs(self) -> Mapping[str, Entry]:
        """The inputs at the first place."""
        return self.samples[0].inputs if self.samples else {}

    @property
    def targets(self) -> Mapping[str, Entry]:
        """The targets at the first place that has any."""
        return next((sample.targets for sample in self.samples if sample.targets), {})
