"""The worked tutorial: its sections, in the order in which a teacher writes them on
the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from explainer.derivation.deriving import Derivation, whole_derivatives
from explainer.derivation.matrix_check import all_matrices
from explainer.derivation.readings import Value
from explainer.derivation.runs import Course, Run
from explainer.derivation.updates import new
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.network.quantity import At, Layer
from explainer.page.composing import (
    Composer,
    Layout,
    place_words,
    show_all,
    shown_value,
)
from explainer.page.document import (
    Document,
    Paragraph,
    Token,
    Words,
    without_empty_headings,
)
from explainer.page.given import write_given
from explainer.page.iterations import Verify, write_course, write_table
from explainer.page.matrix_tutorial import (
    write_matrix_again,
    write_matrix_backward,
    write_matrix_iteration,
    write_matrix_updates,
)
from explainer.page.pictures.showing import show_chain, show_errors
from explainer.page.proof import Proof, say_proof, together


def compose(
    title: str,
    derivation: Derivation,
    run: Run | None,
    rounding: Rounding,
    layout: Layout,
    verify: Verify | None = None,
    course: Course | None = None,
) -> tuple[Document, Proof | None]:
    """The document of a full training step, or of several; without a run, symbols only.

    `verify` is asked about the lines that were printed; its proof closes the page.
    """
    composer = Composer(
        derivation,
        run.readings if run else None,
        run.full if run else None,
        rounding,
        layout,
    )
    composer.heading(1, "title", title=title)
    write_given(composer)
    proofs: Mapping[int, Proof] = {}
    if course is None:
        _write_iteration(composer)
        write_results(composer)
        if verify and run:
            proofs = {1: verify(run, composer.equations)}
    else:
        proofs = write_course(composer, course, layout.show, _write_iteration, verify)
    proof = together(proofs) if proofs else None
    if proof is not None and composer.matrices:
        proof = replace(proof, matrices=all_matrices(composer.matrices))
    if proof is not None:
        say_proof(composer, proof)
    blocks = without_empty_headings(composer.blocks)
    document = Document(Words("title", {"title": title}), blocks)
    return document, proof


def _write_iteration(composer: Composer) -> None:
    """Forward, error, backward, updates."""
    if composer.derivation.method == "matrix":
        write_matrix_iteration(composer)
        write_losses(composer)
        write_matrix_backward(composer)
        write_matrix_updates(composer)
        return
    write_forward(composer)
    write_losses(composer)
    write_backward(composer)
    write_updates(composer)


def write_forward(composer: Composer) -> None:
    """Every quantity of the layers: place by place and layer by layer."""
    graph, needed = composer.derivation.graph, composer.needed
    composer.heading(2, "heading_forward")
    kinds = {layer.kind for layer in graph.layers}
    kind = "formulas" if "formulas" in kinds else "layers"
    kind = kind if kinds <= {"dense", "formulas"} else "mixed"
    biased = any(layer.biases for layer in graph.layers)
    composer.say(f"forward_intro_{kind}", biased=biased)
    # Where samples depend on each other, a layer is computed for all of them first.
    together = len(graph.axes) == 1 or graph.is_mixed
    for axes in [graph.axes] if together else [(at,) for at in graph.axes]:
        if not together:
            composer.heading(3, "heading_place", **place_words(axes[0]))
        for layer in graph.layers:
            _write_forward_layer(composer, layer, frozenset(axes), needed, together)


def _write_forward_layer(
    composer: Composer,
    layer: Layer,
    axes: frozenset[At],
    needed: frozenset[Key],
    together: bool,
) -> None:
    last = layer is composer.derivation.graph.layers[-1]
    level = 3 if together else 4
    if layer.kind != "formulas":
        composer.heading(level, "heading_layer", number=layer.number, last=last)
    keys = [key for key in layer.quantities if key in needed]
    show_all(composer, (key for key in keys if key.at in axes or together))


def write_losses(composer: Composer) -> None:
    """The error of each output, and the total."""
    graph, needed = composer.derivation.graph, composer.needed
    inside = {key for layer in graph.layers for key in layer.quantities}
    losses = [key for key in graph.quantities if key in needed and key not in inside]
    if losses:
        composer.heading(2, "heading_loss")
        show_all(composer, losses)


def write_backward(composer: Composer) -> None:
    """For every weight and bias its chain rule; with its update, where the page wants
    that."""
    derivation = composer.derivation
    composer.heading(2, "heading_backward")
    graph = derivation.graph
    method = derivation.method if graph.carriers else f"{derivation.method}_nodes"
    composer.say(
        f"backward_intro_{method}",
        objective=Name(graph.objective),
        root=Name(graph.root_of(graph.wanted[0])) if graph.wanted else None,
        samples=len(graph.samples),
        sign=graph.error_signal,
    )
    if whole_derivatives(derivation):
        composer.say("whole_derivatives")
    if graph.goes_back_updated:
        composer.say("back_through_updated", objective=Name(graph.objective))
    if derivation.updates and composer.layout.updates == "with-gradient":
        _introduce_updates(composer)
    layers = derivation.graph.layers
    first_to_last = composer.layout.order == "input-first"
    if first_to_last:
        # Signals come from the output back, whatever layer the parameters begin with.
        for layer in reversed(layers):
            _write_signals(composer, layer)
    for layer in layers if first_to_last else reversed(layers):
        _write_layer(composer, layer)
    parameters = {key for layer in layers for key in layer.parameters}
    asked = [key for key in derivation.gradients if key not in parameters]
    if asked and parameters:
        composer.heading(3, "heading_gradients_asked")
    for key in asked:
        _write_gradient(composer, key)


def _write_signals(composer: Composer, layer: Layer) -> None:
    """The error signals of a layer that have no step yet, the last time step first."""
    shown: dict[str, list[Key]] = {}
    for key in layer.quantities:
        signal = Key("signal", (key,))
        if signal in composer.derivation.quantities and signal not in composer.numbers:
            shown.setdefault(str(key.of[0]), []).append(signal)
    if shown:
        composer.heading(4, "heading_signals", units=tuple(shown))
        signals = [key for keys in shown.values() for key in keys]
        places = composer.derivation.graph.axes
        signals.sort(key=lambda key: _latest_first(key, places))
        show_all(composer, signals)


def _latest_first(signal: Key, places: tuple[At, ...]) -> tuple[int, int]:
    """Samples in their order, time steps from the last back."""
    inner = signal.of[0]
    at = dict(inner.at) if isinstance(inner, Key) else {}
    return at.get("sample", 0), -at.get("time", 0)


def _write_layer(composer: Composer, layer: Layer) -> None:
    derivation = composer.derivation
    keys = [key for key in layer.parameters if key in derivation.gradients]
    if not keys:
        return
    last = layer is derivation.graph.layers[-1]
    if layer.kind != "formulas":
        number = layer.number
        composer.heading(3, "heading_backward_layer", number=number, last=last)
    _write_signals(composer, layer)
    for key in keys:
        _write_gradient(composer, key)


def _write_gradient(composer: Composer, key: Key) -> None:
    derivation = composer.derivation
    composer.heading(
        4, "heading_parameter", parameter=Name(key), parameter_kind=Token(key.kind)
    )
    show_chain(composer, key)
    composer.show(derivation.gradients[key])
    if key in derivation.updates and composer.layout.updates == "with-gradient":
        composer.show(derivation.updates[key])


def _introduce_updates(composer: Composer) -> None:
    derivation = composer.derivation
    parameters = [key for key in derivation.gradients if key.kind in ("weight", "bias")]
    composer.say(
        "updates_intro",
        optimizer=Token(derivation.graph.optimizer),
        learning_rate=Name(Key("learning_rate")),
        example=Name(next(iter(derivation.updates.values()))),
        frozen=len(parameters) > len(derivation.updates),
    )


def write_updates(composer: Composer) -> None:
    """All updates at the end, where they are not beside their gradients."""
    updates = composer.derivation.updates
    if updates and composer.layout.updates == "at-end":
        composer.heading(2, "heading_updates")
        _introduce_updates(composer)
        show_all(composer, updates.values())


def write_results(composer: Composer) -> None:
    """The table of all parameters; the forward pass again; the error before and
    after."""
    derivation = composer.derivation
    composer.heading(2, "heading_results")
    write_table(composer)
    if not derivation.again:
        return
    composer.heading(3, "heading_again")
    composer.say(
        "again_intro", updated=tuple(Name(new(key)) for key in derivation.updates)
    )
    if derivation.method == "matrix":
        write_matrix_again(composer)
    show_all(composer, derivation.again)
    _compare_errors(composer)


def _compare_errors(composer: Composer) -> None:
    """The error before and after the update, and which way it went."""
    before = composer.derivation.graph.objective
    if composer.readings is None or new(before) not in composer.derivation.quantities:
        return
    rows = [(Name(key), shown_value(composer, key)) for key in (before, new(before))]
    composer.table(Words("caption_error"), ("symbol", "value"), rows)
    show_errors(composer)
    old, fresh = (composer.readings[key].shown for key in (before, new(before)))
    composer.blocks.append(Paragraph((compare_errors(before, old, fresh),)))


def compare_errors(objective: Key, old: Value, fresh: Value) -> Words:
    """The error before and after, and which way it went: one of ERRORS."""
    same, lower, higher = ERRORS
    values = {
        "objective": Name(objective),
        "before": Number(old, objective),
        "after": Number(fresh, new(objective)),
    }
    return Words(same if fresh == old else lower if fresh < old else higher, values)


ERRORS = ("error_same", "error_lower", "error_higher")
