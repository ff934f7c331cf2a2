"""The functions and constants of a formula: one record each, for numbers, SymPy and
every printer.

Every `decimal` follows the precision of the current context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

Exact = Callable[..., Fraction | None]
# Beyond 10^10000 a sine would need more than 10000 digits of pi.
LARGEST_ANGLE = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it is computed, printed and differentiated.

    `exact` answers in fractions where the value is known to be rational and None
    elsewhere. `derivative` is the outer derivative in x, as a rule of calculus states
    it; SymPy proves it in the tests. `latex` has `<0>`, `<1>` for the arguments.
    `sympy` is called with the module, so that nothing here imports it, and the
    arguments. A constant such as pi is a function of no arguments.
    """

    name: str
    latex: str
    sympy: Callable[..., Any]
    decimal: Callable[..., Decimal]
    exact: Exact
    derivative: str | None = None


def tanh(x: Decimal) -> Decimal:
    """tanh x = (1 - e^{-2x}) / (1 + e^{-2x}), through |x| so that e^{-2|x}| stays
    small.

    >>> tanh(Decimal(0))
    Decimal('0')
    """
    small = (-2 * abs(x)).exp()
    value = (1 - small) / (1 + small)
    return value if x >= 0 else -value


@contextmanager
def _more_digits(more: int) -> Iterator[None]:
    with localcontext() as context:
        context.prec += more
        yield


def pi() -> Decimal:
    """pi = 16 arctan(1/5) - 4 arctan(1/239), Machin 1706.

    >>> pi()
    Decimal('3.141592653589793238462643383')
    """
    return +_pi(getcontext().prec)


@cache
def _pi(digits: int) -> Decimal:
    """pi in whole numbers of 10^-(digits + 10)."""
    one = 10 ** (digits + 10)
    whole = 16 * _arctan_of_one_over(5, one) - 4 * _arctan_of_one_over(239, one)
    return Decimal(f"{whole}E-{digits + 10}")


