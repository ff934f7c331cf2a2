"""What the reader keeps of a page: each number, iteration by iteration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.rereading.comparing import modes, printed
from tests.rereading.mathematics import parse
from tests.rereading.page import Row
from tests.rereading.tree import (
    Beyond,
    Number,
    Symbol,
    Tree,
    Unreadable,
    literal,
)
from tests.rereading.values import rounded

Parsed = Tree | Unreadable | Beyond
# Symbol, what is wrong, as it is printed and why.
Clash = tuple[str, str, str]
ITERATION = re.compile(r"^Iteration ([0-9]+)")


@dataclass(slots=True)
class Memory:
    """The numbers of the symbols.

    In a new iteration a symbol has another number: what was computed is forgotten, and
    what is given is as it was at first until a table says from what the iteration
    starts. That must be the result of the iteration before.
    """

    truncate: bool
    known: dict[str, Number] = field(default_factory=dict)
    givens: dict[str, Number] = field(default_factory=dict)
    iteration: int = 0
    working: bool = False  # what stands in a table before the working is exact
    starting: bool = False  # a table may say from what an iteration starts
    expected: dict[str, Number] = field(default_factory=dict)
    results: dict[str, Number] = field(default_factory=dict)
    computed: dict[int, set[Fraction]] = field(default_factory=dict)

    def turn_to(self, headings: tuple[str, ...]) -> None:
        """Begin anew under the heading of another iteration, or after the last one."""
        found = [match for words in headings if (match := ITERATION.match(words))]
        iteration = int(found[-1][1]) if found else 0
        if iteration == self.iteration:
            return
        self.starting = iteration > 0
        follows = iteration in (0, self.iteration + 1)
        self.expected = {**self.marked_new(), **self.results} if follows else {}
        self.results = {}
        self.known = dict(self.givens)
        self.iteration = iteration

    def marked_new(self) -> dict[str, Number]:
        """The new values of this iteration, by the symbols of the old ones."""
        mark = "^{+}"
        new = {s: n for s, n in self.known.items() if s.endswith(mark)}
        return {symbol.removesuffix(mark): number for symbol, number in new.items()}

    def work_out(self, symbol: str, number: Number, exact: bool) -> str:
        """Note a number that the page computes; says how the page contradicts
        itself."""
        self.working, self.starting = True, False
        self.computed.setdefault(self.iteration, set()).add(number.value)
        return self.give(symbol, number, exact)

    def give(self, symbol: str, number: Number, exact: bool) -> str:
        """Note what the page gives to a symbol."""
        before = self.expected.get(symbol) if self.starting else self.known.get(symbol)
        exact = exact or (before is not None and not before.moves)
        self.known[symbol] = replace(number, moves=not exact)
        if not self.working and not self.iteration:
            self.givens[symbol] = self.known[symbol]
        return self.clash(symbol, before, number)

    def clash(self, symbol: str, before: Number | None, number: Number) -> str:
        if before is None or self.agree(before, number):
            return ""
        return f"{symbol} was {printed(before.value)} before"

    def agree(self, a: Number, b: Number) -> bool:
        """The same number, or the same to the places of the one with fewer."""
        fine, coarse = sorted((a, b), key=lambda number: number.unit)
        if a.value == b.value or not coarse.moves or fine.unit == coarse.unit:
            return a.value == b.value
        return any(
            rounded(fine.value, coarse.unit, mode) == coarse.value
            for mode in modes(self.truncate)
        )

    def take_row(self, row: Row) -> Iterator[Clash]:
        """| symbol | value |, once or more in a row, or the results of an iteration."""
        if row.under("quantity"):
            yield from self.take_results(row)
            return
        if row.under("updates"):
            yield from self.take_error(row)
            return
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
            exact = not self.working and self.iteration < 2
            if number and (clash := self.give(symbol, number, exact)):
                yield symbol, text, clash

    def take_results(self, row: Row) -> Iterator[Clash]:
        """| quantity | value | gradient | new value |; the new value is where the
        next iteration starts from."""
        symbol = only_symbol(row.under("quantity"))
        old = only_number(row.under("value"))
        if old and (clash := self.give(symbol, old, False)):
            yield symbol, row.under("value"), clash
        gradient = only_number(row.under("gradient"))
        slopes = self.slopes(symbol)
        if gradient and slopes and gradient.value not in slopes:
            reason = "no derivative with respect to it was that number"
            yield f"gradient of {symbol}", row.under("gradient"), reason
        if new := only_number(row.under("new value")):
            marked = self.known.get(symbol + "^{+}")
            if clash := self.clash(symbol, marked, new):
                yield symbol, row.under("new value"), clash
            self.results[symbol] = new
        last = only_number(row.under("last value"))
        if last and (clash := self.clash(symbol, self.expected.get(symbol), last)):
            yield symbol, row.under("last value"), clash

    def slopes(self, symbol: str) -> set[Fraction]:
        """The derivatives with respect to the symbol that the page has worked out."""
        endings = tuple(
            f"{{{d}{symbol}}}" for d in (r"\partial", r"\partial ", "d", "d ")
        )
        return {
            number.value
            for name, number in self.known.items()
            if name.startswith((r"\frac{\partial", r"\frac{d"))
            and name.endswith(endings)
        }

    def take_error(self, row: Row) -> Iterator[Clash]:
        """| updates | value |: after k updates iteration k + 1 computes the error."""
        updates = only_number(row.under("updates"))
        error = only_number(row.under("value"))
        if updates is None or error is None:
            return
        computed = self.computed.get(int(updates.value) + 1, set())
        if computed and error.value not in computed:
            reason = f"iteration {updates.value + 1} computed no such number"
            yield "error", row.under("value"), reason


def read(text: str) -> Parsed:
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
