"""Numbers for symbols: put in by us, or found in the page's own next line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from tests.rereading.tree import (
    Cases,
    Number,
    Operation,
    Symbol,
    Tree,
    Unreadable,
    leaves,
    literal,
)


class Unknown(LookupError):
    """The page has not given the symbol a number."""


def symbols_in(tree: object) -> list[str]:
    if not isinstance(tree, Tree):
        return []
    return [leaf.text for leaf in leaves(tree) if isinstance(leaf, Symbol)]


def fill(tree: Tree, known: Mapping[str, Number]) -> Tree:
    """The formula with the numbers of its symbols; its own constants are exact."""
    if isinstance(tree, Symbol):
        if tree.function in known:
            raise Unreadable(f"no sign between {tree.function} and its bracket")
        if tree.text not in known:
            raise Unknown(tree.text)
        return replace(known[tree.text], at=tree.at)
    if isinstance(tree, Number):
        return replace(tree, moves=False)
    return rebuild(tree, lambda part: fill(part, known))


def rebuild(tree: Operation | Cases, change: Callable[[Tree], Tree]) -> Tree:
    if isinstance(tree, Operation):
        return Operation(tree.name, tuple(map(change, tree.parts)))
    conditions = (
        Operation(c.name, tuple(map(change, c.parts))) if c else None
        for c in tree.conditions
    )
    return Cases(tuple(map(change, tree.values)), tuple(conditions))


def held(formula: Tree, numbers: Tree, known: Mapping[str, Number]) -> Tree:
    """The side of numbers after a formula. A number that was put for an exact symbol,
    or that stands in the formula itself, is exact."""
    number = literal(numbers)
    if number is not None and isinstance(formula, Symbol | Number):
        source = fixed(formula, known)
        return still(numbers) if source == number.value else numbers
    if (
        isinstance(formula, Operation)
        and isinstance(numbers, Operation)
        and (formula.name, len(formula.parts)) == (numbers.name, len(numbers.parts))
    ):
        pairs = zip(formula.parts, numbers.parts, strict=True)
        return Operation(numbers.name, tuple(held(a, b, known) for a, b in pairs))
    return numbers


def fixed(leaf: Symbol | Number, known: Mapping[str, Number]) -> Fraction | None:
    """The exact value of a constant or of a symbol that was never rounded."""
    if isinstance(leaf, Number):
        return leaf.value
    number = known.get(leaf.text)
    return None if number is None or number.moves else number.value


def still(tree: Tree) -> Tree:
    """The numbers of the tree, exact."""
    if isinstance(tree, Number):
        return replace(tree, moves=False)
    return tree if isinstance(tree, Symbol) else rebuild(tree, still)


def substituted(formula: Tree, numbers: Tree) -> list[tuple[str, Number]] | None:
    """Each symbol with the number in its place; None where the shapes differ.

    A part of the formula may have become one number. But where a b c has become two
    factors, nobody knows which two were multiplied.
    """
    number = literal(numbers)
    if isinstance(formula, Symbol):
        return [(formula.text, number)] if number else None
    if not isinstance(formula, Operation) or not same_operation(formula, numbers):
        return [] if number else None
    assert isinstance(numbers, Operation)
    if not formula.parts:
        return []
    first, put = formula.parts[0], numbers.parts[0]
    if same_operation(formula, first) and not same_operation(formula, put):
        return None
    if len(formula.parts) != len(numbers.parts):
        return None
    found = list(map(substituted, formula.parts, numbers.parts))
    if None in found:
        return None
    return [pair for pairs in found for pair in pairs or ()]


def same_operation(a: Operation, b: Tree) -> bool:
    return isinstance(b, Operation) and a.name == b.name
