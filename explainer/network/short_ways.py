"""The short way through the last layer: a loss that is taught together with its
activation, dE/dz = y - t."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Negative,
    Product,
    Sum,
    Written,
    sum_of,
)
from explainer.network.losses import Loss, lose, short_slope
from explainer.network.quantity import At, Quantity, Slope
from explainer.network.softmax import is_softmax
from explainer.network.spec import LayerSpec, LossSpec


@dataclass(frozen=True, slots=True)
class LastLayer:
    """The last layer at one place, its loss, and the quantities built so far."""

    loss: Loss
    choice: LossSpec
    layer: LayerSpec
    at: At
    quantities: Mapping[Key, Quantity]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.layer.units)

    def key(self, kind: str, name: str) -> Key:
        return Key(kind, (name,), self.at)

    def lose(self, name: str, single: bool) -> Quantity:
        """The error of one output, with its slope in that output."""
        return lose(
            self.loss,
            self.key("activation", name),
            self.key("target", name),
            Key("loss", () if single else (name,), self.at),
            self.choice.options,
            self.choice.base,
        )

    def short(self, name: str) -> Written:
        """dE/dz = y - t."""
        y, t = self.key("activation", name), self.key("target", name)
        activation = self.layer.activation.name
        slope = short_slope(self.loss, activation, y, t, self.choice.base)
        assert slope is not None, f"{self.loss.name} has no short way"
        return slope

    def chain(self, error: Quantity, name: str, z: Key) -> Written:
        """dE/dy dy/dz, with both slopes written out."""
        y = self.key("activation", name)
        return Product((error.slopes[y].value, self.quantities[y].slopes[z].value))


def lose_from_sums(last: LastLayer) -> tuple[Quantity, ...]:
    """The errors at one place, each with its slope in the weighted sums.

    After a softmax there is one error for all outputs, otherwise one for each.
    """
    if is_softmax(last.layer.activation):
        return (_of_softmax(last),)
    single = len(last.names) == 1
    return tuple(_of_output(last, name, single) for name in last.names)


def _of_output(last: LastLayer, name: str, single: bool) -> Quantity:
    """dE/dz = dE/dy dy/dz, taken together."""
    error, z = last.lose(name, single), last.key("sum", name)
    chain = last.chain(error, name, z)
    slope = Slope(last.short(name), "slope_short", working=(chain,))
    return replace(error, slopes={z: slope})


def _of_softmax(last: LastLayer) -> Quantity:
    """E = -sum_k t_k ln y_k; dE/dz_j = sum_k dE/dy_k dy_k/dz_j, where the targets add
    up to 1."""
    errors = {name: last.lose(name, single=True) for name in last.names}
    slopes = {}
    for name in last.names:
        z = last.key("sum", name)
        chains = (last.chain(error, other, z) for other, error in errors.items())
        working: tuple[Written, ...] = (sum_of(tuple(chains)),)
        if last.choice.base == "e":
            working += (_gathered(last, name),)
        slopes[z] = Slope(
            last.short(name),
            "slope_short_softmax",
            working=working,
            assuming=_one_in_all(last),
        )
    formula = _added(tuple(error.formula for error in errors.values()))
    return Quantity(Key("loss", (), last.at), formula, last.loss.name, slopes)


def _added(formulas: tuple[Written, ...]) -> Written:
    """-(a + b) for -a and -b."""
    bodies = tuple(f.body for f in formulas if isinstance(f, Negative))
    if len(bodies) == len(formulas):
        return Negative(sum_of(bodies))
    return sum_of(formulas)


def _gathered(last: LastLayer, name: str) -> Written:
    """y_j (t_1 + ... + t_n) - t_j, before the targets are added up to 1."""
    targets = tuple(Name(last.key("target", other)) for other in last.names)
    y, t = Name(last.key("activation", name)), Name(last.key("target", name))
    return Sum((Product((y, sum_of(targets))), Negative(t)))


def _one_in_all(last: LastLayer) -> dict[Key, Written]:
    """The last target is 1 minus the others."""
    *others, end = (last.key("target", name) for name in last.names)
    return {end: Sum((ONE, *(Negative(Name(other)) for other in others)))}
