"""Layers as matrix equations: z = W a + b, a = f(z), and the error signals."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.derivation.matrix_lifting import lift
from explainer.derivation.matrix_naming import Namer
from explainer.derivation.matrix_view import (
    WIDEST,
    Keys,
    View,
    layer_of,
    named_grid,
)
from explainer.mathematics.matrices import (
    Hadamard,
    MatrixProduct,
    Transpose,
)
from explainer.mathematics.written import (
    Key,
    Name,
    Sum,
    Written,
)
from explainer.network.quantity import Layer


@dataclass(slots=True)
class LayerViews(Namer):
    """The forward pass and the error signals of each layer."""

    def _forward(self, layer: Layer) -> None:
        number, views = layer.number, self.views
        outputs = self._outputs(number)
        found = self._weights(layer)
        if found is None:
            if len(outputs) <= WIDEST and self._known(outputs):
                views.name(self._key("activation", number), outputs)
            return
        weights, biases = found
        self.dense[number] = weights
        w, b = (
            Key("matrix_weight", layer_of(number)),
            Key("matrix_bias", layer_of(number)),
        )
        self._give(w, weights)
        before = views.named[named_grid(self._outputs(number - 1))]
        formula: Written = MatrixProduct((Name(w), Name(before)))
        if biases:
            self._give(b, biases)
            many = len(self.derivation.graph.axes) > 1
            added = MatrixProduct(
                (Name(b), Transpose(self._ones(len(self.derivation.graph.axes))))
            )
            formula = Sum((formula, added if many else Name(b)))
        sums, key = self._grid("sum", layer.units), self._key("sum", number)
        views.name(key, sums)
        after = self._key("activation", number)
        views.name(after, outputs)
        views.forward[number] = [
            View(key, sums, formula, "sum", number),
            View(after, outputs, None, "activation", number),
        ]

    def _root(self) -> Key:
        graph = self.derivation.graph
        return Key("loss") if graph.samples else graph.root

    def _signal(self, layer: Layer, last: bool) -> None:
        sums, number = self._grid("sum", layer.units), layer.number
        entries = tuple(tuple(Key("signal", (z,)) for z in row) for row in sums)
        if number not in self.dense or not self._known(entries):
            return
        found = self._last(layer, entries) if last else self._hidden(layer, entries)
        if found is None:
            return
        views, formula = found
        key = self._key("signal", number)
        self.views.name(key, entries)
        rule = "signal_last" if last else "signal_hidden"
        views.append(View(key, entries, formula, rule, number))
        self.views.signals[number] = views

    def _slope(self, layer: Layer) -> View | None:
        sums, outputs = (self._grid(k, layer.units) for k in ("sum", "activation"))
        pairs = [zip(*rows, strict=True) for rows in zip(outputs, sums, strict=True)]
        keys = tuple(tuple(Key("local", pair) for pair in row) for row in pairs)
        if layer.activation == "softmax" or not self._known(keys):
            return None
        key = self._key("slope", layer.number)
        self.views.name(key, keys)
        return View(key, keys, None, "slope", layer.number)

    def _last(self, layer: Layer, entries: Keys) -> tuple[list[View], Written | None]:
        """dE/da o f'(z), or the short way; whatever the entries have in common."""
        views = []
        slope = self._slope(layer)
        outputs = self._outputs(layer.number)
        roots = self.derivation.graph.root_of
        keys = tuple(
            tuple(Key("derivative", (roots(a), a)) for a in row) for row in outputs
        )
        locals_ = tuple(
            tuple(Key("local", (roots(a), a)) for a in row) for row in outputs
        )
        keys = keys if self._known(keys) else locals_
        if self._known(keys):
            symbol = Key(
                "derivative", (self._root(), self._key("activation", layer.number))
            )
            formula = self._lifted(keys)
            self.views.name(symbol, keys)
            views.append(View(symbol, keys, formula, "error_slope", layer.number))
        if slope:
            views.append(slope)
        return views, self._lifted(entries)

    def _hidden(
        self, layer: Layer, entries: Keys
    ) -> tuple[list[View], Written | None] | None:
        """(W^T delta) o f'(z), where the next layer is the only one that is fed."""
        after = layer.number + 1
        if after not in self.views.signals:
            return None
        units = self.derivation.graph.layers[layer.number].units
        for row in self._outputs(layer.number):
            for key in row:
                fed = {Key("sum", (unit,), key.at) for unit in units}
                if {*self.consumers.get(key, ())} != fed:
                    return None
        slope = self._slope(layer)
        if slope is None:
            return None
        w, delta = Key("matrix_weight", layer_of(after)), self._key("signal", after)
        back = MatrixProduct((Transpose(Name(w)), Name(delta)))
        return [slope], Hadamard((back, Name(slope.key)))

    def _lifted(self, keys: Keys) -> Written | None:
        """The equation that all entries have in common; copies are followed."""
        quantities = self.derivation.quantities
        formulas = []
        for row in keys:
            formulas.append(
                tuple(self._followed(quantities[key].formula) for key in row)
            )
        return lift(tuple(formulas), self.views.named)

    def _followed(self, formula: Written) -> Written:
        while isinstance(formula, Name) and formula.key in self.derivation.quantities:
            grid_has = any(formula in row for grid in self.views.named for row in grid)
            if grid_has:
                break
            formula = self.derivation.quantities[formula.key].formula
        return formula
