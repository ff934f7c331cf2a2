"""The worked tutorial with vectors and matrices: each equation of a whole layer is one
step."""

from __future__ import annotations

from explainer.derivation.matrix_check import check_view
from explainer.derivation.matrix_view import View, Views
from explainer.derivation.matrix_views import view_by_matrices
from explainer.derivation.working import (
    EQUAL,
    Equation,
    Side,
)
from explainer.mathematics.matrices import (
    Matrix,
)
from explainer.mathematics.written import (
    Key,
    Name,
    names_in,
)
from explainer.network.quantity import Layer
from explainer.page.composing import Composer, show_all
from explainer.page.document import Cite, Step, Token, Words
from explainer.page.matrix_working import printed_numbers, work_out_view

# Entries with their formulas need more room than numbers.
MOST_FORMULAS = 3


def write_matrices(composer: Composer) -> Views:
    """The given numbers as vectors and matrices, each with a symbol."""
    views = view_by_matrices(composer.derivation, composer.layout.matrices)
    composer.heading(3, "heading_matrices")
    graph = composer.derivation.graph
    composer.say(
        "matrices_intro",
        layout=Token(composer.layout.matrices),
        samples=len(graph.axes),
        none=not views.given,
    )
    for key in views.given:
        grid = views.grids[key]
        sides = [Side(EQUAL, Matrix(grid))]
        if composer.readings is not None:
            sides.append(Side(EQUAL, Matrix(printed_numbers(composer, grid))))
        _step(composer, key, "given", (Equation(Name(key), tuple(sides)),), ())
    return views


def write_matrix_iteration(composer: Composer) -> None:
    """Forward, error, backward, updates, with whole layers at once."""
    views = write_matrices(composer)
    graph = composer.derivation.graph
    composer.heading(2, "heading_forward")
    composer.say("forward_intro_matrix")
    for layer in graph.layers:
        last = layer is graph.layers[-1]
        composer.heading(3, "heading_layer", number=layer.number, last=last)
        for view in views.forward.get(layer.number, ()):
            show_view(composer, views, view)
        needed = composer.needed
        show_all(composer, (key for key in layer.quantities if key in needed))


def write_matrix_backward(composer: Composer) -> None:
    """Signals layer by layer from the last one back, each with its gradients."""
    views = view_by_matrices(composer.derivation, composer.layout.matrices)
    graph = composer.derivation.graph
    composer.heading(2, "heading_backward")
    composer.say(
        "backward_intro_matrix",
        objective=Name(graph.objective),
        sign=graph.error_signal,
        samples=len(graph.samples),
    )
    for layer in reversed(graph.layers):
        last = layer is graph.layers[-1]
        composer.heading(3, "heading_backward_layer", number=layer.number, last=last)
        for view in views.signals.get(layer.number, ()):
            show_view(composer, views, view)
        for view in views.gradients.get(layer.number, ()):
            show_view(composer, views, view)
        _show_rest(composer, layer)
    parameters = {key for layer in graph.layers for key in layer.parameters}
    gradients = composer.derivation.gradients
    asked = [gradient for key, gradient in gradients.items() if key not in parameters]
    if asked:
        composer.heading(3, "heading_gradients_asked")
        show_all(composer, asked)


def _show_rest(composer: Composer, layer: Layer) -> None:
    """The gradients of a layer that belong to no matrix."""
    gradients = composer.derivation.gradients
    keys = [gradients[key] for key in layer.parameters if key in gradients]
    show_all(composer, keys)


def write_matrix_updates(composer: Composer) -> None:
    """W - eta dE/dW."""
    derivation = composer.derivation
    if not derivation.updates:
        return
    views = view_by_matrices(derivation, composer.layout.matrices)
    composer.heading(2, "heading_updates")
    for view in views.updates:
        show_view(composer, views, view)
    show_all(composer, derivation.updates.values())


def write_matrix_again(composer: Composer) -> None:
    """The forward pass with the new matrices."""
    views = view_by_matrices(composer.derivation, composer.layout.matrices)
    for view in views.again:
        show_view(composer, views, view)


def show_view(composer: Composer, views: Views, view: View) -> None:
    """Compare a matrix equation with its quantities, then give it a step."""
    for key in view.quantities:
        if not _is_covered(composer, views, view, key):
            return
    equation = work_out_view(composer, views, view)
    if composer.readings is not None and composer.full is not None:
        composer.matrices.append(
            check_view(
                composer.derivation,
                composer.readings,
                composer.full,
                composer.rounding,
                view,
                views.grids,
            )
        )
    _step(composer, view.key, view.rule, (equation,), view.quantities, view)


def _is_covered(composer: Composer, views: Views, view: View, key: Key) -> bool:
    """Show what an entry uses and no matrix has; False where a quantity is unknown."""
    quantities = composer.derivation.quantities
    if key not in quantities:
        return False
    if view.formula is None:
        show_all(composer, quantities[key].uses)
    else:
        for used in names_in(view.formula):
            # A layer without matrices has its steps before a matrix of its numbers.
            entries = [name for row in views.grids.get(used, ()) for name in row]
            show_all(composer, [e.key for e in entries if isinstance(e, Name)])
            composer.show(used)
    return True


def _step(
    composer: Composer,
    key: Key,
    rule: str,
    equations: tuple[Equation, ...],
    entries: tuple[Key, ...],
    view: View | None = None,
) -> None:
    """A step of a whole matrix; its entries are cited by its number."""
    number = composer.last + 1
    reason = Words(f"matrix_{rule}", _values(composer, key, view))
    composer.numbers[key] = number
    for entry in entries:
        composer.numbers.setdefault(entry, number)
        composer.equations.setdefault(entry, ())
    step = Step(
        number,
        key,
        (reason,),
        equations,
        entries=entries,
        iteration=composer.iteration or 1,
        chain=composer.tracer.chain_of(entries),
    )
    composer.blocks.append(step)


def _values(composer: Composer, key: Key, view: View | None) -> dict[str, object]:
    """What the sentence of a step may speak of."""
    used = names_in(view.formula) if view and view.formula else ()
    cites = sorted(
        {composer.numbers[name] for name in used if name in composer.numbers}
    )
    graph = composer.derivation.graph
    layers = graph.layers
    activation = layers[view.layer - 1].activation if view and view.layer else ""
    inner = key.of[0] if key.of else None
    return {
        "this": Name(key),
        "kind": Token(key.kind),
        "layer": view.layer if view else int(str(inner)) if key.of else 0,
        "last": bool(view and view.layer == len(layers)),
        "activation": Token(activation),
        "again": key.kind == "new",
        "cites": tuple(map(Cite, cites)),
        "sample": dict(inner.at).get("sample") if isinstance(inner, Key) else None,
        "samples": len(graph.samples),
        "rows": composer.layout.matrices == "rows",
        "objective": Name(graph.objective),
        "sign": graph.error_signal,
    }
