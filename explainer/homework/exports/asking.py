"""The questions of a paper: right numbers, tolerances, and what mistakes lead to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Context, Decimal, localcontext

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings, rounding_kind
from explainer.homework.answers import Answers, answer_key
from explainer.homework.exports.quiz import Question, WrongAnswer, apart
from explainer.homework.injecting import inject
from explainer.homework.mistakes import MISTAKES
from explainer.homework.ordering import Circular
from explainer.homework.ranges import CONTEXT, Range, compile_range
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import FULL, Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name
from explainer.page.document import Document

TWO_FIGURES = Context(prec=2, rounding=ROUND_UP)


def ask_questions(
    document: Document, derivation: Derivation, readings: Readings, rounding: Rounding
) -> tuple[Question, ...]:
    """One question for each step of the document that has points.

    Raises NetworkError for steps of whole matrices: they have no single number.
    """
    if any(step.points is not None and step.entries for step in document.steps):
        message = "a step of a matrix is no single number; use the method signals"
        raise NetworkError([Problem("--method", message)])
    asked = [step for step in document.steps if step.points is not None and step.key]
    bands = truth_bands(derivation, readings, rounding)
    wrong = wrong_numbers(derivation, [step.key for step in asked if step.key])
    found = []
    for step in asked:
        assert step.key is not None
        value = as_decimal(readings[step.key].shown)
        tolerance = tolerance_of(step.key, value, bands, derivation, rounding)
        answers = apart(
            value, tolerance, _rounded(wrong[step.key], step.key, derivation, rounding)
        )
        name = plain_name(step.key)
        found.append(
            Question(
                step.key, name, step.number, step.points or 0, value, tolerance, answers
            )
        )
    return tuple(found)


def unit_of(value: Decimal, kind: str, rounding: Rounding) -> Decimal:
    """One unit of the last place that is asked for."""
    digits = rounding.digits_of(kind)
    if digits.unit == "decimals":
        return Decimal(1).scaleb(-digits.count)
    return Decimal(1).scaleb((value.adjusted() if value else 0) - digits.count + 1)


def tolerance_of(
    key: Key,
    value: Decimal,
    bands: Mapping[Key, Range],
    derivation: Derivation,
    rounding: Rounding,
) -> Decimal:
    """How far an honest answer may be off: the band of the truth at the digits asked,
    at least half a unit of the last place, to two figures."""
    low, high = bands[key]
    half = unit_of(value, rounding_kind(key, derivation.graph), rounding) / 2
    far = max(abs(high - value), abs(value - low), half)
    return TWO_FIGURES.plus(far).normalize(TWO_FIGURES)


def truth_bands(
    derivation: Derivation, readings: Readings, rounding: Rounding
) -> Mapping[Key, Range]:
    """Between which numbers each quantity lies when every line is rounded at the digits
    asked, or none is: rule by rule from the exact givens.

    Each value may be rounded, so a band is half a unit wider than what it is computed
    from.
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
            low, high = compile_range(quantity.formula, slots)(ranges)
            if not isinstance(quantity.formula, Name | Number):
                kind = rounding_kind(key, derivation.graph)
                largest = max(abs(low), abs(high))
                half = unit_of(largest, kind, rounding) / 2
                low, high = low - half, high + half
            ranges.append((low, high))
    return dict(zip(readings, ranges, strict=True))


def wrong_numbers(
    derivation: Derivation, asked: list[Key]
) -> Mapping[Key, tuple[WrongAnswer, ...]]:
    """For each quantity asked the numbers that the mistakes of the catalogue lead to,
    where they change it themselves: in its own step, not before."""
    answers = answer_key(derivation.graph)
    right = answers.read(FULL)
    found: dict[Key, list[WrongAnswer]] = {key: [] for key in asked}
    for mistake in MISTAKES.values():
        if mistake.kind == "convention":
            continue
        numbers = _with_mistake(answers, mistake.name)
        for key in asked:
            if key in numbers and numbers[key] != as_decimal(right[key].value):
                found[key].append(WrongAnswer(mistake.name, numbers[key]))
    return {key: tuple(wrong) for key, wrong in found.items()}


def _with_mistake(answers: Answers, name: str) -> Mapping[Key, Decimal]:
    """All numbers when a mistake is made everywhere; none where it has no value."""
    try:
        wrong = inject(answers, MISTAKES[name])
        readings = wrong.read(FULL) if wrong else {}
    except (Circular, NetworkError):
        return {}
    return {key: as_decimal(reading.value) for key, reading in readings.items()}


def _rounded(
    wrong: tuple[WrongAnswer, ...], key: Key, derivation: Derivation, rounding: Rounding
) -> tuple[WrongAnswer, ...]:
    kind = rounding_kind(key, derivation.graph)
    return tuple(
        WrongAnswer(answer.mistake, rounding.shown(answer.value, kind))
        for answer in wrong
    )
