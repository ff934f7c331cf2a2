"""Plain text of written mathematics, as typed on a keyboard: `w5 - eta*(dE/dw5)`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.matrices import (
    Hadamard,
    Matrix,
    MatrixProduct,
    Transpose,
)
from explainer.mathematics.written import (
    Blank,
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
    Summation,
    Written,
)

Spell = Callable[[Key], str]


def plain(written: Written, spell: Spell) -> str:
    """The expression in plain text; `spell` gives the plain name of each quantity.

    >>> x = Name(Key("input", ("x",)))
    >>> plain(Product((x, Sum((Number(Fraction(1, 2)), Negative(x))))), lambda key: "x")
    'x*(1/2 - x)'
    """
    return _plain(written, spell)


def _operand(written: Written, spell: Spell, *loose: type[Written]) -> str:
    text = _plain(written, spell)
    # A fraction and a name such as dE/dw5 would lend their slash to the next operand.
    slashed = "/" in text and (
        isinstance(written, Name) or (isinstance(written, Number) and Product in loose)
    )
    bracketed = text.startswith("-") or slashed or isinstance(written, loose)
    return f"({text})" if bracketed else text


@singledispatch
def _plain(written: Written, spell: Spell) -> str:
    raise TypeError(f"no plain form for {type(written).__name__}")


@_plain.register
def _(written: Number, spell: Spell) -> str:
    return (
        str(written.value)
        if isinstance(written.value, Fraction)
        else f"{written.value}"
    )


@_plain.register
def _(written: Blank, spell: Spell) -> str:
    return f"[{_plain(written.answer, spell)}]" if written.answer else "____"


@_plain.register
def _(written: Name, spell: Spell) -> str:
    return spell(written.key)


@_plain.register
def _(written: Sum, spell: Spell) -> str:
    text = _operand(written.terms[0], spell, Cases)
    for term in written.terms[1:]:
        if isinstance(term, Negative):
            text += f" - {_operand(term.body, spell, Sum, Cases)}"
        else:
            text += f" + {_operand(term, spell, Cases)}"
    return text


@_plain.register
def _(written: Product, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, Cases, Derivative, Summation)
    return "*".join(_operand(factor, spell, *loose) for factor in written.factors)


@_plain.register
def _(written: Quotient, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, Cases, Derivative, Summation)
    top, bottom = (
        _operand(written.top, spell, *loose),
        _operand(written.bottom, spell, *loose),
    )
    return f"{top}/{bottom}"


@_plain.register
def _(written: Negative, spell: Spell) -> str:
    return f"-{_operand(written.body, spell, Sum, Cases)}"


@_plain.register
def _(written: Power, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, Power, Cases, Derivative, Summation)
    base, exponent = (_operand(part, spell, *loose) for part in written.parts())
    return f"{base}**{exponent}"


@_plain.register
def _(written: Call, spell: Spell) -> str:
    arguments = ", ".join(_plain(argument, spell) for argument in written.arguments)
    return f"{written.function}({arguments})" if arguments else written.function


@_plain.register
def _(written: Comparison, spell: Spell) -> str:
    return (
        f"{_inner(written.left, spell)} {written.sign} {_inner(written.right, spell)}"
    )


@_plain.register
def _(written: Cases, spell: Spell) -> str:
    pairs = zip(written.values, written.conditions, strict=False)
    text = "".join(
        f"{_inner(value, spell)} if {_plain(condition, spell)} else "
        for value, condition in pairs
    )
    return text + _inner(written.values[-1], spell)


def _inner(written: Written, spell: Spell) -> str:
    text = _plain(written, spell)
    return f"({text})" if isinstance(written, Cases) else text


@_plain.register
def _(written: Derivative, spell: Spell) -> str:
    return f"d/d{spell(written.variable.key)} ({_plain(written.body, spell)})"


@_plain.register
def _(written: Summation, spell: Spell) -> str:
    index, upper = spell(written.index.key), _plain(written.upper, spell)
    return f"sum over {index} = 1..{upper} of {_operand(written.body, spell, Sum)}"


@_plain.register
def _(written: Matrix, spell: Spell) -> str:
    rows = (", ".join(_plain(entry, spell) for entry in row) for row in written.rows)
    return "[" + "; ".join(rows) + "]"


@_plain.register
def _(written: MatrixProduct, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, Hadamard)
    return " @ ".join(_operand(factor, spell, *loose) for factor in written.factors)


@_plain.register
def _(written: Hadamard, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, MatrixProduct)
    return " o ".join(_operand(factor, spell, *loose) for factor in written.factors)


@_plain.register
def _(written: Transpose, spell: Spell) -> str:
    loose = (Sum, Product, Quotient, MatrixProduct, Hadamard)
    return f"{_operand(written.body, spell, *loose)}^T"
