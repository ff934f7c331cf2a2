r"""LaTeX of written mathematics, as pieces between which a line may break.

Only commands of letters are used (`\Bigl(`, never `\,`), so that a formula survives
Markdown readers that strip a backslash before punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.cases import last_condition
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.matrices import (
    Hadamard,
    Matrix,
    MatrixProduct,
    Transpose,
)
from explainer.mathematics.numerals import is_scientific, numeral
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
    Summation,
    Written,
    walk,
)

Spell = Callable[[Key], str]
Pieces = tuple[str, ...]

# What a page says in its own language.
OTHERWISE = r"\text{otherwise}"
# Symbols that are printed as fractions: brackets around them are a size larger.
TALL = frozenset({"local", "derivative", "path"})
SIGNS: Mapping[str, str] = {
    "<": r"\lt",
    "<=": r"\le",
    ">": r"\gt",
    ">=": r"\ge",
    "==": "=",
    "!=": r"\ne",
}


def latex(written: Written, spell: Spell) -> str:
    r"""The expression in LaTeX; `spell` gives the symbol of each quantity.

    >>> x = Key("input", ("x",))
    >>> latex(Sum((Number(Decimal("0.7514")), Negative(Number(Decimal("-0.5"))))), str)
    '0.7514 - (-0.5)'
    >>> latex(Product((Number(Decimal("0.20")), Number(Decimal("-0.5")))), str)
    '0.20 \\times (-0.5)'
    """
    return " ".join(pieces(written, spell))


def pieces(written: Written, spell: Spell) -> Pieces:
    """The LaTeX in pieces, each with its own leading sign; a line may break between
    two."""
    return _pieces(written, spell)


def _bare_sign(written: Written) -> bool:
    """Whether the expression begins with a minus sign of its own."""
    # By its digits: -0.0 is not less than 0.
    return isinstance(written, Negative) or (
        isinstance(written, Number) and numeral(written.value).startswith("-")
    )


def _is_tall(written: Written) -> bool:
    return any(
        isinstance(part, Quotient | Cases | Summation | Derivative)
        or (
            isinstance(part, Number)
            and isinstance(part.value, Fraction)
            and part.value.denominator > 1
        )
        or (isinstance(part, Name) and part.key.kind in TALL)
        for part in walk(written)
    )


def _bracketed(written: Written, spell: Spell) -> Pieces:
    tall = any(isinstance(part, Matrix) for part in walk(written))
    size = "Bigg" if tall else "Big" if _is_tall(written) else ""
    opening, closing = (rf"\{size}l(", rf"\{size}r)") if size else ("(", ")")
    first, *rest = _pieces(written, spell)
    inside = (opening + first, *rest)
    return (*inside[:-1], inside[-1] + closing)


def _operand(written: Written, spell: Spell, *loose: type[Written]) -> Pieces:
    """An operand: in brackets where it begins with a minus sign or binds less
    tightly."""
    scientific = (
        isinstance(written, Number)
        and isinstance(written.value, Decimal)
        and is_scientific(written.value)
    )
    if _bare_sign(written) or scientific or isinstance(written, loose):
        return _bracketed(written, spell)
    return _pieces(written, spell)


@singledispatch
def _pieces(written: Written, spell: Spell) -> Pieces:
    raise TypeError(f"no LaTeX form for {type(written).__name__}")


@_pieces.register
def _(written: Number, spell: Spell) -> Pieces:
    return (numeral(written.value),)


@_pieces.register
def _(written: Name, spell: Spell) -> Pieces:
    return (spell(written.key),)


@_pieces.register
def _(written: Sum, spell: Spell) -> Pieces:
    found: list[str] = []
    for place, term in enumerate(written.terms):
        sign = "+"
        if place and isinstance(term, Negative):
            sign, term = "-", term.body
            first, *rest = _operand(term, spell, Sum, Cases)
        else:
            first, *rest = _operand(term, spell, Cases)
        found += [f"{sign} {first}" if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Product, spell: Spell) -> Pieces:
    sign = (
        r"\cdot" if any(isinstance(part, Name) for part in walk(written)) else r"\times"
    )
    found: list[str] = []
    last = len(written.factors) - 1
    for place, factor in enumerate(written.factors):
        # What follows a d/dx or a sum sign belongs to it, so these are bare only at
        # the end.
        reaching = () if place == last else (Derivative, Summation)
        first, *rest = _operand(factor, spell, Sum, Cases, Product, *reaching)
        found += [f"{sign} {first}" if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Quotient, spell: Spell) -> Pieces:
    return (rf"\frac{{{latex(written.top, spell)}}}{{{latex(written.bottom, spell)}}}",)


@_pieces.register
def _(written: Negative, spell: Spell) -> Pieces:
    # -0.2 × 0.3 would read as a product whose first factor is negative.
    numbers = isinstance(written.body, Product) and isinstance(
        written.body.factors[0], Number
    )
    first, *rest = _operand(written.body, spell, Sum, Cases, *((Product,) * numbers))
    return (f"-{first}", *rest)


@_pieces.register
def _(written: Power, spell: Spell) -> Pieces:
    base = " ".join(_base(written.base, spell))
    return (f"{base}^{{{latex(written.exponent, spell)}}}",)


def _base(base: Written, spell: Spell) -> Pieces:
    """What is raised to a power: bare if it is a plain number or symbol."""
    symbol = spell(base.key) if isinstance(base, Name) else ""
    raised = "^" in symbol or symbol.startswith("\\frac")
    simple = isinstance(base, Number) and "frac" not in numeral(base.value)
    constant = isinstance(base, Call) and not base.arguments
    if (isinstance(base, Name) and not raised) or simple or constant:
        return _operand(base, spell)
    return _bracketed(base, spell)


@_pieces.register
def _(written: Call, spell: Spell) -> Pieces:
    known = CALLABLE.get(written.function)
    arguments = [latex(argument, spell) for argument in written.arguments]
    if known is None:
        opening, closing = (r"\Bigl(", r"\Bigr)") if _is_tall(written) else ("(", ")")
        return (f"{written.function}{opening}{', '.join(arguments)}{closing}",)
    # max and min have two slots and may have more arguments: max(a, b, c).
    last = known.latex.count("<") - 1
    if len(arguments) > last + 1:
        arguments[last:] = [", ".join(arguments[last:])]
    return (re.sub("<([0-9])>", lambda slot: arguments[int(slot[1])], known.latex),)


@_pieces.register
def _(written: Comparison, spell: Spell) -> Pieces:
    sign = SIGNS[written.sign]
    return (f"{latex(written.left, spell)} {sign} {latex(written.right, spell)}",)


@_pieces.register
def _(written: Cases, spell: Spell) -> Pieces:
    rows = [
        f"{latex(value, spell)} & {latex(condition, spell)}"
        for value, condition in zip(written.values, written.conditions, strict=False)
    ]
    left = last_condition(written)
    last = latex(left, spell) if left else OTHERWISE
    rows.append(f"{latex(written.values[-1], spell)} & {last}")
    # Markdown readers keep a double backslash only at the end of a line.
    return ("\\begin{cases} " + " \\\\\n".join(rows) + " \\end{cases}",)


@_pieces.register
def _(written: Derivative, spell: Spell) -> Pieces:
    body, variable = latex(written.body, spell), spell(written.variable.key)
    if isinstance(written.body, Name):
        return (rf"\frac{{d {body}}}{{d {variable}}}",)
    bare = isinstance(written.body, Power | Call | Quotient)
    first, *rest = (
        _pieces(written.body, spell) if bare else _bracketed(written.body, spell)
    )
    return (rf"\frac{{d}}{{d {variable}}} {first}", *rest)


@_pieces.register
def _(written: Summation, spell: Spell) -> Pieces:
    body = " ".join(_operand(written.body, spell, Sum, Cases))
    index, upper = spell(written.index.key), latex(written.upper, spell)
    return (rf"\sum_{{{index}=1}}^{{{upper}}} {body}",)


@_pieces.register
def _(written: Matrix, spell: Spell) -> Pieces:
    rows = (" & ".join(_entries(row, spell)) for row in written.rows)
    return ("\\begin{pmatrix} " + " \\\\\n".join(rows) + " \\end{pmatrix}",)


def _entries(row: tuple[Written, ...], spell: Spell) -> list[str]:
    """The entries of a row; Markdown takes a line that begins with a minus sign for a
    list."""
    first, *rest = (latex(entry, spell) for entry in row)
    return [f"{{{first}}}" if first.startswith("-") else first, *rest]


@_pieces.register
def _(written: MatrixProduct, spell: Spell) -> Pieces:
    loose = (Sum, Negative, Product, Hadamard)
    found = (_matrix_operand(factor, spell, *loose) for factor in written.factors)
    return tuple(piece for pieces in found for piece in pieces)


@_pieces.register
def _(written: Hadamard, spell: Spell) -> Pieces:
    found: list[str] = []
    for place, factor in enumerate(written.factors):
        loose = (Sum, Negative, Product, MatrixProduct)
        first, *rest = _matrix_operand(factor, spell, *loose)
        found += [rf"\circ {first}" if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Transpose, spell: Spell) -> Pieces:
    body = latex(written.body, spell)
    raised = isinstance(written.body, Name) and ("^" in body or "frac" in body)
    return (rf"({body})^{{\top}}" if raised else rf"{body}^{{\top}}",)


def _matrix_operand(written: Written, spell: Spell, *loose: type[Written]) -> Pieces:
    bracketed = isinstance(written, loose)
    return (_bracketed if bracketed else _pieces)(written, spell)
