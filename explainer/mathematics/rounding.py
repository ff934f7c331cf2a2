"""Rounding as an object: how many digits are printed, and which number the next step
uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    localcontext,
)

from explainer.mathematics.evaluation import DIGITS, WORKING

MODES: Mapping[str, str] = {
    "half-up": ROUND_HALF_UP,
    "half-even": ROUND_HALF_EVEN,
    "truncate": ROUND_DOWN,
}
KINDS = (
    "sum",
    "activation",
    "value",
    "loss",
    "derivative",
    "signal",
    "gradient",
    "state",
    "parameter",
)


# A printed number this near to its value, in units of its last digit, is looked at
# again.
NEAR = Decimal("1e-20")
# Where a value that is exact in few digits was computed with fractions, so many figures
# agree.
NEARLY, FEW = 45, 35


@dataclass(frozen=True, slots=True)
class Digits:
    """How many digits a number is printed with: so many decimals, or significant
    figures."""

    count: int
    unit: str = "figures"

    def last_place(self, value: Decimal) -> Decimal:
        """One unit of the last digit printed.

        >>> Digits(5, "decimals").last_place(Decimal("0.4518781"))
        Decimal('0.00001')
        >>> Digits(3, "figures").last_place(Decimal("0.43857"))
        Decimal('0.001')
        """
        first = 0 if self.unit == "decimals" or not value else value.adjusted() + 1
        return WORKING.scaleb(Decimal(1), first - self.count)


@dataclass(frozen=True, slots=True)
class Rounding:
    """The rounding rule of a document.

    `digits` holds for every kind of quantity but those in `by_kind`. `carry` is the
    set of kinds whose printed value is what the next step uses; the other kinds carry
    all digits. With `exact`, every value is a fraction and nothing is rounded.
    """

    digits: Digits = Digits(6)
    mode: str = "half-up"
    carry: frozenset[str] = frozenset(KINDS)
    by_kind: Mapping[str, Digits] = field(default_factory=dict)
    exact: bool = False

    def digits_of(self, kind: str) -> Digits:
        return self.by_kind.get(kind, self.digits)

    def shown(self, value: Decimal, kind: str) -> Decimal:
        """The value as printed. A value that is exact in few digits is printed short.

        >>> article = Rounding(Digits(5, "decimals"), "truncate")
        >>> article.shown(Decimal("0.4518781"), "parameter")
        Decimal('0.45187')
        >>> [article.shown(Decimal(z), "sum") for z in ("0.410000", "0.1948017")]
        [Decimal('0.41'), Decimal('0.19480')]
        """
        digits = self.digits_of(kind)
        last = digits.last_place(value)
        if _exponent(value) >= _exponent(last):
            return shortest(value)
        with localcontext(_room_for(value)):
            nearest = value.quantize(last)
            few = value.adjusted() - last.adjusted() < FEW
            if few and nearest and abs(nearest - value) <= abs(value).scaleb(-NEARLY):
                # 4/3 times 0.3 is 0.4, although 4/3 has no last digit.
                return shortest(nearest)
            printed = value.quantize(last, rounding=MODES[self.mode])
            if digits.unit == "figures" and printed.adjusted() > value.adjusted():
                # 9.9996 to four figures is 10.00, not 10.000.
                printed = printed.quantize(last.scaleb(1), rounding=MODES[self.mode])
            if printed == value:
                return shortest(printed)
        return printed.copy_abs() if not printed else printed

    def quickly(self, kind: str) -> Callable[[Decimal], Decimal | None]:
        """`shown` as a function for many values: None for one to be looked at again.

        Those are values next to a printed number, on either side of it, and far ones.

        >>> quickly = Rounding(Digits(3)).quickly("sum")
        >>> quickly(Decimal("0.16666666666666666666666666")), quickly(Decimal("0.5"))
        (Decimal('0.167'), None)
        """
        digits, mode = self.digits_of(kind), MODES[self.mode]
        unit = Decimal(1).scaleb(-digits.count)
        if digits.unit == "decimals":
            return _quick_decimals(unit, mode)
        return _quick_figures(unit, digits.count, mode)

    def origin(self, printed: Decimal, kind: str) -> tuple[Decimal, Decimal]:
        """Between which numbers a value lies that is printed like this.

        Half a unit to both sides; where digits are cut off, one unit away from 0.

        >>> Rounding(Digits(2, "decimals")).origin(Decimal("0.41"), "sum")
        (Decimal('0.405'), Decimal('0.415'))
        >>> Rounding(Digits(2, "decimals"), "truncate").origin(Decimal("0.41"), "sum")
        (Decimal('0.41'), Decimal('0.42'))
        """
        unit = self.digits_of(kind).last_place(printed)
        with localcontext(WORKING):
            if self.mode != "truncate":
                return printed - unit / 2, printed + unit / 2
            return printed - unit * (printed <= 0), printed + unit * (printed >= 0)


def _quick_decimals(unit: Decimal, mode: str) -> Callable[[Decimal], Decimal | None]:
    low, high = unit * NEAR, unit * (1 - NEAR)
    room = Context(prec=2 * DIGITS, rounding=mode, Emin=MIN_EMIN, Emax=MAX_EMAX)
    quantize = room.quantize

    def shown(value: Decimal) -> Decimal | None:
        if value.adjusted() > FEW // 2:
            return None
        printed = quantize(value, unit)
        near = low < abs(value - printed) < high
        return printed if near and printed else None

    return shown


def _quick_figures(
    unit: Decimal, count: int, mode: str
) -> Callable[[Decimal], Decimal | None]:
    plus = Context(prec=count, rounding=mode, Emin=MIN_EMIN, Emax=MAX_EMAX).plus
    bounds = {
        power: (last * NEAR, last * (1 - NEAR))
        for power in range(-60, 61)
        for last in [unit.scaleb(power + 1)]
    }

    def shown(value: Decimal) -> Decimal | None:
        found = bounds.get(value.adjusted())
        if found is None:
            return None
        printed = plus(value)
        return printed if found[0] < abs(value - printed) < found[1] else None

    return shown


def shortest(value: Decimal) -> Decimal:
    """The number without zeros at its end.

    >>> [shortest(Decimal(number)) for number in ("0.4100", "1200", "-0.0")]
    [Decimal('0.41'), Decimal('1200'), Decimal('0')]
    """
    if not value:
        return Decimal(0)
    with localcontext(_room_for(value)):
        short = value.normalize()
        return short.quantize(Decimal(1)) if 0 < _exponent(short) < 12 else short


def _exponent(value: Decimal) -> int:
    """The place of the last digit: -2 for 0.20."""
    return value.adjusted() - len(value.as_tuple().digits) + 1


def _room_for(value: Decimal) -> Context:
    """A context in which all digits of the value stay, with a dozen to spare."""
    context = WORKING.copy()
    context.prec = max(DIGITS, len(value.as_tuple().digits) + 12)
    return context


FULL = Rounding(Digits(40), carry=frozenset())
