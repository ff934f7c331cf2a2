"""What feeds what: the weighted sums of a network, their weights, sources and
neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from explainer.mathematics.written import Key, Name, Product, Sum, Written
from explainer.network.quantity import Graph

Places = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """z_j = sum_k w_jk x_k + b_j: its pairs (w, x) in order, and its bias."""

    key: Key
    layer: int
    pairs: tuple[tuple[Key, Key], ...]
    bias: Key | None


class Shape:
    """The weighted sums of a graph by their keys, and how they stand side by side."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.last = len(graph.layers)

    @cached_property
    def sums(self) -> Mapping[Key, WeightedSum]:
        return {found.key: found for found in self._find()}

    def _find(self) -> Iterator[WeightedSum]:
        for layer in self.graph.layers:
            for key in layer.quantities:
                quantity = self.graph.quantities[key]
                if quantity.rule != "weighted_sum":
                    continue
                terms = terms_of(quantity.formula)
                pairs = [pair for term in terms if (pair := _pair(term))]
                biases = [
                    t.key for t in terms if isinstance(t, Name) and t.key.kind == "bias"
                ]
                bias = biases[0] if biases else None
                yield WeightedSum(key, layer.number, tuple(pairs), bias)

    @cached_property
    def argument(self) -> Mapping[Key, Key]:
        """The weighted sum z of each activation a = f(z)."""
        known = self.graph.quantities
        found = {}
        for a, quantity in known.items():
            z = Key("sum", a.of, a.at)
            # A loss that is taken together with its activation hides the slope only.
            down = z in quantity.slopes or z in quantity.uses
            if a.kind == "activation" and z in known and down:
                found[a] = z
        return found

    @cached_property
    def result(self) -> Mapping[Key, Key]:
        """The activation of each weighted sum."""
        return {z: a for a, z in self.argument.items()}

    def beside(self, key: Key) -> tuple[Key, ...]:
        """The weighted sums of the same layer at the same place."""
        return self._rows[self.sums[key].layer, key.at]

    @cached_property
    def _rows(self) -> Mapping[tuple[int, Places], tuple[Key, ...]]:
        rows: dict[tuple[int, Places], list[Key]] = {}
        for found in self.sums.values():
            rows.setdefault((found.layer, found.key.at), []).append(found.key)
        return {place: tuple(row) for place, row in rows.items()}

    @cached_property
    def fed(self) -> Mapping[Key, Key]:
        """The weighted sum of each weight and bias that has one use."""
        feeds: dict[Key, list[Key]] = {}
        for found in self.sums.values():
            for key in (*(w for w, _ in found.pairs), found.bias):
                if key is not None:
                    feeds.setdefault(key, []).append(found.key)
        return {key: zs[0] for key, zs in feeds.items() if len(zs) == 1}

    @cached_property
    def transposed(self) -> Mapping[Key, Key]:
        """The weight that stands at another one's place when rows are read as columns.

        w_ji for w_ij; where the matrix is not square, the numbering goes the other way.
        """
        found: dict[Key, Key] = {}
        for units in self._rows.values():
            found |= self._transpose(units)
        return found

    def _transpose(self, units: tuple[Key, ...]) -> Mapping[Key, Key]:
        rows = [[w for w, _ in self.sums[unit].pairs] for unit in units]
        flat = [weight for row in rows for weight in row]
        sizes = {len(row) for row in rows}
        if len(sizes) != 1 or len(set(flat)) != len(flat):
            return {}
        return {
            weight: flat[column * len(rows) + row]
            for row, weights in enumerate(rows)
            for column, weight in enumerate(weights)
            if flat[column * len(rows) + row] != weight
        }


def terms_of(written: Written) -> tuple[Written, ...]:
    """The terms of a sum; what is no sum is one term."""
    return written.terms if isinstance(written, Sum) else (written,)


def _pair(term: Written) -> tuple[Key, Key] | None:
    """The weight and the source of one term, in whichever order they stand."""
    if not isinstance(term, Product) or len(term.factors) != 2:
        return None
    keys = [factor.key for factor in term.factors if isinstance(factor, Name)]
    weights = [key for key in keys if key.kind == "weight"]
    if len(keys) != 2 or len(weights) != 1:
        return None
    (weight,) = weights
    return weight, keys[1] if keys[0] == weight else keys[0]
