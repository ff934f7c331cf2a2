"""The worked tutorial: its sections, in the order in which a teacher writes them on
the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.updates import new
from explainer.mathematics.rounding import KINDS, Rounding
from explainer.mathematics.written import Key, Name, Number, names_in
from explainer.network.quantity import Layer
from explainer.page.composing import Composer, Layout, show_all, shown_value
from explainer.page.document import Document, Token, Words
from explainer.page.proof import Proof, say_proof

GIVEN = ("input", "target", "weight", "bias", "learning_rate")
WIRING: Mapping[str, tuple[str, ...]] = {"weight": ("from", "to"), "bias": ("of",)}


def compose(
    title: str,
    derivation: Derivation,
    readings: Readings | None,
    rounding: Rounding,
    layout: Layout,
    verify: Callable[[tuple[Key, ...]], Proof] | None = None,
) -> tuple[Document, Proof | None]:
    """The document of one full training step; without readings, symbols only.

    `verify` is asked about the quantities that were printed; its proof closes the page.
    """
    composer = Composer(derivation, readings, rounding, layout)
    composer.heading(1, "title", title=title)
    write_given(composer)
    write_forward(composer)
    write_losses(composer)
    write_backward(composer)
    write_updates(composer)
    write_results(composer)
    proof = verify(tuple(composer.numbers)) if verify else None
    if proof is not None:
        say_proof(composer, proof)
    document = Document(Words("title", {"title": title}), tuple(composer.blocks))
    return document, proof


def write_given(composer: Composer) -> None:
    """What is given: every number of the file, and the rounding rule."""
    composer.heading(2, "heading_given")
    graph = composer.derivation.graph
    needed = _needed(composer)
    for layer in graph.layers:
        composer.say(
            "layer_described",
            layer=layer.number,
            units=layer.units,
            activation=Token(layer.activation),
            last=layer is graph.layers[-1],
        )
    _tabulate_units(composer, needed)
    for kind in GIVEN:
        keys = [key for key in graph.givens if key.kind == kind and key in needed]
        rows = [
            (Name(key), shown_value(composer, key), *_wiring(composer, key))
            for key in keys
        ]
        columns = ("symbol", "value", *WIRING.get(kind, ()))
        composer.table(Words(f"caption_{kind}"), columns, rows)
    frozen = [
        Name(key)
        for key in graph.wanted
        if graph.learning_rate
        and key.kind in ("weight", "bias")
        and key not in graph.trained
    ]
    if frozen:
        composer.say("frozen_parameters", parameters=tuple(frozen))
    if composer.readings is not None:
        say_rounding(composer)


def _tabulate_units(composer: Composer, needed: frozenset[Key]) -> None:
    """Which symbols belong to which unit: layer notations do not show its name."""
    layers = composer.derivation.graph.layers
    units = [unit for layer in layers for unit in layer.units]
    symbols = [(Key("sum", (unit,)), Key("activation", (unit,))) for unit in units]
    rows = [
        (Words("units", {"units": (str(key.of[0]),)}), Name(key), Name(output))
        for key, output in symbols
        if key in needed
    ]
    composer.table(Words("caption_units"), ("unit", "sum", "activation"), rows)


def _wiring(composer: Composer, key: Key) -> tuple[Words, ...]:
    """Where a weight comes from and leads to; which units a bias belongs to."""
    if key.kind not in WIRING:
        return ()
    quantities = composer.derivation.graph.quantities.values()
    users = [quantity for quantity in quantities if key in quantity.slopes]
    units = tuple(dict.fromkeys(str(user.key.of[0]) for user in users))
    sources = [name for user in users for name in names_in(user.slopes[key].value)]
    names = tuple(dict.fromkeys(str(source.of[0]) for source in sources))
    return tuple(Words("units", {"units": part}) for part in (names, units) if part)


def say_rounding(composer: Composer) -> None:
    """The rounding rule in words."""
    rule = composer.rounding
    composer.say(
        "rounding_rule",
        exact=rule.exact,
        count=rule.digits.count,
        unit=Token(rule.digits.unit),
        mode=Token(rule.mode),
        carry=tuple(Token(k) for k in KINDS if k in rule.carry),
        all_carried=rule.carry == frozenset(KINDS),
        by_kind=tuple(
            (Token(k), d.count, Token(d.unit)) for k, d in rule.by_kind.items()
        ),
    )


def _needed(composer: Composer) -> frozenset[Key]:
    """The quantities that the gradients, the updates and the objective depend on."""
    derivation = composer.derivation
    needed: set[Key] = set()
    stack = [
        *derivation.gradients.values(),
        *derivation.updates.values(),
        derivation.graph.objective,
    ]
    while stack:
        key = stack.pop()
        if key not in needed:
            needed.add(key)
            stack += (
                derivation.quantities[key].uses if key in derivation.quantities else ()
            )
    return frozenset(needed)


def write_forward(composer: Composer) -> None:
    """Every weighted sum and activation, unit by unit."""
    graph, needed = composer.derivation.graph, _needed(composer)
    composer.heading(2, "heading_forward")
    composer.say("forward_intro")
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
    graph, needed = composer.derivation.graph, _needed(composer)
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
    layers = list(derivation.graph.layers)
    if composer.layout.order == "output-first":
        layers.reverse()
    for layer in layers:
        _write_layer(composer, layer)
    asked = [key for key in derivation.gradients if key.kind in ("input", "activation")]
    if asked:
        composer.heading(3, "heading_gradients_asked")
    for key in asked:
        _write_gradient(composer, key)


def _write_layer(composer: Composer, layer: Layer) -> None:
    derivation = composer.derivation
    keys = [key for key in layer.parameters if key in derivation.gradients]
    if not keys:
        return
    last = layer is derivation.graph.layers[-1]
    composer.heading(3, "heading_backward_layer", number=layer.number, last=last)
    if derivation.method == "signals":
        composer.heading(4, "heading_signals", units=layer.units)
        show_all(
            composer, (Key("signal", (Key("sum", (unit,)),)) for unit in layer.units)
        )
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


def write_updates(composer: Composer) -> None:
    """All updates at the end, where they are not beside their gradients."""
    updates = composer.derivation.updates
    if updates and composer.layout.updates == "at-end":
        composer.heading(2, "heading_updates")
        composer.say("updates_intro", learning_rate=Name(Key("learning_rate")))
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
        Words("caption_results", {"objective": Name(derivation.graph.objective)}),
        columns,
        rows,
    )
