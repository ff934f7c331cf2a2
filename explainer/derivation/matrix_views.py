"""Matrix equations as views over the scalar quantities of a derivation: which quantity
is which entry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explainer.derivation.chain_rule import consumers_of
from explainer.derivation.deriving import Derivation
from explainer.derivation.matrix_gradients import GradientViews
from explainer.derivation.matrix_view import (
    Views,
)
from explainer.derivation.updates import new
from explainer.mathematics.matrices import (
    flipped,
    transposed,
)
from explainer.mathematics.written import (
    Key,
    Name,
    Sum,
    names_in,
    substitute,
)


def view_by_matrices(derivation: Derivation, layout: str) -> Views:
    """The matrix equations of a derivation, for columns or for rows.

    z = W a + b, a = f(z), delta = (W^T delta) o f'(z), dE/dW = delta a^T. Layers that
    have no such form are left out: their quantities have steps of their own.
    """
    views = Views()
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
class _Builder(GradientViews):
    """All views of a derivation, with the updates and the second forward pass."""

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
