"""Fully connected networks of units whose activation and cost are unknown functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sympy

from explainer.mathematics.algebra import symbol

Sizes = tuple[int, ...]
Place = tuple[str, int, *tuple[int, ...]]  # base symbol, layer, indices: w_23^(1)


class NoSuchQuantity(LookupError):
    """The equation speaks of a unit or a derivative that the network does not have."""


class Activation(sympy.Function):  # type: ignore[misc]
    """An unknown f(z). Its derivative is f'(z), unknown as well."""

    def fdiff(self, argindex: int = 1) -> Any:
        return ACTIVATION_SLOPE(*self.args)


class Cost(sympy.Function):  # type: ignore[misc]
    """An unknown C(a_1, ..., a_n). Its derivative in a_i is C_i(a_1, ..., a_n)."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Function(f"C_{argindex}")(*self.args)


ACTIVATION_SLOPE = sympy.Function("f'")


class Network:
    """A fully connected network; layer 0 is the inputs.

    `values` holds z_j^(l), a_j^(l), w_jk^(l), b_j^(l) and C, each as one expression in
    the inputs and parameters.
    """

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.last = len(sizes) - 1
        self.parameters = {place: _symbol(place) for place in self._parameters()}
        self.values = self.parameters | self.compose("a", 0)
        self._slopes: dict[tuple[Place, Place], Any] = {}

    def units(self, layer: int) -> range:
        return range(1, self.sizes[layer] + 1)

    def _parameters(self) -> Iterator[Place]:
        for layer in range(1, self.last + 1):
            for unit in self.units(layer):
                yield ("b", layer, unit)
                yield from (("w", layer, unit, k) for k in self.units(layer - 1))

    def compose(self, base: str, layer: int) -> dict[Place, Any]:
        """The network from a layer upward; that layer's z or a are variables."""
        found: dict[Place, Any] = {}
        for j in self.units(layer):
            variable = found[base, layer, j] = _symbol((base, layer, j))
            found["a", layer, j] = variable if base == "a" else Activation(variable)
        for above in range(layer + 1, self.last + 1):
            for j in self.units(above):
                found["z", above, j] = self._weighted_sum(above, j, found)
                found["a", above, j] = Activation(found["z", above, j])
        outputs = [found["a", self.last, j] for j in self.units(self.last)]
        return found | {("C", self.last): Cost(*outputs)}

    def _weighted_sum(self, layer: int, j: int, below: Mapping[Place, Any]) -> Any:
        terms = [
            self.parameters["w", layer, j, k] * below["a", layer - 1, k]
            for k in self.units(layer - 1)
        ]
        return sympy.Add(*terms, self.parameters["b", layer, j])

    def value(self, place: Place) -> Any:
        if place not in self.values:
            raise NoSuchQuantity(f"there is no {_plain(place)}")
        return self.values[place]

    def slope(self, top: Place, bottom: Place) -> Any:
        """The partial derivative of the top, composed from the bottom's layer up."""
        for place in (top, bottom):
            self.value(place)
        if (top, bottom) not in self._slopes:
            self._slopes[top, bottom] = self._differentiate(top, bottom)
        return self._slopes[top, bottom]

    def _differentiate(self, top: Place, bottom: Place) -> Any:
        if bottom in self.parameters:
            return sympy.diff(self.values[top], self.parameters[bottom])
        base, layer = bottom[:2]
        above = self.compose(base, layer)
        if top not in above:
            raise NoSuchQuantity(f"{_plain(top)} does not depend on {_plain(bottom)}")
        variables = [(base, layer, j) for j in self.units(layer)]
        composed = {above[place]: self.values[place] for place in variables}
        return sympy.diff(above[top], above[bottom]).xreplace(composed)


def _plain(place: Place) -> str:
    base, layer, *indices = place
    return f"{base}{''.join(f'_{index}' for index in indices)}^({layer})"


def _symbol(place: Place) -> Any:
    return symbol(_plain(place))


@cache
def network(sizes: Sizes) -> Network:
    """The network of these sizes, composed once."""
    return Network(sizes)
