"""Building a graph, layer by layer: what each layer finds, and what it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from explainer.mathematics.differentiation import differentiate
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Product,
    Written,
    names_in,
    sum_of,
)
from explainer.network.activations import activate
from explainer.network.quantity import At, Given, Quantity, Slope
from explainer.network.softmax import activate_together, is_softmax
from explainer.network.spec import LayerSpec, UnitSpec


@dataclass(slots=True)
class Construction:
    """The quantities so far, and the output of every unit at every place.

    `axes` are the places, samples before time steps; `outputs` has for each place the
    quantity of every input and of every unit that may feed the next layer.
    """

    axes: tuple[At, ...]
    factor_order: str
    outputs: dict[At, dict[str, Key]]
    quantities: dict[Key, Quantity] = field(default_factory=dict)
    givens: list[Given] = field(default_factory=list)

    def add(self, quantity: Quantity) -> Key:
        """Enter a quantity and answer its key."""
        self.quantities[quantity.key] = quantity
        return quantity.key

    def define(self, key: Key, formula: Written, rule: str) -> Key:
        """Enter a quantity by its formula alone; its slopes follow by the rules of
        calculus."""
        return self.add(Quantity(key, formula, rule, slopes_of(formula)))

    def activate(self, layer: LayerSpec, pairs: Iterable[tuple[Key, Key]]) -> None:
        """The outputs of a layer from its weighted sums: a = f(z)."""
        pairs = tuple(pairs)
        if is_softmax(layer.activation):
            for quantity in activate_together(pairs):
                self.add(quantity)
            return
        for argument, result in pairs:
            self.add(activate(layer.activation, layer.options, argument, result))

    def leave(self, at: At, units: Iterable[UnitSpec]) -> None:
        """Let the outputs of these units feed later layers."""
        for unit in units:
            self.outputs[at][unit.name] = Key("activation", (unit.name,), at)

    def before(self, at: At) -> At:
        """The place one time step earlier; time 0 has the starting values."""
        times = dict(at)
        return tuple((axis, n) for axis, n in at if axis != "time") + (
            ("time", times.get("time", 1) - 1),
        )

    def begin(self, layer: LayerSpec, kind: str, names: Iterable[str]) -> None:
        """Give the starting values of a recurrent layer, one for each sample."""
        firsts = dict.fromkeys(
            self.before(at) for at in self.axes if dict(at).get("time", 1) == 1
        )
        for at in firsts:
            for name in names:
                entry = layer.initial[name]
                key = Key(kind, (name,), at)
                self.givens.append(Given(key, entry.value, entry.path))


def add_inputs(
    unit: UnitSpec,
    sources: Mapping[str, Key],
    at: At,
    factor_order: str,
    recurrent: Mapping[str, Key] | None = None,
) -> Quantity:
    """z_j = sum_k w_jk a_k + b_j, with its slope for every weight, source and bias.

    A quantity that stands in several terms has the sum over its terms as its slope.
    `recurrent` has the outputs of the time step before.
    """
    terms: list[Written] = []
    slopes: list[tuple[Key, Written, str]] = []
    feeds = [(sources[source], weight) for source, weight in unit.inputs]
    feeds += [((recurrent or {})[source], weight) for source, weight in unit.recurrent]
    for x, weight in feeds:
        if weight is None:
            terms.append(Name(x))
            slopes.append((x, ONE, "slope_by_input"))
            continue
        w = Key("weight", (weight,))
        pair = (Name(w), Name(x))
        terms.append(Product(pair if factor_order == "weight-first" else pair[::-1]))
        slopes += [(w, Name(x), "slope_by_weight"), (x, Name(w), "slope_by_input")]
    if unit.bias is not None:
        b = Key("bias", (unit.bias,))
        terms.append(Name(b))
        slopes.append((b, ONE, "slope_by_bias"))
    key = Key("sum", (unit.name,), at)
    return Quantity(key, sum_of(tuple(terms)), "weighted_sum", _collect(slopes))


def _collect(slopes: list[tuple[Key, Written, str]]) -> Mapping[Key, Slope]:
    terms: dict[Key, list[Written]] = {}
    rules: dict[Key, str] = {}
    for key, value, rule in slopes:
        terms.setdefault(key, []).append(value)
        rules[key] = "slope_by_shared" if key in rules else rule
    return {key: Slope(sum_of(tuple(terms[key])), rules[key]) for key in terms}


def slopes_of(formula: Written) -> Mapping[Key, Slope]:
    """The derivative of a formula in each quantity that it uses, by the rules of
    calculus.

    Raises DifferentiationError where no rule differentiates it.
    """
    return {
        key: Slope(differentiate(formula, key)[-1].written, "slope_of_formula")
        for key in names_in(formula)
    }
