"""Gradients of weights and biases as matrices: dE/dW = delta a^T."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.derivation.chain_rule import negated
from explainer.derivation.matrix_layers import LayerViews
from explainer.derivation.matrix_view import (
    Keys,
    View,
    derivatives_of,
    layer_of,
    named_grid,
)
from explainer.derivation.updates import new
from explainer.mathematics.matrices import (
    MatrixProduct,
    Transpose,
)
from explainer.mathematics.written import (
    Key,
    Name,
    Product,
    Sum,
    Written,
    names_in,
)
from explainer.network.quantity import Layer


@dataclass(slots=True)
class GradientViews(LayerViews):
    """The gradients of a layer's parameters, sample by sample and together."""

    def _parameters(self, layer: Layer) -> None:
        if layer.number not in self.views.signals:
            return
        found: list[View] = []
        for kind in ("weight", "bias"):
            matrix = Key(f"matrix_{kind}", layer_of(layer.number))
            if matrix not in self.views.grids:
                continue
            keys = tuple(names_in(Sum(row)) for row in self.views.grids[matrix])
            flat = [key for row in keys for key in row]
            distinct = len({*flat}) == len(flat)
            if distinct and all(key in self.derivation.gradients for key in flat):
                found += self._gradient(layer, matrix, keys)
                self._update(matrix, keys)
            elif len({*flat}) == 1 and self._is_alone_bias(layer, flat[0]):
                found += self._shared(layer, flat[0])
        self.views.gradients[layer.number] = found

    def _gradient(self, layer: Layer, matrix: Key, keys: Keys) -> list[View]:
        graph = self.derivation.graph
        views: list[View] = []
        roots = graph.samples or (graph.root,)
        for place, root in enumerate(roots):
            view = self._product(layer, matrix, keys, root, place)
            if view is None:
                return []
            views.append(view)
        totals = [graph.data_loss] if graph.data_loss else []
        for root in (*totals, graph.objective):
            if root in roots:
                continue
            entries = derivatives_of(root, keys)
            if root == graph.objective and graph.data_loss:
                views += self._penalties(layer, matrix, keys)
            formula = self._lifted(entries) if self._known(entries) else None
            if formula is None:
                return views
            symbol = Key("derivative", (root, matrix))
            self.views.name(symbol, entries)
            forms = self._form(layer, matrix, formula) if graph.samples else ()
            whole = root == graph.objective and graph.data_loss
            rule = "gradient_penalized" if whole else "gradient_samples"
            views.append(
                View(
                    symbol, entries, formula, rule, layer.number, () if whole else forms
                )
            )
        return views

    def _shared(self, layer: Layer, bias: Key) -> list[View]:
        """1^T delta: one bias for all units gets the sum of their signals."""
        graph = self.derivation.graph
        views = []
        for place, root in enumerate(graph.samples or (graph.root,)):
            entry = Key("derivative", (root, bias))
            quantity = self.derivation.quantities.get(entry)
            if quantity is None or quantity.rule != "gradient_from_signals":
                return []
            delta = self._key("signal", layer.number)
            if graph.samples:
                delta = self._column(delta, place, graph.axes[place])
            ones = self._ones(len(layer.units))
            whole = MatrixProduct((Transpose(ones), Name(delta)))
            formula = negated(whole, graph.error_signal)
            views.append(
                View(entry, ((entry,),), formula, "gradient_shared", layer.number)
            )
        return views

    def _penalties(self, layer: Layer, matrix: Key, keys: Keys) -> list[View]:
        graph = self.derivation.graph
        views = []
        for part in graph.parts[graph.objective]:
            for kind in ("derivative", "local"):
                entries = tuple(
                    tuple(Key(kind, (part, k)) for k in row) for row in keys
                )
                if part != graph.data_loss and self._known(entries):
                    symbol = Key("derivative", (part, matrix))
                    self.views.name(symbol, entries)
                    views.append(View(symbol, entries, None, "penalty", layer.number))
        return views

    def _form(self, layer: Layer, matrix: Key, formula: Written) -> tuple[Written, ...]:
        """1/N Delta A^T, as all samples together give it."""
        share = formula.factors[:-1] if isinstance(formula, Product) else ()
        graph = self.derivation.graph
        delta = Name(self._key("signal", layer.number))
        right: Written = self._ones(len(graph.axes))
        if matrix.kind == "matrix_weight":
            before = self.views.named[named_grid(self._outputs(layer.number - 1))]
            right = Transpose(Name(before))
        whole = MatrixProduct((delta, right))
        sign = graph.error_signal
        return (negated(Product((*share, whole)) if share else whole, sign),)

    def _product(
        self, layer: Layer, matrix: Key, keys: Keys, root: Key, place: int
    ) -> View | None:
        """delta a^T of one sample."""
        graph, number = self.derivation.graph, layer.number
        entries = derivatives_of(root, keys)
        if not self._known(entries) or any(
            self.derivation.quantities[key].rule != "gradient_from_signal"
            for row in entries
            for key in row
        ):
            return None
        delta = self._key("signal", number)
        before = self.views.named[named_grid(self._outputs(number - 1))]
        if graph.samples:
            at = graph.axes[place]
            delta = self._column(delta, place, at)
            before = self._column(before, place, at)
        formula: Written = Name(delta)
        if matrix.kind == "matrix_weight":
            formula = MatrixProduct((formula, Transpose(Name(before))))
        symbol = Key("derivative", (root, matrix))
        self.views.name(symbol, entries)
        formula = negated(formula, graph.error_signal)
        rule = f"gradient_{matrix.kind.removeprefix('matrix_')}"
        return View(symbol, entries, formula, rule, number)

    def _column(self, key: Key, place: int, at: tuple[tuple[str, int], ...]) -> Key:
        """One sample's column of a matrix of all samples."""
        column = Key(key.kind.replace("batch", "matrix"), key.of, at)
        grid = tuple((row[place],) for row in self.views.grids[key])
        self.views.grids[column] = grid
        self.views.named.setdefault(grid, column)
        return column

    def _update(self, matrix: Key, keys: Keys) -> None:
        updates = self.derivation.updates
        if not all(key in updates for row in keys for key in row):
            return
        entries = tuple(tuple(updates[key] for key in row) for row in keys)
        formula = self._lifted(entries)
        if formula is not None:
            self.views.name(new(matrix), entries)
            self.views.updates.append(View(new(matrix), entries, formula, "update"))
