"""A drawing with the numbers in its labels replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from explainer.mathematics.written import Written, rewrite
from explainer.page.pictures.drawing import (
    BarDrawing,
    Drawing,
    Label,
    NetworkDrawing,
)

Change = Callable[[Written], Written | None]


def rewrite_drawing(drawing: Drawing, change: Change) -> Drawing:
    """The drawing with every number that `change` answers replaced; lines stay where
    they are."""
    match drawing:
        case NetworkDrawing():
            nodes = tuple(
                replace(node, labels=tuple(_rewrite(p, change) for p in node.labels))
                for node in drawing.nodes
            )
            edges = tuple(
                replace(edge, label=_rewrite(edge.label, change))
                if edge.label
                else edge
                for edge in drawing.edges
            )
            return replace(drawing, nodes=nodes, edges=edges)
        case BarDrawing():
            bars = tuple(
                replace(bar, value=_rewrite(bar.value, change)) for bar in drawing.bars
            )
            return replace(drawing, bars=bars)
    return drawing


def _rewrite(label: Label, change: Change) -> Label:
    value = rewrite(label.value, change) if label.value else None
    return replace(label, value=value)
