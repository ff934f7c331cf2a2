"""A quantity of the forward pass, and the graph that holds them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.written import Comparison, Key, Written, names_in
from explainer.notation import Place


@dataclass(frozen=True, slots=True)
class Slope:
    """dq/dx of a quantity q with respect to one x that it uses, as it is taught.

    `value` is the taught form, such as a(1 - a), and `working` holds the forms on the
    way to it, each equal to it. `rule` names the reason. `kink` is the condition under
    which the derivative does not exist and a convention decides, such as z = 0 for a
    ReLU.
    """

    value: Written
    rule: str
    working: tuple[Written, ...] = ()
    bridge: tuple[Written, ...] = ()
    kink: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named quantity: given, or defined by a formula in other quantities.

    `rule` is the name of the catalogue's record that made it. `slopes` has the local
    derivative for each quantity that the formula uses and that a gradient may pass
    through.
    """

    key: Key
    formula: Written
    rule: str
    slopes: Mapping[Key, Slope] = field(default_factory=dict)

    @property
    def uses(self) -> tuple[Key, ...]:
        """The quantities the formula uses, in reading order."""
        return names_in(self.formula)


@dataclass(frozen=True, slots=True)
class Given:
    """A number from the network file: its value as typed, and its place in the file."""

    key: Key
    value: Decimal | Fraction
    path: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as the page shows it: its units and its own parameters, in the file's
    order."""

    number: int
    units: tuple[str, ...]
    activation: str
    weights: tuple[Key, ...]
    biases: tuple[Key, ...]

    @property
    def parameters(self) -> tuple[Key, ...]:
        return (*self.weights, *self.biases)


@dataclass(frozen=True, slots=True)
class Graph:
    """An ordered graph of named quantities: each uses only givens and earlier
    quantities.

    `objective` is what is differentiated: the total loss, or an output where there is
    none. `parts` are the losses of the single outputs that the objective adds up; a
    gradient is taken through each of them separately. `wanted` are the quantities
    whose gradient is asked, in the order of the file, layer by layer from the input.
    `carriers` are the quantities that have an error signal: the weighted sums.
    `error_signal` is +1 where that signal is dE/dz and -1 where it is the negative.
    """

    givens: Mapping[Key, Given]
    quantities: Mapping[Key, Quantity]
    objective: Key
    parts: tuple[Key, ...]
    wanted: tuple[Key, ...]
    carriers: frozenset[Key]
    layers: tuple[Layer, ...]
    places: Mapping[str, Place]
    trained: frozenset[Key]
    learning_rate: Key | None = None
    error_signal: int = 1
