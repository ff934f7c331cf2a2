"""Method "signals": the error signal of each unit by recurrence, each gradient from a
signal."""

from __future__ import annotations

from explainer.derivation.chain_rule import (
    Ledger,
    gradient_by_parts,
    negated,
    product,
)
from explainer.mathematics.written import (
    ZERO,
    Key,
    Name,
    Product,
    Written,
    names_in,
    product_of,
    sum_of,
)
from explainer.network.quantity import Quantity


def gradient_by_signals(ledger: Ledger, of: Key) -> Key:
    """d objective / d of = sum over its uses z of delta_z · dz/d of, sample by sample.

    A penalty is added to the gradient of the data's loss.
    """
    graph = ledger.graph
    return gradient_by_parts(ledger, graph.objective, of, graph.splits, _leaf)


def _leaf(ledger: Ledger, top: Key, part: Key, of: Key) -> Key:
    """d top / d of, through one part of it or through all of it."""
    if top == part:
        return _gradient(ledger, top, of)
    inner = _gradient(ledger, part, of)
    formula = ledger.shared_sum(top, {part: inner})
    key = Key("derivative", (top, of))
    return ledger.add(Quantity(key, formula, "sum_of_one"))


def _gradient(ledger: Ledger, root: Key, of: Key) -> Key:
    key = Key("derivative", (root, of))
    formula, rule = _formula(ledger, root, of)
    if isinstance(formula, Name):
        # The root uses it directly: the derivative has an entry already.
        return formula.key
    return ledger.add(Quantity(key, formula, rule))


def _formula(ledger: Ledger, root: Key, of: Key) -> tuple[Written, str]:
    sign = ledger.graph.error_signal
    users = _users(ledger, root, of)
    if not users:
        return ZERO, "gradient_zero"
    if all(user in ledger.graph.carriers for user in users):
        terms = [
            product((signal_of(ledger, root, user), ledger.local(user, of)))
            for user in users
        ]
        rule = "gradient_from_signal" if len(terms) == 1 else "gradient_from_signals"
        return negated(sum_of(tuple(terms)), sign), rule
    upstream, tail = _upstream(ledger, root, of, sign=1)
    return _times(upstream, tail), "chain"


def _users(ledger: Ledger, root: Key, of: Key) -> tuple[Key, ...]:
    """What depends on a quantity directly, and leads up to the root."""
    users = ledger.consumers.get(of, ())
    return tuple(user for user in users if ledger.depends_on(root, user))


def signal_of(ledger: Ledger, root: Key, carrier: Key) -> Key:
    """delta = dE/dz, or its negative by convention, from the signals of the next
    layer."""
    key = Key("signal", (carrier,))
    if key in ledger.quantities:
        return key
    sign = ledger.graph.error_signal
    upstream, tail = _upstream(ledger, root, carrier, sign)
    if not upstream:
        return ledger.add(Quantity(key, ZERO, "gradient_zero"))
    formula = _times(upstream, tail)
    kinds = {name.kind for name in _keys(upstream)}
    if "signal" in kinds:
        rule = "signal_mixed" if _has_own(ledger, root, upstream) else "signal_hidden"
        return ledger.add(Quantity(key, formula, rule))
    seeded = all(ledger.is_seeded(root, k.of[1]) for k in _keys(upstream))  # type: ignore[arg-type]
    rule = "signal_last" if seeded else "signal_through"
    return ledger.add(Quantity(key, negated(formula, sign), rule))


def _has_own(ledger: Ledger, root: Key, upstream: tuple[Written, ...]) -> bool:
    """Whether a part comes from an error directly, besides the signals."""
    ends = ledger.ends(root)
    pairs = (k for k in _keys(upstream) if k.kind in ("local", "derivative"))
    return any(key.of[0] in ends for key in pairs)


def _upstream(
    ledger: Ledger, root: Key, start: Key, sign: int
) -> tuple[tuple[Written, ...], tuple[Key, ...]]:
    """What reaches `start` from above: a sum of terms, and the factors all of them
    share.

    The walk goes up while there is one way only, which gives the shared factors. Where
    the ways part, each user gives its signal times its local derivative; the root
    gives the derivative itself.
    """
    graph, ends = ledger.graph, ledger.ends(root)
    tail: list[Key] = []
    top = start
    while top != root:
        users = _users(ledger, root, top)
        if len(users) != 1 or users[0] in graph.carriers or users[0] in ends - {top}:
            break
        tail.insert(0, ledger.local(users[0], top))
        top = users[0]
    users = _users(ledger, root, top)
    terms: list[Written] = []
    mixed = any(user in graph.carriers for user in users)
    if any(user in ends for user in users):
        only = ledger.is_only_seeded(root, top)
        first = Name(ledger.seed(root, top)) if only else ledger.direct(root, top)
        terms.append(negated(first, sign if mixed else 1))
    for user in users:
        if user in graph.carriers:
            signal = signal_of(ledger, root, user)
            term = product((signal, ledger.local(user, top)))
            # A signal has the sign of the convention; what is asked for may not.
            terms.append(negated(term, sign * graph.error_signal))
        elif user not in ends:
            through = Name(_gradient(ledger, root, user))
            factor = negated(through, sign if mixed else 1)
            terms.append(product_of((factor, Name(ledger.local(user, top)))))
    return tuple(terms), tuple(tail)


def _times(terms: tuple[Written, ...], tail: tuple[Key, ...]) -> Written:
    factors = tuple(map(Name, tail))
    whole = sum_of(terms)
    first = whole.factors if isinstance(whole, Product) else (whole,)
    return product_of((*first, *factors))


def _keys(terms: tuple[Written, ...]) -> tuple[Key, ...]:
    return tuple(key for term in terms for key in names_in(term))
