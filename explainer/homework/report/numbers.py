"""The student's own numbers in the formulas of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from explainer.derivation.readings import Value
from explainer.derivation.working import ABOUT, EQUAL, Side, decided, same_value
from explainer.homework.entry import Entry
from explainer.mathematics.evaluation import WORKING, as_decimal, evaluate
from explainer.mathematics.rounding import Digits, Rounding
from explainer.mathematics.written import Cases, Key, Number, Written, substitute

# How numbers are shown that stand nowhere on the sheet.
COMPUTED = Rounding(Digits(6))
# A small number keeps so many figures, also where the student typed fewer.
FEWEST = 3


def like_typed(value: Value, entry: Entry | None) -> Decimal:
    """A number with as many decimals as the student typed, but with three figures at
    least.

    >>> typed = Entry(Key("total"), "0.30", Decimal("0.30"), Decimal("0.005"), 1)
    >>> like_typed(Decimal("0.298371"), typed), like_typed(Decimal("0.00438"), typed)
    (Decimal('0.298'), Decimal('0.00438'))
    """
    number = as_decimal(value)
    if entry is None or not entry.half_unit:
        return COMPUTED.shown(number, "value")
    place = (2 * entry.half_unit).adjusted()
    if number:
        place = min(place, number.adjusted() + 1 - FEWEST)
    with localcontext(WORKING):
        return number.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP)


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
