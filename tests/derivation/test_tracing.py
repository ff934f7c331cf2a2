"""The chain of a gradient is what lies between the error and the parameter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from explainer import Network
from explainer.derivation.deriving import derive_graph
from explainer.derivation.tracing import Tracer
from explainer.examples import EXAMPLES
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph


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
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_chain_is_what_lies_between(name: str, method: str) -> None:
    graph = Network.from_example(name).graph
    derivation = derive_graph(graph, method)
    for key, gradient in derivation.gradients.items():
        between = reached_from(graph, key) & needed_for(graph, graph.objective)
        chain = Tracer(graph, derivation.quantities).chain_of((gradient,))
        assert chain.keys == between
        assert chain.links == {*links_of_all_ways(graph, key)}


def links_of_all_ways(graph: Graph, end: Key) -> Iterator[tuple[Key, Key]]:
    """Every way from the objective down to a quantity is walked by itself."""
    waiting: list[tuple[Key, ...]] = [(graph.objective,)]
    while waiting:
        way = waiting.pop()
        if way[-1] == end:
            yield from ((used, user) for user, used in pairwise(way))
        elif way[-1] in graph.quantities:
            waiting += ((*way, used) for used in graph.quantities[way[-1]].uses)


@pytest.mark.parametrize("name", ["mazur", "recurrent"])
def test_a_path_is_one_way(name: str) -> None:
    graph = Network.from_example(name).graph
    derivation = derive_graph(graph, "paths")
    tracer = Tracer(graph, derivation.quantities)
    paths = [key for key in derivation.quantities if key.kind == "path"]
    assert paths
    for path in paths:
        top, end = path.of[:2]
        assert isinstance(top, Key) and isinstance(end, Key)
        chain = tracer.chain_of((path,))
        after = dict(chain.links)
        assert len(after) == len(chain.links)
        way = [end]
        while way[-1] != top:
            way.append(after.pop(way[-1]))
        assert not after
        assert {*way} == chain.keys
