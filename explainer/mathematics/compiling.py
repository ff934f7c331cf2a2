"""Written mathematics as a Python function of a list of numbers, for many evaluations
of one formula.

The function does what `evaluation.evaluate` does, operation by operation and with the
same digits, so that its value is the same to the last digit. A formula without
functions is computed with 50 digits. One with functions is computed with 120, and every
operation in which digits can cancel is watched; where too many do, `evaluate` itself
is asked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, getcontext
from fractions import Fraction
from functools import partial, singledispatch
from operator import itemgetter

from explainer.mathematics.evaluation import (
    COMPARE,
    DIGITS,
    WORKING,
    as_decimal,
    evaluate,
)
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.quick_functions import QUICK, ROUGH
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

Compiled = Callable[[list[Decimal]], Decimal]
# The digits with which `evaluate` settles a value that it computed with 60 first.
SETTLED_DIGITS = 2 * (DIGITS + 10)
# Digits that may be lost on the way from a number to the value: 60 stay right.
MOST_LOST = SETTLED_DIGITS - DIGITS - 10
FEWEST_LOST = 4
# These keep the digits of their argument, whatever it is.
STEADY = frozenset({"abs", "max", "min", "sqrt"})


# A first try: 65 digits stay right, and the value is taken where they decide on 50.
QUICK_DIGITS, QUICK_LOST = 75, 10
A_LITTLE_LESS, A_LITTLE_MORE = Decimal(f"0.{'9' * 62}"), Decimal(f"1.{'0' * 61}1")


class Unsettled(ArithmeticError):
    """Too many digits may have been lost for this value to be trusted."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the quantities stand in the list, and how many digits one operation may
    lose (None where `evaluate` does not ask either). `functions` are quicker ones
    in the place of those of their names."""

    slots: Mapping[Key, int]
    most_lost: int | None = None
    functions: Mapping[str, Callable[..., Decimal]] = field(default_factory=dict)


def compile_written(written: Written, slots: Mapping[Key, int]) -> Compiled:
    """The formula as a function of a list; `slots` says where in it a quantity stands.

    It is to be called in the context `evaluation.WORKING`. It raises ArithmeticError
    where `evaluate` does.

    >>> from decimal import localcontext
    >>> x, y = Key("input", ("x",)), Key("input", ("y",))
    >>> product = compile_written(Product((Name(x), Name(y))), {x: 0, y: 1})
    >>> with localcontext(WORKING):
    ...     product([Decimal("0.5"), Decimal("0.3")])
    Decimal('0.15')
    """
    by_walking = _walking(written, slots)
    parts = tuple(walk(written))
    if any(isinstance(p, Number) and isinstance(p.value, Fraction) for p in parts):
        return by_walking
    has_calls = any(isinstance(part, Call) for part in parts)
    if has_calls:
        most_lost = MOST_LOST // _watched(written)
        if most_lost < FEWEST_LOST:
            return by_walking
        compute = _compile(written, _Frame(slots, most_lost))
        settle = partial(_settled, compute, by_walking)
        few = QUICK_LOST // _watched(written)
        if few < 1 or not _are_quick(parts):
            return settle
        quick = _compile(written, _Frame(slots, few, QUICK))
        return partial(_quickly_settled, quick, settle)
    compute = _compile(written, _Frame(slots))
    if any(isinstance(part, Power) for part in parts):
        return partial(_or_by_walking, compute, by_walking)
    return compute


def compile_roughly(written: Written, slots: Mapping[Key, int]) -> Compiled:
    """The formula as a function of a list, with no care for digits that cancel and 14
    digits of a function, in the context that it is called in: for a first look.

    >>> from decimal import Context, localcontext
    >>> x = Key("input", ("x",))
    >>> with localcontext(Context(prec=5)):
    ...     +compile_roughly(Call("exp", (Name(x),)), {x: 0})([Decimal(1)])
    Decimal('2.7183')
    """
    return _compile(written, _Frame(slots, functions=ROUGH))


def compile_choice(
    cases: Cases, slots: Mapping[Key, int]
) -> Callable[[list[Decimal]], int]:
    """Which of the values is the one: the index of the first condition that holds."""
    frame = _Frame(slots)
    conditions = tuple(_condition(condition, frame) for condition in cases.conditions)

    def choose(values: list[Decimal]) -> int:
        for index, holds in enumerate(conditions):
            if holds(values):
                return index
        return len(conditions)

    return choose


def _walking(written: Written, slots: Mapping[Key, int]) -> Compiled:
    used = tuple((key, slots[key]) for key in names_in(written))
    return lambda values: evaluate(written, {key: values[slot] for key, slot in used})


def _watched(written: Written) -> int:
    """The most operations in which digits can be lost, on one way from a number up."""
    below = max(map(_watched, written.parts()), default=0)
    return below + isinstance(written, Sum | Power | Call | Comparison)


def _settled(compute: Compiled, by_walking: Compiled, values: list[Decimal]) -> Decimal:
    context = getcontext()
    context.prec = SETTLED_DIGITS
    try:
        value = compute(values)
    except ArithmeticError:
        return by_walking(values)
    finally:
        context.prec = DIGITS
    return WORKING.plus(value) if value else value


def _quickly_settled(
    compute: Compiled, settle: Compiled, values: list[Decimal]
) -> Decimal:
    """The value, where numbers a little below and above it are rounded to the same one.

    Ziv, Fast evaluation of elementary mathematical functions with correctly rounded
    last bit, ACM TOMS 17 (1991): few digits first, more where they do not decide.
    """
    context = getcontext()
    context.prec = QUICK_DIGITS
    try:
        value = compute(values)
        low, high = value * A_LITTLE_LESS, value * A_LITTLE_MORE
    except ArithmeticError:
        return _again(settle, values, context)
    finally:
        context.prec = DIGITS
    settled = value and WORKING.plus(low) == WORKING.plus(high)
    return WORKING.plus(value) if settled else settle(values)


def _again(settle: Compiled, values: list[Decimal], context: Context) -> Decimal:
    context.prec = DIGITS
    return settle(values)


def _are_quick(parts: tuple[Written, ...]) -> bool:
    return any(isinstance(part, Call) and part.function in QUICK for part in parts)


def _or_by_walking(
    compute: Compiled, by_walking: Compiled, values: list[Decimal]
) -> Decimal:
    try:
        return compute(values)
    except ArithmeticError:
        return by_walking(values)


@singledispatch
def _compile(written: Written, frame: _Frame) -> Compiled:
    raise TypeError(f"no value for {type(written).__name__}")


@_compile.register
def _(written: Number, frame: _Frame) -> Compiled:
    number = as_decimal(written.value)
    return lambda values: number


@_compile.register
def _(written: Name, frame: _Frame) -> Compiled:
    return itemgetter(frame.slots[written.key])


@_compile.register
def _(written: Sum, frame: _Frame) -> Compiled:
    terms = tuple(_compile(term, frame) for term in written.terms)
    if frame.most_lost is not None:
        return _watched_sum(terms, frame.most_lost)
    return _folded(operator.add, terms)


@_compile.register
def _(written: Product, frame: _Frame) -> Compiled:
    return _folded(
        operator.mul, tuple(_compile(factor, frame) for factor in written.factors)
    )


@_compile.register
def _(written: Quotient, frame: _Frame) -> Compiled:
    top, bottom = _compile(written.top, frame), _compile(written.bottom, frame)
    return lambda values: top(values) / bottom(values)


@_compile.register
def _(written: Negative, frame: _Frame) -> Compiled:
    body = _compile(written.body, frame)
    return lambda values: -body(values)


@_compile.register
def _(written: Power, frame: _Frame) -> Compiled:
    base, exponent = _compile(written.base, frame), _compile(written.exponent, frame)
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


@_compile.register
def _(written: Call, frame: _Frame) -> Compiled:
    exact = CALLABLE[written.function].decimal
    function = frame.functions.get(written.function, exact)
    arguments = tuple(_compile(argument, frame) for argument in written.arguments)
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


@_compile.register
def _(written: Cases, frame: _Frame) -> Compiled:
    conditions = [_condition(condition, frame) for condition in written.conditions]
    results = [_compile(value, frame) for value in written.values]
    cases, otherwise = tuple(zip(conditions, results, strict=False)), results[-1]

    def choose(values: list[Decimal]) -> Decimal:
        for holds, value in cases:
            if holds(values):
                return value(values)
        return otherwise(values)

    return choose


def _condition(condition: Comparison, frame: _Frame) -> Callable[[list[Decimal]], bool]:
    compare = COMPARE[condition.sign]
    left, right = _compile(condition.left, frame), _compile(condition.right, frame)
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
