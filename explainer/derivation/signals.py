"""Method "signals": the error signal of each unit by recurrence, each gradient from a
signal."""

from __future__ import annotations

from decimal import Decimal

from explainer.derivation.chain_rule import Ledger, negated, product
from explainer.mathematics.written import (
    Key,
    Name,
    Number,
    Product,
    Written,
    names_in,
    product_of,
    sum_of,
)
from explainer.network.quantity import Quantity


def gradient_by_signals(ledger: Ledger, of: Key) -> Key:
    """d objective / d of = sum over its uses z of delta_z · dz/d of."""
    key = Key("derivative", (ledger.graph.objective, of))
    formula, rule = _gradient(ledger, of)
    if isinstance(formula, Name):
        # The objective uses it directly: the derivative has an entry already.
        return formula.key
    return ledger.add(Quantity(key, formula, rule))


def _gradient(ledger: Ledger, of: Key) -> tuple[Written, str]:
    sign = ledger.graph.error_signal
    users = ledger.consumers.get(of, ())
    if not users:
        return Number(Decimal(0)), "gradient_zero"
    if all(user in ledger.graph.carriers for user in users):
        terms = [
            product((signal_of(ledger, user), ledger.local(user, of))) for user in users
        ]
        rule = "gradient_from_signal" if len(terms) == 1 else "gradient_from_signals"
        return negated(sum_of(tuple(terms)), sign), rule
    upstream, tail = _upstream(ledger, of, sign=1)
    return _times(upstream, tail), "chain"


def signal_of(ledger: Ledger, carrier: Key) -> Key:
    """delta = dE/dz, or its negative by convention, from the signals of the next
    layer."""
    key = Key("signal", (carrier,))
    if key in ledger.quantities:
        return key
    sign = ledger.graph.error_signal
    upstream, tail = _upstream(ledger, carrier, sign)
    if not upstream:
        return ledger.add(Quantity(key, Number(Decimal(0)), "gradient_zero"))
    last = not any(name.kind == "signal" for name in _keys(upstream))
    formula = _times(upstream, tail)
    if last:
        formula = negated(formula, sign)
    return ledger.add(
        Quantity(key, formula, "signal_last" if last else "signal_hidden")
    )


def _upstream(
    ledger: Ledger, start: Key, sign: int
) -> tuple[tuple[Written, ...], tuple[Key, ...]]:
    """What reaches `start` from above: a sum of terms, and the factors all of them
    share.

    The walk goes up while there is one way only, which gives the shared factors. Where
    the ways part, each user gives its signal times its local derivative; the objective
    gives the derivative itself.
    """
    graph = ledger.graph
    ends = {graph.objective, *graph.parts}
    tail: list[Key] = []
    top = start
    while top != graph.objective:
        users = ledger.consumers.get(top, ())
        if len(users) != 1 or users[0] in graph.carriers or users[0] in ends - {top}:
            break
        tail.insert(0, ledger.local(users[0], top))
        top = users[0]
    users = ledger.consumers.get(top, ())
    terms: list[Written] = []
    mixed = any(user in graph.carriers for user in users)
    if any(user in ends for user in users):
        terms.append(negated(Name(ledger.seed(top)), sign if mixed else 1))
    for user in users:
        if user in graph.carriers:
            terms.append(product((signal_of(ledger, user), ledger.local(user, top))))
        elif user not in ends:
            through = gradient_by_signals(ledger, user)
            terms.append(product((through, ledger.local(user, top))))
    return tuple(terms), tuple(tail)


def _times(terms: tuple[Written, ...], tail: tuple[Key, ...]) -> Written:
    factors = tuple(map(Name, tail))
    whole = sum_of(terms)
    first = whole.factors if isinstance(whole, Product) else (whole,)
    return product_of((*first, *factors))


def _keys(terms: tuple[Written, ...]) -> tuple[Key, ...]:
    return tuple(key for term in terms for key in names_in(term))