def _arctan_of_one_over(n: int, one: int) -> int:
    """arctan(1/n) = 1/n - 1/(3n^3) + 1/(5n^5) - ..., times `one`."""
    power = total = one // n
    odd, sign = 1, 1
    while power:
        power, odd, sign = power // n**2, odd + 2, -sign
        total += sign * (power // odd)
    return total


def erf(x: Decimal) -> Decimal:
    """erf x = 2/sqrt(pi) e^{-x^2} (x + 2x^3/3 + 4x^5/15 + 8x^7/105 + ...).

    All terms have one sign, so no digits cancel (Abramowitz and Stegun, 7.1.6).

    >>> erf(Decimal("0.5"))
    Decimal('0.5204998778130465376827466539')
    """
    if not x:
        return Decimal(0)
    digits = getcontext().prec
    # 1 - erf |x| is less than e^{-x^2}.
    if x * x > 3 * digits + 10:
        return Decimal(1).copy_sign(x)
    with _more_digits(15):
        square = x * x
        term = total = x
        odd = 1
        while term and term.adjusted() > total.adjusted() - digits - 15:
            odd += 2
            term = term * 2 * square / odd
            total += term
        value = 2 * total * (-square).exp() / pi().sqrt()
    return +value


def log2(x: Decimal) -> Decimal:
    """log2 x = ln x / ln 2.

    >>> log2(Decimal(8))
    Decimal('3.000000000000000000000000000')
    """
    with _more_digits(5):
        value = x.ln() / Decimal(2).ln()
    return +value


def sin(x: Decimal) -> Decimal:
    """sin x = x - x^3/3! + x^5/5! - ..., after whole half turns are taken off.

    >>> sin(Decimal(1))
    Decimal('0.8414709848078965066525023216')
    """
    if not x:
        return Decimal(0)
    with _more_digits(10):
        turns, angle = _half_turns(x)
        value = _alternating(angle, 1, angle)
    return -value if turns % 2 else +value


def cos(x: Decimal) -> Decimal:
    """cos x = sin(x + pi/2); near 0 it is 1 - x^2/2! + x^4/4! - ...

    >>> cos(Decimal(1))
    Decimal('0.5403023058681397174009366074')
    """
    if abs(x) <= 1:
        with _more_digits(10):
            value = _alternating(Decimal(1), 0, x)
        return +value
    with _more_digits(10):
        turns, angle = _half_turns(x, Decimal("0.5"))
        value = _alternating(angle, 1, angle)
    return -value if turns % 2 else +value


def _half_turns(x: Decimal, shift: Decimal = Decimal(0)) -> tuple[int, Decimal]:
    """x + shift pi as n pi + r with |r| at most pi/2: n, and r without lost digits."""
    if x.adjusted() > LARGEST_ANGLE:
        raise ArithmeticError("the angle is too large")
    digits = getcontext().prec + max(0, x.adjusted())
    while True:
        with localcontext() as context:
            context.prec = 2 * digits
            moved = x + shift * pi()
            turns = int((moved / pi()).to_integral_value())
            angle = moved - turns * pi()
        if not turns or angle.adjusted() + digits > getcontext().prec:
            return turns, angle
        digits *= 2


def _alternating(first: Decimal, place: int, x: Decimal) -> Decimal:
    """The series whose next term is -x^2 / ((n + 1)(n + 2)) times the last."""
    term = total = first
    while term and term.adjusted() > total.adjusted() - getcontext().prec:
        term = -term * x * x / ((place + 1) * (place + 2))
        place += 2
        total += term
    return total


def _only_at(point: int, value: int) -> Exact:
    """One rational point with a rational value: e^x at 0, ln x at 1.

    By Lindemann there is no other for exp, log, tanh, sin and cos; none is known for
    erf.
    """
    return lambda x: Fraction(value) if x == point else None


def _root(x: Fraction) -> Fraction | None:
    if x < 0:
        return None
    top, bottom = _integer_root(x.numerator), _integer_root(x.denominator)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _integer_root(n: int) -> int | None:
    root = int(Decimal(n).sqrt())
    return next((r for r in (root - 1, root, root + 1) if r >= 0 and r * r == n), None)


def _whole_logarithm(base: int) -> Exact:
    """log x is rational for a rational x only where x is a whole power of the base
    (for a base such as 2 or 10 that is no power itself)."""

    def exact(x: Fraction) -> Fraction | None:
        if x <= 0:
            return None
        large = max(x.numerator, x.denominator)
        n = 0
        while large % base == 0:
            large, n = large // base, n + 1
        n = n if x >= 1 else -n
        return Fraction(n) if x == Fraction(base) ** n else None

    return exact


def _named(name: str) -> Callable[..., Any]:
    """SymPy's function of this name."""
    return lambda sympy, *arguments: getattr(sympy, name)(*arguments)


def _logarithm(base: int) -> Callable[..., Any]:
    return lambda sympy, x: sympy.log(x, base)


FUNCTIONS: Mapping[str, Function] = {
    f.name: f
    for f in (
        Function(
            "exp", "e^{<0>}", _named("exp"), Decimal.exp, _only_at(0, 1), "exp(x)"
        ),
        Function(
            "log", r"\ln(<0>)", _named("log"), Decimal.ln, _only_at(1, 0), "1 / x"
        ),
        Function(
            "log2",
            r"\log_{2}(<0>)",
            _logarithm(2),
            log2,
            _whole_logarithm(2),
            "1 / (x * log(2))",
        ),
        Function(
            "log10",
            r"\log_{10}(<0>)",
            _logarithm(10),
            Decimal.log10,
            _whole_logarithm(10),
            "1 / (x * log(10))",
        ),
        Function(
            "tanh",
            r"\tanh(<0>)",
            _named("tanh"),
            tanh,
            _only_at(0, 0),
            "1 - tanh(x)**2",
        ),
        Function(
            "erf",
            # GitHub allows no \operatorname.
            r"\mathrm{erf}(<0>)",
            _named("erf"),
            erf,
            _only_at(0, 0),
            "2 / sqrt(pi) * exp(-x**2)",
        ),
        Function("sin", r"\sin(<0>)", _named("sin"), sin, _only_at(0, 0), "cos(x)"),
        Function("cos", r"\cos(<0>)", _named("cos"), cos, _only_at(0, 1), "-sin(x)"),
        Function(
            "sqrt",
            r"\sqrt{<0>}",
            _named("sqrt"),
            Decimal.sqrt,
            _root,
            "1 / (2 * sqrt(x))",
        ),
        Function("abs", r"\lvert <0> \rvert", _named("Abs"), abs, abs),
        Function("max", r"\max(<0>, <1>)", _named("Max"), max, max),
        Function("min", r"\min(<0>, <1>)", _named("Min"), min, min),
    )
}
CONSTANTS: Mapping[str, Function] = {
    c.name: c
    for c in (Function("pi", r"\pi", lambda sympy: sympy.pi, pi, lambda: None, "0"),)
}
CALLABLE: Mapping[str, Function] = {**FUNCTIONS, **CONSTANTS}
