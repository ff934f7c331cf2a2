"""The answer key as a graph: every quantity of the derivation, and every way to compute
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from explainer.derivation.chain_rule import negated
from explainer.derivation.deriving import Derivation, derive_graph
from explainer.derivation.readings import Readings, Value, read_numbers
from explainer.homework.backward import Backward
from explainer.homework.ordering import in_order
from explainer.homework.shape import Shape
from explainer.mathematics.rounding import FULL, Rounding
from explainer.mathematics.written import Key, Name, Negative, Written
from explainer.network.problems import NetworkError
from explainer.network.quantity import Graph, Quantity


@dataclass(frozen=True)
class Answers:
    """All quantities in an order in which they can be worked out, and their ways.

    The formula of a quantity is its smallest step. `ways` has the other formulas that
    the methods of presentation use for it, each in quantities that come earlier; its
    own formula is the first. `aliases` are ways that read a quantity backwards, such
    as delta from dE/dz: they help where delta itself was not written down.
    """

    graph: Graph
    quantities: Mapping[Key, Quantity]
    ways: Mapping[Key, tuple[Written, ...]]
    aliases: Mapping[Key, Written]

    def read(
        self,
        rounding: Rounding = FULL,
        givens: Mapping[Key, Value] | None = None,
    ) -> Readings:
        """The number of every quantity, each from its own formula."""
        return read_numbers(self.derivation, rounding, givens)

    @cached_property
    def derivation(self) -> Derivation:
        """The quantities as a derivation, for everything that works on one."""
        return Derivation(self.graph, self.quantities, "signals", {}, {}, ())

    @cached_property
    def shape(self) -> Shape:
        """The weighted sums, and how they stand side by side."""
        return Shape(self.graph)

    @cached_property
    def position(self) -> Mapping[Key, int]:
        """The place of each quantity in the order of work."""
        return {key: place for place, key in enumerate(self.quantities)}

    @cached_property
    def layer_of(self) -> Mapping[Key, int]:
        """The layer, from 1, to which the step of a quantity belongs."""
        return dict(self._layers())

    def _layers(self) -> Iterator[tuple[Key, int]]:
        layers = {
            key: layer.number
            for layer in self.graph.layers
            for key in (*layer.quantities, *layer.parameters)
        }
        last = len(self.graph.layers)
        for key in self.quantities:
            yield key, layers.get(subject_of(key), last)

    @cached_property
    def unit_of(self) -> Mapping[Key, str]:
        """The unit to which a quantity belongs: a weight to the unit that it feeds."""
        units: dict[Key, str] = {}
        for key in self.quantities:
            subject = subject_of(key)
            if subject.kind in ("weight", "bias"):
                if subject in self.shape.fed:
                    units[key] = str(self.shape.fed[subject].of[0])
            elif subject.of and isinstance(subject.of[0], str):
                units[key] = subject.of[0]
        return units


def bare(key: Key) -> Key:
    """The quantity before the update: z for new z."""
    inner = key.of[0] if key.kind == "new" else None
    return inner if isinstance(inner, Key) else key


def subject_of(key: Key) -> Key:
    """What a step is about: w for dE/dw and for its update, a for da/dz."""
    match key.kind, key.of:
        case "new" | "signal" | "local", (Key() as inner, *_):
            return subject_of(inner)
        case "state" | "corrected" | "decayed", _:
            return next((subject_of(k) for k in key.of if isinstance(k, Key)), key)
        case "derivative" | "path", (_, Key() as inner, *_):
            return subject_of(inner)
    return key


def answer_key(graph: Graph) -> Answers:
    """The answers of a graph by all methods.

    >>> from explainer.network.building import build
    >>> from explainer.examples import read_example
    >>> from explainer.network.file import read_network
    >>> from explainer.mathematics.plain import plain
    >>> from explainer.notation import plain_name
    >>> answers = answer_key(build(read_network(read_example("mazur"))))
    >>> gradient = next(k for k in answers.ways if plain_name(k) == "dE/dw5")
    >>> for way in answers.ways[gradient]:
    ...     print(plain(way, plain_name))
    delta_o1*(dsum_o1/dw5)
    (dE/dout_o1)*(dout_o1/dsum_o1)*(dsum_o1/dw5)
    """
    signals, paths = _by_both_methods(graph)
    steps: Mapping[Key, Quantity] = {}
    if not graph.goes_back_updated:
        steps = _smallest_steps(graph, paths)
    ways: dict[Key, dict[Written, None]] = {}
    quantities: dict[Key, Quantity] = {}
    for source in (steps, signals.quantities, paths.quantities):
        for key, quantity in source.items():
            kept = quantities.setdefault(key, quantity)
            if key in signals.quantities and kept.rule != quantity.rule:
                rule = signals.quantities[key].rule
                quantities[key] = replace(kept, rule=rule)
            ways.setdefault(key, {})[quantity.formula] = None
    aliases = _add_aliases(graph, quantities, ways)
    order = _with_aliases(
        in_order({k: tuple(known) for k, known in ways.items() if k not in aliases}),
        aliases,
    )
    return Answers(
        graph,
        {key: quantities[key] for key in order},
        {key: tuple(ways[key]) for key in order},
        {body.key: way for body, way in aliases.values()},
    )


def _by_both_methods(graph: Graph) -> tuple[Derivation, Derivation]:
    signals = derive_graph(graph, "signals")
    try:
        return signals, derive_graph(graph, "paths")
    except NetworkError:  # Too many of them for any page, and for any sheet.
        return signals, signals


def _smallest_steps(graph: Graph, paths: Derivation) -> Mapping[Key, Quantity]:
    backward = Backward(graph)
    for key in paths.quantities:
        if key.kind == "derivative" and key.of[0] in graph.totals:
            root, of = key.of
            assert isinstance(root, Key) and isinstance(of, Key)
            backward.derivative(root, of)
    for key in graph.wanted:
        backward.derivative(graph.objective, key)
    return backward.ledger.quantities


Aliases = Mapping[Key, tuple[Name, Written]]


def _add_aliases(
    graph: Graph,
    quantities: dict[Key, Quantity],
    ways: dict[Key, dict[Written, None]],
) -> Aliases:
    """The quantities that are another one: dE/dz is delta, dE/do is dE_1/do.

    Each with the one it is, and the way back. dE/dz is entered here.
    """
    found: dict[Key, tuple[Name, Written]] = {}
    for key, quantity in tuple(quantities.items()):
        if quantity.rule == "seed" and isinstance(quantity.formula, Name):
            found[key] = quantity.formula, Name(key)
        if key.kind != "signal" or not isinstance(carrier := key.of[0], Key):
            continue
        other = Key("derivative", (graph.root_of(carrier), carrier))
        if other in quantities or Name(other) in ways[key]:
            continue
        sign = graph.error_signal
        formula = negated(Name(key), sign)
        quantities[other] = Quantity(other, formula, "signal_alias")
        ways[other] = {formula: None}
        found[other] = Name(key), negated(Name(other), sign)
    return found


def _with_aliases(order: tuple[Key, ...], aliases: Aliases) -> tuple[Key, ...]:
    """Each quantity that is another one right after it."""
    after: dict[Key, list[Key]] = {}
    for key, (body, _) in aliases.items():
        after.setdefault(body.key, []).append(key)
    return tuple(k for key in order for k in (key, *after.get(key, ())))


def trivial(written: Written) -> bool:
    """Whether a formula copies a number: dz/dw = x needs no rounding of its own."""
    body = written.parts()[0] if isinstance(written, Negative) else written
    return not body.parts()
