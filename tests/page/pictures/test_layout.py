"""Where things stand: nothing over anything else, and each weight on its own edge."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explainer.examples import EXAMPLES, read_example
from explainer.page.pictures.drawing import Edge, Label, NetworkDrawing, Node
from explainer.page.pictures.layout import MARGIN
from explainer.page.pictures.placing import point_on
from tests.page.pictures.networks import dense, draw, network_of, worked

SIZES = st.lists(st.integers(1, 8), min_size=2, max_size=6).map(tuple)


def sides(part: Label | Node) -> tuple[Fraction, ...]:
    half = Fraction(part.width, 2), Fraction(part.height, 2)
    return part.x - half[0], part.y - half[1], part.x + half[0], part.y + half[1]


def apart(one: Label | Node, other: Label | Node) -> bool:
    a, b = sides(one), sides(other)
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def labels_of(drawing: NetworkDrawing) -> list[Label]:
    return [edge.label for edge in drawing.edges if edge.label]


def distance(label: Label, edge: Edge) -> Fraction:
    """How far the middle of a label is from its straight edge, downwards."""
    (x0, y0), (x1, y1) = edge.points
    return abs(y0 + Fraction((y1 - y0) * (label.x - x0), x1 - x0) - label.y)


def assert_readable(drawing: NetworkDrawing) -> None:
    labels = labels_of(drawing)
    below = [label for node in drawing.nodes for label in node.labels[1:]]
    boxes: list[Label | Node] = [*labels, *drawing.nodes]
    for one, other in combinations(boxes, 2):
        assert apart(one, other), (one, other)
    for label in labels:
        assert all(apart(label, other) for other in below), label
    for part in [*boxes, *below]:
        left, top, right, bottom = sides(part)
        assert left >= MARGIN and top >= MARGIN, part
        assert right <= drawing.width - MARGIN and bottom <= drawing.height - MARGIN


def steepness(edge: Edge) -> Fraction:
    (x0, y0), (x1, y1) = edge.points
    return Fraction(abs(y1 - y0), x1 - x0)


@given(SIZES)
@example((8,) * 6)
@example((2, 2, 2))
@settings(max_examples=12, deadline=None)
def test_labels_lie_on_their_edges_and_nowhere_else(sizes: tuple[int, ...]) -> None:
    drawing = draw(dense(sizes))
    assert_readable(drawing)
    for edge in drawing.edges:
        if edge.label and len(edge.points) == 2:
            # Both coordinates are whole pixels, rounded down.
            assert distance(edge.label, edge) <= 1 + steepness(edge)
            assert edge.points[0][0] < edge.label.x < edge.points[1][0]


@given(SIZES)
@settings(max_examples=12, deadline=None)
def test_a_weight_leads_where_its_name_says(sizes: tuple[int, ...]) -> None:
    """The names in the file say what each weight connects."""
    drawing = draw(dense(sizes))
    seen = 0
    for edge in drawing.edges:
        found = re.fullmatch("w([0-9]+)x([0-9]+)x([0-9]+)", edge.key)
        if found:
            layer, to, source = map(int, found.groups())
            before = f"out_u{layer - 1}x{source}" if layer > 1 else f"x{source}"
            assert (edge.start, edge.end) == (before, f"out_u{layer}x{to}")
            assert edge.points[0] == port(drawing, before, 1)
            assert edge.points[-1] == port(drawing, edge.end, -1)
            seen += 1
    assert seen == sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


def port(drawing: NetworkDrawing, key: str, side: int) -> tuple[int, int]:
    node = next(node for node in drawing.nodes if node.key == key)
    return node.x + side * (node.width // 2), node.y


@pytest.mark.parametrize("size", [2, 3])
def test_small_networks_have_every_label_with_its_value(size: int) -> None:
    drawing = draw(dense((size,) * 3))
    assert len(labels_of(drawing)) == 2 * size * size
    assert all(label.value for label in labels_of(drawing))
    assert drawing.left_out == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_readable(name: str) -> None:
    assert_readable(network_of(worked(read_example(name))))


def test_large_layers_have_an_ellipsis() -> None:
    drawing = draw(dense((20, 9, 2)))
    rows = [node for node in drawing.nodes if node.shape == "rows"]
    assert len(rows) == 2
    assert len(rows[0].keys) == 20 - 7
    assert "nodes" in drawing.left_out
    assert sum(node.shape == "input" for node in drawing.nodes) == 7
    ends = {node.key for node in drawing.nodes}
    assert all({edge.start, edge.end} <= ends for edge in drawing.edges)


def test_many_layers_have_an_ellipsis() -> None:
    drawing = draw(dense((1,) * 9))
    assert sum(node.shape == "columns" for node in drawing.nodes) == 1
    assert sum(node.shape == "unit" for node in drawing.nodes) == 4


def test_the_chain_of_a_weight_that_is_left_out_shows_it() -> None:
    drawing = draw(dense((20, 9, 2)), "w1x8x15")
    lit = {edge.key for edge in drawing.edges if edge.lit}
    assert "w1x8x15" in lit
    assert drawing.nodes


SKIP = """
title = "Skip"
[inputs]
i1 = 0.1
i2 = 0.5
[[layers]]
activation = "sigmoid"
weights = { h1 = { w1 = 0.1, w3 = 0.3 } }
[[layers]]
activation = "sigmoid"
[layers.weights]
o1 = { from = { h1 = { w5 = 0.5 }, i1 = { w6 = 0.6 }, i2 = "w1" } }
[targets]
o1 = 0.05
[loss]
name = "half-squared-error"
"""


def test_a_skip_connection_leads_around_the_units_between() -> None:
    drawing = draw(SKIP, "w1")
    between = next(node for node in drawing.nodes if node.key == "out_h1")
    skips = [edge for edge in drawing.edges if len(edge.points) == 4]
    assert {(edge.start, edge.end) for edge in skips} == {
        ("i1", "out_o1"),
        ("i2", "out_o1"),
    }
    for edge in skips:
        track = [point_on(edge.points, place) for place in range(33)]
        left, top, right, bottom = sides(between)
        assert not any(left < x < right and top < y < bottom for x, y in track)


def test_a_weight_used_twice_is_lit_on_both_edges() -> None:
    lit = {(e.start, e.end) for e in draw(SKIP, "w1").edges if e.lit}
    assert {("i1", "out_h1"), ("i2", "out_o1"), ("out_h1", "out_o1")} <= lit
    assert ("i1", "out_o1") not in lit and ("i2", "out_h1") not in lit
