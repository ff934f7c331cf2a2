"""The operations of a formula as closures over a list of numbers, watched where digits
can cancel."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import singledispatch
from operator import itemgetter

from explainer.mathematics.evaluation import (
    COMPARE,
    DIGITS,
    as_decimal,
)
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
)

Compiled = Callable[[list[Decimal]], Decimal]
# The digits with which `evaluate` settles a value that it computed with 60 first.
SETTLED_DIGITS = 2 * (DIGITS + 10)
# Digits that may be lost on the way from a number to the value: 60 stay right.
MOST_LOST = SETTLED_DIGITS - DIGITS - 10
# These keep the digits of their argument, whatever it is.
STEADY = frozenset({"abs", "max", "min", "sqrt"})


class Unsettled(ArithmeticError):
    """Too many digits may have been lost for this value to be trusted."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the quantities stand in the list, and how many digits one operation may
    lose (None where `evaluate` does not ask either). `functions` are quicker ones
    in the place of those of their names."""

    slots: Mapping[Key, int]
    most_lost: int | None = None
    functions: Mapping[str, Callable[..., Decimal]] = field(default_factory=dict)


@singledispatch
def compile_part(written: Written, frame: Frame) -> Compiled:
    raise TypeError(f"no value for {type(written).__name__}")


@compile_part.register
def _(written: Number, frame: Frame) -> Compiled:
    number = as_decimal(written.value)
    return lambda values: number


@compile_part.register
def _(written: Name, frame: Frame) -> Compiled:
    return itemgetter(frame.slots[written.key])


@compile_part.register
def _(written: Sum, frame: Frame) -> Compiled:
    terms = tuple(compile_part(term, frame) for term in written.terms)
    if frame.most_lost is not None:
        return _watched_sum(terms, frame.most_lost)
    return _folded(operator.add, terms)


@compile_part.register
def _(written: Product, frame: Frame) -> Compiled:
    return _folded(
        operator.mul,
        tuple(compile_part(factor, frame) for factor in written.factors),
    )


@compile_part.register
def _(written: Quotient, frame: Frame) -> Compiled:
    top, bottom = (
        compile_part(written.top, frame),
        compile_part(written.bottom, frame),
    )
    return lambda values: top(values) / bottom(values)


@compile_part.register
def _(written: Negative, frame: Frame) -> Compiled:
    body = compile_part(written.body, frame)
    return lambda values: -body(values)


@compile_part.register
def _(written: Power, frame: Frame) -> Compiled:
    base, exponent = (
        compile_part(written.base, frame),
        compile_part(written.exponent, frame),
    )
    most_lost = frame.most_lost

    def power(values: list[Decimal]) -> Decimal:
        low, high = base(values), exponent(values)
        if not high:
            return Decimal(1)
        value = low**high
        # A base of 0 is the one way to 0; another power that is 0 was too small.
        if not value.is_finite() or (low and not value):
            raise Unsettled("power")
        if most_lost is not None and high.adjusted() >= most_lost:
            raise Unsettled("power")
        return value

    return power


@compile_part.register
def _(written: Call, frame: Frame) -> Compiled:
    exact = CALLABLE[written.function].decimal
    function = frame.functions.get(written.function, exact)
    arguments = tuple(compile_part(argument, frame) for argument in written.arguments)
    most_lost, name = frame.most_lost or MOST_LOST, written.function
    if name in STEADY:
        return lambda values: function(*(argument(values) for argument in arguments))

    def call(values: list[Decimal]) -> Decimal:
        numbers = [argument(values) for argument in arguments]
        value = function(*numbers)
        # ln x near x = 1 and tanh x near 0 are small, and as many digits are lost;
        # e^x is small where x is large, and loses as many digits as x has.
        lost = max((number.adjusted() for number in numbers), default=0)
        if name != "exp":
            lost = max(lost, -value.adjusted())
        if not value.is_finite() or not value or lost >= most_lost:
            raise Unsettled(name)
        return value

    return call


@compile_part.register
def _(written: Cases, frame: Frame) -> Compiled:
    conditions = [compile_test(condition, frame) for condition in written.conditions]
    results = [compile_part(value, frame) for value in written.values]
    cases, otherwise = tuple(zip(conditions, results, strict=False)), results[-1]

    def choose(values: list[Decimal]) -> Decimal:
        for holds, value in cases:
            if holds(values):
                return value(values)
        return otherwise(values)

    return choose


def compile_test(
    condition: Comparison, frame: Frame
) -> Callable[[list[Decimal]], bool]:
    compare = COMPARE[condition.sign]
    left, right = (
        compile_part(condition.left, frame),
        compile_part(condition.right, frame),
    )
    if frame.most_lost is None or _are_read(condition):
        return lambda values: compare(left(values), right(values))
    difference = _watched_sum((left, lambda values: -right(values)), frame.most_lost)
    return lambda values: compare(difference(values), 0)


def _are_read(condition: Comparison) -> bool:
    """Whether both sides stand in the list or the formula: nothing is lost in them."""
    return all(isinstance(part, Name | Number) for part in condition.parts())


def _folded(
    combine: Callable[[Decimal, Decimal], Decimal], parts: tuple[Compiled, ...]
) -> Compiled:
    """((a ∘ b) ∘ c) ∘ ..., from the left as it is read."""
    if len(parts) == 2:
        left, right = parts
        return lambda values: combine(left(values), right(values))
    first, rest = parts[0], parts[1:]

    def fold(values: list[Decimal]) -> Decimal:
        result = first(values)
        for part in rest:
            result = combine(result, part(values))
        return result

    return fold


def _watched_sum(terms: tuple[Compiled, ...], most_lost: int) -> Compiled:
    """The sum, unless it is so much smaller than its largest term that its digits have
    cancelled."""
    first, rest = terms[0], terms[1:]

    def total(values: list[Decimal]) -> Decimal:
        result = first(values)
        largest = result.adjusted()
        for term in rest:
            number = term(values)
            largest = max(largest, number.adjusted())
            result = result + number
        if not result or largest - result.adjusted() >= most_lost:
            raise Unsettled("sum")
        return result

    return total
