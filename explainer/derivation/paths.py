"""Method "paths": each way from an error to a parameter, factor by factor, then
summed."""

from __future__ import annotations

from decimal import Decimal

from explainer.derivation.chain_rule import Ledger, count_routes, product, routes
from explainer.mathematics.written import Key, Name, Number, sum_of
from explainer.network.problems import NetworkError, Problem
from explainer.network.quantity import Graph, Quantity

MOST_PATHS = 400


def refuse_too_many_paths(graph: Graph, wanted: tuple[Key, ...]) -> None:
    """Path products explode with depth: refuse above a limit, and say what to do."""
    count = count_routes(graph, graph.objective, frozenset(wanted))
    if count > MOST_PATHS:
        message = (
            f"method paths would print {count} products; at most {MOST_PATHS} are"
            " allowed. Use the method signals (--method signals), or ask for fewer"
            " parameters (--only w5)."
        )
        raise NetworkError((Problem("method", message),))


def gradient_by_paths(ledger: Ledger, of: Key) -> Key:
    """d objective / d of: one product per path, summed within each part, then over the
    parts."""
    graph = ledger.graph
    key = Key("derivative", (graph.objective, of))
    starts = graph.parts or (graph.objective,)
    reached = {start: tuple(routes(ledger, start, of)) for start in starts}
    reached = {start: ways for start, ways in reached.items() if ways}
    if not reached:
        return ledger.add(Quantity(key, Number(Decimal(0)), "gradient_zero"))
    if len(reached) == 1:
        (ways,) = reached.values()
        return _through(ledger, key, ways, whole=True)
    parts = {
        start: _through(ledger, Key("derivative", (start, of)), ways, whole=False)
        for start, ways in reached.items()
    }
    return ledger.add(Quantity(key, ledger.shared_sum(parts), "sum_of_parts"))


def _through(
    ledger: Ledger, key: Key, ways: tuple[tuple[Key, ...], ...], whole: bool
) -> Key:
    """The derivative over all ways of one error; `whole` when it is the objective's
    own."""
    if len(ways) == 1:
        factors = _factors(ledger, ways[0], whole)
        if len(factors) == 1:
            # The error uses it directly: the derivative has an entry already.
            return factors[0]
        return ledger.add(Quantity(key, product(factors), "chain"))
    paths = []
    for way in ways:
        path = Key("path", (*key.of, *_via(ledger.graph, way)))
        factors = _factors(ledger, way, whole)
        paths.append(ledger.add(Quantity(path, product(factors), "path")))
    return ledger.add(Quantity(key, sum_of(tuple(map(Name, paths))), "sum_of_paths"))


def _factors(ledger: Ledger, way: tuple[Key, ...], whole: bool) -> tuple[Key, ...]:
    """The local derivatives along a way, the error's own first."""
    first = ledger.seed(way[1]) if whole else ledger.local(way[0], way[1])
    return (
        first,
        *(ledger.local(up, low) for up, low in zip(way[1:], way[2:], strict=False)),
    )


def _via(graph: Graph, way: tuple[Key, ...]) -> tuple[Key, ...]:
    """What tells this way from the others: the weighted sums it leads through."""
    between = way[1:-1]
    return tuple(key for key in between if key in graph.carriers) or between
