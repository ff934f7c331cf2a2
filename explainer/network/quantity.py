"""A quantity of the forward pass, and the graph that holds them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.written import Comparison, Key, Written, names_in
from explainer.notation import Place

At = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Slope:
    """dq/dx of a quantity q with respect to one x that it uses, as it is taught.

    `value` is the taught form, such as a(1 - a), and `working` holds the forms on the
    way to it, each equal to it. `rule` names the reason. `kink` is the condition under
    which the derivative does not exist and a convention decides, such as z = 0 for a
    ReLU. `assuming` is what the given numbers fulfil and the slope relies on: targets
    that add up to 1 make the last of them 1 minus the others.
    """

    value: Written
    rule: str
    working: tuple[Written, ...] = ()
    bridge: tuple[Written, ...] = ()
    kink: Comparison | None = None
    assuming: Mapping[Key, Written] = field(default_factory=dict)


def reach(
    starts: Iterable[Key], after: Callable[[Key], Iterable[Key]]
) -> frozenset[Key]:
    """The quantities to start from, and all that come after them, at any distance."""
    found: set[Key] = set()
    waiting = list(starts)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += after(key)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named quantity: given, or defined by a formula in other quantities.

    `rule` is the name of the catalogue's record that made it. `slopes` has the local
    derivative for each quantity that a gradient may pass through. These are quantities
    that the formula uses; or, where a loss is taught together with its activation,
    what the activation uses: dE/dz = y - t.
    """

    key: Key
    formula: Written
    rule: str
    slopes: Mapping[Key, Slope] = field(default_factory=dict)

    @property
    def uses(self) -> tuple[Key, ...]:
        """The quantities the formula uses, in reading order."""
        return names_in(self.formula)


Update = Callable[[Key, Key], tuple[Quantity, ...]]


@dataclass(frozen=True, slots=True)
class Given:
    """A number from the network file: its value as typed, and its place in the file;
    None for one that an earlier iteration computed."""

    key: Key
    value: Decimal | Fraction
    path: str | None


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as the page shows it: its units, its quantities in the order in which
    they are computed, and its own parameters.

    `facts` are what a sentence on this kind of layer may speak of.
    """

    number: int
    kind: str
    units: tuple[str, ...]
    activation: str
    quantities: tuple[Key, ...]
    weights: tuple[Key, ...] = ()
    biases: tuple[Key, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[Key, ...]:
        return (*self.weights, *self.biases)


@dataclass(frozen=True, slots=True)
class Graph:
    """An ordered graph of named quantities: each uses only givens and earlier
    quantities.

    `objective` is what is differentiated: the total loss, or an output where there is
    none. `parts` says what each total adds up: the losses of samples, of time steps, of
    single outputs; a gradient may be taken through each of them separately. `samples`
    are the losses of the single samples, where no quantity of one sample reaches the
    loss of another. `wanted` are the quantities whose gradient is asked, in the order
    of the file, layer by layer from the input. `carriers` are the quantities that have
    an error signal: the weighted sums. `error_signal` is +1 where that signal is dE/dz
    and -1 where it is the negative; with `goes_back_updated` the error is passed back
    through weights that are updated already. `places` says where each name stands in
    the network, `axes` the places of samples and time steps, () where there is one
    only. `data_loss` is the objective without its penalties. `update` makes the
    quantities of one update from a parameter and its gradient; `following` says which
    given number of the next iteration is which quantity of this one, `optimizer` names
    the rule. With
    `is_mixed` a layer computes with all samples, or all time steps, at once. `turns`
    are the givens of the samples, where each has an update of its own, in turn.
    """

    givens: Mapping[Key, Given]
    quantities: Mapping[Key, Quantity]
    objective: Key
    parts: Mapping[Key, tuple[Key, ...]]
    wanted: tuple[Key, ...]
    carriers: frozenset[Key]
    layers: tuple[Layer, ...]
    places: Mapping[str, Place]
    trained: frozenset[Key]
    samples: tuple[Key, ...] = ()
    data_loss: Key | None = None
    axes: tuple[At, ...] = ((),)
    learning_rate: Key | None = None
    error_signal: int = 1
    goes_back_updated: bool = False
    update: Update | None = None
    following: Mapping[Key, Key] = field(default_factory=dict)
    optimizer: str = "gradient-descent"
    is_mixed: bool = False
    turns: tuple[tuple[Given, ...], ...] = ()

    @property
    def has_formulas(self) -> bool:
        """Whether it is a list of formulas, and has no units."""
        return any(layer.kind == "formulas" for layer in self.layers)

    @property
    def totals(self) -> frozenset[Key]:
        """The objective and everything that it adds up."""
        inside = [part for parts in self.parts.values() for part in parts]
        return frozenset([self.objective, *self.parts, *inside])

    @property
    def splits(self) -> frozenset[Key]:
        """The totals that are taken apart: over samples, and into error and penalty."""
        splits = {self.objective} if self.data_loss else set()
        if self.samples:
            splits.add(self.root)
        return frozenset(splits)

    @property
    def root(self) -> Key:
        """The error signals are its derivatives: the loss of all data, without
        penalties."""
        return self.data_loss or self.objective

    def root_of(self, key: Key) -> Key:
        """What the error signal of a quantity is the derivative of: the loss of its own
        sample where the samples are separate, otherwise the loss of the data."""
        sample = dict(key.at).get("sample")
        if sample is not None and self.samples:
            return self.samples[sample - 1]
        return self.root
