"""How far apart two values of one quantity are, found by two roads."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from explainer.mathematics.evaluation import WORKING, LostDigits, evaluate
from explainer.mathematics.written import Key, Written


def value_or_zero(written: Written, values: Mapping[Key, Decimal]) -> Decimal:
    """The value; 0 where terms cancel altogether, as they do where a quantity is 0."""
    try:
        return evaluate(written, values)
    except LostDigits:
        return Decimal(0)


def relative_distance(one: Decimal, other: Decimal, floor: Decimal) -> Decimal:
    """|a - b| / max(|a|, |b|, floor): below the floor the distance counts as it is.

    >>> relative_distance(Decimal("2"), Decimal("2.5"), Decimal(1))
    Decimal('0.2')
    """
    with localcontext(WORKING):
        return abs(one - other) / max(abs(one), abs(other), floor)
