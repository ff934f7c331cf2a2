"""The chain rule on a graph: local derivatives, and the ledger of derived
quantities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Negative,
    Product,
    Written,
    product_of,
    sum_of,
)
from explainer.network.quantity import Graph, Quantity


class Ledger:
    """The quantities of a derivation in the order in which they can be worked out.

    A quantity that is added twice is kept once: that is how a factor that is already
    computed comes to be cited.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.quantities: dict[Key, Quantity] = dict(graph.quantities)
        self.consumers = consumers_of(graph)

    def add(self, quantity: Quantity) -> Key:
        """Enter a quantity and answer its key."""
        self.quantities.setdefault(quantity.key, quantity)
        return quantity.key

    def local(self, upper: Key, lower: Key) -> Key:
        """The local derivative of one quantity with respect to one that its formula
        uses."""
        slope = self.graph.quantities[upper].slopes[lower]
        return self.add(Quantity(Key("local", (upper, lower)), slope.value, slope.rule))

    def seed(self, lower: Key) -> Key:
        """d objective / d x for an x that the objective uses, directly or through its
        parts.

        A part that adds up to the objective with slope 1 does not appear as a factor:
        dE/do = dE_1/do. With a mean it does: dE/do = (1/n) dE_1/do.
        """
        objective, parts = self.graph.objective, self.graph.parts
        through = [part for part in self.consumers.get(lower, ()) if part in parts]
        if not through:
            return self.local(objective, lower)
        terms = tuple(self._share(part, self.local(part, lower)) for part in through)
        key = Key("derivative", (objective, lower))
        formula = terms[0] if len(terms) == 1 else sum_of(terms)
        return self.add(Quantity(key, formula, "seed"))

    def _share(self, part: Key, derivative: Key) -> Written:
        """The derivative of one part, times the slope with which the objective adds
        it."""
        slope = self.graph.quantities[self.graph.objective].slopes[part].value
        return Name(derivative) if slope == ONE else Product((slope, Name(derivative)))

    def shared_sum(self, terms: Mapping[Key, Key]) -> Written:
        """The sum over the parts of the objective of the derivatives given, one
        each."""
        return sum_of(
            tuple(self._share(part, derivative) for part, derivative in terms.items())
        )


def consumers_of(graph: Graph) -> Mapping[Key, tuple[Key, ...]]:
    """For each quantity the quantities whose formula uses it, in the order of the
    graph."""
    found: dict[Key, list[Key]] = {}
    for quantity in graph.quantities.values():
        for used in quantity.slopes:
            found.setdefault(used, []).append(quantity.key)
    return {key: tuple(users) for key, users in found.items()}


def routes(ledger: Ledger, start: Key, end: Key) -> Iterator[tuple[Key, ...]]:
    """Every way from a quantity down to another one that it depends on, start first."""
    if start == end:
        yield (end,)
        return
    quantity = ledger.graph.quantities.get(start)
    for used in quantity.slopes if quantity else ():
        for rest in routes(ledger, used, end):
            yield (start, *rest)


def count_routes(graph: Graph, start: Key, ends: frozenset[Key]) -> int:
    """How many ways lead from a quantity down to any of the ends, without walking
    them."""
    counts: dict[Key, int] = {}

    def count(key: Key) -> int:
        if key not in counts:
            quantity = graph.quantities.get(key)
            below = sum(count(used) for used in quantity.slopes) if quantity else 0
            counts[key] = below + (key in ends)
        return counts[key]

    return count(start)


def negated(written: Written, sign: int) -> Written:
    """The expression, or its negative where the sign is -1."""
    return written if sign > 0 else Negative(written)


def product(factors: tuple[Key, ...]) -> Written:
    """The product of quantities; none is 1."""
    return product_of(tuple(map(Name, factors)))
