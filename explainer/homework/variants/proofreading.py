"""A page that is filled is read again: each slot has the digits that belong there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from explainer.mathematics.numerals import is_scientific


class Misprint(Exception):
    """A number on a page is not the one that belongs there."""


def digits_of(number: Decimal) -> str:
    """The digits of a number as they stand on a page, without sign and power of ten.

    >>> [digits_of(Decimal(n)) for n in ("-0.50", "2.5E-7", "-12")]
    ['0.50', '2.5', '12']
    """
    text = str(number).lstrip("-")
    if "E" not in text and not text.startswith("0.00000"):
        return text
    size = abs(number)
    return f"{size:E}".partition("E")[0] if is_scientific(size) else f"{size:f}"


def proofread(printed: Sequence[object], belongs: Sequence[object]) -> None:
    """Raises Misprint where a slot has other digits than its number.

    >>> proofread(["0.5", "0.42"], ["0.5", "0.41"])
    Traceback (most recent call last):
    explainer.homework.variants.proofreading.Misprint: 0.42 stands in the place of 0.41
    """
    for one, other in zip(printed, belongs, strict=True):
        if one != other:
            raise Misprint(f"{one} stands in the place of {other}")
