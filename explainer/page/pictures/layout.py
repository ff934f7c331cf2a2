"""Wiring -> a network drawing: columns from left to right, weights on their edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from explainer.mathematics.typesetting.boxes import Pattern
from explainer.mathematics.typesetting.setting import Spell
from explainer.mathematics.written import Key, Name, Number
from explainer.network.quantity import Graph
from explainer.notation import plain_name, symbol_of
from explainer.page.pictures.choosing import Arrangement, Cell, arrange
from explainer.page.pictures.drawing import (
    Edge,
    Label,
    NetworkDrawing,
    Node,
    Point,
)
from explainer.page.pictures.measuring import LINE, make_label
from explainer.page.pictures.placing import (
    ARC_PLACES,
    Box,
    box_of,
    passes,
    place_label,
    point_on,
)
from explainer.page.pictures.wiring import (
    Spot,
    Station,
    Wire,
    Wiring,
    lit_wires,
    shared_biases,
    time_of,
    way_of,
    wire_up,
)

MARGIN = 12
UNIT, ERROR, BIAS, ELLIPSIS = 46, 36, 30, 26
SIDE = 12
# Between the nodes of a column: roomy up to so many rows.
ROOMY_ROWS, ROOMY, TIGHT = 4, 34, 12
# Between columns, without labels, and the widths that are tried with them.
NARROWEST = 72
WIDER = (110, 130, 150, 180, 210, 250, 300)
BOW = 30
MOST_OWN, MOST_TARGETS = 2, 3

Value = Callable[[Key], Number | None]


@dataclass(slots=True)
class Plan:
    """A drawing under way. `nodes` are those with a place; `bottoms` is where the part
    of each node with its labels ends."""

    wiring: Wiring
    arrangement: Arrangement
    spell: Spell
    value: Value
    lit_spots: frozenset[Spot]
    lit_wires: tuple[Wire, ...]
    lit_bias: Key | None
    shared: Mapping[Key, tuple[Spot, ...]]
    nodes: dict[Spot, Node] = field(default_factory=dict)
    extra: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)


def draw_network(
    graph: Graph, spell: Spell, value: Value, chain: Key | None = None
) -> NetworkDrawing:
    """The network; with `chain` the ways from that quantity to the objective are lit.

    `value` gives the number to print of a quantity, None for none.
    """
    wiring = wire_up(graph)
    way = way_of(graph, chain) if chain else frozenset()
    wires = tuple(lit_wires(wiring, chain, way)) if chain else ()
    spots = frozenset(wiring.owners[key] for key in way if key in wiring.owners)
    ends = [
        spot
        for wire in wires
        if chain in wire.weights
        for spot in (wire.start, wire.end)
    ]
    owning = [s.spot for s in wiring.stations.values() if chain and chain in s.own]
    keep = frozenset([*ends[:6], *owning[:3]])
    plan = Plan(
        wiring,
        arrange(wiring, keep),
        spell,
        value,
        spots,
        wires,
        chain,
        _biases_to_draw(wiring),
    )
    _place_columns(plan)
    return _finish(plan)


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


# Nodes


def _make_node(plan: Plan, station: Station) -> Node:
    """A node at the origin, with its labels below it."""
    error = station.shape == "error"
    symbol = make_label(plan.spell, "symbol", _symbol(plan, station))
    height = ERROR if error else UNIT
    width = max(height, symbol.width + SIDE)
    labels = [symbol]
    for role, name, number in _lines(plan, station):
        below = height // 2 + 2 + LINE * (len(labels) - 1) + LINE // 2
        labels.append(make_label(plan.spell, role, name, number, (0, below)))
    keys = tuple(dict.fromkeys(map(plain_name, station.keys)))
    lit = station.spot in plan.lit_spots
    key = plain_name(station.main)
    return Node(key, keys, station.shape, 0, 0, width, height, tuple(labels), lit)


def _symbol(plan: Plan, station: Station) -> Name | Pattern:
    key = station.main
    named = station.shape == "unit" and station.spot[0] != "formula"
    if named and time_of(key) is None and key.kind == "activation":
        return Pattern(symbol_of(str(key.of[0])))
    at = tuple(place for place in key.at if place[0] != "sample")
    return Name(replace(key, at=at))


def _lines(
    plan: Plan, station: Station
) -> list[tuple[str, Name | None, Number | None]]:
    """What stands below a node: its number, its own parameters, its targets."""
    lines: list[tuple[str, Name | None, Number | None]] = []
    several = len({dict(key.at).get("sample") for key in station.keys} - {None}) > 1
    number = None if several else plan.value(station.main)
    if number is not None:
        lines.append(("value", None, number))
    own = [key for key in station.own if key not in plan.shared]
    if len(own) > MOST_OWN or any(
        k not in plan.shared for k in own if _is_shared(plan, k)
    ):
        plan.left_out.add("biases")
        own = []
    lines += [("bias", Name(key), plan.value(key)) for key in own]
    targets = list(dict.fromkeys(station.targets))
    if several or len(targets) > MOST_TARGETS:
        return lines
    return lines + [("target", Name(key), plan.value(key)) for key in targets]


def _is_shared(plan: Plan, key: Key) -> bool:
    users = [s for s in plan.wiring.stations.values() if key in s.own]
    return len(users) > 1


def _bottom(node: Node) -> int:
    return max(box_of(part)[3] for part in (node, *node.labels))


def _at(node: Node, x: int, y: int) -> Node:
    """The node and its labels, moved."""
    labels = tuple(replace(p, x=p.x + x, y=p.y + y) for p in node.labels)
    return replace(node, x=node.x + x, y=node.y + y, labels=labels)


# Columns


def _place_columns(plan: Plan) -> None:
    """Column after column: first the nodes, then the edges that end in them, and as
    much room before them as the labels need."""
    made = {s.spot: _make_node(plan, s) for s in plan.wiring.stations.values()}
    heights = _heights(plan, made)
    right = 0
    for column in plan.arrangement.columns:
        cells = [
            (cell, y) for time, row in column.items() for cell, y in heights(time, row)
        ]
        nodes = [(cell, _node_of(cell, made), y) for cell, y in cells] or [
            (None, _ellipsis("columns", ()), heights.middle)
        ]
        half = max(node.width for _, node, _ in nodes) // 2
        right = _settle_column(plan, nodes, right, half, heights.bottom)
    _label_arcs(plan)


@dataclass(frozen=True, slots=True)
class _Heights:
    """Where the rows of each time step stand."""

    tops: Mapping[int | None, int]
    rows: Mapping[int | None, int]
    pitch: int
    middle: int
    bottom: int

    def __call__(self, time: int | None, row: Sequence[Cell]) -> list[tuple[Cell, int]]:
        if time in self.tops:
            spare = (self.rows[time] - len(row)) * self.pitch // 2
            top = self.tops[time] + spare
        else:
            top = self.middle - (len(row) - 1) * self.pitch // 2
        return [(cell, top + i * self.pitch) for i, cell in enumerate(row)]


def _heights(plan: Plan, made: Mapping[Spot, Node]) -> _Heights:
    rows = plan.arrangement.rows
    below = max(_bottom(node) for node in made.values())
    above = max(node.height for node in made.values()) // 2
    most = max(rows.values())
    room = ROOMY if most <= ROOMY_ROWS and len(rows) < 3 else TIGHT
    pitch = below + above + room
    tops: dict[int | None, int] = {}
    top = 0
    for time, count in rows.items():
        if time is not None:
            tops[time] = top
            top += count * pitch + (room if count > 1 else 0)
    height = top if tops else rows[None] * pitch
    middle = (height - pitch) // 2
    lowest = max(middle + pitch * (most - 1) // 2, height - pitch) + below
    return _Heights(tops, rows, pitch, middle, lowest)


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
    best: tuple[bool | None, int, list[Edge]] | None = None
    for values, gap in _gaps(plan, spots):
        _put(plan, nodes, right + gap + half)
        shared = _bias_edges(plan, biases, bias_nodes, spots)
        edges = _edges_to(plan, spots, values)
        placed, under = _label_edges(plan, edges, shared)
        if placed is not None and best is None:
            best = values, gap, [*placed, *shared]
        if placed is not None and (not under or best[0] is not values):
            best = (values, gap, [*placed, *shared]) if not under else best
            break
    assert best is not None
    values, gap, edges = best
    _put(plan, nodes, right + gap + half)
    _note_left_out(plan, spots, values)
    plan.edges += edges
    return right + gap + 2 * half + (BOW if arcs else 0)


def _gaps(plan: Plan, spots: set[Spot]) -> list[tuple[bool | None, int]]:
    """What labels show, and the room before a column, in the order in which they are
    tried."""
    wires = [w for w in plan.wiring.wires.values() if w.end in spots]
    if not any(len(wire.weights) == 1 for wire in wires):
        return [(None, NARROWEST)]
    labelled = [(values, gap) for values in (True, False) for gap in WIDER]
    return [*labelled, (None, NARROWEST)]


def _put(plan: Plan, nodes: Sequence[tuple[Cell | None, Node, int]], x: int) -> None:
    for cell, node, y in nodes:
        moved = _at(node, x, y)
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
        lit = key == plan.lit_bias
        name = plain_name(key)
        node = Node(name, (name,), "bias", 0, 0, width, BIAS, tuple(labels), lit)
        node = _at(node, right - width // 2, bottom + TIGHT + BIAS // 2)
        bottom = _bottom(node)
        placed[key] = node
        plan.extra.append(node)
    return placed


# Edges


def _edges_to(plan: Plan, spots: set[Spot], values: bool | None) -> list[Edge]:
    """The edges that end in a column; with values, with names only, or without
    labels."""
    edges = []
    for wire in plan.wiring.wires.values():
        if wire.end in spots and wire.start in plan.nodes:
            edges.append(_edge(plan, wire, values))
    return edges


def _note_left_out(plan: Plan, spots: set[Spot], values: bool | None) -> None:
    weights = [w.weights for w in plan.wiring.wires.values() if w.end in spots]
    if any(len(keys) > 1 or (keys and values is None) for keys in weights):
        plan.left_out.add("weights")
    if values is False and any(weights):
        plan.left_out.add("values")


def _edge(plan: Plan, wire: Wire, values: bool | None) -> Edge:
    start, end = plan.nodes[wire.start], plan.nodes[wire.end]
    shape, points = _route(plan, start, end)
    label = None
    if values is not None and len(wire.weights) == 1:
        number = plan.value(wire.weights[0]) if values else None
        label = make_label(plan.spell, "weight", Name(wire.weights[0]), number)
    keys = [*wire.weights, *(key for *_, via in wire.uses for key in via)]
    names = tuple(dict.fromkeys(map(plain_name, keys)))
    name = names[0] if len(wire.weights) == 1 else f"{start.key}-{end.key}"
    lit = wire in plan.lit_wires
    return Edge(name, names, start.key, end.key, shape, points, label, lit)


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
        for part in (node, *node.labels)
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


def _label_edges(
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
    boxes = [box_of(part, 2) for node in nodes for part in (node, *node.labels)]
    labels = (edge.label for edge in plan.edges if edge.shape != "arc")
    return boxes + [box_of(label) for label in labels if label]


def _label_arcs(plan: Plan) -> None:
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


def _bias_edges(
    plan: Plan, biases: Sequence[Key], nodes: Mapping[Key, Node], spots: set[Spot]
) -> list[Edge]:
    edges = []
    for key in biases:
        node = nodes[key]
        for spot in plan.shared[key]:
            if spot in spots:
                end = plan.nodes[spot]
                out = (node.x + node.width // 2, node.y)
                points = (out, (end.x - end.width // 2, end.y))
                name = plain_name(key)
                lit = key == plan.lit_bias
                edges.append(
                    Edge(name, (name,), name, end.key, "bias", points, None, lit)
                )
    return edges


# The whole


def _finish(plan: Plan) -> NetworkDrawing:
    """Everything moved so that the picture begins at its upper left corner."""
    nodes = [*plan.nodes.values(), *plan.extra]
    boxes = [box_of(part) for node in nodes for part in (node, *node.labels)]
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
        tuple(_at(node, -left, -top) for node in nodes),
        tuple(_edge_at(edge, -left, -top) for edge in plan.edges),
        tuple(sorted(plan.left_out)),
    )


def _edge_at(edge: Edge, x: int, y: int) -> Edge:
    points = tuple((px + x, py + y) for px, py in edge.points)
    label: Label | None = edge.label
    if label:
        label = replace(label, x=label.x + x, y=label.y + y)
    return replace(edge, points=points, label=label)
