"""Columns of nodes from left to right, as far apart as the labels between them need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from explainer.mathematics.written import Key, Name
from explainer.notation import plain_name
from explainer.page.pictures.choosing import Cell
from explainer.page.pictures.drawing import Edge, Node
from explainer.page.pictures.edges import bias_edges, edges_to, label_arcs, label_edges
from explainer.page.pictures.measuring import LINE, make_label
from explainer.page.pictures.nodes import bottom_of, make_node, move
from explainer.page.pictures.plan import BIAS, BOW, ELLIPSIS, SIDE, TIGHT, Plan
from explainer.page.pictures.rows import find_heights
from explainer.page.pictures.wiring import Spot

# Between columns, without labels, and the widths that are tried with them.
NARROWEST = 64
WIDER = (136, 150, 165, 180, 210, 250, 300, 360)
# More labels than these between two columns are not looked for a place.
MOST_LABELS = 36


def place_columns(plan: Plan) -> None:
    """Column after column: first the nodes, then the edges that end in them, and as
    much room before them as the labels need."""
    made = {s.spot: make_node(plan, s) for s in plan.wiring.stations.values()}
    heights = find_heights(plan, made)
    right = 0
    for column in plan.arrangement.columns:
        cells = [
            (cell, y) for time, row in column.items() for cell, y in heights(time, row)
        ]
        nodes: list[tuple[Cell | None, Node, int]] = [
            (cell, _node_of(cell, made), y) for cell, y in cells
        ] or [(None, _ellipsis("columns", ()), heights.middle)]
        half = max(node.width for _, node, _ in nodes) // 2
        right = _settle_column(plan, nodes, right, half, heights.bottom)
    label_arcs(plan)


def _node_of(cell: Cell, made: Mapping[Spot, Node]) -> Node:
    if not cell.omitted:
        return made[cell.spots[0]]
    keys = tuple(key for spot in cell.spots for key in made[spot].keys)
    return _ellipsis("rows", keys)


def _ellipsis(shape: str, keys: tuple[str, ...]) -> Node:
    return Node("", keys, shape, 0, 0, ELLIPSIS, ELLIPSIS)


def _settle_column(
    plan: Plan,
    nodes: Sequence[tuple[Cell | None, Node, int]],
    right: int,
    half: int,
    bottom: int,
) -> int:
    """Place a column to the right of what is drawn; answers its right side."""
    spots = {cell.spots[0] for cell, _, _ in nodes if cell and not cell.omitted}
    biases = [k for k, users in plan.shared.items() if not spots.isdisjoint(users)]
    arcs = any(w.start in spots and w.end in spots for w in plan.wiring.wires.values())
    if not plan.nodes:
        _put(plan, nodes, half)
        return 2 * half + (BOW if arcs else 0)
    bias_nodes = _place_biases(plan, biases, right, bottom)
    tries: list[tuple[int, bool | None, int, list[Edge]]] = []
    for values, gap in _gaps(plan, spots, len(nodes)):
        _put(plan, nodes, right + gap + half)
        shared = bias_edges(plan, biases, bias_nodes, spots)
        edges = edges_to(plan, spots, values)
        placed, under = label_edges(plan, edges, shared)
        if values is None and placed is None:
            edges = [replace(edge, label=None) for edge in edges]
            placed, under = edges, 0
        if placed is not None:
            bad = _badness(under, values, edges)
            tries.append((bad, values, gap, [*placed, *shared]))
            if not bad:
                break
    _, values, gap, edges = min(tries, key=lambda found: found[0])
    _put(plan, nodes, right + gap + half)
    _note_left_out(plan, spots, values)
    plan.edges += edges
    return right + gap + 2 * half + (BOW if arcs else 0)


def _gaps(plan: Plan, spots: set[Spot], rows: int) -> list[tuple[bool | None, int]]:
    """What labels show, and the room before a column, in the order in which they are
    tried."""
    wires = [
        wire
        for wire in plan.wiring.wires.values()
        if wire.end in spots and wire.start in plan.nodes
    ]
    # Steep lines would lead through the numbers below the nodes they leave.
    bare = NARROWEST + 8 * max(rows, len({wire.start for wire in wires}))
    if not any(len(wire.weights) == 1 for wire in wires):
        return [(None, bare if wires else ELLIPSIS)]
    if sum(len(wire.weights) == 1 for wire in wires) > MOST_LABELS:
        return [(None, bare)]
    choices = (True, False) if plan.valued else (False,)
    labelled = [(values, gap) for values in choices for gap in WIDER]
    return [*labelled, (None, bare)]


def _badness(under: int, values: bool | None, edges: Sequence[Edge]) -> int:
    """Labels without values are better than many lines under labels, and both are
    better than no labels."""
    most = sum(edge.label is not None for edge in edges)
    if values is None:
        return 1000 if any(edge.keys for edge in edges) else 0
    return under + (most // 3 + 1) * (not values)


def _put(plan: Plan, nodes: Sequence[tuple[Cell | None, Node, int]], x: int) -> None:
    for cell, node, y in nodes:
        moved = move(node, x, y)
        if cell and not cell.omitted:
            plan.nodes[cell.spots[0]] = moved
        else:
            kept = [n for n in plan.extra if (n.keys, n.y) != (moved.keys, y)]
            plan.extra = [*kept, moved]


def _place_biases(
    plan: Plan, biases: Sequence[Key], right: int, bottom: int
) -> dict[Key, Node]:
    """A bias that several units share stands below the column before theirs."""
    placed: dict[Key, Node] = {}
    for key in biases:
        symbol = make_label(plan.spell, "symbol", Name(key))
        number = plan.value(key)
        labels = [symbol]
        if number is not None:
            below = BIAS // 2 + 2 + LINE // 2
            labels.append(make_label(plan.spell, "value", None, number, (0, below)))
        width = max(BIAS, symbol.width + SIDE)
        name = plain_name(key)
        node = Node(name, (name,), "bias", 0, 0, width, BIAS, tuple(labels))
        node = move(node, right - width // 2, bottom + TIGHT + BIAS // 2)
        bottom = bottom_of(node)
        placed[key] = node
        plan.extra.append(node)
    return placed


def _note_left_out(plan: Plan, spots: set[Spot], values: bool | None) -> None:
    weights = [w.weights for w in plan.wiring.wires.values() if w.end in spots]
    if any(len(keys) > 1 or (keys and values is None) for keys in weights):
        plan.left_out.add("weights")
    if values is False and any(weights):
        plan.left_out.add("values")
