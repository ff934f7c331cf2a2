"""The worked tutorial: its sections, in the order in which a teacher writes them on
the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.updates import new
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.network.quantity import Layer
from explainer.page.composing import (
    Composer,
    Equations,
    Layout,
    show_all,
    shown_value,
)
from explainer.page.document import (
    Document,
    Token,
    Words,
    without_empty_headings,
)
from explainer.page.given import write_given
from explainer.page.proof import Proof, say_proof


def compose(
    title: str,
    derivation: Derivation,
    readings: Readings | None,
    full: Readings | None,
    rounding: Rounding,
    layout: Layout,
    verify: Callable[[Mapping[Key, Equations]], Proof] | None = None,
) -> tuple[Document, Proof | None]:
    """The document of one full training step; without readings, symbols only.

    `verify` is asked about the lines that were printed; its proof closes the page.
    """
    composer = Composer(derivation, readings, full, rounding, layout)
    composer.heading(1, "title", title=title)
    write_given(composer)
    write_forward(composer)
    write_losses(composer)
    write_backward(composer)
    write_updates(composer)
    write_results(composer)
    proof = verify(composer.equations) if verify else None
    if proof is not None:
        say_proof(composer, proof)
    blocks = without_empty_headings(composer.blocks)
    document = Document(Words("title", {"title": title}), blocks)
    return document, proof


def write_forward(composer: Composer) -> None:
    """Every weighted sum and activation, unit by unit."""
    graph, needed = composer.derivation.graph, composer.needed
    composer.heading(2, "heading_forward")
    composer.say("forward_intro", biased=any(layer.biases for layer in graph.layers))
    for layer in graph.layers:
        composer.heading(
            3, "heading_layer", number=layer.number, last=layer is graph.layers[-1]
        )
        units = frozenset(layer.units)
        show_all(
            composer,
            (
                key
                for key in graph.quantities
                if key.kind in ("sum", "activation")
                and key.of[0] in units
                and key in needed
            ),
        )


def write_losses(composer: Composer) -> None:
    """The error of each output, and the total."""
    graph, needed = composer.derivation.graph, composer.needed
    losses = [
        key
        for key in graph.quantities
        if key.kind in ("loss", "total") and key in needed
    ]
    if losses:
        composer.heading(2, "heading_loss")
        show_all(composer, losses)


def write_backward(composer: Composer) -> None:
    """For every weight and bias its chain rule; with its update, where the page wants
    that."""
    derivation = composer.derivation
    composer.heading(2, "heading_backward")
    composer.say(
        f"backward_intro_{derivation.method}",
        objective=Name(derivation.graph.objective),
        sign=derivation.graph.error_signal,
    )
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
    asked = [key for key in derivation.gradients if key.kind in ("input", "activation")]
    if asked:
        composer.heading(3, "heading_gradients_asked")
    for key in asked:
        _write_gradient(composer, key)


def _write_signals(composer: Composer, layer: Layer) -> None:
    """The error signals of a layer that have no step yet."""
    sums = {unit: Key("sum", (unit,)) for unit in layer.units}
    signals = {unit: Key("signal", (key,)) for unit, key in sums.items()}
    shown = {
        unit: key
        for unit, key in signals.items()
        if key in composer.derivation.quantities and key not in composer.numbers
    }
    if shown:
        composer.heading(4, "heading_signals", units=tuple(shown))
        show_all(composer, shown.values())


def _write_layer(composer: Composer, layer: Layer) -> None:
    derivation = composer.derivation
    keys = [key for key in layer.parameters if key in derivation.gradients]
    if not keys:
        return
    last = layer is derivation.graph.layers[-1]
    composer.heading(3, "heading_backward_layer", number=layer.number, last=last)
    _write_signals(composer, layer)
    for key in keys:
        _write_gradient(composer, key)


def _write_gradient(composer: Composer, key: Key) -> None:
    derivation = composer.derivation
    composer.heading(
        4, "heading_parameter", parameter=Name(key), parameter_kind=Token(key.kind)
    )
    composer.show(derivation.gradients[key])
    if key in derivation.updates and composer.layout.updates == "with-gradient":
        composer.show(derivation.updates[key])


def _introduce_updates(composer: Composer) -> None:
    derivation = composer.derivation
    parameters = [key for key in derivation.gradients if key.kind in ("weight", "bias")]
    composer.say(
        "updates_intro",
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
    _write_table(composer)
    if not derivation.again:
        return
    composer.heading(3, "heading_again")
    composer.say(
        "again_intro", updated=tuple(Name(new(key)) for key in derivation.updates)
    )
    show_all(composer, derivation.again)
    _compare_errors(composer)


def _compare_errors(composer: Composer) -> None:
    """The error before and after the update, and which way it went."""
    before = composer.derivation.graph.objective
    if composer.readings is None or new(before) not in composer.derivation.quantities:
        return
    rows = [(Name(key), shown_value(composer, key)) for key in (before, new(before))]
    composer.table(Words("caption_error"), ("symbol", "value"), rows)
    old, fresh = (composer.readings[key].shown for key in (before, new(before)))
    trend = "same" if fresh == old else "lower" if fresh < old else "higher"
    composer.say(f"error_{trend}", before=Number(old), after=Number(fresh))


def _write_table(composer: Composer) -> None:
    derivation = composer.derivation
    if composer.readings is None:
        return
    rows = []
    for key, gradient in derivation.gradients.items():
        row = (Name(key), shown_value(composer, key), shown_value(composer, gradient))
        after = derivation.updates.get(key)
        last = shown_value(composer, after) if after else Words("not_updated")
        rows.append((*row, last) if derivation.updates else row)
    columns = (
        ("parameter", "old", "gradient", "new")
        if derivation.updates
        else ("parameter", "old", "gradient")
    )
    composer.table(
        Words(
            "caption_results",
            {
                "objective": Name(derivation.graph.objective),
                "updated": bool(derivation.updates),
            },
        ),
        columns,
        rows,
    )
