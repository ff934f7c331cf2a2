"""Matrix equations as views over the scalar quantities of a derivation: which quantity
is which entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from explainer.derivation.chain_rule import consumers_of, negated
from explainer.derivation.deriving import Derivation
from explainer.derivation.matrix_lifting import lift
from explainer.derivation.updates import new
from explainer.mathematics.matrices import (
    Grid,
    Hadamard,
    MatrixProduct,
    Transpose,
    flipped,
    transposed,
)
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Product,
    Sum,
    Written,
    names_in,
    substitute,
)
from explainer.network.quantity import Layer

Keys = tuple[tuple[Key, ...], ...]
# More columns do not fit on a page.
WIDEST = 6


@dataclass(frozen=True, slots=True)
class View:
    """One matrix equation: its symbol, the quantity of each entry, and its right side.

    Without a formula each entry is worked out by its own. `forms` stand before the
    formula.
    """

    key: Key
    entries: Keys
    formula: Written | None
    rule: str
    layer: int = 0
    forms: tuple[Written, ...] = ()

    @property
    def quantities(self) -> tuple[Key, ...]:
        return tuple(key for row in self.entries for key in row)


@dataclass(slots=True)
class Views:
    """All matrices of a derivation, and the equations between them, in sections."""

    derivation: Derivation
    grids: dict[Key, Grid] = field(default_factory=dict)
    named: dict[Grid, Key] = field(default_factory=dict)
    given: list[Key] = field(default_factory=list)
    forward: dict[int, list[View]] = field(default_factory=dict)
    signals: dict[int, list[View]] = field(default_factory=dict)
    gradients: dict[int, list[View]] = field(default_factory=dict)
    updates: list[View] = field(default_factory=list)
    again: list[View] = field(default_factory=list)

    def name(self, key: Key, keys: Keys) -> Name:
        grid = tuple(tuple(map(Name, row)) for row in keys)
        self.grids[key] = grid
        self.named.setdefault(grid, key)
        return Name(key)

    @property
    def sections(self) -> tuple[list[View], ...]:
        layers = (*self.forward.values(), *self.signals.values())
        return (*layers, *self.gradients.values(), self.updates, self.again)


def view_by_matrices(derivation: Derivation, layout: str) -> Views:
    """The matrix equations of a derivation, for columns or for rows.

    z = W a + b, a = f(z), delta = (W^T delta) o f'(z), dE/dW = delta a^T. Layers that
    have no such form are left out: their quantities have steps of their own.
    """
    views = Views(derivation)
    if any("time" in dict(at) for at in derivation.graph.axes):
        return views
    _Builder(derivation, views).build()
    if layout == "rows":
        _turn(views)
    return views


def _turn(views: Views) -> None:
    views.grids = {key: transposed(grid) for key, grid in views.grids.items()}
    for section in views.sections:
        section[:] = [
            replace(
                view,
                entries=tuple(zip(*view.entries, strict=True)),
                formula=flipped(view.formula) if view.formula else None,
                forms=tuple(map(flipped, view.forms)),
            )
            for view in section
        ]


@dataclass(slots=True)
class _Builder:
    derivation: Derivation
    views: Views
    dense: dict[int, Keys] = field(default_factory=dict)
    consumers: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)

    def build(self) -> None:
        graph = self.derivation.graph
        self.consumers = consumers_of(graph)
        last = graph.layers[-1]
        self._name_givens(last)
        for layer in graph.layers:
            self._forward(layer)
        for layer in reversed(graph.layers):
            self._signal(layer, layer is last)
        for layer in graph.layers:
            self._parameters(layer)
        self._repeat()

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
        before = views.named[_names(self._outputs(number - 1))]
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
        return Key("loss") if graph.samples else graph.data_loss or graph.objective

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

    def _last(
        self, layer: Layer, entries: Keys
    ) -> tuple[list[View], Written | None] | None:
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
        roots = graph.samples or (graph.data_loss or graph.objective,)
        for place, root in enumerate(roots):
            view = self._product(layer, matrix, keys, root, place)
            if view is None:
                return []
            views.append(view)
        totals = [graph.data_loss] if graph.data_loss else []
        for root in (*totals, graph.objective):
            if root in roots:
                continue
            entries = _derivatives(root, keys)
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

    def _ones(self, count: int) -> Name:
        """A column of ones: it repeats a bias, or adds up entries."""
        key = Key("matrix_ones", (str(count),))
        self.views.grids[key] = tuple((ONE,) for _ in range(count))
        return Name(key)

    def _shared(self, layer: Layer, bias: Key) -> list[View]:
        """1^T delta: one bias for all units gets the sum of their signals."""
        graph = self.derivation.graph
        views = []
        for place, root in enumerate(graph.samples or (self.single_root,)):
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

    @property
    def single_root(self) -> Key:
        """What all signals are the derivative of, where there are no samples."""
        graph = self.derivation.graph
        return graph.data_loss or graph.objective

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
            before = self.views.named[_names(self._outputs(layer.number - 1))]
            right = Transpose(Name(before))
        whole = MatrixProduct((delta, right))
        sign = graph.error_signal
        return (negated(Product((*share, whole)) if share else whole, sign),)

    def _product(
        self, layer: Layer, matrix: Key, keys: Keys, root: Key, place: int
    ) -> View | None:
        """delta a^T of one sample."""
        graph, number = self.derivation.graph, layer.number
        entries = _derivatives(root, keys)
        if not self._known(entries) or any(
            self.derivation.quantities[key].rule != "gradient_from_signal"
            for row in entries
            for key in row
        ):
            return None
        delta = self._key("signal", number)
        before = self.views.named[_names(self._outputs(number - 1))]
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

    def _repeat(self) -> None:
        """The forward pass again, with the new parameters where they are new."""
        again = {*self.derivation.again}
        for views in self.views.forward.values():
            for view in views:
                entries = tuple(tuple(map(new, row)) for row in view.entries)
                if not all(key in again for row in entries for key in row):
                    return
                names = {
                    key: Name(new(key))
                    for key in (names_in(view.formula) if view.formula else ())
                    if self._renewed(key)
                }
                formula = substitute(view.formula, names) if view.formula else None
                self.views.name(new(view.key), entries)
                self.views.again.append(
                    replace(view, key=new(view.key), entries=entries, formula=formula)
                )

    def _renewed(self, key: Key) -> bool:
        """Name the new values of a matrix, where any of its entries is new."""
        if new(key) in self.views.grids:
            return True
        quantities = self.derivation.quantities
        if key.kind == "matrix_ones" or not key.of:
            return False
        old = tuple(names_in(Sum(row)) for row in self.views.grids[key])
        flat = [k for row in old for k in row]
        if not any(new(k) in quantities for k in flat):
            return False
        grid = tuple(
            tuple(
                Name(new(n.key))
                if isinstance(n, Name) and new(n.key) in quantities
                else n
                for n in row
            )
            for row in self.views.grids[key]
        )
        self.views.grids[new(key)] = grid
        return True


def layer_of(number: int) -> tuple[str]:
    return (str(number),)


def _names(keys: Keys) -> Grid:
    return tuple(tuple(map(Name, row)) for row in keys)


def _derivatives(root: Key, keys: Keys) -> Keys:
    return tuple(tuple(Key("derivative", (root, key)) for key in row) for row in keys)
