"""Written mathematics -> boxes: brackets, signs, and where a line may break."""

from __future__ import annotations

from collections.abc import Callable
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
from explainer.mathematics.numerals import is_negative, is_scientific
from explainer.mathematics.typesetting.boxes import (
    Box,
    Bracket,
    Frame,
    Grid,
    Numeral,
    Pattern,
    Phrase,
    Sign,
    row,
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
    walk,
)

Spell = Callable[[Key], str]
Pieces = tuple[Box, ...]

# Symbols that are printed as fractions: brackets around them are a size larger.
TALL = frozenset({"local", "derivative", "path"})
MINUS = Sign("-", prefix=True)


def typeset(written: Written, spell: Spell) -> Box:
    """The expression as one box; `spell` gives the symbol of each quantity."""
    return row(*_pieces(written, spell))


def pieces(written: Written, spell: Spell) -> Pieces:
    """The boxes, each with its own leading sign; a line may break between two."""
    return _pieces(written, spell)


def _bare_sign(written: Written) -> bool:
    """Whether the expression begins with a minus sign of its own."""
    return isinstance(written, Negative) or (
        isinstance(written, Number) and is_negative(written.value)
    )


def _is_tall(written: Written) -> bool:
    return any(
        isinstance(part, Quotient | Cases | Summation | Derivative)
        or (isinstance(part, Number) and _is_fraction(part))
        or (isinstance(part, Name) and part.key.kind in TALL)
        for part in walk(written)
    )


def _is_fraction(number: Number) -> bool:
    return isinstance(number.value, Fraction) and number.value.denominator > 1


def _bracketed(written: Written, spell: Spell) -> Pieces:
    has_matrix = any(isinstance(part, Matrix) for part in walk(written))
    size = 2 if has_matrix else int(_is_tall(written))
    first, *rest = _pieces(written, spell)
    inside = (row(Bracket(True, size), first), *rest)
    return (*inside[:-1], row(inside[-1], Bracket(False, size)))


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
    raise TypeError(f"no typeset form for {type(written).__name__}")


@_pieces.register
def _(written: Number, spell: Spell) -> Pieces:
    return (Numeral(written.value, written.of),)


@_pieces.register
def _(written: Blank, spell: Spell) -> Pieces:
    return (Frame(typeset(written.answer, spell) if written.answer else None),)


@_pieces.register
def _(written: Name, spell: Spell) -> Pieces:
    return (Pattern(spell(written.key), (), written.key),)


@_pieces.register
def _(written: Sum, spell: Spell) -> Pieces:
    found: list[Box] = []
    for place, term in enumerate(written.terms):
        sign = "+"
        if place and isinstance(term, Negative):
            sign, term = "-", term.body
            first, *rest = _operand(term, spell, Sum, Cases)
        else:
            first, *rest = _operand(term, spell, Cases)
        found += [row(Sign(sign), first) if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Product, spell: Spell) -> Pieces:
    named = any(isinstance(part, Name) for part in walk(written))
    sign = Sign("dot" if named else "times")
    found: list[Box] = []
    last = len(written.factors) - 1
    for place, factor in enumerate(written.factors):
        # What follows a d/dx or a sum sign belongs to it, so these are bare only at
        # the end.
        reaching = () if place == last else (Derivative, Summation)
        first, *rest = _operand(factor, spell, Sum, Cases, Product, *reaching)
        found += [row(sign, first) if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Quotient, spell: Spell) -> Pieces:
    slots = (typeset(written.top, spell), typeset(written.bottom, spell))
    return (Pattern(r"\frac{<0>}{<1>}", slots),)


@_pieces.register
def _(written: Negative, spell: Spell) -> Pieces:
    # -0.2 × 0.3 would read as a product whose first factor is negative.
    numbers = isinstance(written.body, Product) and isinstance(
        written.body.factors[0], Number
    )
    first, *rest = _operand(written.body, spell, Sum, Cases, *((Product,) * numbers))
    return (row(MINUS, first), *rest)


@_pieces.register
def _(written: Power, spell: Spell) -> Pieces:
    base = row(*_base(written.base, spell))
    return (Pattern("<0>^{<1>}", (base, typeset(written.exponent, spell))),)


