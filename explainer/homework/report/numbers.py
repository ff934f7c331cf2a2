"""The student's own numbers in the formulas of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.readings import Value
from explainer.derivation.working import ABOUT, EQUAL, Side, decided, same_value
from explainer.homework.entry import Entry
from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.rounding import Digits, Rounding
from explainer.mathematics.written import Cases, Key, Number, Written, substitute

# How numbers are shown that stand nowhere on the sheet.
COMPUTED = Rounding(Digits(6))
# A small number keeps so many figures, also where the student typed fewer.
FEWEST = 4


def like_typed(value: Value, entry: Entry | None) -> Decimal:
    """A number with as many decimals as the student typed, but with four figures at
    least; shorter where it is exact.

    >>> typed = Entry(Key("total"), "0.30", Decimal("0.30"), Decimal("0.005"), 1)
    >>> for number in ("0.2983713", "0.00438219", "0.410"):
    ...     print(like_typed(Decimal(number), typed))
    0.2984
    0.004382
    0.41
    """
    number = as_decimal(value)
    if entry is None or not entry.half_unit:
        return COMPUTED.shown(number, "value")
    places = -(2 * entry.half_unit).adjusted()
    if number:
        places = max(places, FEWEST - 1 - number.adjusted())
    return Rounding(Digits(max(places, 0), "decimals")).shown(number, "value")


def own_numbers(
    numbers: Mapping[Key, Value], entries: Mapping[Key, Entry]
) -> Mapping[Key, Number]:
    """The numbers of a step as they are printed: as typed, or short where computed."""
    return {
        key: Number(_printed(key, value, entries), key)
        for key, value in numbers.items()
    }


def _printed(key: Key, value: Value, entries: Mapping[Key, Entry]) -> Value:
    entry = entries.get(key)
    if isinstance(value, Fraction) or (entry is not None and entry.value == value):
        return entry.value if entry else value
    return COMPUTED.shown(value, "value")


def work_with(
    formula: Written,
    numbers: Mapping[Key, Number],
    entry: Entry | None,
    inexact: frozenset[Key],
) -> tuple[Side, ...]:
    """The numbers put into a formula, and what they give; nothing where they give
    nothing.

    `inexact` are the quantities whose number is rounded: with one of them the numbers
    are only about equal to the formula.
    """
    values = {key: number.value for key, number in numbers.items()}
    try:
        inside = decided(formula, {k: as_decimal(v) for k, v in values.items()})
        put = substitute(inside, numbers)
        result = Number(like_typed(evaluate(put, {}), entry))
    except (ArithmeticError, LookupError):
        return ()
    last = Side(EQUAL if same_value(put, result) else ABOUT, result)
    if isinstance(formula, Cases):
        return (Side(ABOUT, result),) if inexact & values.keys() else (last,)
    first = Side(ABOUT if inexact & values.keys() else EQUAL, put)
    return (first,) if isinstance(put, Number) else (first, last)
