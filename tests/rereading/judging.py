r"""Judges every pair of neighbouring sides on a page from what is printed there.

    =         the two sides are exactly equal
    rounded   the right side is the left one, rounded to the right one's last place
    propagated  the sides differ by no more than the printed digits leave open
    symbolic  as above, with the numbers that the page itself gave to the symbols
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.rereading.mathematics import (
    COMPARISONS,
    Beyond,
    Number,
    Operation,
    Symbol,
    Tree,
    Unreadable,
    literal,
    parse,
)
from tests.rereading.page import Chain, Row, Side, statements
from tests.rereading.typography import typography as typography
from tests.rereading.values import (
    OPERATIONS,
    NoValue,
    Unknown,
    Value,
    distance,
    fill,
    leaves,
    real,
    rounded,
    same,
    uncertainty,
    value,
)

TRUE = ("equal", "rounded", "propagated", "symbolic")
FALSE = ("unequal", "contradiction", "unreadable")
ROUNDINGS = ("half-up", "half-even")


class Untrue(Exception):
    """The two sides do not say the same."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about two neighbouring sides."""

    kind: str
    step: int | None
    line: int
    left: str
    relation: str
    right: str
    reason: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", step {self.step}" if self.step else "")
        reason = f" ({self.reason})" if self.reason else ""
        return f"{place}: {self.kind}: {self.left} {self.relation} {self.right}{reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts on a page, in its order."""

    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(verdict.kind for verdict in self.verdicts)

    @property
    def failures(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.kind in FALSE]

    @property
    def weak(self) -> list[Verdict]:
        """Lines with an approximation sign between sides that are exactly equal."""
        return [verdict for verdict in self.verdicts if verdict.kind == "weak"]

    @property
    def unknown(self) -> list[Verdict]:
        """Lines that could not be judged: a symbol without a number, a sum sign."""
        return [verdict for verdict in self.verdicts if verdict.kind == "unknown"]


def judge(
    markdown: str, *, truncate: bool = False, fresh_under: str | None = None
) -> Report:
    r"""Every line of the page, judged.

    `truncate` says that the page cuts digits off. `fresh_under` is a pattern of headings
    (`Iteration \d+`) under which the symbols begin anew.

    >>> print(judge("$$\n\\frac{1}{3} = 0.333\n$$").failures[0])
    line 1: unequal: \frac{1}{3} = 0.333 (1/3 is not 333/1000)
    """
    return Judge(truncate, re.compile(fresh_under) if fresh_under else None).report(
        statements(markdown)
    )


