"""The table of a layer: one of the kinds in the catalogue."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Tag

from explainer.network.layers import LAYERS
from explainer.network.layers.tables import LayerTable
from explainer.network.schema import Table


def table_of(raw: Any) -> type[Table]:
    """The kind of table that a layer of the file is.

    >>> table_of({"kind": "dense"}).__name__, table_of({}).__name__
    ('DenseTable', 'DenseTable')
    """
    kind = raw.get("kind", "dense") if isinstance(raw, dict) else "dense"
    return LAYERS[kind].table if kind in LAYERS else LayerTable


def _tag(got: Any) -> str | None:
    """The tag of a table by its kind; a table of an unknown kind has none."""
    kind = got.get("kind", "dense") if isinstance(got, dict) else "dense"
    return f"<{kind}>" if isinstance(kind, str) and kind in LAYERS else None


if TYPE_CHECKING:
    AnyLayer = LayerTable
else:
    # The union is made from the catalogue: a new kind of layer needs no edit here.
    AnyLayer = Annotated[
        reduce(or_, (Annotated[k.table, Tag(f"<{k.name}>")] for k in LAYERS.values())),
        Discriminator(
            _tag,
            custom_error_type="form",
            custom_error_message=f"allowed: a layer of the kind {', '.join(LAYERS)}",
        ),
    ]
