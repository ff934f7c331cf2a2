r"""LaTeX of written mathematics, printed from its boxes.

Only commands of letters are used (`\Bigl(`, never `\,`), so that a formula survives
Markdown readers that strip a backslash before punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import singledispatch

from explainer.mathematics.numerals import numeral
from explainer.mathematics.typesetting.boxes import (
    Box,
    Bracket,
    Frame,
    Grid,
    Numeral,
    Pattern,
    Phrase,
    Row,
    Sign,
)
from explainer.mathematics.typesetting.setting import Spell, typeset
from explainer.mathematics.typesetting.surroundings import ALONE, Surroundings
from explainer.mathematics.written import Written

SIGNS: Mapping[str, str] = {
    "+": "+",
    "-": "-",
    "times": r"\times",
    "dot": r"\cdot",
    "circ": r"\circ",
    "<": r"\lt",
    "<=": r"\le",
    ">": r"\gt",
    ">=": r"\ge",
    "==": "=",
    "!=": r"\ne",
}
SIZES = ("", "Big", "Bigg")
ENVIRONMENTS = {"cases": "cases", "matrix": "pmatrix"}


def latex(written: Written, spell: Spell) -> str:
    r"""The expression in LaTeX; `spell` gives the symbol of each quantity.

    >>> from decimal import Decimal
    >>> from explainer.mathematics.written import Negative, Number, Product, Sum
    >>> latex(Sum((Number(Decimal("0.7514")), Negative(Number(Decimal("-0.5"))))), str)
    '0.7514 - (-0.5)'
    >>> latex(Product((Number(Decimal("0.20")), Number(Decimal("-0.5")))), str)
    '0.20 \\times (-0.5)'
    """
    return print_latex(typeset(written, spell))


def print_latex(box: Box, around: Surroundings = ALONE) -> str:
    """The box in LaTeX; `around` gives the words of a phrase inside it."""
    return _print(box, around)


@singledispatch
def _print(box: Box, around: Surroundings) -> str:
    raise TypeError(f"no LaTeX form for {type(box).__name__}")


@_print.register
def _(box: Row, around: Surroundings) -> str:
    text = ""
    glued = True
    for part in box.parts:
        closing = isinstance(part, Bracket) and not part.opens
        text += _print(part, around) if glued or closing else f" {_print(part, around)}"
        glued = (isinstance(part, Bracket) and part.opens) or (
            isinstance(part, Sign) and part.prefix
        )
    return text


@_print.register
def _(box: Numeral, around: Surroundings) -> str:
    return numeral(box.value)


@_print.register
def _(box: Pattern, around: Surroundings) -> str:
    if not box.slots:
        return box.tex
    slots = [_print(slot, around) for slot in box.slots]
    return re.sub("<([0-9]+)>", lambda slot: slots[int(slot[1])], box.tex)


@_print.register
def _(box: Sign, around: Surroundings) -> str:
    return SIGNS[box.name]


@_print.register
def _(box: Bracket, around: Surroundings) -> str:
    size, side, sign = SIZES[box.size], "lr"[not box.opens], "()"[not box.opens]
    return rf"\{size}{side}{sign}" if size else sign


@_print.register
def _(box: Grid, around: Surroundings) -> str:
    name = ENVIRONMENTS[box.kind]
    first, *rest = ([_print(cell, around) for cell in row] for row in box.rows)
    rows = (" & ".join(cells) for cells in (first, *map(_grouped, rest)))
    # Markdown readers keep a double backslash only at the end of a line.
    return f"\\begin{{{name}}} " + " \\\\\n".join(rows) + f" \\end{{{name}}}"


def _grouped(cells: list[str]) -> list[str]:
    """The cells of a line; Markdown takes a line that begins with a minus sign for a
    list."""
    first, *rest = cells
    return [f"{{{first}}}" if first.startswith("-") else first, *rest]


@_print.register
def _(box: Frame, around: Surroundings) -> str:
    inside = _print(box.body, around) if box.body else r"\phantom{0.0000000}"
    return rf"\boxed{{{inside}}}"


@_print.register
def _(box: Phrase, around: Surroundings) -> str:
    return rf"\text{{{around.say(box.key)}}}"
