"""Nodes with what is written in and below them."""

from __future__ import annotations

from dataclasses import replace

from explainer.mathematics.typesetting.boxes import Pattern
from explainer.mathematics.written import Key, Name, Number
from explainer.notation import plain_name, symbol_of
from explainer.page.pictures.drawing import Node
from explainer.page.pictures.measuring import LINE, make_label
from explainer.page.pictures.placing import box_of
from explainer.page.pictures.plan import ERROR, MOST_OWN, MOST_TARGETS, SIDE, UNIT, Plan
from explainer.page.pictures.wiring import Station, time_of


def make_node(plan: Plan, station: Station) -> Node:
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
    key = plain_name(station.main)
    return Node(key, keys, station.shape, 0, 0, width, height, tuple(labels))


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
    if len(own) > MOST_OWN or any(_is_shared(plan, key) for key in own):
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


def bottom_of(node: Node) -> int:
    return max(box_of(part)[3] for part in node.parts)


def move(node: Node, x: int, y: int) -> Node:
    """The node and its labels, moved."""
    labels = tuple(replace(p, x=p.x + x, y=p.y + y) for p in node.labels)
    return replace(node, x=node.x + x, y=node.y + y, labels=labels)
