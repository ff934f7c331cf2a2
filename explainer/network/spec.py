"""What a network file says, checked: the names, values and wiring, and the choices of
the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.rounding import Rounding

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
    has one."""

    name: str
    inputs: tuple[tuple[str, str], ...]
    bias: str | None


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A fully connected layer: its units, and its activation with the options
    chosen."""

    units: tuple[UnitSpec, ...]
    activation: str
    options: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LossSpec:
    """The loss by name, and whether the errors of the outputs are added or averaged."""

    name: str
    outputs: str = "sum"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """How the document is laid out; the command line may choose otherwise."""

    method: str = "paths"
    updates: str = "at-end"
    order: str = "output-first"
    parameters: str = "by-name"


@dataclass(frozen=True, slots=True)
class NotationSpec:
    """The base notation by name, with the file's own patterns and symbols over it."""

    base: str = "net-out"
    patterns: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked network. `parameters` has every weight and bias once, in the file's
    order.

    `objective` is the unit whose output is differentiated where there is no loss.
    `gradients_of` are inputs and units (their outputs) whose gradient is asked, besides
    those of all parameters.
    `error_signal` is +1 where the error signal is dE/dz and -1 where it is its
    negative.
    """

    title: str
    inputs: Mapping[str, Entry]
    layers: tuple[LayerSpec, ...]
    parameters: Mapping[str, Entry]
    targets: Mapping[str, Entry] = field(default_factory=dict)
    loss: LossSpec | None = None
    objective: str | None = None
    learning_rate: Entry | None = None
    frozen: frozenset[str] = frozenset()
    gradients_of: tuple[str, ...] = ()
    error_signal: int = 1
    factor_order: str = "weight-first"
    rounding: Rounding = field(default_factory=Rounding)
    notation: NotationSpec = field(default_factory=NotationSpec)
    page: PageSpec = field(default_factory=PageSpec)
    description: str = ""
