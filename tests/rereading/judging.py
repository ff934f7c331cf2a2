r"""Judges every pair of neighbouring sides on a page from what is printed there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.rereading.comparing import (
    Loose,
    Untrue,
    compare,
    compare_numbers,
    printed,
    within,
)
from tests.rereading.memory import Memory, Parsed, read
from tests.rereading.page import Chain, Row, Side, statements
from tests.rereading.report import Report, Verdict
from tests.rereading.substituting import (
    Unknown,
    fill,
    held,
    substituted,
    symbols_in,
)
from tests.rereading.tree import (
    Beyond,
    Number,
    Operation,
    Symbol,
    Tree,
    Unreadable,
    literal,
)
from tests.rereading.typography import typography as typography
from tests.rereading.values import NoValue, same, value


def judge(markdown: str, *, truncate: bool = False) -> Report:
    r"""Every line of the page, judged.

    `truncate` says that the page cuts digits off.

    >>> print(judge("$$\n\\frac{1}{3} = 0.333\n$$").failures[0])
    line 1: unequal: \frac{1}{3} = 0.333 (1/3 is not 333/1000)
    """
    return Judge(Memory(truncate)).report(statements(markdown))


@dataclass(slots=True)
class Judge:
    """Reads a page from top to bottom and keeps what it has given to each symbol."""

    memory: Memory

    @property
    def known(self) -> Mapping[str, Number]:
        return self.memory.known

    @property
    def truncate(self) -> bool:
        return self.memory.truncate

    def report(self, page: Iterator[Chain | Row]) -> Report:
        found: list[Verdict] = []
        for statement in page:
            self.memory.turn_to(statement.headings)
            if isinstance(statement, Row):
                found += self.take_row(statement)
            else:
                found += self.take_chain(statement)
        return Report(tuple(found))

    def take_row(self, row: Row) -> Iterator[Verdict]:
        for symbol, text, clash in self.memory.take_row(row):
            where = (row.step, row.line, symbol, "=", text)
            yield Verdict("contradiction", *where, clash)

    def take_chain(self, chain: Chain) -> Iterator[Verdict]:
        if chain.problem:
            place = (chain.step, chain.line, chain.left, "", "")
            yield Verdict("unreadable", *place, chain.problem)
            return
        sides = [Side("", chain.left), *chain.sides]
        parsed = self.firm([(side, read(side.text)) for side in sides])
        last = parsed[-1][1]
        ends = literal(last) if isinstance(last, Tree) else None
        # In a sentence "z = 0" may be supposed; only the working gives numbers.
        equal = all(side.relation in ("=", r"\approx") for side in chain.sides)
        given = self.defined(parsed) if chain.display and ends and equal else []
        for side, tree in parsed:
            if isinstance(tree, Unreadable | Beyond):
                kind = "unreadable" if isinstance(tree, Unreadable) else "unknown"
                place = (chain.step, chain.line, chain.left, side.relation, side.text)
                yield Verdict(kind, *place, str(tree))
        yield from self.put_wrongly(chain, parsed)
        for (left, a), (right, b) in neighbours(parsed, given):
            where = (chain.step, chain.line, left.text, right.relation, right.text)
            yield self.pair(a, b, where, chain.display)
        exact = self.is_exact(parsed, given)
        for symbol in given:
            if ends and (clash := self.memory.work_out(symbol, ends, exact)):
                where = (chain.step, chain.line, symbol, *chain.sides[-1])
                yield Verdict("contradiction", *where, clash)

    def firm(self, sides: list[tuple[Side, Parsed]]) -> list[tuple[Side, Parsed]]:
        """The sides; a number that was put for an exact symbol does not move."""
        formulas: list[Tree] = []
        found: list[tuple[Side, Parsed]] = []
        for side, tree in sides:
            if isinstance(tree, Tree):
                for formula in formulas:
                    tree = held(formula, tree, self.known)
                formulas += [tree] if symbols_in(tree) else []
            found.append((side, tree))
        return found

    def put_wrongly(
        self, chain: Chain, sides: list[tuple[Side, Parsed]]
    ) -> Iterator[Verdict]:
        """Where numbers were put for symbols, each is the number the page gave.

        A line may have several formulas of the same shape, such as e^z / (1 + e^z) and
        1 / (1 + e^-z): the numbers belong to one of them.
        """
        trees = [tree for _, tree in sides if isinstance(tree, Tree)]
        formulas = [tree for tree in trees if symbols_in(tree)]
        for side, tree in sides if chain.display else ():
            if not isinstance(tree, Operation) or symbols_in(tree):
                continue
            found = [set(substituted(f, tree) or ()) for f in formulas]
            wrong = [set(filter(self.is_wrong, pairs)) for pairs in found if pairs]
            if wrong and all(wrong):
                for symbol, _ in sorted(wrong[-1], key=lambda pair: pair[1].at):
                    known = self.known[symbol]
                    where = (chain.step, chain.line, chain.left, *side)
                    reason = f"{symbol} is {printed(known.value)}"
                    yield Verdict("unequal", *where, reason)

    def is_wrong(self, pair: tuple[str, Number]) -> bool:
        symbol, number = pair
        return symbol in self.known and self.known[symbol].value != number.value

    def is_exact(self, sides: list[tuple[Side, Parsed]], given: list[str]) -> bool:
        """Whether nothing was rounded on the way, here or in an earlier chain."""
        names = [s for _, tree in sides for s in symbols_in(tree) if s not in given]
        return all(side.relation in ("", "=") for side, _ in sides) and all(
            name in self.known and not self.known[name].moves for name in names
        )

    def defined(self, sides: list[tuple[Side, Parsed]]) -> list[str]:
        """The symbols that get their number here: the left side, and every further side
        that is one symbol without a number so far."""
        alone = [tree.text for _, tree in sides if isinstance(tree, Symbol)]
        first = sides[0][1]
        left = [first.text] if isinstance(first, Symbol) else []
        return left + [s for s in alone if s not in left and s not in self.known]

    def pair(
        self,
        left: Tree,
        right: Tree,
        where: tuple[int | None, int, str, str, str],
        display: bool,
    ) -> Verdict:
        """The verdict on two sides."""
        relation = where[3]
        numeric = not symbols_in(left) and not symbols_in(right)
        if not numeric and not display and relation != r"\approx":
            return Verdict("unknown", *where, "supposed in a sentence")
        try:
            if numeric:
                return Verdict(
                    compare_numbers(left, right, relation, self.truncate), *where
                )
            self.symbols(left, right, relation)
        except Loose as error:
            return Verdict("loose", *where, str(error))
        except Untrue as error:
            return Verdict("unequal", *where, str(error))
        except Unreadable as error:
            return Verdict("unreadable", *where, str(error))
        except Unknown as error:
            return Verdict("unknown", *where, f"no number for {error.args[0]}")
        except NoValue as error:
            return Verdict("unequal", *where, str(error))
        return Verdict("symbolic", *where)

    def symbols(self, left: Tree, right: Tree, relation: str) -> None:
        """Two sides of which one has symbols; raises Untrue or Unknown."""
        a, b = (fill(t, self.known) if symbols_in(t) else t for t in (left, right))
        both = symbols_in(left) and symbols_in(right)
        if relation not in ("=", r"\approx"):
            compare(value(a), relation, value(b))
        elif not same(value(a), value(b)):
            within(a, b, self.truncate)
            # Between two formulas every symbol may be a rounded number.
            if relation == "=" and not both:
                raise Loose(f"{printed(value(a))} is only about {printed(value(b))}")


def neighbours(
    sides: list[tuple[Side, Parsed]], given: list[str]
) -> Iterator[tuple[tuple[Side, Tree], tuple[Side, Tree]]]:
    """Each side with the next that can be judged. Between them may stand a symbol that
    gets its number here, or a side that says more than numbers."""
    before: tuple[Side, Tree] | None = None
    about = False
    for side, tree in sides:
        relation = side.relation
        about = about or relation == r"\approx"
        if isinstance(tree, Beyond | Unreadable) or (
            isinstance(tree, Symbol) and tree.text in given
        ):
            before = before if relation in ("", "=", r"\approx") else None
            continue
        if about and relation == "=":
            side = Side(r"\approx", side.text)
        if before:
            yield before, (side, tree)
        before, about = (side, tree), False
