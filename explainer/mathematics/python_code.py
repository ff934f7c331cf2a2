"""Written mathematics as Python: `w1 * i1 + w2 * i2 + b1`, over Decimal or Fraction.

The numbers are never floats: 0.5 is Decimal("0.5"), and a quotient of two whole numbers
begins with one of the two types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.evaluation import Value
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
    walk,
)

# These take fractions and decimals as they are.
BUILT_IN = frozenset({"abs", "max", "min"})
# In fractions a function goes through decimals and back: `exactly(sqrt, x)`.
EXACTLY = "exactly"
# Longer numbers keep the powers of ten that they were written with.
LARGEST_WHOLE = 10**15


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the names are spelled, and whether the numbers are fractions."""

    name: Callable[[Key], str]
    exact: bool = False

    @property
    def type(self) -> str:
        return "Fraction" if self.exact else "Decimal"


def python(written: Written, dialect: Dialect) -> str:
    """The expression in Python; its value is a Decimal, or a Fraction if `exact`.

    >>> from decimal import Decimal
    >>> x = Name(Key("input", ("x",)))
    >>> half = Quotient(Number(Decimal(1)), Number(Decimal(2)))
    >>> python(Product((half, Sum((x, Negative(x))))), Dialect(lambda key: "x"))
    '(Decimal(1) / 2) * (x - x)'
    """
    return _typed(written, dialect)


def python_lines(written: Written, dialect: Dialect, room: int) -> list[str]:
    """The expression in one line where it has room, else in one for each part.

    Python reads it as one expression inside brackets.
    """
    whole = python(written, dialect)
    if len(whole) <= room or _is_whole(written):
        return [whole]
    match written:
        case Sum():
            return [f"{sign} {term}".strip() for sign, term in _terms(written, dialect)]
        case Product():
            first, *rest = _factors(written, dialect)
            return [first, *(f"* {factor}" for factor in rest)]
        case Quotient():
            top, bottom = _top_and_bottom(written, dialect)
            return [top, f"/ {bottom}"]
        case Negative(Sum() as body):
            inside = python_lines(body, dialect, 0)
            return ["-(", *(f"    {line}" for line in inside), ")"]
    return [whole]


def literal(value: Value, exact: bool = False) -> str:
    """A number of the page in Python, digit for digit.

    >>> from decimal import Decimal
    >>> literal(Decimal("0.20")), literal(Fraction(1, 3), exact=True)
    ('Decimal("0.20")', 'Fraction(1, 3)')
    """
    kind = "Fraction" if exact else "Decimal"
    if isinstance(value, Fraction):
        top, bottom = value.numerator, value.denominator
        if bottom == 1:
            return f"{kind}({top})"
        return f"Fraction({top}, {bottom})" if exact else f"Decimal({top}) / {bottom}"
    return f'{kind}("{value}")'


def _is_whole(written: Written) -> bool:
    """Whether Python would compute it in whole numbers, with floats for quotients."""
    leaves = [part for part in walk(written) if isinstance(part, Name | Number | Call)]
    return all(isinstance(part, Number) and _whole(part.value) for part in leaves)


def _whole(value: Value) -> bool:
    return value == int(value) and -LARGEST_WHOLE < value < LARGEST_WHOLE


def _typed(written: Written, dialect: Dialect) -> str:
    """Code whose value is a Decimal or a Fraction, and no whole number of Python's."""
    if isinstance(written, Number) and _whole(written.value):
        return f"{dialect.type}({int(written.value)})"
    if isinstance(written, Negative) and _is_whole(written):
        return f"-{_operand_text(_typed(written.body, dialect), written.body, Sum)}"
    if _is_whole(written) and not isinstance(written, Cases | Quotient | Power):
        return f"{dialect.type}({_python(written, dialect)})"
    return _python(written, dialect)


def _operand(written: Written, dialect: Dialect, *loose: type[Written]) -> str:
    return _operand_text(_python(written, dialect), written, *loose)


