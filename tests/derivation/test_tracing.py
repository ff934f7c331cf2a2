"""The chain of a gradient is what lies between the error and the parameter."""

from __future__ import annotations

import pytest

from explainer import Network
from explainer.derivation.deriving import derive_graph
from explainer.derivation.tracing import chain_of
from explainer.mathematics.written import Key, names_in
from explainer.network.quantity import Graph

# Without a loss that is taught together with its activation: that way skips outputs.
NAMES = ["forward-backward", "mazur", "three-hidden-layers", "recurrent", "tanh-neuron"]


def reached_from(graph: Graph, start: Key) -> frozenset[Key]:
    """The quantities that change with one of them."""
    found = {start}
    for key, quantity in graph.quantities.items():
        if found & {*quantity.uses}:
            found.add(key)
    return frozenset(found)


def needed_for(graph: Graph, end: Key) -> frozenset[Key]:
    found = {end}
    for key, quantity in reversed([*graph.quantities.items()]):
        if key in found:
            found |= {*quantity.uses}
    return frozenset(found)


@pytest.mark.parametrize("method", ["paths", "signals"])
@pytest.mark.parametrize("name", NAMES)
def test_a_chain_is_what_lies_between(name: str, method: str) -> None:
    graph = Network.from_example(name).graph
    derivation = derive_graph(graph, method)
    for key, gradient in derivation.gradients.items():
        between = reached_from(graph, key) & needed_for(graph, graph.objective)
        chain = chain_of(derivation, (gradient,))
        passed = {part for part in chain if part.kind != "weight" or part == key}
        totals = graph.totals & between
        # Signals begin with the error; the total of it may be passed over.
        assert passed - totals == between - totals
        crossed = {part for part in chain if part.kind == "weight"} - {key}
        assert crossed == _connections(graph, between) - {key}


def _connections(graph: Graph, between: frozenset[Key]) -> set[Key]:
    """The weights that lead from one of the quantities to another."""
    return {
        used
        for end in between & graph.quantities.keys()
        for start in between & graph.quantities[end].slopes.keys()
        for used in names_in(graph.quantities[end].slopes[start].value)
        if used.kind == "weight"
    }
