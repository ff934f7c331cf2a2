"""Which parts of a picture of the network a chain lights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from explainer.derivation.tracing import Chain
from explainer.notation import plain_name
from explainer.page.pictures.drawing import Edge, NetworkDrawing, Node


def light(drawing: NetworkDrawing, chain: Chain) -> NetworkDrawing:
    """The picture with the nodes and edges of a chain lit."""
    nodes, edges = _lit(drawing, chain)
    return replace(
        drawing,
        nodes=tuple(replace(node, lit=node in nodes) for node in drawing.nodes),
        edges=tuple(replace(edge, lit=edge in edges) for edge in drawing.edges),
    )


def name_lit(drawing: NetworkDrawing, chain: Chain) -> Iterator[str]:
    """The lit parts by their places in the picture: n0 is its first node, e0 its first
    edge."""
    nodes, edges = _lit(drawing, chain)
    yield from (f"n{i}" for i, node in enumerate(drawing.nodes) if node in nodes)
    yield from (f"e{i}" for i, edge in enumerate(drawing.edges) if edge in edges)


def _lit(drawing: NetworkDrawing, chain: Chain) -> tuple[list[Node], list[Edge]]:
    """A node is lit that has a quantity of the chain; an edge that stands for one of
    its links, or for several after each other."""
    names = {plain_name(key) for key in chain.keys}
    links = {(plain_name(used), plain_name(user)) for used, user in chain.links}
    everywhere = {plain_name(key) for key in chain.everywhere}
    nodes = [node for node in drawing.nodes if not names.isdisjoint(node.keys)]
    edges = [
        edge
        for edge in drawing.edges
        for use in edge.uses
        if use[0] in everywhere or links.issuperset(pairwise(use))
    ]
    return nodes, edges
