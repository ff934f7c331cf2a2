r"""The reader of typed mathematics, LaTeX or plain, into a written tree.

    expression  = ["+" | "-"] term { ("+" | "-") term }
    term        = factor { ("*" | "/" | nothing) factor }
    factor      = ["+" | "-"] primary [ ("^" | "**") exponent ]
    primary     = number | name | function argument | "e" | \frac{..}{..} | bracketed

Nothing stands for a multiplication before a bracket, a fraction, a function or a name.
The reader stops at the first sign that does not go on; it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from explainer.homework.sheets.names import Mention, SheetNames
from explainer.homework.sheets.numerals import FARTHEST
from explainer.homework.sheets.signs import NUMBER, SIGN, WORD, Sign
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Call,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    walk,
)

DEEPEST = 30
# Powers beyond these are no step of a derivation, and could take long.
HIGHEST = 100
BRACKETS = {"(": ")", "[": "]", "{": "}"}
TIMES, OVER, POWER = ("*",), ("/",), ("^", "**")


def _sigmoid(x: Written) -> Written:
    return Quotient(ONE, Sum((ONE, Call("exp", (Negative(x),)))))


FUNCTIONS: dict[str, Callable[[Written], Written]] = {
    "exp": lambda x: Call("exp", (x,)),
    "tanh": lambda x: Call("tanh", (x,)),
    "ln": lambda x: Call("log", (x,)),
    "log": lambda x: Call("log", (x,)),
    "sqrt": lambda x: Call("sqrt", (x,)),
    "sigma": _sigmoid,
    "sigmoid": _sigmoid,
    "sig": _sigmoid,
    "logistic": _sigmoid,
    "relu": lambda x: Call("max", (ZERO, x)),
}


class Unread(Exception):
    """The signs are no mathematics that this reader knows."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression up to the sign `end`.

    `joined` is where a lone name begins that follows without any sign between: it may
    be a factor, or the left side of the next statement.
    """

    written: Written
    end: int
    joined: int | None


def parse(
    signs: Sequence[Sign], names: SheetNames, start: int, limit: int | None = None
) -> Parsed | None:
    """The longest expression that begins at a sign; None where none does.

    >>> from explainer.homework.sheets.signs import read_signs
    >>> signs = read_signs(r"\\frac{1}{2}(0.05 - 0.73492)^{2}")
    >>> parse(signs, nothing(), 0).end == len(signs)
    True
    """
    reader = _Reader(signs, names, start, len(signs) if limit is None else limit)
    try:
        written = reader.expression(0)
    except Unread:
        return None
    return Parsed(written, reader.place, reader.joined)


def nothing() -> SheetNames:
    """No names: numbers only."""
    return SheetNames("", {}, {}, frozenset(), {}, {}, {}, {})


class _Reader:
    def __init__(
        self, signs: Sequence[Sign], names: SheetNames, start: int, limit: int
    ) -> None:
        self.signs, self.names = signs, names
        self.place, self.limit = start, limit
        self.joined: int | None = None

    @property
    def text(self) -> str:
        """The sign that comes next, "" at the end and between statements."""
        if self.place >= self.limit:
            return ""
        sign = self.signs[self.place]
        return sign.text if sign.kind in (SIGN, WORD, NUMBER) else ""

    def take(self, wanted: str) -> None:
        if self.text != wanted:
            raise Unread
        self.place += 1

    def expression(self, depth: int) -> Written:
        if depth > DEEPEST:
            raise Unread
        terms = [self._signed(depth, self.term)]
        while self.text in ("+", "-"):
            begin, sign = self.place, self.text
            self.place += 1
            try:
                term = self.term(depth)
            except Unread:
                self.place = begin
                break
            terms.append(Negative(term) if sign == "-" else term)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _signed(self, depth: int, read: Callable[[int], Written]) -> Written:
        sign = self.text
        if sign not in ("+", "-"):
            return read(depth)
        self.place += 1
        body = read(depth)
        return Negative(body) if sign == "-" else body

    def term(self, depth: int) -> Written:
        written = self._signed(depth, self.factor)
        while True:
            begin, sign = self.place, self.text
            try:
                if sign in TIMES or sign in OVER:
                    self.place += 1
                    written = _join(written, sign, self._signed(depth, self.factor))
                elif self._joins():
                    factor = self.factor(depth)
                    if depth == 0 and isinstance(factor, Name):
                        self.joined = begin
                    written = _join(written, "*", factor)
                else:
                    return written
            except Unread:
                self.place = begin
                return written

    def _joins(self) -> bool:
        """Whether a factor may follow without a sign."""
        if self.text in ("(", "[", r"\frac"):
            return True
        sign = self.signs[self.place] if self.text else None
        return sign is not None and (
            sign.kind == WORD or (sign.text[0] in "\\∂" and len(sign.text) != 2)
        )

    def factor(self, depth: int) -> Written:
        base = self.primary(depth)
        if self.text not in POWER:
            return base
        begin = self.place
        self.place += 1
        try:
            return _power(base, self._exponent(depth))
        except Unread:
            if self.signs[begin].text == "^":
                raise
            # Two stars after a number may only close bold print.
            self.place = begin
            return base

    def _exponent(self, depth: int) -> Written:
        if self.text == "{":
            return self.bracketed(depth)
        return self._signed(depth + 1, self.primary)

    def bracketed(self, depth: int) -> Written:
        closing = BRACKETS[self.text]
        self.place += 1
        # Alone in braces a name is no beginning of a statement.
        inside = self.expression(depth + 1)
        self.take(closing)
        return inside

    def primary(self, depth: int) -> Written:
        if depth > DEEPEST:
            raise Unread
        mention = self.names.read(self.signs, self.place, self.limit)
        if mention is not None and not self._is_words(mention):
            self.place = mention.end
            return Name(next(iter(mention.keys)))
        text = self.text
        if text and self.signs[self.place].kind == NUMBER:
            return self._number(text)
        if text in BRACKETS:
            return self.bracketed(depth)
        if text == r"\frac":
            self.place += 1
            top = self.bracketed(depth) if self.text == "{" else self.primary(depth + 1)
            self.take("/")
            low = self.bracketed(depth) if self.text == "{" else self.primary(depth + 1)
            return Quotient(top, low)
        return self._function(text.removeprefix("\\"), depth)

    def _is_words(self, mention: Mention) -> bool:
        """Whether it is more than one word, as in the remark `0.6 (learning rate)`."""
        name = self.signs[mention.start : mention.end]
        pairs = zip(name, name[1:], strict=False)
        return any(a.kind == b.kind == WORD and b.spaced for a, b in pairs)

    def _number(self, text: str) -> Written:
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise Unread from error
        if abs(value.adjusted()) > FARTHEST or len(text) > FARTHEST:
            raise Unread
        self.place += 1
        return Number(value)

    def _function(self, name: str, depth: int) -> Written:
        begin = self.place
        self.place += 1
        if name == "e" and self.text in POWER:
            self.place += 1
            return Call("exp", (self._exponent(depth),))
        if name in ("max", "min") and self.text in ("(", "{"):
            return Call(name, self._arguments(depth))
        if name not in FUNCTIONS:
            raise Unread
        if self.text in BRACKETS:
            return FUNCTIONS[name](self.bracketed(depth))
        if self.signs[begin].text.startswith("\\"):
            return FUNCTIONS[name](self.factor(depth + 1))
        raise Unread

    def _arguments(self, depth: int) -> tuple[Written, ...]:
        closing = BRACKETS[self.text]
        self.place += 1
        arguments = [self.expression(depth + 1)]
        while self.text == ",":
            self.place += 1
            arguments.append(self.expression(depth + 1))
        self.take(closing)
        return tuple(arguments)


def _join(left: Written, sign: str, right: Written) -> Written:
    if sign == "/":
        return Quotient(left, right)
    if isinstance(left, Product):
        return Product((*left.factors, right))
    return Product((left, right))


def _power(base: Written, exponent: Written) -> Written:
    for part in walk(exponent):
        large = isinstance(part, Number) and not -HIGHEST <= part.value <= HIGHEST
        if large or isinstance(part, Power | Product | Call):
            raise Unread
    if sum(isinstance(part, Power) for part in walk(base)) > 1:
        raise Unread
    return Power(base, exponent)
