"""The proof of the general derivation: each equation, everywhere in several networks.

The activation f and the cost C are unknown functions: what SymPy finds equal in these
networks is equal in them for every activation and every cost that have a derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from itertools import product
from typing import Any

import sympy

from explainer.derivation.general import GeneralEquation, atoms
from explainer.derivation.general_network import (
    ACTIVATION_SLOPE,
    Activation,
    Network,
    NoSuchQuantity,
    Place,
    Sizes,
    network,
)
from explainer.mathematics.algebra import rational, symbol
from explainer.mathematics.written import (
    Call,
    Derivative,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Sum,
    Summation,
    Written,
)

# Units in each layer, the inputs first. They differ within a network, so that an index
# in the wrong place points at a unit that is not there. The last network has two layers
# above its first hidden one, so that the recurrence is tried over more than one step.
SIZES: tuple[Sizes, ...] = (
    (1, 1, 1),
    (2, 3, 1),
    (3, 1, 2),
    (1, 2, 3),
    (3, 2, 2),
    (2, 2, 1, 2),
)
FUNCTIONS: Mapping[str, Any] = {
    "f": Activation,
    "f'": ACTIVATION_SLOPE,
    "g": sympy.Function("g"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether an equation holds in all its instances, and where it fails first.

    An instance is one choice of the sizes, the layer and the free indices; all sides
    are compared in it. Equation 3 has no sides and claims nothing: 0 instances.
    """

    number: int
    instances: int
    holds: bool
    counterexample: str = ""


def prove(equation: GeneralEquation, sizes: tuple[Sizes, ...] = SIZES) -> Proof:
    """The equation in every instance: left - side expands to 0 for every side.

    >>> from explainer.derivation.general import GENERAL
    >>> prove(GENERAL[7], ((2, 3, 1),))
    Proof(number=8, instances=3, holds=True, counterexample='')
    """
    count = 0
    for instance in _instances(equation, sizes) if equation.sides else ():
        count += 1
        reason = _refute(equation, instance)
        if reason:
            return Proof(equation.number, count, False, f"{instance}: {reason}")
    # An equation that was nowhere tried is not proved.
    return Proof(equation.number, count, holds=bool(count) or not equation.sides)


def _refute(equation: GeneralEquation, instance: Instance) -> str:
    """Why the equation is false in this instance; nothing where it holds."""
    try:
        left = mean(equation.left, instance)
        sides = [mean(side, instance) for side in equation.sides]
    except NoSuchQuantity as error:
        return str(error)
    rest = [sympy.expand(left - side) for side in sides]
    wrong = [place for place, difference in enumerate(rest, start=1) if difference != 0]
    return f"side {wrong[0]} differs from the left side" if wrong else ""


@dataclass(frozen=True, slots=True)
class Instance:
    """A network, the number that l stands for in it, and the numbers of the indices."""

    network: Network
    layer: int
    indices: Mapping[str, int]

    def __str__(self) -> str:
        places = "".join(f", {name} = {at}" for name, at in self.indices.items())
        return f"sizes {self.network.sizes}, l = {self.layer}{places}"

    def number(self, layer: str) -> int:
        """The number that l-1, l, l+1 or L stands for."""
        last, here = self.network.last, self.layer
        number = {"l-1": here - 1, "l": here, "l+1": here + 1, "L": last}[layer]
        if not 0 <= number <= last:
            raise NoSuchQuantity(f"there is no layer {layer}")
        return number

    def index(self, name: str) -> int:
        if name not in self.indices:
            raise NoSuchQuantity(f"nothing says what the index {name} is")
        return self.indices[name]

    def place(self, key: Key) -> Place:
        """The place a symbol points at. A neuron on its own is unit 1 of layer 1."""
        if key.kind == "cost":
            return ("C", self.network.last)
        base, *names = (str(part) for part in key.of)
        if key.kind == "indexed":
            *names, layer = names
            return (base, self.number(layer), *map(self.index, names))
        indices = tuple(map(self.index, names))
        return ("a", 0, *indices) if base == "x" else (base, 1, *(1, *indices))


