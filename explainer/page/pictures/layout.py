"""Wiring -> a network drawing: columns from left to right, weights on their edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from explainer.derivation.tracing import Tracer
from explainer.mathematics.typesetting.setting import Spell
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph
from explainer.page.pictures.choosing import arrange
from explainer.page.pictures.columns import place_columns
from explainer.page.pictures.drawing import Edge, Label, NetworkDrawing
from explainer.page.pictures.lighting import light
from explainer.page.pictures.nodes import move
from explainer.page.pictures.placing import box_of, point_on
from explainer.page.pictures.plan import MOST_OWN, Plan, Value
from explainer.page.pictures.wiring import (
    Spot,
    Wiring,
    shared_biases,
    wire_up,
)

MARGIN = 12


def draw_network(
    graph: Graph, spell: Spell, value: Value, chain: Key | None = None
) -> NetworkDrawing:
    """The network; with `chain` the ways from that quantity to the objective are lit.

    `value` gives the number to print of a quantity, None for none.
    """
    wiring = wire_up(graph)
    wires = [wire for wire in wiring.wires.values() if chain in wire.weights]
    ends = [spot for wire in wires for spot in (wire.start, wire.end)]
    owning = [s.spot for s in wiring.stations.values() if chain and chain in s.own]
    keep = frozenset([*ends[:6], *owning[:3]])
    for valued in (True, False):
        plan = Plan(
            wiring,
            arrange(wiring, keep),
            spell,
            value,
            chain,
            valued,
            _biases_to_draw(wiring),
        )
        place_columns(plan)
        # Weights have their values everywhere, or nowhere.
        if "values" not in plan.left_out:
            break
    drawing = _finish(plan)
    if chain is None:
        return drawing
    return light(drawing, Tracer(graph, {}).between(chain, graph.objective))


def _biases_to_draw(wiring: Wiring) -> Mapping[Key, tuple[Spot, ...]]:
    """A bias of several units is a node of its own, at most two to a column."""
    shared = shared_biases(wiring)
    counts: dict[int, int] = {}
    for spots in shared.values():
        column = wiring.stations[spots[0]].column
        counts[column] = counts.get(column, 0) + 1
    return {
        key: spots
        for key, spots in shared.items()
        if counts[wiring.stations[spots[0]].column] <= MOST_OWN
    }


def _finish(plan: Plan) -> NetworkDrawing:
    """Everything moved so that the picture begins at its upper left corner."""
    nodes = [*plan.nodes.values(), *plan.extra]
    boxes = [box_of(part) for node in nodes for part in node.parts]
    boxes += [box_of(edge.label) for edge in plan.edges if edge.label]
    track = [point_on(edge.points, place) for edge in plan.edges for place in range(33)]
    left = min([box[0] for box in boxes] + [x for x, _ in track]) - MARGIN
    top = min([box[1] for box in boxes] + [y for _, y in track]) - MARGIN
    right = max([box[2] for box in boxes] + [x for x, _ in track]) + MARGIN
    bottom = max([box[3] for box in boxes] + [y for _, y in track]) + MARGIN
    if plan.arrangement.omits:
        plan.left_out.add("nodes")
    return NetworkDrawing(
        right - left,
        bottom - top,
        tuple(move(node, -left, -top) for node in nodes),
        tuple(_edge_at(edge, -left, -top) for edge in plan.edges),
        tuple(sorted(plan.left_out)),
    )


def _edge_at(edge: Edge, x: int, y: int) -> Edge:
    points = tuple((px + x, py + y) for px, py in edge.points)
    label: Label | None = edge.label
    if label:
        label = replace(label, x=label.x + x, y=label.y + y)
    return replace(edge, points=points, label=label)
