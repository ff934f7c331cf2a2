"""The backward pass in its smallest steps: every derivative from the derivatives next
above it.

The methods of presentation skip steps or multiply whole chains. A mistake is made in
one step; here every step has a quantity of its own, so that a wrong one reaches all
that is computed from it.
"""

from __future__ import annotations

from explainer.derivation.chain_rule import Ledger, negated
from explainer.mathematics.written import (
    ZERO,
    Key,
    Name,
    Written,
    product_of,
    sum_of,
)
from explainer.network.quantity import Graph, Quantity


class Backward:
    """dR/dq for a root R and any quantity q, entered into the ledger step by step.

    A root is the objective, the loss of a sample, or the loss of one output.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.ledger = Ledger(graph)
        self._splits = graph.splits
        self._known: dict[tuple[Key, Key], Written] = {}

    def derivative(self, root: Key, of: Key) -> Written:
        """dR/dq as it is cited: a name, or minus a name where the error signal is the
        negative derivative."""
        if (root, of) not in self._known:
            self._known[root, of] = self._derive(root, of)
        return self._known[root, of]

    def _derive(self, root: Key, of: Key) -> Written:
        if root in self._splits:
            return self._entered(Key("derivative", (root, of)), self._parts(root, of))
        formula = self._formula(root, of)
        if of in self.graph.carriers and self.graph.root_of(of) == root:
            sign = self.graph.error_signal
            return negated(
                self._entered(
                    Key("signal", (of,)), negated(formula, sign), "signal_last"
                ),
                sign,
            )
        if isinstance(formula, Name):
            return formula
        return self._entered(Key("derivative", (root, of)), formula)

    def _entered(self, key: Key, formula: Written, rule: str = "chain") -> Written:
        if formula == Name(key):
            return formula
        return Name(self.ledger.add(Quantity(key, formula, rule)))

    def _parts(self, root: Key, of: Key) -> Written:
        ledger = self.ledger
        reached = [p for p in self.graph.parts[root] if ledger.depends_on(p, of)]
        terms = {part: self.derivative(part, of) for part in reached}
        return ledger.shared(root, terms) if terms else ZERO

    def _formula(self, root: Key, of: Key) -> Written:
        """The sum over what uses q: dR/du du/dq."""
        ledger, ends = self.ledger, self.ledger.ends(root)
        terms: list[Written] = []
        if ledger.is_seeded(root, of):
            only = ledger.is_only_seeded(root, of)
            terms.append(
                Name(ledger.seed(root, of)) if only else ledger.direct(root, of)
            )
        for user in ledger.consumers.get(of, ()):
            if user not in ends and ledger.depends_on(root, user):
                above = self.derivative(root, user)
                local = Name(ledger.local(user, of))
                terms.append(_times(above, local))
        return sum_of(tuple(terms)) if terms else ZERO


def _times(above: Written, local: Name) -> Written:
    """dR/du du/dq, with a minus sign in front of the product."""
    if isinstance(above, Name):
        return product_of((above, local))
    (body,) = above.parts()
    return negated(product_of((body, local)), -1)