def _base(base: Written, spell: Spell) -> Pieces:
    """What is raised to a power: bare if it is a plain number or symbol."""
    symbol = spell(base.key) if isinstance(base, Name) else ""
    raised = "^" in symbol or symbol.startswith("\\frac")
    simple = isinstance(base, Number) and not _is_fraction(base)
    constant = isinstance(base, Call) and not base.arguments
    if (isinstance(base, Name) and not raised) or simple or constant:
        return _operand(base, spell)
    return _bracketed(base, spell)


@_pieces.register
def _(written: Call, spell: Spell) -> Pieces:
    known = CALLABLE.get(written.function)
    arguments = tuple(typeset(argument, spell) for argument in written.arguments)
    listed = ", ".join(f"<{place}>" for place in range(len(arguments)))
    if known is None:
        opening, closing = (r"\Bigl(", r"\Bigr)") if _is_tall(written) else ("(", ")")
        tex = f"{written.function}{opening}{listed}{closing}"
        return (Pattern(tex, arguments),)
    # max and min have two slots and may have more arguments: max(a, b, c).
    several = known.latex.count("<") > 1
    tex = known.latex.replace("<0>, <1>", listed) if several else known.latex
    return (Pattern(tex, arguments),)


@_pieces.register
def _(written: Comparison, spell: Spell) -> Pieces:
    left, right = (typeset(part, spell) for part in written.parts())
    return (row(left, Sign(written.sign), right),)


@_pieces.register
def _(written: Cases, spell: Spell) -> Pieces:
    rows = [
        (typeset(value, spell), typeset(condition, spell))
        for value, condition in zip(written.values, written.conditions, strict=False)
    ]
    left = last_condition(written)
    last = typeset(left, spell) if left else Phrase("otherwise")
    rows.append((typeset(written.values[-1], spell), last))
    return (Grid(tuple(rows), "cases"),)


@_pieces.register
def _(written: Derivative, spell: Spell) -> Pieces:
    variable = typeset(written.variable, spell)
    if isinstance(written.body, Name):
        return (
            Pattern(r"\frac{d <0>}{d <1>}", (typeset(written.body, spell), variable)),
        )
    bare = isinstance(written.body, Power | Call | Quotient)
    first, *rest = (
        _pieces(written.body, spell) if bare else _bracketed(written.body, spell)
    )
    return (row(Pattern(r"\frac{d}{d <0>}", (variable,)), first), *rest)


@_pieces.register
def _(written: Summation, spell: Spell) -> Pieces:
    body = row(*_operand(written.body, spell, Sum, Cases))
    bounds = (typeset(written.index, spell), typeset(written.upper, spell))
    return (row(Pattern(r"\sum_{<0>=1}^{<1>}", bounds), body),)


@_pieces.register
def _(written: Matrix, spell: Spell) -> Pieces:
    rows = (tuple(typeset(entry, spell) for entry in row) for row in written.rows)
    return (Grid(tuple(rows), "matrix"),)


@_pieces.register
def _(written: MatrixProduct, spell: Spell) -> Pieces:
    loose = (Sum, Negative, Product, Hadamard)
    found = (_matrix_operand(factor, spell, *loose) for factor in written.factors)
    return tuple(piece for pieces in found for piece in pieces)


@_pieces.register
def _(written: Hadamard, spell: Spell) -> Pieces:
    found: list[Box] = []
    for place, factor in enumerate(written.factors):
        loose = (Sum, Negative, Product, MatrixProduct)
        first, *rest = _matrix_operand(factor, spell, *loose)
        found += [row(Sign("circ"), first) if place else first, *rest]
    return tuple(found)


@_pieces.register
def _(written: Transpose, spell: Spell) -> Pieces:
    symbol = spell(written.body.key) if isinstance(written.body, Name) else ""
    raised = "^" in symbol or "frac" in symbol
    tex = r"(<0>)^{\top}" if raised else r"<0>^{\top}"
    return (Pattern(tex, (typeset(written.body, spell),)),)


def _matrix_operand(written: Written, spell: Spell, *loose: type[Written]) -> Pieces:
    bracketed = isinstance(written, loose)
    return (_bracketed if bracketed else _pieces)(written, spell)
