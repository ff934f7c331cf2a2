"""Graph -> Derivation: every gradient and update as quantities, symbols only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from explainer.derivation.chain_rule import Ledger
from explainer.derivation.paths import gradient_by_paths, refuse_too_many_paths
from explainer.derivation.signals import gradient_by_signals
from explainer.derivation.updates import forward_again, update
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem, hint
from explainer.network.quantity import Graph, Quantity, reach


@dataclass(frozen=True, slots=True)
class Method:
    """A way to present the gradients of one graph; `check` refuses what would not fit
    a page."""

    name: str
    gradient: Callable[[Ledger, Key], Key]
    check: Callable[[Graph, tuple[Key, ...]], None] = lambda graph, wanted: None


def refuse_formulas(graph: Graph, wanted: tuple[Key, ...]) -> None:
    """Formulas have no layers, and so no matrices."""
    if graph.has_formulas:
        message = "a graph of formulas has no matrices; use signals or paths"
        raise NetworkError((Problem("method", message),))


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method("paths", gradient_by_paths, refuse_too_many_paths),
        Method("signals", gradient_by_signals),
        Method("matrix", gradient_by_signals, refuse_formulas),
    )
}


@dataclass(frozen=True, slots=True)
class Derivation:
    """A graph with its gradients and updates, in an order in which they can be worked
    out.

    `gradients` has for each wanted quantity the key of its gradient, `updates` for each
    trained parameter the key of its new value. `again` is the second forward pass,
    empty where only some parameters were asked for.
    """

    graph: Graph
    quantities: Mapping[Key, Quantity]
    method: str
    gradients: Mapping[Key, Key]
    updates: Mapping[Key, Key]
    again: tuple[Key, ...]


def derive_graph(graph: Graph, method: str, only: tuple[str, ...] = ()) -> Derivation:
    """The derivation of a graph by a method; `only` keeps what the named quantities
    need."""
    wanted = _chosen(graph, only)
    record = METHODS[method]
    record.check(graph, wanted)
    ledger = Ledger(graph)
    gradients: dict[Key, Key] = {}
    updates: dict[Key, Key] = {}
    for group in _groups(graph, wanted):
        gradients |= {key: record.gradient(ledger, key) for key in group}
        for key in group:
            if key in graph.trained:
                updates[key] = update(ledger, key, gradients[key])
    gradients = {key: gradients[key] for key in wanted}
    updates = {key: updates[key] for key in wanted if key in updates}
    again = () if only else forward_again(ledger, frozenset(updates))
    return Derivation(graph, ledger.quantities, method, gradients, updates, again)


def _groups(graph: Graph, wanted: tuple[Key, ...]) -> Iterator[tuple[Key, ...]]:
    """What is derived before the next updates: everything; or, where the error goes
    back through updated weights, layer by layer from the last one."""
    if not graph.goes_back_updated:
        yield wanted
        return
    for layer in reversed(graph.layers):
        yield tuple(key for key in layer.parameters if key in wanted)
    inside = {key for layer in graph.layers for key in layer.parameters}
    yield tuple(key for key in wanted if key not in inside)


def whole_derivatives(derivation: Derivation) -> frozenset[Key]:
    """The derivatives d E / d m of what E uses both directly and through others.

    There the partial derivative of the formula is another number.
    """
    known = derivation.quantities
    found = []
    for key, quantity in known.items():
        local = Key("local", key.of)
        if key.kind == "derivative" and local in known:
            if known[local].formula != quantity.formula:
                found.append(key)
    return frozenset(found)


def needed_by(derivation: Derivation, wanted: Iterable[Key]) -> frozenset[Key]:
    """The quantities wanted, and everything that their formulas use, down to givens."""
    known = derivation.quantities
    return reach(wanted, lambda key: known[key].uses if key in known else ())


def printed_keys(derivation: Derivation) -> list[Key]:
    """What a page of this derivation is about, givens first: the results, the second
    forward pass, and everything that they need."""
    results = [*derivation.gradients.values(), *derivation.updates.values()]
    wanted = [*results, *derivation.again, derivation.graph.objective]
    needed = needed_by(derivation, wanted)
    keys = [*derivation.graph.givens, *derivation.quantities]
    return [key for key in keys if key in needed]


def _chosen(graph: Graph, only: tuple[str, ...]) -> tuple[Key, ...]:
    if not only:
        return graph.wanted
    known = {str(key.of[0]): key for key in graph.wanted}
    problems = tuple(
        Problem(
            "--only",
            f"no weight, bias or asked input is called {name!r}.{hint(name, known)}",
        )
        for name in only
        if name not in known
    )
    if problems:
        raise NetworkError(problems)
    return tuple(key for name, key in known.items() if name in only)
