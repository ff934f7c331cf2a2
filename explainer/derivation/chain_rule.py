"""The chain rule on a graph: local derivatives, and the ledger of derived
quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from explainer.mathematics.written import (
    ONE,
    ZERO,
    Key,
    Name,
    Negative,
    Product,
    Written,
    names_in,
    product_of,
    substitute,
    sum_of,
)
from explainer.network.quantity import Graph, Quantity

Leaf = Callable[["Ledger", Key, Key, Key], Key]


class Ledger:
    """The quantities of a derivation in the order in which they can be worked out.

    A quantity that is added twice is kept once: that is how a factor that is already
    computed comes to be cited.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.quantities: dict[Key, Quantity] = dict(graph.quantities)
        self.consumers = consumers_of(graph)
        self.depends_on = cache(self._depends_on)

    def add(self, quantity: Quantity) -> Key:
        """Enter a quantity and answer its key. Its formula may be entered once only."""
        known = self.quantities.setdefault(quantity.key, quantity)
        if known.formula != quantity.formula:
            raise ValueError(f"{quantity.key} has two formulas")
        return quantity.key

    def local(self, upper: Key, lower: Key) -> Key:
        """The local derivative of one quantity with respect to one that it depends on
        directly."""
        slope = self.graph.quantities[upper].slopes[lower]
        value = slope.value
        if self.graph.goes_back_updated:
            value = substitute(value, self._updated(value))
        return self.add(Quantity(Key("local", (upper, lower)), value, slope.rule))

    def _updated(self, value: Written) -> Mapping[Key, Written]:
        """The new values of the parameters in a slope that are updated already."""
        news = {key: Key("new", (key,)) for key in names_in(value)}
        return {key: Name(new) for key, new in news.items() if new in self.quantities}

    def seed(self, top: Key, lower: Key) -> Key:
        """d top / d x for an x that a total uses, directly or through its parts.

        A part that adds up to the total with slope 1 does not appear as a factor:
        dE/do = dE_1/do. With a mean it does: dE/do = (1/n) dE_1/do.
        """
        if lower in self.graph.quantities[top].slopes:
            return self.local(top, lower)
        terms = {
            part: self.seed(part, lower)
            for part in self.graph.parts[top]
            if self.is_seeded(part, lower)
        }
        key = Key("derivative", (top, lower))
        return self.add(Quantity(key, self.shared_sum(top, terms), "seed"))

    def direct(self, top: Key, lower: Key) -> Written:
        """What reaches x from a total directly, not through other quantities.

        Where x is also used elsewhere this is a part of d top / d x, and has no name.
        """
        if lower in self.graph.quantities[top].slopes:
            return Name(self.local(top, lower))
        terms = {
            part: self.direct(part, lower)
            for part in self.graph.parts[top]
            if self.is_seeded(part, lower)
        }
        return self.shared(top, terms)

    def is_only_seeded(self, top: Key, lower: Key) -> bool:
        """Whether nothing but a total and its parts uses a quantity, on the way up."""
        ends = self.ends(top)
        users = self.consumers.get(lower, ())
        return all(user in ends for user in users if self.depends_on(top, user))

    def is_seeded(self, top: Key, lower: Key) -> bool:
        """Whether a total uses a quantity directly, or one of its parts does."""
        return lower in self.graph.quantities[top].slopes or any(
            self.is_seeded(part, lower) for part in self.graph.parts.get(top, ())
        )

    def shared_sum(self, top: Key, terms: Mapping[Key, Key]) -> Written:
        """The sum over the parts of a total of the derivatives given, one each, times
        the slope with which the total adds its part."""
        return self.shared(top, {part: Name(key) for part, key in terms.items()})

    def shared(self, top: Key, terms: Mapping[Key, Written]) -> Written:
        """The same of expressions."""
        slopes = self.graph.quantities[top].slopes
        shares = {slopes[part].value for part in terms}
        share = shares.pop() if len(shares) == 1 else None
        if share is not None and share != ONE and len(terms) > 1:
            # 1/N (a + b + c), as it is read aloud.
            return Product((share, sum_of(tuple(terms.values()))))
        return sum_of(
            tuple(
                term
                if slopes[part].value == ONE
                else product_of((slopes[part].value, term))
                for part, term in terms.items()
            )
        )

    def ends(self, top: Key) -> frozenset[Key]:
        """A total and everything that it adds up."""
        inside = (self.ends(part) for part in self.graph.parts.get(top, ()))
        return frozenset([top]).union(*inside)

    def _depends_on(self, upper: Key, lower: Key) -> bool:
        if upper == lower:
            return True
        quantity = self.graph.quantities.get(upper)
        return quantity is not None and any(
            self.depends_on(used, lower) for used in quantity.slopes
        )


def gradient_by_parts(
    ledger: Ledger, top: Key, of: Key, splits: frozenset[Key], leaf: Leaf
) -> Key:
    """d top / d of: the sum over the parts of a total that depend on it.

    The totals in `splits` are taken apart. Where one part only depends on `of`, its
    chain begins at the total itself. `leaf(ledger, top, part, of)` writes one chain.
    """
    if top == of:
        return ledger.add(Quantity(Key("derivative", (top, of)), ONE, "gradient_one"))
    if top not in splits:
        return leaf(ledger, top, top, of)
    reached = [p for p in ledger.graph.parts[top] if ledger.depends_on(p, of)]
    if not reached:
        key = Key("derivative", (top, of))
        return ledger.add(Quantity(key, ZERO, "gradient_zero"))
    if len(reached) == 1 and reached[0] not in splits:
        return leaf(ledger, top, reached[0], of)
    terms = {
        part: gradient_by_parts(ledger, part, of, splits, leaf) for part in reached
    }
    formula = ledger.shared_sum(top, terms)
    key = Key("derivative", (top, of))
    level = _level(ledger, top, reached)
    return ledger.add(Quantity(key, formula, f"sum_of_{level}"))


def _level(ledger: Ledger, top: Key, parts: list[Key]) -> str:
    """What the parts of a total are: an error and its penalty, samples, or errors."""
    if top.kind == "penalized":
        return "penalty" if len(parts) > 1 else "one"
    return "samples" if parts[0] in ledger.graph.samples else "parts"


def consumers_of(graph: Graph) -> Mapping[Key, tuple[Key, ...]]:
    """For each quantity the quantities that depend on it directly, in the order of the
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
        if ledger.depends_on(used, end):
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
