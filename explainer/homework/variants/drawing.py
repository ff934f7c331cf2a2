"""Drawing without a stream: each number of each paper has a hash of its own, so that
one student's paper does not depend on another's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

T = TypeVar("T")
# Crockford's base 32: no I, L, O or U, which are misread.
# https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = ALPHABET + "*~$=U"
CODE_LENGTH = 9


class Draw(Protocol):
    """Chooses for a field."""

    def __call__(self, field: str, choices: Sequence[T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Seed:
    """What the draws of one paper depend on: a secret salt, the network file, the
    student, and how many papers of this student were rejected."""

    salt: bytes
    file: str
    student: str
    attempt: int = 0

    def draw(self, field: str, choices: Sequence[T]) -> T:
        """One of the choices, for a field such as w5.

        >>> seed = Seed(b"salt", "file", "7")
        >>> seed.draw("w5", range(10)) == seed.draw("w5", range(10))
        True
        """
        return self.draws()(field, choices)

    def draws(self) -> Draw:
        """The same as a function, for many fields of one paper.

        The hash has 256 bits: no choice is likelier by more than 2^-200.
        """
        start = self._start()

        def draw(field: str, choices: Sequence[T]) -> T:
            return choices[int.from_bytes(_finish(start, field)) % len(choices)]

        return draw

    @property
    def code(self) -> str:
        """The name of the paper, with a check character at its end.

        >>> Seed(b"salt", "file", "7").code
        'W7ZP-43V4-97'
        """
        field = "code"
        while True:
            text = _base32(int.from_bytes(_finish(self._start(), field)))
            check = check_character(text)
            if check.isalnum():
                return spaced(text + check)
            # The code names files: neither * nor ~ nor $ is safe there.
            field += "."

    def _start(self) -> Hash:
        # Lengths before the parts: no two seeds are written alike.
        parts = (
            self.salt,
            self.file.encode(),
            self.student.encode(),
            str(self.attempt).encode(),
        )
        return hashlib.sha256(b"".join(map(_with_length, parts)))


def _base32(number: int) -> str:
    """The last digits of a number."""
    text = ""
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, 32)
        text = ALPHABET[place] + text
    return text


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(8) + part


def _finish(start: Hash, field: str) -> bytes:
    whole = start.copy()
    whole.update(_with_length(field.encode()))
    return whole.digest()


def spaced(text: str) -> str:
    """A code in groups of four, as it is printed."""
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def check_character(text: str) -> str:
    """Crockford's check: the number modulo 37. It finds every single wrong character,
    and every two exchanged."""
    number = 0
    for sign in text:
        number = number * 32 + ALPHABET.index(sign)
    return CHECKS[number % 37]


def read_code(text: str) -> str | None:
    """The code as it was typed, in its own spelling; None where a character is wrong.

    >>> code = Seed(b"salt", "file", "7").code
    >>> read_code(code.lower().replace("-", " ").replace("1", "l")) == code
    True
    >>> read_code(code.replace("4", "6", 1)) is None
    True
    """
    bare = text.upper().replace("-", "").replace(" ", "")
    body = bare[:-1].replace("O", "0").replace("I", "1").replace("L", "1")
    last = bare[-1:].replace("O", "0").replace("I", "1").replace("L", "1")
    if len(body) != CODE_LENGTH or not {*body} <= {*ALPHABET}:
        return None
    return spaced(body + last) if check_character(body) == last else None
