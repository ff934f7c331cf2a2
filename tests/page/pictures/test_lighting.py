"""The lit parts of the picture are the ways from a parameter to the error, walked one
by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from explainer.examples import EXAMPLES, read_example
from explainer.mathematics.written import Key, Name, Product, Written, walk
from explainer.network.quantity import Graph
from explainer.notation import plain_name
from explainer.page.pictures.drawing import NetworkDrawing
from explainer.page.pictures.lighting import name_lit
from explainer.worked import WorkedDerivation
from tests.page.pictures.networks import network_of, worked
from tests.page.pictures.test_layout import SKIP
from tests.page.test_every_record import LAYER_TEXTS, of_kind

Pair = tuple[str, str]
# By name: examples, a skip connection, and a layer of each kind; some weights lie on
# the way to what has no node of its own.
TEXTS = {name: read_example(name) for name in EXAMPLES} | {
    "skip": SKIP + "[training]\nlearning_rate = 0.1\n",
    **{f"layer {kind}": of_kind(kind) for kind in LAYER_TEXTS},
}


def ways(graph: Graph, end: Key) -> Iterator[tuple[Key, ...]]:
    """Every way from a quantity up to the objective."""
    waiting: list[tuple[Key, ...]] = [(graph.objective,)]
    while waiting:
        way = waiting.pop()
        if way[0] == end:
            yield way
        elif way[0] in graph.quantities:
            waiting += ((used, *way) for used in graph.quantities[way[0]].uses)


def factors_beside(formula: Written, parameter: Key) -> Iterator[Key]:
    """What stands in one product with a parameter."""
    for part in walk(formula):
        if isinstance(part, Product) and Name(parameter) in part.factors:
            yield from (f.key for f in part.factors if isinstance(f, Name))


def expected(
    graph: Graph, drawing: NetworkDrawing, parameter: Key
) -> tuple[set[str], set[Pair]]:
    """The nodes and the lines that the ways from a parameter lead over."""
    owner = {name: node.key for node in drawing.nodes for name in node.keys}
    nodes: set[str] = set()
    lines: set[Pair] = set()
    for way in ways(graph, parameter):
        formula = graph.quantities[way[1]].formula
        passed = [owner[name] for name in map(plain_name, way[1:]) if name in owner]
        nodes.update(passed)
        lines.update((a, b) for a, b in pairwise(passed) if a != b)
        node = owner.get(plain_name(parameter))
        if node:
            nodes.add(node)
            lines.add((node, passed[0]))
            continue
        beside = map(plain_name, factors_beside(formula, parameter))
        lines.update((owner[n], passed[0]) for n in beside if n in owner)
    drawn = {(edge.start, edge.end) for edge in drawing.edges}
    return nodes, lines & drawn


def lit_parts(drawing: NetworkDrawing, parts: set[str]) -> tuple[set[str], set[Pair]]:
    nodes = {n.key for i, n in enumerate(drawing.nodes) if f"n{i}" in parts}
    edges = enumerate(drawing.edges)
    return nodes, {(e.start, e.end) for i, e in edges if f"e{i}" in parts}


def steps_of(derivation: WorkedDerivation) -> Mapping[Key, set[str]]:
    """The parts that are lit in the step of each quantity."""
    drawing = network_of(derivation)
    return {
        step.key: {*name_lit(drawing, step.chain)}
        for step in derivation.document.steps
        if step.key
    }


@pytest.mark.parametrize("name", TEXTS)
def test_a_gradient_lights_all_ways_to_the_error_and_nothing_else(name: str) -> None:
    derivation = worked(TEXTS[name])
    graph, drawing = derivation.symbols.graph, network_of(derivation)
    lit = steps_of(derivation)
    checked = 0
    for parameter, gradient in derivation.symbols.gradients.items():
        if gradient in lit:
            wanted = expected(graph, drawing, parameter)
            assert lit_parts(drawing, lit[gradient]) == wanted, parameter
            checked += 1
    assert checked


@pytest.mark.parametrize("name", ["recurrent", "softmax-adam", "skip", "convolution"])
def test_so_does_the_picture_of_a_chain(name: str) -> None:
    derivation = worked(TEXTS[name], "chains")
    graph = derivation.symbols.graph
    for parameter in derivation.symbols.gradients:
        drawing = network_of(derivation, f"chain-{parameter.of[0]}")
        nodes = {node.key for node in drawing.nodes if node.lit}
        lines = {(edge.start, edge.end) for edge in drawing.edges if edge.lit}
        assert (nodes, lines) == expected(graph, drawing, parameter), parameter


def test_a_step_of_one_time_step_lights_that_time_step() -> None:
    """By hand: the sum of h at time 2 uses x and h before it, over w and u, and b."""
    derivation = worked(TEXTS["recurrent"])
    drawing = network_of(derivation)
    lit = {plain_name(key): parts for key, parts in steps_of(derivation).items()}
    before, now = "out_h[time=1]", "out_h[time=2]"
    nodes, lines = lit_parts(drawing, lit["sum_h[time=2]"])
    assert nodes == {"x[time=2]", before, now, "b"}
    assert lines == {("x[time=2]", now), (before, now), ("b", now)}
    # The update of a shared weight lights every place where it is used.
    nodes, lines = lit_parts(drawing, lit["new_u"])
    assert nodes == set()
    assert lines == {
        ("out_h[time=0]", before),
        (before, now),
        (now, "out_h[time=3]"),
    }


def test_an_output_of_softmax_depends_on_all_sums() -> None:
    derivation = worked(TEXTS["softmax-adam"])
    drawing = network_of(derivation)
    lit = {plain_name(key): parts for key, parts in steps_of(derivation).items()}
    nodes, lines = lit_parts(drawing, lit["out_y1"])
    assert nodes == {"sum_y1", "sum_y2", "sum_y3", "out_y1"}
    assert lines == {(f"sum_y{i}", "out_y1") for i in (1, 2, 3)}
    nodes, lines = lit_parts(drawing, lit["delta_y2"])
    assert nodes == {"sum_y2", "out_y1", "out_y2", "out_y3", "E"}
    across = {("sum_y2", f"out_y{i}") for i in (1, 2, 3)}
    assert lines == across | {(f"out_y{i}", "E") for i in (1, 2, 3)}
