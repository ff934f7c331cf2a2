"""The value of a printed formula: a fraction where it is rational, mpmath where not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import isqrt
from typing import Any

import mpmath

from tests.rereading.tree import (
    Cases,
    Number,
    Operation,
    Symbol,
    Tree,
    leaves,
)

# 1 / (1 + e^{-100}) begins with 43 nines: with fewer digits it would pass for 1.
REAL = mpmath.MPContext()
REAL.dps = 120
SAME = REAL.mpf(10) ** -100

# A Fraction is exact; anything else is an mpf of REAL and taken to be irrational.
Value = Any
Shift = tuple[int, Fraction]


class NoValue(ArithmeticError):
    """1/0, the logarithm of a number that is not positive, and their like."""


def value(tree: Tree, shift: Shift | None = None) -> Value:
    r"""The value; with `shift` the number at that place of the text is moved.

    >>> from tests.rereading.mathematics import parse
    >>> value(parse(r"\frac{1}{2} \times (0.5 - 0.3)"))
    Fraction(1, 10)
    """
    match tree:
        case Number():
            return tree.value + (shift[1] if shift and shift[0] == tree.at else 0)
        case Symbol():
            raise LookupError(tree.text)
        case Cases():
            return chosen(tree, shift)
        case Operation(name, parts):
            return OPERATIONS[name](*(value(part, shift) for part in parts))


def chosen(cases: Cases, shift: Shift | None) -> Value:
    for inside, condition in zip(cases.values, cases.conditions, strict=True):
        if condition is None or value(condition, shift):
            return value(inside, shift)
    raise NoValue("no case holds")


def uncertainty(tree: Tree, truncated: bool) -> Value:
    """How far the printed digits leave the value open: the sum over the numbers of what
    half a unit of the last place moves, a whole unit where digits were cut off."""
    here, total = value(tree), REAL.mpf(0)
    for leaf in leaves(tree):
        if isinstance(leaf, Number) and leaf.moves:
            step = leaf.unit if truncated else leaf.unit / 2
            total += max(moved(tree, here, leaf.at, by) for by in (step, -step))
    return total


def moved(tree: Tree, here: Value, at: int, by: Fraction) -> Value:
    try:
        return distance(value(tree, (at, by)), here)
    except NoValue:
        return REAL.mpf(0)


def real(number: Value) -> Value:
    if isinstance(number, Fraction):
        return REAL.mpf(number.numerator) / number.denominator
    return number


def distance(a: Value, b: Value) -> Value:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return real(abs(a - b))
    return abs(real(a) - real(b))


def same(a: Value, b: Value) -> bool:
    """Exactly equal. A rational and an irrational number never are."""
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return isinstance(a, Fraction) and isinstance(b, Fraction) and a == b
    return bool(abs(a - b) <= SAME * max(abs(a), abs(b)))


def rounded(number: Value, unit: Fraction, mode: str) -> Fraction:
    """The number to whole units: half-up (away from zero), half-even or truncate.

    >>> quarter, tenth = Fraction("0.25"), Fraction("0.1")
    >>> [rounded(quarter, tenth, mode) for mode in ("half-up", "half-even")]
    [Fraction(3, 10), Fraction(1, 5)]
    """
    units = mixed(operator.truediv)(abs(number), unit)
    whole = int(units)
    rest = units - whole
    half = Fraction(1, 2) if isinstance(rest, Fraction) else REAL.mpf("0.5")
    up = mode != "truncate" and (
        rest > half or (rest == half and (mode == "half-up" or whole % 2 == 1))
    )
    return (whole + up) * unit * (-1 if number < 0 else 1)


def mixed(calculate: Callable[[Any, Any], Any]) -> Callable[[Value, Value], Value]:
    """The calculation in fractions if both numbers are, otherwise in reals."""

    def either(a: Value, b: Value) -> Value:
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return calculate(a, b)
        return calculate(real(a), real(b))

    return either


def multiply(a: Value, b: Value) -> Value:
    if Fraction(0) in (a, b):
        return Fraction(0)
    return mixed(operator.mul)(a, b)


def divide(a: Value, b: Value) -> Value:
    if b == 0:
        raise NoValue("a division by zero")
    if a == Fraction(0):
        return Fraction(0)
    return mixed(operator.truediv)(a, b)


def power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if exponent < 0 and base == 0:
            raise NoValue("a division by zero")
        return base ** int(exponent)
    if exponent == Fraction(1, 2):
        return root(base)
    if base <= 0:
        raise NoValue("a broken power of a number that is not positive")
    return REAL.power(real(base), real(exponent))


def root(x: Value) -> Value:
    if x < 0:
        raise NoValue("the root of a negative number")
    if isinstance(x, Fraction):
        exact = Fraction(isqrt(x.numerator), isqrt(x.denominator))
        if exact**2 == x:
            return exact
    return REAL.sqrt(real(x))


def logarithm(x: Value) -> Value:
    if x <= 0:
        raise NoValue("the logarithm of a number that is not positive")
    return Fraction(0) if x == 1 else REAL.ln(real(x))


def exponential(x: Value) -> Value:
    return Fraction(1) if x == 0 else REAL.exp(real(x))


def hyperbolic_tangent(x: Value) -> Value:
    return Fraction(0) if x == 0 else REAL.tanh(real(x))


def logarithm_to(base: int) -> Callable[[Value], Value]:
    def compute(x: Value) -> Value:
        if x <= 0:
            raise NoValue("the logarithm of a number that is not positive")
        if isinstance(x, Fraction):
            near = int(REAL.nint(REAL.log(real(x), base)))
            if Fraction(base) ** near == x:
                return Fraction(near)
        return REAL.log(real(x), base)

    return compute


def only_at_zero(
    compute: Callable[[Any], Any], there: int = 0
) -> Callable[[Value], Value]:
    """Rational at 0 only."""
    return lambda x: Fraction(there) if x == 0 else compute(real(x))


def pick(better: Callable[[Any, Any], bool]) -> Callable[..., Value]:
    def best(*numbers: Value) -> Value:
        return reduce(lambda a, b: b if mixed(better)(b, a) else a, numbers)

    return best


OPERATIONS: Mapping[str, Callable[..., Value]] = {
    "+": mixed(operator.add),
    "-": mixed(operator.sub),
    "*": multiply,
    "/": divide,
    "^": power,
    "negative": operator.neg,
    "abs": abs,
    "e": exponential,
    "ln": logarithm,
    "tanh": hyperbolic_tangent,
    "log2": logarithm_to(2),
    "log10": logarithm_to(10),
    "erf": only_at_zero(REAL.erf),
    "sin": only_at_zero(REAL.sin),
    "cos": only_at_zero(REAL.cos, 1),
    "pi": lambda: +REAL.pi,
    "sqrt": root,
    "max": pick(operator.gt),
    "min": pick(operator.lt),
    "<": mixed(operator.lt),
    "<=": mixed(operator.le),
    ">": mixed(operator.gt),
    ">=": mixed(operator.ge),
    "==": same,
    "!=": lambda a, b: not same(a, b),
}
