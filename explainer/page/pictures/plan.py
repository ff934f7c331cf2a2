"""A drawing under way: what is known of the network, and what has a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from explainer.mathematics.typesetting.setting import Spell
from explainer.mathematics.written import Key, Number
from explainer.page.pictures.choosing import Arrangement
from explainer.page.pictures.drawing import Edge, Node
from explainer.page.pictures.wiring import Spot, Wiring

# How high the nodes are, and how much wider than what is written in them.
UNIT, ERROR, BIAS, ELLIPSIS = 46, 36, 30, 26
SIDE = 12
# Between the nodes of a column: roomy up to so many rows.
ROOMY_ROWS, ROOMY, TIGHT = 4, 34, 12
# How far a curve goes out, at the least.
BOW = 30
# Below a node, and biases below a column.
MOST_OWN, MOST_TARGETS = 2, 3

Value = Callable[[Key], Number | None]


@dataclass(slots=True)
class Plan:
    """A drawing under way.

    `value` gives the number to print of a quantity. `chain` is the parameter whose
    chain is to be seen, `valued` whether weights may have their values. `shared` are
    the biases that are nodes of their own. `nodes` are those with a place, `extra` the
    ellipses and biases; `left_out` is what had no room.
    """

    wiring: Wiring
    arrangement: Arrangement
    spell: Spell
    value: Value
    chain: Key | None
    valued: bool
    shared: Mapping[Key, tuple[Spot, ...]]
    nodes: dict[Spot, Node] = field(default_factory=dict)
    extra: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
