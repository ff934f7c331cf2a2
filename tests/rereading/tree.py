r"""Printed mathematics as signs and as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Unreadable(ValueError):
    """The formula breaks a rule of written mathematics."""


class Beyond(Exception):
    """The formula is in order but says more than numbers: a sum sign, a matrix."""


class Token(NamedTuple):
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number. `unit` is one unit of its last place; integers never move."""

    value: Fraction
    unit: Fraction
    moves: bool
    at: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """Anything that stands for a quantity. `function` is f where the symbol is f(x)."""

    text: str
    at: int
    function: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """`+ - * / ^ negative`, a comparison, or a function, of its parts."""

    name: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The value of the first condition that holds; `None` is otherwise."""

    values: tuple[Tree, ...]
    conditions: tuple[Operation | None, ...]


Tree = Number | Symbol | Operation | Cases

TOKEN = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(\\[A-Za-z]+|\\.)|([A-Za-z]+)|(\S))", re.DOTALL
)
SIZES = frozenset(
    f"\\{size}{side}"
    for size in ("big", "Big", "bigg", "Bigg")
    for side in ("l", "r", "")
) | {r"\left", r"\right"}
CLOSING = {"(": ")", "[": "]", "{": "}", r"\lvert": r"\rvert"}
COMPARISONS = {
    r"\lt": "<",
    "<": "<",
    r"\le": "<=",
    r"\leq": "<=",
    r"\gt": ">",
    ">": ">",
    r"\ge": ">=",
    r"\geq": ">=",
    "=": "==",
    r"\ne": "!=",
}


def tokenize(text: str) -> list[Token]:
    r"""The signs of a formula, one by one.

    >>> [token.text for token in tokenize(r"w_{5} \cdot 0.20")]
    ['w', '_', '{', '5', '}', '\\cdot', '0.20']
    """
    found = ((m, m.lastindex or 0) for m in TOKEN.finditer(text))
    return [Token(match[i], match.start(i), match.end()) for match, i in found]


def canonical(tokens: list[Token]) -> str:
    r"""The spelling by which symbols are compared, without spaces: `w_5` is `w_{5}`."""
    text = ""
    for token in tokens:
        apart = re.search(r"\\[A-Za-z]+$", text) and token.text[0].isalpha()
        text += f" {token.text}" if apart else token.text
    return re.sub(r"([_^])([A-Za-z0-9+*])", r"\1{\2}", text)


def literal(tree: Tree) -> Number | None:
    r"""The number, where the whole side is one: 0.2, -0.2, 1.2 \times 10^{-7}, 1/3."""
    match tree:
        case Number():
            return tree
        case Operation("negative", (inside,)):
            number = literal(inside)
            if number is not None and number.value >= 0:
                return Number(-number.value, number.unit, number.moves, number.at)
        case Operation("/", (Number() as top, Number() as bottom)):
            if bottom.value and top.unit == bottom.unit == 1:
                return Number(top.value / bottom.value, Fraction(0), False, top.at)
    return None


def leaves(tree: Tree) -> Iterator[Number | Symbol]:
    match tree:
        case Number() | Symbol():
            yield tree
        case Operation(_, parts):
            for part in parts:
                yield from leaves(part)
        case Cases(values, conditions):
            for inside in (*values, *filter(None, conditions)):
                yield from leaves(inside)