LAYERS: Mapping[str, Any] = {
    "neuron": lambda last: (1,),
    "hidden": lambda last: range(1, last),
    "every": lambda last: range(1, last + 1),
    "last": lambda last: (last,),
}


def _instances(
    equation: GeneralEquation, sizes: tuple[Sizes, ...]
) -> Iterator[Instance]:
    """Every network, every layer in which the equation speaks, every free index."""
    for each in map(network, sizes):
        for layer in LAYERS[equation.scope](each.last):
            names = _free_indices(equation.left)
            widths = [each.units(layer - below) for below in range(len(names))]
            for indices in product(*widths):
                yield Instance(each, layer, dict(zip(names, indices, strict=True)))


def _free_indices(left: Written) -> tuple[str, ...]:
    """j or j and k: the indices of the left side, of layer l and of the layer below."""
    if not isinstance(left, Name):
        return ()
    *_, named = atoms(left.key)
    names = named.of[1:-1] if named.kind == "indexed" else ()
    return tuple(str(name) for name in names)


@singledispatch
def mean(written: Written, instance: Instance) -> Any:
    """What the expression means in one network: a SymPy expression in its inputs."""
    raise TypeError(f"no general meaning for {type(written).__name__}")


@mean.register
def _(written: Number, instance: Instance) -> Any:
    return rational(written.value)


@mean.register
def _(written: Name, instance: Instance) -> Any:
    return MEANINGS[written.key.kind](written.key, instance)


def _mean_place(key: Key, instance: Instance) -> Any:
    if key.of == ("x",):  # the argument of g, not an input of the network
        return symbol("x")
    if key.of[:1] == ("delta",):
        z = Key("indexed", ("z", *key.of[1:]))
        return _mean_derivative(Key("derivative", (Key("cost"), z)), instance)
    return instance.network.value(instance.place(key))


def _mean_derivative(key: Key, instance: Instance) -> Any:
    top, bottom = (instance.place(part) for part in key.of if isinstance(part, Key))
    return instance.network.slope(top, bottom)


def _mean_width(key: Key, instance: Instance) -> Any:
    layer = instance.number(str(key.of[0])) if key.of else 0
    return instance.network.sizes[layer]


def _mean_new(key: Key, instance: Instance) -> Any:
    """One step down the slope: the parameter minus eta times SymPy's own derivative."""
    (old,) = (instance.place(part) for part in key.of if isinstance(part, Key))
    slope = instance.network.slope(("C", instance.network.last), old)
    return instance.network.value(old) - symbol("eta") * slope


MEANINGS: Mapping[str, Callable[[Key, Instance], Any]] = {
    "cost": _mean_place,
    "neuron": _mean_place,
    "indexed": _mean_place,
    "derivative": _mean_derivative,
    "width": _mean_width,
    "new": _mean_new,
    "learning_rate": lambda key, instance: symbol("eta"),
}


@mean.register
def _(written: Sum, instance: Instance) -> Any:
    return sympy.Add(*(mean(term, instance) for term in written.terms))


@mean.register
def _(written: Product, instance: Instance) -> Any:
    return sympy.Mul(*(mean(factor, instance) for factor in written.factors))


@mean.register
def _(written: Negative, instance: Instance) -> Any:
    return -mean(written.body, instance)


@mean.register
def _(written: Call, instance: Instance) -> Any:
    arguments = (mean(argument, instance) for argument in written.arguments)
    return FUNCTIONS[written.function](*arguments)


@mean.register
def _(written: Derivative, instance: Instance) -> Any:
    body, variable = mean(written.body, instance), mean(written.variable, instance)
    return sympy.diff(body, variable)


@mean.register
def _(written: Summation, instance: Instance) -> Any:
    (index,) = written.index.key.of
    terms = []
    for at in range(1, mean(written.upper, instance) + 1):
        indices = {**instance.indices, str(index): at}
        inner = Instance(instance.network, instance.layer, indices)
        terms.append(mean(written.body, inner))
    return sympy.Add(*terms)
