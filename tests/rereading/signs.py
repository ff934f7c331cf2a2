r"""A formula as a row of signs, and what is read of it without its meaning."""

from __future__ import annotations

import re
from typing import NoReturn

from tests.rereading.tree import CLOSING, Token, Unreadable, canonical

# A superscript that begins so belongs to the symbol; any other is a power.
LABELS = frozenset(
    {"(", "[", r"\langle", "+", "*", r"\prime", r"\mathit", r"\mathrm", r"\text"}
)


def closing_size(opening: str) -> str:
    return r"\right" if opening == r"\left" else re.sub("l$", "r", opening)


class Signs:
    """A formula, sign by sign, and the place that the reader has come to."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.place + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""

    def take(self, expected: str = "") -> Token:
        if not self.peek() or (expected and self.peek() != expected):
            self.refuse(f"{expected or 'an operand'!r} is missing")
        self.place += 1
        return self.tokens[self.place - 1]

    def refuse(self, why: str) -> NoReturn:
        place = self.tokens[self.place].start if self.peek() else len(self.text)
        raise Unreadable(f"{why}: {self.text[:place]} <here> {self.text[place:]}")

    def single(self) -> None:
        token = self.peek()
        if len(token) != 1 or not token.isalnum():
            self.refuse("braces are missing")

    def raw(self, opening: str = "{") -> str:
        """The spelling between two braces, which is read no further."""
        start = self.place
        self.take(opening)
        depth = 1
        while depth:
            token = self.take().text
            depth += (token == opening) - (token == CLOSING[opening])
        return canonical(self.tokens[start + 1 : self.place - 1])

    def power_of_ten(self) -> int | None:
        r"""The exponent of \times 10^{-7} after a number, or None."""
        ahead = [self.peek(i) for i in range(6)]
        if ahead[:4] != [r"\times", "10", "^", "{"]:
            return None
        sign = ahead[4] == "-"
        digits, closing = self.peek(4 + sign), self.peek(5 + sign)
        if not digits.isdigit() or closing != "}":
            return None
        self.place += 6 + sign
        return -int(digits) if sign else int(digits)

    def has_label(self) -> bool:
        first = self.peek(2) if self.peek(1) == "{" else self.peek(1)
        return self.peek() == "^" and first in LABELS

    def has_path(self) -> bool:
        return self.peek() in (r"\Big", r"\big") and self.peek(1) + self.peek(2) == "|_"
