"""What a derivation proves of itself: its printed lines, and its gradients by a second
road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.deriving import Derivation
from explainer.derivation.intervals import bound
from explainer.derivation.readings import Readings, rounding_kind
from explainer.mathematics.algebra import rational, to_sympy
from explainer.mathematics.rounding import Rounding, as_decimal
from explainer.mathematics.written import Key, Number, substitute

EXACT, ROUNDED, PROPAGATED, FALSE = "exact", "rounded", "propagated", "false"
DIGITS = 40


@dataclass(frozen=True, slots=True)
class LineCheck:
    """How many printed lines hold in which class, and the quantities whose line does
    not."""

    counts: Mapping[str, int]
    failures: tuple[Key, ...]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def check_lines(
    derivation: Derivation, readings: Readings, rounding: Rounding, keys: Iterable[Key]
) -> LineCheck:
    """SymPy evaluates each printed line again from its printed numbers.

    A line is exactly equal; or its result is the rounded value of what is printed; or
    it is within the uncertainty of the printed digits: half a unit of each number's
    last digit, one unit where digits are cut off. Anything else is false.
    """
    verdicts = {key: judge(derivation, readings, rounding, key) for key in keys}
    counts = Counter(verdicts.values())
    classes = (EXACT, ROUNDED, PROPAGATED, FALSE)
    return LineCheck(
        {name: counts[name] for name in classes},
        tuple(key for key, verdict in verdicts.items() if verdict == FALSE),
    )


def judge(
    derivation: Derivation, readings: Readings, rounding: Rounding, key: Key
) -> str:
    """The class of one line: exact, rounded, propagated or false."""
    quantity = derivation.quantities[key]
    shown = readings[key].shown
    numbers = {used: Number(readings[used].shown) for used in quantity.uses}
    value = to_sympy(substitute(quantity.formula, numbers), _unknown)
    if value.is_Rational:
        if value == rational(shown):
            return EXACT
        value = as_decimal(Fraction(int(value.p), int(value.q)))
    else:
        value = Decimal(str(value.evalf(DIGITS)))
    kind = rounding_kind(key, derivation.graph)
    if not rounding.exact and rounding.shown(value, kind) == shown:
        return ROUNDED
    low, high = bound(
        quantity.formula, _ranges(derivation, readings, rounding, quantity.uses)
    )
    slack = _uncertainty(derivation, readings, rounding, key)
    return PROPAGATED if low - slack <= as_decimal(shown) <= high + slack else FALSE


def _unknown(key: Key) -> object:
    raise KeyError(f"a printed line has no number for {key}")


def _ranges(
    derivation: Derivation,
    readings: Readings,
    rounding: Rounding,
    keys: tuple[Key, ...],
) -> Mapping[Key, tuple[Decimal, Decimal]]:
    ranges = {}
    for key in keys:
        middle = as_decimal(readings[key].shown)
        width = _uncertainty(derivation, readings, rounding, key)
        ranges[key] = (middle - width, middle + width)
    return ranges


def _uncertainty(
    derivation: Derivation, readings: Readings, rounding: Rounding, key: Key
) -> Decimal:
    """How far the printed number may be from the one it stands for: 0 where it is
    exact."""
    reading = readings[key]
    if Fraction(reading.value) == Fraction(reading.shown):
        return Decimal(0)
    return rounding.error_bound(
        as_decimal(reading.shown), rounding_kind(key, derivation.graph)
    )
