"""What a derivation proves of itself: its printed lines, and its gradients by a second
road."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.deriving import Derivation
from explainer.derivation.intervals import bound
from explainer.derivation.progress import Progress, told
from explainer.derivation.readings import Readings
from explainer.mathematics.algebra import read_decimal, to_sympy
from explainer.mathematics.evaluation import (
    WORKING,
    NoExactValue,
    Value,
    as_decimal,
    evaluate,
    evaluate_exactly,
)
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Number, Written, substitute

EXACT, ROUNDED, PROPAGATED, FALSE = "exact", "rounded", "propagated", "false"
CLASSES = (EXACT, ROUNDED, PROPAGATED, FALSE)
DIGITS = 40
MANY_DIGITS = 1000
WorkOut = Callable[[Written], Value | None]


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
    derivation: Derivation,
    readings: Readings,
    rounding: Rounding,
    keys: Collection[Key],
    progress: Progress | None = None,
    work_out: WorkOut | None = None,
) -> LineCheck:
    """SymPy, or `work_out`, evaluates each printed line again from its printed numbers.

    A line is exactly equal; or its result is the rounded value of what is printed; or
    it is within the uncertainty of the printed digits: half a unit of each number's
    last digit, one unit where digits are cut off. Anything else is false.
    """
    verdicts = {
        key: judge(derivation, readings, rounding, key, work_out)
        for key in told(keys, "lines", progress)
    }
    counts = Counter(verdicts.values())
    return LineCheck(
        {name: counts[name] for name in CLASSES},
        tuple(key for key, verdict in verdicts.items() if verdict == FALSE),
    )


def judge(
    derivation: Derivation,
    readings: Readings,
    rounding: Rounding,
    key: Key,
    work_out: WorkOut | None = None,
) -> str:
    """The class of one line: exact, rounded, propagated or false.

    `work_out` finds the value of a formula of numbers; without one it is SymPy.
    """
    quantity = derivation.quantities[key]
    shown = readings[key].shown
    numbers = {used: Number(readings[used].shown) for used in quantity.uses}
    value = (work_out or by_sympy)(substitute(quantity.formula, numbers))
    if isinstance(value, Fraction):
        if value == Fraction(shown):
            return EXACT
        value = as_decimal(value)
    kind = readings[key].kind
    if (
        not rounding.exact
        and value is not None
        and rounding.shown(value, kind) == shown
    ):
        return ROUNDED
    if rounding.exact:
        return FALSE
    ranges = _ranges(derivation, readings, rounding, key)
    # 1 + tanh(z) at z = -20 has lost all 50 digits: then many more are tried.
    verdicts = (
        _within(quantity.formula, ranges, shown, rounding, kind, digits)
        for digits in (WORKING.prec, MANY_DIGITS)
    )
    return PROPAGATED if any(verdicts) else FALSE


def by_sympy(written: Written) -> Value | None:
    """The value by SymPy: a fraction where it is rational, None where there is none."""
    value = to_sympy(written, _unknown)
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    # SymPy answers zoo or oo where the printed numbers have no value.
    return read_decimal(str(value.evalf(DIGITS))) if value.is_finite else None


def by_walking(written: Written) -> Value | None:
    """The same without SymPy, by walking over the tree."""
    try:
        return evaluate_exactly(written, {})
    except NoExactValue:
        pass
    except ArithmeticError:
        return None
    try:
        return evaluate(written, {})
    except ArithmeticError:
        return None


def _within(
    formula: Written,
    ranges: Mapping[Key, tuple[Decimal, Decimal]],
    shown: Value,
    rounding: Rounding,
    kind: str,
    digits: int,
) -> bool:
    """Whether the printed result is a rounding of a number that the printed operands
    allow."""
    low, high = bound(formula, ranges, digits)
    # Rounding never changes the order of two numbers, so it may be applied to the ends.
    least, most = (
        rounding.shown(end, kind) if end.is_finite() else end for end in (low, high)
    )
    return least <= as_decimal(shown) <= most


def _unknown(key: Key) -> object:
    raise KeyError(f"a printed line has no number for {key}")


def _ranges(
    derivation: Derivation, readings: Readings, rounding: Rounding, key: Key
) -> Mapping[Key, tuple[Decimal, Decimal]]:
    """Between which numbers the operands of a line lie, from their printed digits."""
    ranges = {}
    for used in derivation.quantities[key].uses:
        reading = readings[used]
        printed = as_decimal(reading.shown)
        kind = reading.kind
        ranges[used] = (
            (printed, printed) if reading.is_exact else rounding.origin(printed, kind)
        )
    return ranges
