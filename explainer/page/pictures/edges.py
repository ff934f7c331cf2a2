"""Edges: their way from node to node, and their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from explainer.mathematics.written import Key, Name
from explainer.notation import plain_name
from explainer.page.pictures.drawing import Edge, Node, Point
from explainer.page.pictures.measuring import make_label
from explainer.page.pictures.placing import ARC_PLACES, Box, box_of, passes, place_label
from explainer.page.pictures.plan import BOW, Plan
from explainer.page.pictures.wiring import Spot, Wire


def edges_to(plan: Plan, spots: set[Spot], values: bool | None) -> list[Edge]:
    """The edges that end in a column; with values, with names only, or without
    labels."""
    edges = []
    for wire in plan.wiring.wires.values():
        if wire.end in spots and wire.start in plan.nodes:
            edges.append(_edge(plan, wire, values))
    return edges


def _edge(plan: Plan, wire: Wire, values: bool | None) -> Edge:
    start, end = plan.nodes[wire.start], plan.nodes[wire.end]
    shape, points = _route(plan, start, end)
    label = None
    # Where there is no room for all, the weight of a chain has its label.
    shown = values is not None or plan.chain in wire.weights
    if shown and len(wire.weights) == 1:
        number = plan.value(wire.weights[0]) if values else None
        label = make_label(plan.spell, "weight", Name(wire.weights[0]), number)
    keys = [*wire.weights, *(key for use in wire.uses for key in use[1:-1])]
    names = tuple(dict.fromkeys(map(plain_name, keys)))
    name = names[0] if len(wire.weights) == 1 else f"{start.key}-{end.key}"
    uses = tuple(tuple(map(plain_name, use)) for use in wire.uses)
    return Edge(name, names, start.key, end.key, shape, points, label, uses)


def _route(plan: Plan, start: Node, end: Node) -> tuple[str, tuple[Point, ...]]:
    """A straight line; an arc within a column; a bow around nodes in between."""
    out = (start.x + start.width // 2, start.y)
    if start.x == end.x:
        inner = (end.x + end.width // 2, end.y)
        depth = BOW + abs(end.y - start.y) // 6
        far = max(out[0], inner[0]) + depth
        return "arc", (out, (far, out[1]), (far, inner[1]), inner)
    into = (end.x - end.width // 2, end.y)
    between = [
        box_of(part, 2)
        for node in (*plan.nodes.values(), *plan.extra)
        if start.x < node.x < end.x and node.shape != "bias"
        for part in node.parts
    ]
    if not any(passes((out, into), box) for box in between):
        return "line", (out, into)
    return "line", _bow(out, into, between)


def _bow(out: Point, into: Point, between: Sequence[Box]) -> tuple[Point, ...]:
    """A curve above or below everything between its ends, whichever is nearer."""
    top = min(box[1] for box in between)
    bottom = max(box[3] for box in between)
    above = abs(out[1] - top) + abs(into[1] - top)
    below = abs(out[1] - bottom) + abs(into[1] - bottom)
    side, sign = (top, -1) if above <= below else (bottom, 1)
    reach = (into[0] - out[0]) // 4
    for step in range(12):
        height = side + sign * (BOW + 24 * step)
        points = (out, (out[0] + reach, height), (into[0] - reach, height), into)
        if not any(passes(points, box) for box in between):
            break
    return points


def label_edges(
    plan: Plan, edges: Sequence[Edge], shared: Sequence[Edge]
) -> tuple[list[Edge] | None, int]:
    """The edges with their labels in place, None where one has no room; and how often a
    line leads under a label. Arcs wait until what stands to their right is known."""
    taken = _taken(plan)
    lines = [edge.points for edge in edges]
    minor = [edge.points for edge in shared]
    placed: list[Edge] = []
    crossings = 0
    for edge in edges:
        if edge.label is None or edge.shape == "arc":
            placed.append(edge)
            continue
        others = [line for line in lines if line is not edge.points]
        found = place_label(edge.label, edge.points, taken, others, minor)
        if found is None:
            return None, crossings
        label, under = found
        crossings += under
        taken.append(box_of(label))
        placed.append(replace(edge, label=label))
    return placed, crossings


def _taken(plan: Plan) -> list[Box]:
    nodes = (*plan.nodes.values(), *plan.extra)
    boxes = [box_of(part, 2) for node in nodes for part in node.parts]
    labels = (edge.label for edge in plan.edges if edge.shape != "arc")
    return boxes + [box_of(label) for label in labels if label]


def label_arcs(plan: Plan) -> None:
    """The weights within a column, where there is room for them."""
    taken = _taken(plan)
    for place, edge in enumerate(plan.edges):
        if edge.shape != "arc" or edge.label is None:
            continue
        others = [other.points for other in plan.edges if other is not edge]
        found = place_label(edge.label, edge.points, taken, others, (), ARC_PLACES)
        label = found[0] if found else None
        if label is None:
            plan.left_out.add("weights")
        else:
            taken.append(box_of(label))
        plan.edges[place] = replace(edge, label=label)


def bias_edges(
    plan: Plan, biases: Sequence[Key], nodes: Mapping[Key, Node], spots: set[Spot]
) -> list[Edge]:
    """From a bias to each unit that has it."""
    edges = []
    for key in biases:
        node, name = nodes[key], plain_name(key)
        out = (node.x + node.width // 2, node.y)
        for spot in plan.shared[key]:
            if spot in spots:
                end = plan.nodes[spot]
                points = (out, (end.x - end.width // 2, end.y))
                uses = tuple((name, user) for user in end.keys)
                edges.append(
                    Edge(name, (name,), name, end.key, "bias", points, None, uses)
                )
    return edges