@dataclass(slots=True)
class Judge:
    """Reads a page from top to bottom and keeps what it has given to each symbol."""

    truncate: bool
    fresh_under: re.Pattern[str] | None
    known: dict[str, Number] = field(default_factory=dict)
    part: tuple[str, ...] = ()

    def report(self, page: Iterator[Chain | Row]) -> Report:
        found: list[Verdict] = []
        for statement in page:
            self.turn_to(statement.headings)
            if isinstance(statement, Row):
                found += self.take_row(statement)
            else:
                found += self.take_chain(statement)
        return Report(tuple(found))

    def turn_to(self, headings: tuple[str, ...]) -> None:
        fresh = self.fresh_under
        part = tuple(words for words in headings if fresh and fresh.search(words))
        if part != self.part:
            self.part = part
            self.known = {}

    def take_row(self, row: Row) -> Iterator[Verdict]:
        """| symbol | value |, once or more in a row; other rows give nothing."""
        symbols, values = row.cells[::2], row.cells[1::2]
        if len(symbols) != len(values):
            return
        given = [
            (only_symbol(symbol), only_number(text), text)
            for symbol, text in zip(symbols, values, strict=True)
        ]
        if not all(symbol and number for symbol, number, _ in given):
            return
        for symbol, number, text in given:
            if number and (clash := self.give(symbol, number)):
                where = (row.step, row.line, symbol, "=", text)
                yield Verdict("contradiction", *where, clash)

    def give(self, symbol: str, number: Number) -> str:
        """Note what the page gives to a symbol; says how it contradicts itself."""
        before = self.known.get(symbol)
        self.known[symbol] = number
        if before is None or self.agree(before, number):
            return ""
        return f"{symbol} was {printed(before.value)} before"

    def agree(self, a: Number, b: Number) -> bool:
        """The same number, or the same to the places of the one with fewer."""
        fine, coarse = sorted((a, b), key=lambda number: number.unit)
        if a.value == b.value or not (a.moves and b.moves and fine.unit < coarse.unit):
            return a.value == b.value
        return any(
            rounded(fine.value, coarse.unit, mode) == coarse.value for mode in self.modes
        )

    @property
    def modes(self) -> tuple[str, ...]:
        return ("truncate",) if self.truncate else ROUNDINGS

    def take_chain(self, chain: Chain) -> Iterator[Verdict]:
        if chain.problem:
            place = (chain.step, chain.line, chain.left, "", "")
            yield Verdict("unreadable", *place, chain.problem)
            return
        sides = [Side("", chain.left), *chain.sides]
        trees = [read(side.text) for side in sides]
        ends = literal(trees[-1]) if isinstance(trees[-1], Tree) else None
        # In a sentence "z = 0" may be supposed; only the working gives numbers.
        gives = only_symbol(chain.left) if chain.display and ends else ""
        pairs = pairwise(zip(sides, trees, strict=True))
        for place, ((left, a), (right, b)) in enumerate(pairs):
            where = (chain.step, chain.line, left.text, right.relation, right.text)
            refused = next((t for t in (a, b) if isinstance(t, Unreadable)), None)
            if refused:
                yield Verdict("unreadable", *where, str(refused))
            elif isinstance(a, Beyond) or isinstance(b, Beyond):
                yield Verdict("unknown", *where)
            elif place or not gives:
                yield self.pair(a, b, where, chain.display)
        if gives and ends and (clash := self.give(gives, ends)):
            last = chain.sides[-1]
            where = (chain.step, chain.line, chain.left, last.relation, last.text)
            yield Verdict("contradiction", *where, clash)

    def pair(
        self,
        left: Tree,
        right: Tree,
        where: tuple[int | None, int, str, str, str],
        display: bool,
    ) -> Verdict:
        """The verdict on two sides."""
        relation = where[3]
        symbols = [leaf for t in (left, right) for leaf in leaves(t)]
        numeric = not any(isinstance(leaf, Symbol) for leaf in symbols)
        if not numeric and not display and relation != r"\approx":
            return Verdict("unknown", *where, "supposed in a sentence")
        try:
            if numeric:
                return Verdict(self.numbers(left, right, relation), *where)
            self.symbols(left, right, relation)
        except Untrue as error:
            return Verdict("unequal", *where, str(error))
        except Unreadable as error:
            return Verdict("unreadable", *where, str(error))
        except Unknown as error:
            return Verdict("unknown", *where, f"no number for {error.args[0]}")
        except NoValue as error:
            return Verdict("unequal", *where, str(error))
        return Verdict("symbolic", *where)

    def numbers(self, left: Tree, right: Tree, relation: str) -> str:
        """The class of two sides without symbols; raises Untrue."""
        a, b = value(left), value(right)
        if relation != r"\approx":
            compare(a, relation, b)
            return "equal"
        if same(a, b):
            return "weak"
        result = literal(right)
        if result and result.unit:
            if any(rounded(a, result.unit, mode) == b for mode in self.modes):
                return "rounded"
        self.within(left, right)
        return "propagated"

    def within(self, left: Tree, right: Tree) -> None:
        """The sides differ by no more than their printed digits leave open."""
        a, b = value(left), value(right)
        open_ = uncertainty(left, self.truncate)
        result = literal(right)
        if result:
            open_ += real(result.unit) / (1 if self.truncate else 2)
        else:
            open_ += uncertainty(right, self.truncate)
        if distance(a, b) > open_:
            raise Untrue(
                f"{printed(a)} and {printed(b)} differ by {printed(distance(a, b))}, "
                f"the printed digits leave {printed(open_)} open"
            )

    def symbols(self, left: Tree, right: Tree, relation: str) -> None:
        """Two sides of which one has symbols; raises Untrue or Unknown."""
        self.compare_leaves(left, right)
        a, b = fill(left, self.known), fill(right, self.known)
        both = all(any(isinstance(x, Symbol) for x in leaves(t)) for t in (left, right))
        if relation == "=" and not both:
            compare(value(a), relation, value(b))
        elif relation in (r"\approx", "="):
            # Between two formulas every symbol may be a rounded number.
            self.within(a, b)
        else:
            compare(value(a), relation, value(b))

    def compare_leaves(self, left: Tree, right: Tree) -> None:
        """Where numbers were put for symbols, each is the number that the page gave."""
        for symbol, number in substituted(left, right) or ():
            known = self.known.get(symbol)
            if known and not self.agree(known, number):
                raise Untrue(
                    f"{symbol} is {printed(known.value)}, not {printed(number.value)}"
                )


def compare(a: Value, relation: str, b: Value) -> None:
    if not OPERATIONS[COMPARISONS[relation]](a, b):
        not_ = "is not" if relation == "=" else f"is not {COMPARISONS[relation]}"
        raise Untrue(f"{printed(a)} {not_} {printed(b)}")


def read(text: str) -> Tree | Unreadable | Beyond:
    try:
        return parse(text)
    except (Unreadable, Beyond) as error:
        return error


def only_symbol(text: str) -> str:
    """The symbol, where the side is one and nothing else."""
    tree = read(text)
    return tree.text if isinstance(tree, Symbol) else ""


def only_number(text: str) -> Number | None:
    tree = read(text)
    return literal(tree) if isinstance(tree, Tree) else None


def substituted(left: Tree, right: Tree) -> list[tuple[str, Number]] | None:
    """Each symbol with the number that stands in its place; None if the shapes differ."""
    if isinstance(left, Symbol):
        number = literal(right)
        return [(left.text, number)] if number else []
    if isinstance(left, Operation) and isinstance(right, Operation):
        if left.name != right.name or len(left.parts) != len(right.parts):
            return None
        found = [substituted(a, b) for a, b in zip(left.parts, right.parts, strict=True)]
        if None in found:
            return None
        return [pair for pairs in found for pair in pairs or ()]
    return [] if isinstance(left, Number) and literal(right) else None


def printed(number: Value) -> str:
    """A number for a message: a fraction while it is short, otherwise ten digits."""
    short = str(number)
    return short if len(short) < 24 else f"{float(real(number)):.10g}"
