"""Derivations and names of the built-in examples, made once."""

from __future__ import annotations

from functools import cache

from explainer.derivation.deriving import Derivation, derive_graph
from explainer.homework.sheets import SheetNames, names_of
from explainer.mathematics.written import Key
from explainer.notation import NOTATIONS, plain_name
from explainer.worked import Network


@cache
def derivations_of(example: str) -> tuple[Derivation, ...]:
    """By error signals and by paths: a student may use the steps of either."""
    graph = Network.from_example(example).graph
    return derive_graph(graph, "signals"), derive_graph(graph, "paths")


@cache
def names_of_example(example: str) -> SheetNames:
    spec = Network.from_example(example).spec
    chosen = spec.notation
    notation = NOTATIONS[chosen.base].extended(chosen.patterns, chosen.symbols)
    return names_of(derivations_of(example), notation)


@cache
def keys_of(example: str) -> dict[str, Key]:
    """The quantities by their plain names."""
    keys = [
        key
        for derivation in derivations_of(example)
        for key in (*derivation.graph.givens, *derivation.quantities)
    ]
    # Where a local and a total derivative share a name, it means the total one.
    keys.sort(key=lambda key: key.kind == "derivative")
    return {plain_name(key): key for key in keys}
