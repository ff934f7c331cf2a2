"""The verdict on one printed number: it is the value, or the value rounded, or neither.

It is found by units of the last digit. What rounds the numbers of a page is not asked,
for it is checked here, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from explainer.derivation.verification import EXACT, FALSE, ROUNDED
from explainer.mathematics.rounding import Digits, Rounding

# None where a look does not settle it.
Verdict = Callable[[Decimal, Decimal], str | None]
FARTHEST = 60
# The functions of the machine are right to 14 digits and more.
MACHINE_ROOM, ONE = Decimal("1e-13"), Decimal(1)
# A value this near to a printed number, in units, may be that very number.
NEXT = Decimal("1e-20")


def verdict_on(rounding: Rounding, kind: str, divides: bool) -> Verdict:
    """The verdict on a value and its printed number, in a rounding rule.

    A value that was found by a division may be a number of few digits all the same.

    >>> verdict = verdict_on(Rounding(), "sum", False)
    >>> [verdict(Decimal("0.41"), Decimal(number)) for number in ("0.41", "0.42")]
    ['exact', 'false']
    >>> verdict(Decimal("0.12345649"), Decimal("0.123456"))
    'rounded'
    """
    cuts, ties_go_up = rounding.mode == "truncate", rounding.mode == "half-up"
    digits = rounding.digits_of(kind)
    is_fixed = digits.unit == "decimals"
    rooms = _rooms(digits, is_fixed, ONE if cuts else ONE / 2)

    def verdict(value: Decimal, shown: Decimal) -> str | None:
        if value == shown:
            return EXACT
        room = rooms.get(shown.adjusted())
        if room is None or not shown:
            return None
        # How much farther from 0 the value is.
        apart = value - shown if shown > 0 else shown - value
        if divides and abs(apart) < room * NEXT:
            return None
        if abs(apart) == room and not cuts:
            # Half a unit goes up, or its rule is asked.
            if divides or not ties_go_up:
                return None
            if apart > 0:
                return FALSE
        elif not (0 if cuts else -room) < apart < room:
            return FALSE
        if apart < 0 and not is_fixed and value.adjusted() < shown.adjusted():
            # 9.9996 has finer units than 10.00.
            return None
        return ROUNDED

    return verdict


def _rooms(digits: Digits, is_fixed: bool, share: Decimal) -> Mapping[int, Decimal]:
    """A share of one unit of the last digit, for numbers of each power of ten."""
    return {
        power: share.scaleb((0 if is_fixed else power + 1) - digits.count)
        for power in range(-FARTHEST, FARTHEST + 1)
    }


def to_14_digits(verdict: Verdict) -> Verdict:
    """The same for a value with a function of the machine in it: where the numbers a
    little below and above have one verdict, it has that."""

    def roughly(value: Decimal, shown: Decimal) -> str | None:
        room = MACHINE_ROOM * max(ONE, abs(value))
        if abs(value - shown) <= room:
            return None
        low, high = verdict(value - room, shown), verdict(value + room, shown)
        return low if low == high else None

    return roughly
