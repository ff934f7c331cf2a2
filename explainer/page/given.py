"""The first section: what is given, in tables, and the rounding rule in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from explainer.mathematics.rounding import KINDS
from explainer.mathematics.written import Key, Name, Number, names_in
from explainer.page.composing import Composer, Row, place_words, shown_value
from explainer.page.document import Token, Words
from explainer.page.pictures.showing import show_network

GIVEN = (
    "input",
    "value",
    "activation",
    "target",
    "weight",
    "bias",
    "regularization",
    "learning_rate",
    "option",
    "step",
    "state",
)
# More units than these are told by the map that they belong to.
MOST_NAMED = 3
MORE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "input": ("name",),
    "weight": ("leads",),
    "bias": ("of",),
}


def write_given(composer: Composer) -> None:
    """What is given: every number of the file, and the rounding rule."""
    composer.heading(2, "heading_given")
    graph = composer.derivation.graph
    needed = composer.needed
    _describe_layers(composer)
    _tabulate_units(composer, needed)
    for kind in GIVEN:
        keys = [key for key in graph.givens if key.kind == kind and key in needed]
        rows: list[Row] = [
            (Name(key), *_number(composer, key), *_more(composer, key)) for key in keys
        ]
        value = ("value",) if composer.readings else ()
        more = MORE_COLUMNS.get(kind, ()) if graph.carriers else ()
        columns = ("symbol", *value, *more)
        early = kind == "value" and bool(graph.carriers)
        caption = Words(f"caption_{kind}", {"early": early})
        composer.table(caption, columns, rows, given=True)
    frozen = [
        Name(key)
        for key in graph.wanted
        if graph.learning_rate
        and key.kind in ("weight", "bias")
        and key in composer.derivation.gradients
        and key not in graph.trained
    ]
    if frozen:
        composer.say("frozen_parameters", parameters=tuple(frozen))
    _explain_axes(composer)
    if composer.readings is not None:
        say_rounding(composer)
    show_network(composer)


def _describe_layers(composer: Composer) -> None:
    """One sentence for each layer. Formulas speak for themselves."""
    graph = composer.derivation.graph
    for layer in graph.layers:
        if layer.kind == "formulas":
            continue
        composer.say(
            "layer_described",
            kind=Token(layer.kind),
            layer=layer.number,
            units=layer.units,
            activation=Token(layer.activation),
            last=layer is graph.layers[-1],
            # A grid is for notations; the page speaks of its maps and units.
            **{name: f for name, f in layer.facts.items() if name != "grid"},
        )


def _explain_axes(composer: Composer) -> None:
    """What the places of samples and time steps look like in a symbol."""
    graph = composer.derivation.graph
    if graph.turns:
        composer.say("turns_explained", count=len(graph.turns))
    last = next((key for key in graph.givens if key.at == graph.axes[-1]), None)
    if last is not None and last.at:
        first = Name(Key(last.kind, last.of, graph.axes[-1]))
        composer.say("axes_explained", example=first, **place_words(last.at))


def _tabulate_units(composer: Composer, needed: frozenset[Key]) -> None:
    """Which symbols belong to which unit: layer notations do not show its name."""
    graph = composer.derivation.graph
    first = graph.axes[0]
    units = [unit for layer in graph.layers for unit in layer.units]
    symbols = [
        (Key("sum", (unit,), first), Key("activation", (unit,), first))
        for unit in units
    ]
    rows = [
        (Words("units", {"units": (str(key.of[0]),)}), Name(key), Name(output))
        for key, output in symbols
        if key in needed and key in graph.quantities
    ]
    composer.table(
        Words("caption_units", {"several": len(graph.axes) > 1}),
        ("unit", "sum", "activation"),
        rows,
    )


def _number(composer: Composer, key: Key) -> tuple[Number, ...]:
    """The number as given; none on a page without numbers."""
    return (shown_value(composer, key),) if composer.readings else ()


def _more(composer: Composer, key: Key) -> tuple[Words, ...]:
    """Beside a value: an input's name, what a weight connects, what a bias is added
    to."""
    graph = composer.derivation.graph
    if key.kind not in MORE_COLUMNS or not graph.carriers:
        return ()
    if key.kind == "input":
        return (Words("units", {"units": (str(key.of[0]),)}),)
    inside = {made for layer in graph.layers for made in layer.quantities}
    users = [
        quantity
        for quantity in graph.quantities.values()
        if key in quantity.slopes and quantity.key in inside
    ]
    units = tuple(dict.fromkeys(str(user.key.of[0]) for user in users))
    if key.kind == "bias":
        return (Words("units", {"units": _by_map(units)}),)
    pairs = tuple(
        dict.fromkeys(
            (str(source.of[0]), str(user.key.of[0]))
            for user in users
            for source in names_in(user.slopes[key].value)
        )
    )
    if len(pairs) > MOST_NAMED:
        sources, ends = zip(*pairs, strict=True)
        maps = zip(_map_of(sources), _map_of(ends), strict=True)
        pairs = tuple(dict.fromkeys(maps))
    return (Words("connections", {"pairs": pairs}),)


def _by_map(units: tuple[str, ...]) -> tuple[str, ...]:
    """Many units of a grid by the names of their maps: c for c_1_1, c_1_2."""
    return tuple(dict.fromkeys(_map_of(units))) if len(units) > MOST_NAMED else units


def _map_of(units: Iterable[str]) -> tuple[str, ...]:
    return tuple(re.sub("(_[0-9]+)+$", "", unit) for unit in units)


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
