"""The numbers of a network file, read as text and never through a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from explainer.mathematics.evaluation import DIGITS
from explainer.network.problems import shown
from explainer.network.spec import Value

FRACTION = re.compile(r"[+-]?[0-9]+/[0-9]+", re.ASCII)
SCIENTIFIC = re.compile(r"[+-]?[0-9._]+[eE][+-]?[0-9]{4,}", re.ASCII)
LARGEST_EXPONENT = 1000
RANGE = f"the power of ten lies between -{LARGEST_EXPONENT} and {LARGEST_EXPONENT}"
ALLOWED = 'a number such as 0.25, or a fraction in quotation marks such as "1/3"'


def read_float(text: str) -> Decimal | str:
    """A TOML float as a Decimal, with the digits typed; its text where there is none.

    >>> read_float("0.10"), read_float("1e99999999999999999999")
    (Decimal('0.10'), '1e99999999999999999999')
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def read_number(got: object) -> Value:
    """The number that stands in a file. Raises ValueError with a message for the user.

    >>> read_number(2), read_number(Decimal("0.20")), read_number("-2/7")
    (Decimal('2'), Decimal('0.20'), Fraction(-2, 7))
    >>> read_number("0.5")
    Traceback (most recent call last):
    ValueError: got the text '0.5'; write the number without quotation marks
    """
    if isinstance(got, str):
        return _read_text(got)
    if isinstance(got, bool) or not isinstance(got, int | Decimal | Fraction):
        raise ValueError(f"got {shown(got)}, which is no number; allowed is {ALLOWED}")
    return got if isinstance(got, Fraction) else _read_decimal(Decimal(got))


def is_number_text(got: str) -> bool:
    """Whether a text means a number, allowed or not.

    >>> [is_number_text(text) for text in ("1/3", "0.5", "w1", "inf")]
    [True, True, False, False]
    """
    return FRACTION.fullmatch(got) is not None or _is_decimal(got)


def _read_decimal(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError(f"got {shown(number).lower()}; a number must be finite")
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(f"got {shown(number)}; {RANGE}")
    digits = len(number.as_tuple().digits)
    if digits > DIGITS:
        raise ValueError(f"the number has {digits} digits; at most {DIGITS} are kept")
    return number if number else abs(number)


def _read_text(got: str) -> Fraction:
    if SCIENTIFIC.fullmatch(got):
        raise ValueError(f"got {shown(got)}; {RANGE}")
    if not FRACTION.fullmatch(got):
        near = "; write the number without quotation marks"
        wrong = (
            near if _is_decimal(got) else f", which is no number; allowed is {ALLOWED}"
        )
        raise ValueError(f"got the text {shown(got)}{wrong}")
    if len(got) > DIGITS:
        raise ValueError(f"the fraction is too long; at most {DIGITS} characters")
    top, bottom = map(int, got.split("/"))
    if not bottom:
        raise ValueError(f"the fraction {shown(got)} divides by zero")
    return Fraction(top, bottom)


def _is_decimal(got: str) -> bool:
    try:
        return Decimal(got).is_finite()
    except InvalidOperation:
        return False
