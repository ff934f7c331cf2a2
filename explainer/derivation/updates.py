"""The update of every trained parameter, and the forward pass again with the new
values."""

from __future__ import annotations

from explainer.derivation.chain_rule import Ledger
from explainer.mathematics.written import Key, Name, substitute
from explainer.network.quantity import Quantity


def update(ledger: Ledger, parameter: Key, gradient: Key) -> Key:
    """The new value of a parameter, after the optimizer's own quantities."""
    if ledger.graph.update is None:
        raise ValueError("an update needs an optimizer")
    keys = [ledger.add(q) for q in ledger.graph.update(parameter, gradient)]
    return keys[-1]


def new(key: Key) -> Key:
    """The same quantity after the update."""
    return Key("new", (key,))


def forward_again(ledger: Ledger, updated: frozenset[Key]) -> tuple[Key, ...]:
    """The forward pass with the new parameters: the same formulas, in the new
    quantities."""
    changed = set(updated)
    again: list[Key] = []
    for quantity in ledger.graph.quantities.values():
        if not changed.intersection(quantity.uses):
            continue
        names = {key: Name(new(key)) for key in quantity.uses if key in changed}
        formula = substitute(quantity.formula, names)
        again.append(ledger.add(Quantity(new(quantity.key), formula, quantity.rule)))
        changed.add(quantity.key)
    return tuple(again)