def _operand_text(text: str, written: Written, *loose: type[Written]) -> str:
    # A fraction of the page is a quotient in Python.
    split = " / " in text and isinstance(written, Number) and Product in loose
    loosely = isinstance(written, (*loose, Cases)) or split
    return f"({text})" if loosely or text.startswith("-") else text


@singledispatch
def _python(written: Written, dialect: Dialect) -> str:
    raise TypeError(f"no Python for {type(written).__name__}")


@_python.register
def _(written: Number, dialect: Dialect) -> str:
    if _whole(written.value):
        return str(int(written.value))
    return literal(written.value, dialect.exact)


@_python.register
def _(written: Name, dialect: Dialect) -> str:
    return dialect.name(written.key)


@_python.register
def _(written: Sum, dialect: Dialect) -> str:
    return " ".join(f"{sign} {term}" for sign, term in _terms(written, dialect)).strip()


def _terms(written: Sum, dialect: Dialect) -> list[tuple[str, str]]:
    """Each term after its sign; the first one has none."""
    found = [("", _operand(written.terms[0], dialect))]
    for term in written.terms[1:]:
        if isinstance(term, Negative):
            found.append(("-", _operand(term.body, dialect, Sum)))
        else:
            found.append(("+", _operand(term, dialect)))
    return found


@_python.register
def _(written: Product, dialect: Dialect) -> str:
    return " * ".join(_factors(written, dialect))


def _factors(written: Product, dialect: Dialect) -> list[str]:
    loose = (Sum, Product, Quotient)
    return [_operand(factor, dialect, *loose) for factor in written.factors]


@_python.register
def _(written: Quotient, dialect: Dialect) -> str:
    return " / ".join(_top_and_bottom(written, dialect))


def _top_and_bottom(written: Quotient, dialect: Dialect) -> tuple[str, str]:
    loose = (Sum, Product, Quotient)
    top = (
        _operand_text(_typed(written.top, dialect), written.top, *loose)
        if _is_whole(written)
        else _operand(written.top, dialect, *loose)
    )
    return top, _operand(written.bottom, dialect, *loose)


@_python.register
def _(written: Negative, dialect: Dialect) -> str:
    return f"-{_operand(written.body, dialect, Sum)}"


@_python.register
def _(written: Power, dialect: Dialect) -> str:
    loose = (Sum, Product, Quotient, Power)
    base = (
        _operand_text(_typed(written.base, dialect), written.base, *loose)
        if _is_whole(written)
        else _operand(written.base, dialect, *loose)
    )
    exponent = _operand(written.exponent, dialect, *loose)
    plain = base.isidentifier() and exponent.isalnum()
    return f"{base}**{exponent}" if plain else f"{base} ** {exponent}"


@_python.register
def _(written: Call, dialect: Dialect) -> str:
    arguments = [_typed(argument, dialect) for argument in written.arguments]
    if not arguments:
        return f"{written.function}()"
    listed = ", ".join(arguments)
    if dialect.exact and written.function not in BUILT_IN:
        return f"{EXACTLY}({written.function}, {listed})"
    return f"{written.function}({listed})"


@_python.register
def _(written: Comparison, dialect: Dialect) -> str:
    left, right = (_operand(part, dialect) for part in written.parts())
    return f"{left} {written.sign} {right}"


@_python.register
def _(written: Cases, dialect: Dialect) -> str:
    values = [_branch(value, dialect) for value in written.values]
    return " ".join(choose_in_order(written, values, dialect))


def _branch(value: Written, dialect: Dialect) -> str:
    text = _typed(value, dialect)
    return f"({text})" if isinstance(value, Cases) else text


def choose_in_order(written: Cases, values: list[str], dialect: Dialect) -> list[str]:
    """`a if z > 0`, `else b`: the lines of a choice, with code of one's own for the
    values."""
    conditions = [f" if {_python(test, dialect)}" for test in written.conditions]
    chosen = zip(values, [*conditions, ""], strict=True)
    return [
        f"{'else ' * (place > 0)}{value}{condition}"
        for place, (value, condition) in enumerate(chosen)
    ]
