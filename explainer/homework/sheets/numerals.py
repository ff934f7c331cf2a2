r"""Numbers as typed: the value, and half a unit in the last place that was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.homework.sheets.signs import NUMBER, Sign

LONGEST = 200
# No sheet has numbers beyond these, and none may take long.
FARTHEST = 999
UNSIGNED = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
NUMERAL = re.compile(
    rf"(?P<sign>[+-]?)(?:(?P<digits>{UNSIGNED})(?:[eE](?P<exponent>[+-]?[0-9]+))?"
    r"(?:\*10(?:\^|\*\*)\(?(?P<power>[+-]?[0-9]+)\)?)?"
    r"|(?P<top>[0-9]+)/(?P<bottom>[0-9]+)"
    r"|10(?:\^|\*\*)\(?(?P<alone>[+-]?[0-9]+)\)?)"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A typed number. `half_unit` is 0 for a fraction."""

    value: Decimal | Fraction
    half_unit: Decimal


def read_numeral(signs: Sequence[Sign]) -> Numeral | None:
    r"""The number, where the signs are one number and nothing else.

    >>> from explainer.homework.sheets.signs import read_signs
    >>> read_numeral(read_signs("0.50"))
    Numeral(value=Decimal('0.50'), half_unit=Decimal('0.005'))
    >>> read_numeral(read_signs(r"-1.2 \times 10^{-3}"))
    Numeral(value=Decimal('-0.0012'), half_unit=Decimal('0.00005'))
    >>> read_numeral(read_signs(r"\frac{3}{8}")).value
    Fraction(3, 8)
    """
    if any(a.kind == b.kind == NUMBER for a, b in zip(signs, signs[1:], strict=False)):
        return None
    text = "".join(sign.text for sign in signs if sign.text not in ("{", "}", r"\frac"))
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    negated = re.fullmatch(r"-\((.*)\)", text)
    if negated and not negated[1].startswith(("-", "+")):
        text = "-" + negated[1]
    found = NUMERAL.fullmatch(text) if len(text) <= LONGEST else None
    return _numeral(found) if found else None


def _numeral(found: re.Match[str]) -> Numeral | None:
    sign = -1 if found["sign"] == "-" else 1
    if found["bottom"]:
        if not int(found["bottom"]):
            return None
        value = sign * Fraction(int(found["top"]), int(found["bottom"]))
        return Numeral(value, Decimal(0))
    powers = [found["exponent"], found["power"], found["alone"]]
    if any(len(power or "") > 5 for power in powers):
        return None
    shift = sum(int(power or 0) for power in powers)
    digits = Decimal(found["digits"] or "1")
    places = digits.as_tuple().exponent
    if not isinstance(places, int) or abs(shift) > FARTHEST:
        return None
    typed = int(sign < 0), digits.as_tuple().digits, places + shift
    return Numeral(Decimal(typed), Decimal((0, (5,), places + shift - 1)))
