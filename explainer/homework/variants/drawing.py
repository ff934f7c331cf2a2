"""Drawing without a stream: each number of each paper has a hash of its own, so that
one student's paper does not depend on another's."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from explainer.homework.variants.codes import write_code

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

T = TypeVar("T")


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
        """The name of the paper.

        >>> Seed(b"salt", "file", "7").code
        '3RW7-ZP43-V493'
        """
        return write_code(int.from_bytes(_finish(self._start(), "code")))

    def _start(self) -> Hash:
        # Lengths before the parts: no two seeds are written alike.
        parts = (
            self.salt,
            self.file.encode(),
            self.student.encode(),
            str(self.attempt).encode(),
        )
        return hashlib.sha256(b"".join(map(_with_length, parts)))


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(8) + part


def _finish(start: Hash, field: str) -> bytes:
    whole = start.copy()
    whole.update(_with_length(field.encode()))
    return whole.digest()
