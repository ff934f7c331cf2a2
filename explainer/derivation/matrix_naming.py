"""Which scalar quantities make which matrix: the grids of a layer, and its weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from explainer.derivation.deriving import Derivation
from explainer.derivation.matrix_view import (
    WIDEST,
    Keys,
    Views,
)
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
)
from explainer.network.quantity import Layer


@dataclass(slots=True)
class Namer:
    """The grids of the layers of one derivation, named where they are matrices."""

    derivation: Derivation
    views: Views
    dense: dict[int, Keys] = field(default_factory=dict)
    consumers: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)

    def _key(self, what: str, number: int) -> Key:
        many = len(self.derivation.graph.axes) > 1
        if number == 0:
            return Key("batch_input" if many else "matrix_input")
        return Key(f"{'batch' if many else 'matrix'}_{what}", (str(number),))

    def _grid(self, kind: str, names: Iterable[str]) -> Keys:
        axes = self.derivation.graph.axes
        return tuple(tuple(Key(kind, (name,), at) for at in axes) for name in names)

    def _outputs(self, number: int) -> Keys:
        graph = self.derivation.graph
        if number:
            return self._grid("activation", graph.layers[number - 1].units)
        names = [str(key.of[0]) for key in graph.givens if key.kind == "input"]
        return self._grid("input", dict.fromkeys(names))

    def _name_givens(self, last: Layer) -> None:
        graph = self.derivation.graph
        self._give(self._key("", 0), self._outputs(0))
        targets = self._grid("target", last.units)
        if all(key in graph.givens for row in targets for key in row):
            many = len(graph.axes) > 1
            self._give(Key("batch_target" if many else "matrix_target"), targets)

    def _give(self, key: Key, keys: Keys) -> None:
        self.views.name(key, keys)
        self.views.given.append(key)

    def _known(self, keys: Keys) -> bool:
        return all(key in self.derivation.quantities for row in keys for key in row)

    def _weights(self, layer: Layer) -> tuple[Keys, Keys] | None:
        """The weights, row by row, and the biases of a layer in which every unit uses
        every output before it with a weight of its own; None for any other."""
        sums, sources = self._grid("sum", layer.units), self._outputs(layer.number - 1)
        wide = max(len(sources), len(self.derivation.graph.axes)) > WIDEST
        if wide or layer.kind != "dense" or not self._known(sums):
            return None
        rows, biases = [], []
        for key in (row[0] for row in sums):
            quantity = self.derivation.quantities[key]
            slopes = quantity.slopes
            found = [slopes[s[0]].value for s in sources if s[0] in slopes]
            row = tuple(w.key for w in found if isinstance(w, Name))
            used = {*row, *(s[0] for s in sources)}
            rest = tuple(use for use in quantity.uses if use not in used)
            alone = all(w.kind == "weight" and self._is_alone(w) for w in row)
            if len({*row}) != len(sources) or len(rest) > 1 or not alone:
                return None
            rows.append(row)
            biases.append(rest)
        if len({len(bias) for bias in biases}) > 1:
            return None
        return tuple(rows), tuple(biases) if biases[0] else ()

    def _is_alone(self, weight: Key) -> bool:
        """Whether a weight stands in one weighted sum only, apart from penalties."""
        carriers = self.derivation.graph.carriers
        sums = [user for user in self.consumers[weight] if user in carriers]
        return len({user.of for user in sums}) == 1

    def _is_alone_bias(self, layer: Layer, bias: Key) -> bool:
        """Whether no other layer uses a bias."""
        units = {(unit,) for unit in layer.units}
        carriers = self.derivation.graph.carriers
        sums = {user.of for user in self.consumers[bias] if user in carriers}
        return bias in self.derivation.gradients and sums == units

    def _ones(self, count: int) -> Name:
        """A column of ones: it repeats a bias, or adds up entries."""
        key = Key("matrix_ones", (str(count),))
        self.views.grids[key] = tuple((ONE,) for _ in range(count))
        return Name(key)
