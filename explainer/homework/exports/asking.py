"""The questions of a paper: right numbers, tolerances, and what mistakes lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_UP, Context, Decimal, localcontext

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings, rounding_kind
from explainer.homework.exports.quiz import Question, apart
from explainer.homework.exports.wrong_numbers import InjectedMistakes
from explainer.homework.ranges import CONTEXT, Range, compile_range
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name
from explainer.page.document import Document

TOO_FEW = "at these digits an honest answer can be any number; ask for more digits"
# A blank has the likeliest mistakes only.
MOST_WRONG = 8
TWO_FIGURES = Context(prec=2, rounding=ROUND_UP)


def ask_questions(
    document: Document,
    derivation: Derivation,
    readings: Readings,
    rounding: Rounding,
    mistakes: InjectedMistakes,
) -> tuple[Question, ...]:
    """One question for each step of the document that has points.

    Raises NetworkError for steps of whole matrices: they have no single number.
    """
    if any(step.points is not None and step.entries for step in document.steps):
        message = "a step of a matrix is no single number; use the method signals"
        raise NetworkError([Problem("--method", message)])
    asked = {s.key: s for s in document.steps if s.points is not None and s.key}
    shown = {step.key for step in document.steps if step.points is None and step.key}
    bands = truth_bands(derivation, readings, rounding)
    givens = {key: readings[key].value for key in derivation.graph.givens}
    wrong = mistakes.wrong_numbers(asked.keys(), shown, givens)
    found = []
    for key, step in asked.items():
        value = as_decimal(readings[key].shown)
        kind = rounding_kind(key, derivation.graph)
        tolerance = tolerance_of(value, bands[key], unit_of(value, kind, rounding))
        answers = tuple(
            replace(answer, value=rounding.shown(answer.value, kind))
            for answer in wrong[key]
        )
        likely = apart(value, tolerance, answers)[:MOST_WRONG]
        name, points = plain_name(key), step.points or 0
        found.append(Question(key, name, step.number, points, value, tolerance, likely))
    return tuple(found)


def unit_of(value: Decimal, kind: str, rounding: Rounding) -> Decimal:
    """One unit of the last place that is asked for."""
    digits = rounding.digits_of(kind)
    if digits.unit == "decimals":
        return Decimal(1).scaleb(-digits.count)
    return Decimal(1).scaleb((value.adjusted() if value else 0) - digits.count + 1)


def tolerance_of(value: Decimal, band: Range, unit: Decimal) -> Decimal:
    """How far an honest answer may be off: the band of the truth at the digits asked,
    at least half a unit of the last place, to two figures.

    >>> band = Decimal("0.1234"), Decimal("0.1238")
    >>> tolerance_of(Decimal("0.1235"), band, Decimal("0.0001"))
    Decimal('0.0003')
    """
    low, high = band
    return TWO_FIGURES.plus(max(high - value, value - low, unit / 2)).normalize()


def widened(band: Range, unit: Decimal) -> Range:
    """Where a number of the band may be written at these digits: rounded half a unit to
    either side, or cut off less than a whole one towards 0.

    >>> widened((Decimal("0.2"), Decimal("0.3")), Decimal("0.1"))
    (Decimal('0.1'), Decimal('0.35'))
    """
    low, high = band
    down = unit if low > 0 else unit / 2
    up = unit if high < 0 else unit / 2
    return low - down, high + up


def truth_bands(
    derivation: Derivation, readings: Readings, rounding: Rounding
) -> Mapping[Key, Range]:
    """Between which numbers each quantity lies when every line is rounded or cut off at
    the digits asked, or none is: rule by rule from the exact givens.

    A class has students who cut off where the sheet asks to round, and the other way
    round; `explainer check` takes both, too. Raises NetworkError where a divisor may
    have been rounded to 0.
    """
    slots = {key: slot for slot, key in enumerate(readings)}
    ranges: list[Range] = []
    with localcontext(CONTEXT):
        for key, reading in readings.items():
            quantity = derivation.quantities.get(key)
            if quantity is None:
                value = as_decimal(reading.value)
                ranges.append((value, value))
                continue
            try:
                low, high = compile_range(quantity.formula, slots)(ranges)
            except ArithmeticError as error:
                raise NetworkError([Problem(plain_name(key), TOO_FEW)]) from error
            if not isinstance(quantity.formula, Name | Number):
                kind = rounding_kind(key, derivation.graph)
                largest = max(abs(low), abs(high))
                unit = unit_of(largest, kind, rounding)
                low, high = widened((low, high), unit)
            ranges.append((low, high))
    return dict(zip(readings, ranges, strict=True))
