"""Which parts of a picture of the network a chain lights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from explainer.derivation.tracing import Chain
from explainer.notation import plain_name
from explainer.page.pictures.drawing import NetworkDrawing


def light(drawing: NetworkDrawing, chain: Chain) -> NetworkDrawing:
    """The picture with the nodes and edges of a chain lit."""
    nodes, edges = _lit(drawing, chain)
    return replace(
        drawing,
        nodes=tuple(replace(n, lit=i in nodes) for i, n in enumerate(drawing.nodes)),
        edges=tuple(replace(e, lit=i in edges) for i, e in enumerate(drawing.edges)),
    )


def name_lit(drawing: NetworkDrawing, chain: Chain) -> Iterator[str]:
    """The lit parts by their places in the picture: n0 is its first node, e0 its first
    edge."""
    nodes, edges = _lit(drawing, chain)
    yield from (f"n{i}" for i in nodes)
    yield from (f"e{i}" for i in edges)


def _lit(drawing: NetworkDrawing, chain: Chain) -> tuple[list[int], list[int]]:
    """The places of what is lit: a node that has a quantity of the chain; an edge that
    stands for one of its links, or for several after each other."""
    names = {plain_name(key) for key in chain.keys}
    links = {(plain_name(used), plain_name(user)) for used, user in chain.links}
    everywhere = {plain_name(key) for key in chain.everywhere}
    nodes = [i for i, n in enumerate(drawing.nodes) if not names.isdisjoint(n.keys)]
    edges = [
        i
        for i, edge in enumerate(drawing.edges)
        if any(
            use[0] in everywhere or links.issuperset(pairwise(use)) for use in edge.uses
        )
    ]
    return nodes, edges
