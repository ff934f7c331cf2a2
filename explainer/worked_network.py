"""The network to work out, from a file, a text or an example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from explainer.network.building import build
from explainer.network.quantity import Graph
from explainer.network.spec import Spec


@dataclass(frozen=True)
class Network:
    """A small network, checked: its spec as read from the file.

    >>> network = Network.from_example("single-neuron")
    >>> [layer.units for layer in network.graph.layers]
    [('o1',)]
    """

    spec: Spec

    @classmethod
    def from_toml(cls, path: str | Path) -> Network:
        """The network of a TOML file. Raises NetworkError with all problems of the
        file."""
        return cls.from_text(Path(path).read_text("utf-8"), str(path))

    @classmethod
    def from_text(cls, text: str, source: str = "network") -> Network:
        """The network of a TOML text. Raises NetworkError with all problems of the
        text."""
        from explainer.network.file import read_network

        return cls(read_network(text, source))

    @classmethod
    def from_example(cls, name: str) -> Network:
        """The built-in example of that name; `explainer examples` lists them."""
        from explainer.examples import read_example

        return cls.from_text(read_example(name), name)

    @cached_property
    def graph(self) -> Graph:
        """The ordered graph of named quantities."""
        return build(self.spec)


def with_choices(network: Network, **choices: Any) -> Network:
    """The network with other choices of page, notation or rounding than its file
    makes."""
    return Network(replace(network.spec, **choices))
