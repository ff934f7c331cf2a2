r"""Reads a printed formula: the LaTeX of one side of an equation becomes a tree.

A formula that a student could misread is refused, not guessed at: two signs in a row,
two factors without a sign between them, a bracket that never closes.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tests.rereading.signs import LABELS, Signs, closing_size
from tests.rereading.tree import (
    CLOSING,
    COMPARISONS,
    SIZES,
    Beyond,
    Cases,
    Number,
    Operation,
    Symbol,
    Tree,
    canonical,
    tokenize,
)

FUNCTIONS = {
    **dict.fromkeys((r"\ln", r"\tanh", r"\exp", r"\sin", r"\cos", "erf"), 1),
    **dict.fromkeys((r"\log_{2}", r"\log_{10}"), 1),
    **dict.fromkeys((r"\max", r"\min"), 2),
}
BEYOND = frozenset(
    r"\sum \prod \int \lim \odot \otimes \nabla \dots \ldots \cdots \vdots \top".split()
)
NOT_SYMBOLS = frozenset(
    r"\cdot \times \quad \qquad \approx \rvert \right \end \lt \le \gt \ge".split()
)
# d E or dz, but not d \cdot E or the symbol d_{1}.
DIFFERENTIAL = re.compile(r"\\partial\b|d\s*(?!\\cdot|\\times)[A-Za-z\\]")


def parse(text: str) -> Tree:
    r"""The tree of one side. Raises Unreadable or Beyond.

    >>> parse("0.20")
    Number(value=Fraction(1, 5), unit=Fraction(1, 100), moves=True, at=0)
    """
    tokens = tokenize(text)
    beyond = next((token.text for token in tokens if token.text in BEYOND), None)
    if beyond:
        raise Beyond(beyond)
    reader = Reader(text, tokens)
    tree = reader.sum()
    if reader.peek():
        reader.refuse(f"{reader.peek()!r} cannot follow here")
    return tree


class Reader(Signs):
    """Reads a formula from left to right: sums of products of powers."""

    def sum(self) -> Tree:
        """[-] product {+ or - product}"""
        if self.peek() == "-":
            self.take()
            tree: Tree = Operation("negative", (self.product(),))
        else:
            tree = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take().text
            tree = Operation(sign, (tree, self.product()))
        return tree

    def product(self) -> Tree:
        r"""power {\cdot or \times or / power}"""
        tree = self.power()
        while self.peek() in (r"\cdot", r"\times", "/"):
            sign = self.take().text
            tree = Operation("/" if sign == "/" else "*", (tree, self.power()))
        return tree

    def power(self) -> Tree:
        base = self.operand()
        if self.peek() == "^":
            self.take()
            base = Operation("^", (base, self.group()))
        if self.peek() == "^":
            self.refuse("two powers in a row")
        return base

    def operand(self) -> Tree:
        token = self.peek()
        if token in SIZES and self.peek(1) != ".":
            return self.sized()
        if token[:1].isdigit():
            return self.number()
        if token in ("(", "[", r"\lvert"):
            return self.bracket()
        if token == "{":
            return self.group()
        if token == r"\frac":
            return self.fraction()
        if token == r"\begin":
            return self.cases()
        if token == r"\left":
            return self.evaluated_at()
        if token == "e" and self.peek(1) == "^":
            self.take()
            self.take()
            return Operation("e", (self.group(),))
        if token == r"\sqrt":
            self.take()
            return Operation("sqrt", (self.group(),))
        if token == r"\pi":
            self.take()
            return Operation("pi", ())
        spelled = self.function_name()
        if spelled:
            return self.function(*spelled)
        return self.symbol()

    def function_name(self) -> tuple[str, int] | None:
        r"""A function and how many tokens spell it: \ln, \mathrm{erf}, \log_{2}."""
        for length in (1, 4, 5):
            name = "".join(map(self.peek, range(length)))
            name = "erf" if name == r"\mathrm{erf}" else name
            if name in FUNCTIONS:
                return name, length
        return None

    def number(self) -> Tree:
        token = self.take()
        value = Fraction(token.text)
        decimals = len(token.text.partition(".")[2])
        unit = Fraction(1, 10**decimals)
        exponent = self.power_of_ten() if 1 <= value < 10 else None
        if exponent is None:
            return Number(value, unit, decimals > 0, token.start)
        ten = Fraction(10) ** exponent
        return Number(value * ten, unit * ten, True, token.start)

    def sized(self) -> Tree:
        r"""\bigl( ... \bigr), the same size on both sides."""
        size = self.take().text
        if self.peek() not in ("(", "["):
            self.refuse("a size without a bracket")
        closing = CLOSING[self.take().text]
        inside = self.sum()
        self.take(closing_size(size))
        self.take(closing)
        return inside

    def bracket(self) -> Tree:
        opening = self.take().text
        inside = self.sum()
        self.take(CLOSING[opening])
        return Operation("abs", (inside,)) if opening == r"\lvert" else inside

    def group(self) -> Tree:
        """{ ... }, or the one sign that LaTeX takes without braces."""
        if self.peek() == "{":
            self.take()
            inside = self.sum()
            self.take("}")
            return inside
        self.single()
        return self.operand()

    def fraction(self) -> Tree:
        start = self.place
        at = self.take().start
        top, bottom = self.raw(), self.raw()
        if top in ("d", r"\partial") and DIFFERENTIAL.match(bottom):
            raise Beyond("a derivative that is still to be taken")
        if DIFFERENTIAL.match(top) and DIFFERENTIAL.match(bottom):
            return self.labelled(start, at)
        self.place = start + 1
        return Operation("/", (self.group(), self.group()))

    def function(self, name: str, length: int) -> Tree:
        self.place += length
        size = self.take().text if self.peek() in SIZES else ""
        self.take("(")
        parts = [self.sum()]
        while self.peek() == ",":
            self.take()
            parts.append(self.sum())
        if size:
            self.take(closing_size(size))
        self.take(")")
        wanted = FUNCTIONS[name]
        if len(parts) < wanted or (wanted == 1 and len(parts) > 1):
            self.refuse(f"{name} of {len(parts)} numbers")
        known = {r"\exp": "e", r"\log_{2}": "log2", r"\log_{10}": "log10"}
        return Operation(known.get(name, name.removeprefix("\\")), tuple(parts))

    def cases(self) -> Tree:
        self.take()
        if self.raw() != "cases":
            raise Beyond("a matrix")
        values: list[Tree] = []
        conditions: list[Operation | None] = []
        while self.peek() != r"\end":
            values.append(self.sum())
            self.take("&")
            conditions.append(self.condition())
            if self.peek() != r"\end":
                self.take("\\\\")
        self.take()
        if self.raw() != "cases" or not values:
            self.refuse("cases without an end")
        return Cases(tuple(values), tuple(conditions))

    def condition(self) -> Operation | None:
        if self.peek() == r"\text":
            self.take()
            if self.raw() != "if":
                return None
        left = self.sum()
        if self.peek() not in COMPARISONS:
            self.refuse("a condition without a comparison")
        sign = COMPARISONS[self.take().text]
        return Operation(sign, (left, self.sum()))

    def evaluated_at(self) -> Tree:
        r"""\left. ... \right|_{...}, one symbol."""
        start, at = self.place, self.take().start
        while self.take().text != r"\right":
            pass
        self.take("|")
        return self.labelled(start, at)

    def symbol(self) -> Tree:
        token = self.peek()
        if token in NOT_SYMBOLS or not re.fullmatch(r"\\?[A-Za-z]+", token):
            self.refuse("an operand is missing")
        start, at = self.place, self.take().start
        if token.startswith("\\") and self.peek() == "{":
            self.raw()
        return self.labelled(start, at)

    def labelled(self, start: int, at: int) -> Tree:
        """A symbol with what belongs to it: subscripts, labels above, its argument."""
        raised = 0
        while self.peek() in ("_", "'") or self.has_label() or self.has_path():
            self.place += 2 if self.has_path() else 0
            raised += self.peek() == "^"
            if raised > 1:
                self.refuse("two superscripts in a row")
            if self.take().text == "'":
                continue
            if self.peek() == "{":
                self.raw()
            else:
                if self.peek() not in LABELS:
                    self.single()
                self.take()
        name = canonical(self.tokens[start : self.place])
        before, after = self.tokens[self.place - 1], self.peek()
        if after != "(" or before.end != self.tokens[self.place].start:
            return Symbol(name, at)
        self.raw("(")
        return Symbol(canonical(self.tokens[start : self.place]), at, name)
