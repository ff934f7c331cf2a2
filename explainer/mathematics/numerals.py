"""Numbers in LaTeX, digit for digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def numeral(value: Decimal | Fraction) -> str:
    r"""A number in LaTeX: its own digits, a power of ten where zeros would hide it.

    >>> numeral(Decimal("1.20E-7")), numeral(Decimal("0.20")), numeral(Fraction(-1, 3))
    ('1.20 \\times 10^{-7}', '0.20', '-\\frac{1}{3}')
    """
    if isinstance(value, Fraction):
        sign, top = ("-" if value < 0 else ""), abs(value.numerator)
        return (
            f"{sign}{top}"
            if value.denominator == 1
            else rf"{sign}\frac{{{top}}}{{{value.denominator}}}"
        )
    if is_scientific(value):
        digits, power = split_scientific(value)
        return rf"{digits} \times 10^{{{power}}}"
    return f"{value:f}"


def is_scientific(value: Decimal) -> bool:
    """Whether a number is printed with a power of ten: below 0.00001, or where zeros
    would pad it."""
    exponent = value.as_tuple().exponent
    if not value or not isinstance(exponent, int):
        return False
    return value.adjusted() < -5 or exponent > 0 or value.adjusted() > 14


def split_scientific(value: Decimal) -> tuple[str, int]:
    """The digits with one before the point, and the power of ten.

    >>> split_scientific(Decimal("-0.00000120"))
    ('-1.20', -6)
    """
    digits, _, power = f"{value:E}".partition("E")
    return digits, int(power)


def is_negative(value: Decimal | Fraction) -> bool:
    """Whether a number is printed with a minus sign: -0.0 is, though it is not less
    than 0."""
    return value.is_signed() if isinstance(value, Decimal) else value < 0
