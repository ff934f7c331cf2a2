"""Graph -> what a picture of it shows: a node for each input, unit and error, and a
wire for each use.

A node stands for all quantities of its unit, and for all samples; time steps are drawn
below each other. Any layer has a picture: what it computes on the way belongs to the
unit that alone uses it, or to the wires that lead through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from explainer.derivation.tracing import PARAMETERS
from explainer.mathematics.written import Key, names_in
from explainer.network.quantity import At, Graph, Layer

# Givens that are part of a rule, and no value that flows through the network.
SETTINGS = PARAMETERS | {
    "target",
    "learning_rate",
    "option",
    "regularization",
    "step",
    "state",
}
# A node: its part of the network, its name, and its time step if there is one.
Spot = tuple[str, str, int | None]


@dataclass(slots=True)
class Station:
    """A node before it has a place. `main` is the quantity whose number it shows;
    `own` are the parameters that no wire carries."""

    spot: Spot
    shape: str
    column: int
    keys: list[Key] = field(default_factory=list)
    own: list[Key] = field(default_factory=list)
    targets: list[Key] = field(default_factory=list)

    @property
    def main(self) -> Key:
        """The last quantity of a unit; of several samples the first."""
        last = without_sample(self.keys[-1])
        if self.shape != "unit":
            return self.keys[0]
        return next(key for key in self.keys if without_sample(key) == last)


@dataclass(slots=True)
class Wire:
    """What leads from one node to another: its weights, and its uses, each from what is
    used over what has no node to what uses it. The use of a weight is one, too."""

    start: Spot
    end: Spot
    weights: list[Key] = field(default_factory=list)
    uses: list[tuple[Key, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Wiring:
    """The nodes and wires of a graph; `owners` says which node a quantity belongs
    to."""

    graph: Graph
    stations: dict[Spot, Station] = field(default_factory=dict)
    wires: dict[tuple[Spot, Spot], Wire] = field(default_factory=dict)
    owners: dict[Key, Spot] = field(default_factory=dict)

    def add(self, key: Key, spot: Spot, shape: str, column: int) -> None:
        station = self.stations.setdefault(spot, Station(spot, shape, column))
        station.keys.append(key)
        self.owners[key] = spot

    @property
    def columns(self) -> int:
        return 1 + max(station.column for station in self.stations.values())


def wire_up(graph: Graph) -> Wiring:
    """The nodes and wires of a graph."""
    wiring = Wiring(graph)
    column = 1
    for layer in graph.layers:
        add = _add_formulas if graph.has_formulas else _add_layer
        column += add(wiring, layer, column)
    _add_losses(wiring, column)
    _add_givens(wiring)
    for key in graph.quantities:
        if key in wiring.owners:
            _connect(wiring, key)
    return wiring


def time_of(key: Key) -> int | None:
    return dict(key.at).get("time")


def without_sample(key: Key) -> Key:
    """The quantity of any sample: a picture shows them all at once."""
    at: At = tuple(place for place in key.at if place[0] != "sample")
    return Key(key.kind, key.of, at)


def _add_layer(wiring: Wiring, layer: Layer, column: int) -> int:
    """The units of a layer, in one column; in two where an output uses the sums of
    other units, as softmax does."""
    graph = wiring.graph
    units = {*layer.units}
    inside = [key for key in layer.quantities if key.of[0] in units]
    split = any(
        used.of[0] != key.of[0] and time_of(used) == time_of(key)
        for key in inside
        for used in graph.quantities[key].uses
        if used in graph.quantities and used in inside
    )
    for key in layer.quantities:
        if key.of[0] in units:
            late = split and key.kind != "sum"
            part = f"{layer.number}{'b' if late else ''}"
            spot = (part, str(key.of[0]), time_of(key))
            wiring.add(key, spot, "unit", column + late)
    between = [key for key in layer.quantities if key.of[0] not in units]
    for key, spot in _single_users(wiring, between).items():
        station = wiring.stations[spot]
        station.keys.insert(0, key)
        wiring.owners[key] = spot
    # A layer that computes nothing, such as flatten, has no column.
    return 0 if not layer.quantities else 2 if split else 1


def _single_users(wiring: Wiring, between: list[Key]) -> dict[Key, Spot]:
    """What a layer computes on the way, where one unit alone uses it in that time
    step."""
    inside = {*between}
    reached: dict[Key, set[Spot]] = {key: set() for key in between}
    known = {*between, *wiring.owners}
    for user in reversed([key for key in wiring.graph.quantities if key in known]):
        ends = reached[user] if user in inside else {wiring.owners[user]}
        for used in wiring.graph.quantities[user].uses:
            times = {time_of(used), time_of(user)} - {None}
            if used in inside and (len(times) < 2 or user not in inside):
                reached[used] |= ends
    return {key: next(iter(ends)) for key, ends in reached.items() if len({*ends}) == 1}


def _add_formulas(wiring: Wiring, layer: Layer, column: int) -> int:
    """Each formula has a node, to the right of everything it uses."""
    places: dict[Key, int] = {}
    for key in layer.quantities:
        used = wiring.graph.quantities[key].uses
        places[key] = max((places[u] + 1 for u in used if u in places), default=column)
        wiring.add(key, ("formula", str(key.of[0]), time_of(key)), "unit", places[key])
    return 1 + max(places.values(), default=column) - column


def _add_losses(wiring: Wiring, column: int) -> None:
    """Errors and their totals. The total over samples is the error of any of them."""
    graph = wiring.graph
    places: dict[Spot, int] = {}
    inside = {key for layer in graph.layers for key in layer.quantities}
    for key in (key for key in graph.quantities if key not in inside):
        used = [k for k in graph.quantities[key].uses if k in wiring.owners]
        below = dict.fromkeys(
            wiring.owners[k] for k in used if wiring.owners[k][0] == "error"
        )
        if len(used) > 1 and len(below) == 1 and key.kind == "total":
            spot = next(iter(below))
        else:
            folded = without_sample(key)
            name = f"{folded.kind} {folded.of}"
            spot = ("error", name, time_of(key))
            places[spot] = max((places[s] + 1 for s in below), default=column)
        wiring.add(key, spot, "error", places[spot])
        for target in graph.quantities[key].uses:
            if target.kind == "target":
                wiring.stations[spot].targets.append(target)


def _add_givens(wiring: Wiring) -> None:
    """Inputs stand on the left; the state before the first time step above its
    units."""
    graph = wiring.graph
    users: dict[Key, list[Key]] = {}
    for key, quantity in graph.quantities.items():
        for used in quantity.uses:
            users.setdefault(used, []).append(key)
    formulas = graph.has_formulas
    for key in graph.givens:
        if key not in users or (key.kind in SETTINGS and not formulas):
            continue
        ends = [wiring.owners[u] for u in users[key] if u in wiring.owners]
        columns = [wiring.stations[spot].column for spot in ends]
        if time_of(key) == 0 and ends:
            part, name, _ = next((s for s in ends if s[1] == key.of[0]), ends[0])
            spot: Spot = (part, name, 0)
            wiring.add(key, spot, "input", columns[0])
            continue
        name = f"{key.kind} {key.of}"
        # In a graph of formulas a value stands beside what uses it first.
        column = min(columns, default=1) - 1 if formulas else 0
        wiring.add(key, ("given", name, time_of(key)), "input", column)


def _connect(wiring: Wiring, key: Key) -> None:
    """The wires to one quantity, and its parameters."""
    graph = wiring.graph
    end = wiring.owners[key]
    sources = tuple(_sources(wiring, key, ()))
    for used, via in sources:
        start = wiring.owners[used]
        if start != end:
            wire = wiring.wires.setdefault((start, end), Wire(start, end))
            wire.uses.append((used, *via, key))
    ways = [(*via, key) for _, via in sources]
    tails = [(key,), *(way[place:] for way in ways for place in range(len(way)))]
    for tail in dict.fromkeys(tails):
        for parameter in graph.quantities[tail[0]].uses:
            if parameter.kind in PARAMETERS and parameter not in wiring.owners:
                _carry(wiring, parameter, tail)


def _carry(wiring: Wiring, parameter: Key, tail: tuple[Key, ...]) -> None:
    """A weight goes on the wires from what it multiplies; what multiplies nothing from
    outside belongs to the node.

    `tail` leads from what uses the weight to what has a node.
    """
    end = wiring.owners[tail[-1]]
    slope = wiring.graph.quantities[tail[0]].slopes.get(parameter)
    multiplied = names_in(slope.value) if slope else ()
    starts = {wiring.owners[k] for k in multiplied if k in wiring.owners} - {end}
    found = False
    for start in starts:
        wire = wiring.wires.get((start, end))
        if wire is not None:
            found = True
            _append(wire.weights, parameter)
            wire.uses.append((parameter, *tail))
    if not found and end[0] != "error":
        _append(wiring.stations[end].own, parameter)


def _append(kept: list[Key], key: Key) -> None:
    if key not in kept:
        kept.append(key)


def _sources(
    wiring: Wiring, key: Key, via: tuple[Key, ...]
) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    """The quantities with a node that a quantity uses, directly or through others that
    have none."""
    for used in wiring.graph.quantities[key].uses:
        if used in wiring.owners:
            yield used, via
        elif used in wiring.graph.quantities:
            yield from _sources(wiring, used, (used, *via))


def shared_biases(wiring: Wiring) -> Mapping[Key, tuple[Spot, ...]]:
    """The parameters that several nodes of one column have as their own."""
    found: dict[Key, list[Spot]] = {}
    for spot, station in wiring.stations.items():
        for key in station.own:
            found.setdefault(key, []).append(spot)
    return {
        key: tuple(spots)
        for key, spots in found.items()
        if len(spots) > 1 and len({wiring.stations[spot].column for spot in spots}) == 1
    }
