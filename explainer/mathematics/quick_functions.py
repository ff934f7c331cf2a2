"""e^x and tanh x for many evaluations: by tables and whole numbers, or as a first look.

`Decimal.exp` takes most of the time of a forward pass. With e^x = e^k e^m e^r, where
e^k and e^m stand in tables and r is next to 0, a short series is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cache

# Whole numbers count units of 2^-BITS, about 10^-96.
BITS = 320
COARSE, FINE = 6, 14
FARTHEST = 16
WIDE = Context(prec=120, Emin=MIN_EMIN, Emax=MAX_EMAX)
UNIT = Decimal(1 << BITS)


class TooFar(ArithmeticError):
    """The number is outside of the tables."""


def quick_exp(x: Decimal) -> Decimal:
    """e^x for |x| up to 16, to 85 digits and more.

    >>> x = Decimal("-1.7")
    >>> abs(WIDE.divide(quick_exp(x), WIDE.exp(x)) - 1) < Decimal("1e-85")
    True
    """
    if not -FARTHEST < x < FARTHEST:
        raise TooFar("exp")
    whole = int(WIDE.multiply(x, UNIT))
    coarse = whole >> (BITS - COARSE)
    rest = whole - (coarse << (BITS - COARSE))
    fine = rest >> (BITS - FINE)
    small = rest - (fine << (BITS - FINE))
    term = total = (_table(coarse, COARSE) * _table(fine, FINE)) >> BITS
    n = 0
    while term:
        n += 1
        term = (term * small >> BITS) // n
        total += term
    return WIDE.divide(Decimal(total), UNIT)


@cache
def _table(place: int, bits: int) -> int:
    """e^(place / 2^bits) in whole numbers."""
    power = WIDE.exp(WIDE.divide(Decimal(place), Decimal(1 << bits)))
    return int(WIDE.multiply(power, UNIT))


def quick_tanh(x: Decimal) -> Decimal:
    """tanh x for |x| below 8, as `functions.tanh` computes it."""
    small = quick_exp(-2 * abs(x))
    value = (1 - small) / (1 + small)
    return value if x >= 0 else -value


def _roughly(function: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    def rough(x: Decimal) -> Decimal:
        try:
            return Decimal(function(float(x)))
        except ValueError as error:
            raise TooFar(function.__name__) from error

    return rough


QUICK: Mapping[str, Callable[..., Decimal]] = {"exp": quick_exp, "tanh": quick_tanh}
# To 14 digits, where nothing cancels.
ROUGH: Mapping[str, Callable[..., Decimal]] = {
    "exp": _roughly(math.exp),
    "tanh": _roughly(math.tanh),
    "log": _roughly(math.log),
}
