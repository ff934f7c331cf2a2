"""Codes of papers: how they are written, checked and read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Crockford's base 32: no I, L, O or U, which are misread.
# https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
LENGTH = 12
GROUP = 4
# x^5 + x^2 + 1 is irreducible over GF(2), and x has 31 different powers modulo it.
FIELD = 0b100101
# Of twelve characters three are wrong.
NEAR = 0.75


def write_code(number: int) -> str:
    """A number as a code: eleven characters, and one that checks them.

    >>> write_code(123456789)
    '0000-03NQ-K8N1'
    """
    body = ""
    for _ in range(LENGTH - 1):
        number, place = divmod(number, len(ALPHABET))
        body = ALPHABET[place] + body
    return _spaced(body + ALPHABET[_times_x(_remainder(body))])


def read_code(text: str) -> str | None:
    """The code as it was typed, in its own spelling; None where it is none.

    Small letters, blanks and hyphens do not matter; O is 0, I and L are 1. One wrong
    character is found, and any two that were exchanged.

    >>> read_code("oooo o3nqk8nL"), read_code("0000-03NQ-8KN1")
    ('0000-03NQ-K8N1', None)
    """
    bare = fold(text)
    if len(bare) != LENGTH or not {*bare} <= {*ALPHABET} or _remainder(bare):
        return None
    return _spaced(bare)


def fold(text: str) -> str:
    """The characters that count.

    >>> fold("oooo-o3nq k8nl")
    '000003NQK8N1'
    """
    return "".join(filter(str.isalnum, text.upper())).translate(MISREAD)


def nearest_codes(text: str, codes: Iterable[str]) -> list[str]:
    """The codes that may have been meant, the nearest first; at most three."""
    known = {fold(code): code for code in codes}
    return [known[near] for near in get_close_matches(fold(text), known, cutoff=NEAR)]


def ask_which(text: str, codes: Iterable[str]) -> str:
    """The codes that may have been meant as a question, or nothing."""
    near = nearest_codes(text, codes)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def _remainder(text: str) -> int:
    """The characters as the coefficients of a polynomial over GF(32), at x.

    It is 0 for a whole code. A character counts with its own power of x: that one is
    wrong, or two changed places, is seen.
    """
    value = 0
    for sign in text:
        value = _times_x(value) ^ ALPHABET.index(sign)
    return value


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ FIELD if doubled & 32 else doubled


def _spaced(text: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))
