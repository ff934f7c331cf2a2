"""The catalogue of layer kinds: one record each, with its table in the file, how it is
read, and how it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explainer.network.construction import Construction
from explainer.network.layers.dense import build_dense
from explainer.network.layers.dense_reading import read_dense
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import DenseTable, LayerTable
from explainer.network.spec import LayerSpec


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A kind of layer. `mixes` says that a place of its output depends on other
    samples."""

    name: str
    about: str
    table: type[LayerTable]
    read: Callable[[LayerReading], ReadLayer]
    build: Callable[[LayerSpec, Construction], None]
    mixes: bool = False
    source: str = ""


LAYERS: Mapping[str, LayerKind] = {
    kind.name: kind
    for kind in (
        LayerKind(
            "dense",
            "fully connected: every unit adds up all outputs of the layer before",
            DenseTable,
            read_dense,
            build_dense,
            source="Deep Learning, section 6.1",
        ),
    )
}
