"""The one door to SymPy: written mathematics in, SymPy expressions out.

SymPy is imported when a function here is first called, so that programs which need
numbers only start without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, singledispatch
from typing import TYPE_CHECKING, Any

from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Derivative,
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

if TYPE_CHECKING:
    import sympy

Symbols = Callable[[Key], Any]


@cache
def _sympy() -> Any:
    import sympy

    return sympy


@cache
def symbol(name: str) -> sympy.Symbol:
    """A real SymPy symbol. The same name gives the same symbol."""
    found: sympy.Symbol = _sympy().Symbol(name, real=True)
    return found


def rational(value: Decimal | Fraction) -> sympy.Rational:
    """The number exactly. (`sympify(Decimal)` would keep 15 digits.)

    >>> rational(Decimal("0.20"))
    1/5
    """
    found: sympy.Rational = _sympy().Rational(*Fraction(value).as_integer_ratio())
    return found


def differentiate_numerically(
    expression: Any,
    variables: Sequence[Any],
    numbers: Mapping[Any, Decimal | Fraction],
    digits: int,
) -> tuple[Decimal, ...]:
    """d expression / d variable for each variable, at the numbers, to so many digits.

    SymPy differentiates; common parts of the derivatives are computed once, by mpmath.
    """
    sympy = _sympy()
    import mpmath

    slopes = [expression.diff(variable) for variable in variables]
    compute = sympy.lambdify(list(numbers), slopes, modules="mpmath", cse=True)
    with mpmath.workdps(digits + 5):
        ratios = [Fraction(number).as_integer_ratio() for number in numbers.values()]
        values = compute(*(mpmath.mpf(top) / bottom for top, bottom in ratios))
        texts = [mpmath.nstr(mpmath.mpf(value), digits) for value in values]
    return tuple(map(read_decimal, texts))


def read_decimal(text: str) -> Decimal:
    """A number of SymPy's or mpmath's; 0 where its exponent is below every Decimal's.

    >>> read_decimal("1.5e-3"), read_decimal("1.5e-99999999999999999999")
    (Decimal('0.0015'), Decimal('0'))
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        if "e-" in text:
            return Decimal(0)
        raise


def to_sympy(written: Written, symbols: Symbols) -> sympy.Expr:
    """The expression in SymPy; `symbols` gives the SymPy expression of each
    quantity."""
    found: sympy.Expr = _convert(written, symbols)
    return found


@singledispatch
def _convert(written: Written, symbols: Symbols) -> Any:
    raise TypeError(f"no SymPy form for {type(written).__name__}")


@_convert.register
def _(written: Number, symbols: Symbols) -> Any:
    return rational(written.value)


@_convert.register
def _(written: Name, symbols: Symbols) -> Any:
    return symbols(written.key)


@_convert.register
def _(written: Sum, symbols: Symbols) -> Any:
    return _sympy().Add(*(_convert(term, symbols) for term in written.terms))


@_convert.register
def _(written: Product, symbols: Symbols) -> Any:
    return _sympy().Mul(*(_convert(factor, symbols) for factor in written.factors))


@_convert.register
def _(written: Quotient, symbols: Symbols) -> Any:
    return _convert(written.top, symbols) / _convert(written.bottom, symbols)


@_convert.register
def _(written: Negative, symbols: Symbols) -> Any:
    return -_convert(written.body, symbols)


@_convert.register
def _(written: Power, symbols: Symbols) -> Any:
    return _convert(written.base, symbols) ** _convert(written.exponent, symbols)


@_convert.register
def _(written: Call, symbols: Symbols) -> Any:
    arguments = (_convert(argument, symbols) for argument in written.arguments)
    return CALLABLE[written.function].sympy(_sympy(), *arguments)


@_convert.register
def _(written: Comparison, symbols: Symbols) -> Any:
    sympy = _sympy()
    relations = {
        "<": sympy.Lt,
        "<=": sympy.Le,
        ">": sympy.Gt,
        ">=": sympy.Ge,
        "==": sympy.Eq,
    }
    left, right = _convert(written.left, symbols), _convert(written.right, symbols)
    return relations[written.sign](left, right)


@_convert.register
def _(written: Cases, symbols: Symbols) -> Any:
    conditions = [_convert(condition, symbols) for condition in written.conditions]
    values = [_convert(value, symbols) for value in written.values]
    pairs = zip(values, [*conditions, True], strict=True)
    return _sympy().Piecewise(*pairs)


@_convert.register
def _(written: Derivative, symbols: Symbols) -> Any:
    return _sympy().diff(
        _convert(written.body, symbols), _convert(written.variable, symbols)
    )
