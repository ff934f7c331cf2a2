"""The catalogue of layer kinds: one record each, with its table in the file, how it is
read, and how it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explainer.network.construction import Construction
from explainer.network.layers.attention import (
    AttentionTable,
    build_attention,
    read_attention,
)
from explainer.network.layers.convolution import ConvolutionTable, read_convolution
from explainer.network.layers.dense import build_dense
from explainer.network.layers.dense_reading import read_dense
from explainer.network.layers.gru import GRUTable, build_gru, read_gru
from explainer.network.layers.joining import (
    AddTable,
    FlattenTable,
    build_add,
    build_flatten,
    read_add,
    read_flatten,
)
from explainer.network.layers.lstm import LSTMTable, build_lstm, read_lstm
from explainer.network.layers.normalisation import (
    NormalisationTable,
    build_normalisation,
    read_normalisation,
)
from explainer.network.layers.pooling import (
    PoolingTable,
    build_average_pool,
    build_max_pool,
    read_pooling,
)
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.recurrent import (
    RecurrentTable,
    build_recurrent,
    read_recurrent,
)
from explainer.network.layers.tables import DenseTable, LayerTable
from explainer.network.spec import LayerSpec


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A kind of layer. `mixes` says on which other places an output depends that
    are not before it: other "samples", or other "times" of its sample."""

    name: str
    table: type[LayerTable]
    read: Callable[[LayerReading], ReadLayer]
    build: Callable[[LayerSpec, Construction], None]
    mixes: str = ""
    source: str = ""


LAYERS: Mapping[str, LayerKind] = {
    kind.name: kind
    for kind in (
        LayerKind(
            "dense",
            DenseTable,
            read_dense,
            build_dense,
            source="Deep Learning, section 6.1",
        ),
        LayerKind(
            "recurrent",
            RecurrentTable,
            read_recurrent,
            build_recurrent,
            source="Elman 1990; Deep Learning, section 10.2",
        ),
        LayerKind(
            "lstm",
            LSTMTable,
            read_lstm,
            build_lstm,
            source="Hochreiter and Schmidhuber 1997; Gers and others 2000",
        ),
        LayerKind(
            "gru",
            GRUTable,
            read_gru,
            build_gru,
            source="Cho and others 2014; Chung and others 2014",
        ),
        LayerKind(
            "batch-normalisation",
            NormalisationTable,
            read_normalisation,
            build_normalisation,
            mixes="samples",
            source="Ioffe and Szegedy 2015",
        ),
        LayerKind(
            "attention",
            AttentionTable,
            read_attention,
            build_attention,
            mixes="times",
            source="Vaswani and others 2017, section 3.2.1",
        ),
        LayerKind(
            "convolution-1d",
            ConvolutionTable,
            read_convolution,
            build_dense,
            source="Deep Learning, section 9.1",
        ),
        LayerKind(
            "convolution-2d",
            ConvolutionTable,
            read_convolution,
            build_dense,
            source="Deep Learning, section 9.1",
        ),
        LayerKind(
            "max-pool-1d",
            PoolingTable,
            read_pooling,
            build_max_pool,
            source="Deep Learning, section 9.3; at a tie the first, as in PyTorch",
        ),
        LayerKind(
            "average-pool-1d",
            PoolingTable,
            read_pooling,
            build_average_pool,
            source="Deep Learning, section 9.3; padding counts, as in PyTorch",
        ),
        LayerKind(
            "max-pool-2d",
            PoolingTable,
            read_pooling,
            build_max_pool,
            source="Deep Learning, section 9.3; at a tie the first, as in PyTorch",
        ),
        LayerKind(
            "average-pool-2d",
            PoolingTable,
            read_pooling,
            build_average_pool,
            source="Deep Learning, section 9.3; padding counts, as in PyTorch",
        ),
        LayerKind(
            "flatten",
            FlattenTable,
            read_flatten,
            build_flatten,
            source="PyTorch's Flatten",
        ),
        LayerKind(
            "add",
            AddTable,
            read_add,
            build_add,
            source="He and others 2016",
        ),
    )
}
