"""The value of written mathematics: in Decimal to 50 digits, or exactly in
fractions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from functools import reduce, singledispatch
from typing import Any

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
    names_in,
    walk,
)

DIGITS = 50
# x^10000 is the highest power worth writing out in fractions.
HIGHEST_POWER = 10_000
# Digits that are tried where digits cancel.
MOST_DIGITS = 3_000
WORKING = Context(
    prec=DIGITS,
    Emax=MAX_EMAX,
    Emin=MIN_EMIN,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

Value = Decimal | Fraction


class NoExactValue(ArithmeticError):
    """The expression is not rational at these numbers."""


class Unbounded(ZeroDivisionError):
    """A logarithm of 0, or 0 to a negative power."""


class LostDigits(ArithmeticError):
    """Digits cancel, until the value cannot be told from 0."""


def evaluate(written: Written, values: Mapping[Key, Value]) -> Decimal:
    """The value to 50 digits. Raises ArithmeticError for 1/0, ln of 0 and their like.

    Where there are fractions among the numbers, it is computed in fractions as far as
    it has an exact value.

    >>> evaluate(Quotient(Number(Decimal(1)), Number(Decimal(8))), {})
    Decimal('0.125')
    >>> evaluate(Sum((Number(Fraction(1, 4)), Number(Decimal("0.5")))), {})
    Decimal('0.75')
    """
    if any(isinstance(part, Call) for part in walk(written)):
        return _settle(written, values)
    return _evaluate(written, values, DIGITS)


def _evaluate(written: Written, values: Mapping[Key, Value], digits: int) -> Decimal:
    with localcontext(WORKING) as context:
        context.prec = digits
        try:
            return as_decimal(_value(written, values, _decimal_call))
        except TypeError:  # Python does not add a Fraction to a Decimal.
            return _evaluate_mixed(written, values)


def _settle(written: Written, values: Mapping[Key, Value]) -> Decimal:
    """The value once twice as many digits change none of the 50.

    ln(1 + e^z) at z = -105 keeps 4 of 50 digits: 1 + 2.5e-46 has lost the others.
    """
    digits = DIGITS + 10
    before = _evaluate(written, values, digits)
    while digits < MOST_DIGITS:
        digits *= 2
        value = _evaluate(written, values, digits)
        if value and abs(value - before) <= abs(value).scaleb(-DIGITS, WORKING):
            return WORKING.plus(value)
        if not value and is_exactly_zero(written, values):
            return value
        before = value
    raise LostDigits("the digits cancel")


def is_exactly_zero(written: Written, values: Mapping[Key, Value]) -> bool:
    """Whether the value is 0 itself, and not a number whose digits are lost."""
    try:
        return evaluate_exactly(written, values) == 0
    except ZeroDivisionError:
        return False
    except NoExactValue:
        pass
    match written:
        case Product(factors):
            return any(is_exactly_zero(factor, values) for factor in factors)
        case Sum(terms):
            return all(is_exactly_zero(term, values) for term in terms)
        case Quotient(top, _) | Negative(top):
            return is_exactly_zero(top, values)
    return False


def _evaluate_mixed(written: Written, values: Mapping[Key, Value]) -> Decimal:
    try:
        return as_decimal(evaluate_exactly(written, values))
    except NoExactValue:
        decimals = {key: as_decimal(value) for key, value in values.items()}
        return as_decimal(
            _value(_with_numbers(written, as_decimal), decimals, _decimal_call)
        )


def evaluate_exactly(written: Written, values: Mapping[Key, Value]) -> Fraction:
    """The value as a fraction. Raises NoExactValue where a function leaves the
    rationals.

    >>> evaluate_exactly(Quotient(Number(Decimal(1)), Number(Decimal(3))), {})
    Fraction(1, 3)
    """
    exact = {key: Fraction(value) for key, value in values.items()}
    fractions = _with_numbers(written, lambda value: Fraction(value))
    return Fraction(_value(fractions, exact, _exact_call))


def is_rational(written: Written) -> bool:
    """Whether the expression has an exact value, from its numbers alone."""
    if names_in(written):
        return False
    try:
        evaluate_exactly(written, {})
    except ArithmeticError:
        return False
    return True


def as_decimal(value: Value) -> Decimal:
    """The number as a Decimal of 50 digits."""
    if isinstance(value, Decimal):
        return value
    return WORKING.divide(Decimal(value.numerator), Decimal(value.denominator))


def _with_numbers(written: Written, convert: Callable[[Value], Value]) -> Written:
    if isinstance(written, Number):
        return Number(convert(written.value))
    parts = (_with_numbers(part, convert) for part in written.parts())
    return written.with_parts(tuple(parts)) if written.parts() else written


def _decimal_call(function: str, arguments: tuple[Value, ...]) -> Value:
    record = CALLABLE[function]
    if any(isinstance(argument, Fraction) for argument in arguments):
        exact = record.exact(*(Fraction(argument) for argument in arguments))
        if exact is not None:
            return exact
    return _finite(record.decimal(*map(as_decimal, arguments)), function)


def _finite(value: Decimal, name: str) -> Decimal:
    # Decimal answers -Infinity to ln 0 and Infinity to 0^-1, without a signal.
    if not value.is_finite():
        raise Unbounded(name)
    return value


def _exact_call(function: str, arguments: tuple[Value, ...]) -> Value:
    value = CALLABLE[function].exact(*arguments)
    if value is None:
        raise NoExactValue(function)
    return value


Caller = Callable[[str, tuple[Value, ...]], Value]


@singledispatch
def _value(written: Written, values: Mapping[Key, Value], call: Caller) -> Value:
    raise TypeError(f"no value for {type(written).__name__}")


@_value.register
def _(written: Number, values: Mapping[Key, Value], call: Caller) -> Value:
    return written.value


@_value.register
def _(written: Name, values: Mapping[Key, Value], call: Caller) -> Value:
    return values[written.key]


@_value.register
def _(written: Sum, values: Mapping[Key, Value], call: Caller) -> Value:
    return reduce(operator.add, (_value(term, values, call) for term in written.terms))


@_value.register
def _(written: Product, values: Mapping[Key, Value], call: Caller) -> Value:
    return reduce(
        operator.mul, (_value(factor, values, call) for factor in written.factors)
    )


@_value.register
def _(written: Quotient, values: Mapping[Key, Value], call: Caller) -> Value:
    top = _value(written.top, values, call)
    bottom = _value(written.bottom, values, call)
    return top / bottom  # type: ignore[operator]


@_value.register
def _(written: Negative, values: Mapping[Key, Value], call: Caller) -> Value:
    return -_value(written.body, values, call)


@_value.register
def _(written: Power, values: Mapping[Key, Value], call: Caller) -> Value:
    base = _value(written.base, values, call)
    exponent = _value(written.exponent, values, call)
    if not exponent:
        return type(base)(1)
    if isinstance(base, Decimal):
        return _finite(base ** as_decimal(exponent), "power")
    if exponent != int(exponent) or not -HIGHEST_POWER <= exponent <= HIGHEST_POWER:
        raise NoExactValue("power")
    return Fraction(base ** int(exponent))


@_value.register
def _(written: Call, values: Mapping[Key, Value], call: Caller) -> Value:
    return call(
        written.function, tuple(_value(a, values, call) for a in written.arguments)
    )


@_value.register
def _(written: Cases, values: Mapping[Key, Value], call: Caller) -> Value:
    for condition, value in zip(written.conditions, written.values, strict=False):
        if _holds(condition, values, call):
            return _value(value, values, call)
    return _value(written.values[-1], values, call)


def choose_branch(
    cases: Cases, values: Mapping[Key, Value]
) -> tuple[Written, Comparison | None]:
    """The value of the first case that holds, and its condition (None for the last)."""
    for condition, value in zip(cases.conditions, cases.values, strict=False):
        if holds(condition, values):
            return value, condition
    return cases.values[-1], None


def holds(condition: Comparison, values: Mapping[Key, Value]) -> bool:
    """Whether the comparison is true at these numbers."""
    decimals = {key: as_decimal(values[key]) for key in names_in(condition)}
    left, right = (_with_numbers(part, as_decimal) for part in condition.parts())
    with localcontext(WORKING):
        return _holds(Comparison(left, condition.sign, right), decimals, _decimal_call)


def _holds(condition: Comparison, values: Mapping[Key, Value], call: Caller) -> bool:
    left = _value(condition.left, values, call)
    return COMPARE[condition.sign](left, _value(condition.right, values, call))
