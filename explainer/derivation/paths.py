"""Method "paths": each way from an error to a parameter, factor by factor, then
summed."""

from __future__ import annotations

from explainer.derivation.chain_rule import (
    Ledger,
    count_routes,
    gradient_by_parts,
    routes,
)
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Key,
    Name,
    Written,
    product_of,
    sum_of,
)
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
    splits = frozenset(ledger.graph.parts)
    return gradient_by_parts(ledger, ledger.graph.objective, of, splits, _through)


def _through(ledger: Ledger, top: Key, part: Key, of: Key) -> Key:
    """d top / d of over all ways through one part of it, or through the top itself."""
    ways = tuple(routes(ledger, part, of))
    key = Key("derivative", (top, of))
    if not ways:
        return ledger.add(Quantity(key, ZERO, "gradient_zero"))
    if len(ways) == 1:
        formula = product_of(_factors(ledger, top, part, ways[0]))
        if isinstance(formula, Name):
            # The error uses it directly: the derivative has an entry already.
            return formula.key
        return ledger.add(Quantity(key, formula, "chain"))
    paths = []
    for way, via in zip(ways, _signposts(ledger.graph, ways), strict=True):
        path = Key("path", (*key.of, *via))
        formula = product_of(_factors(ledger, top, part, way))
        paths.append(ledger.add(Quantity(path, formula, "path")))
    return ledger.add(Quantity(key, sum_of(tuple(map(Name, paths))), "sum_of_paths"))


def _factors(
    ledger: Ledger, top: Key, part: Key, way: tuple[Key, ...]
) -> tuple[Written, ...]:
    """The local derivatives along a way, the error's own first.

    Where other ways lead to the same quantity, the whole derivative of the error with
    respect to it is no factor of this one way.
    """
    pairs = zip(way[1:], way[2:], strict=False)
    rest = tuple(Name(ledger.local(up, low)) for up, low in pairs)
    if top == part or ledger.is_only_seeded(top, way[1]):
        return (Name(ledger.seed(top, way[1])), *rest)
    share = ledger.graph.quantities[top].slopes[part].value
    own = (Name(ledger.local(part, way[1])), *rest)
    return own if share == ONE else (share, *own)


def _signposts(
    graph: Graph, ways: tuple[tuple[Key, ...], ...]
) -> tuple[tuple[Key, ...], ...]:
    """What tells each way from the others: the weighted sums it leads through, or all
    quantities where those are not enough."""
    between = tuple(way[1:-1] for way in ways)
    sums = tuple(tuple(k for k in way if k in graph.carriers) for way in between)
    return sums if len({*sums}) == len(ways) and all(sums) else between
