"""MathML of written mathematics, printed from its boxes.

Only MathML Core is used, which browsers draw themselves. What Core left out, such as
italic words and bold letters, is a class for the page's style sheet: `word`, `bold`,
`slanted`, `cases`, `matrix`, `frame`, `words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from html import escape

from explainer.mathematics.numerals import is_scientific, split_scientific
from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Bracket,
    Frame,
    Grid,
    Letters,
    Mark,
    Numeral,
    Over,
    Pattern,
    Phrase,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
)
from explainer.mathematics.typesetting.patterns import open_pattern
from explainer.mathematics.typesetting.surroundings import ALONE, Surroundings

SIGNS: Mapping[str, str] = {
    "+": "+",
    "-": "−",
    "times": "×",
    "dot": "⋅",
    "circ": "∘",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "==": "=",
    "!=": "≠",
}
# The heights of brackets, as LaTeX has them: text, \Big, \Bigg.
HEIGHTS = ("", "1.8em", "3em")
CLASSES: Mapping[str, str] = {"bold": "bold", "bold-italic": "bold slanted"}
PRIME = Mark("′")
PLAIN = ' mathvariant="normal"'
ACCENTS: Mapping[str, str] = {
    "hat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "dot": "˙", "vec": "→",
}  # fmt: skip
# Marks with room on both sides, at the size of text.
BETWEEN = frozenset("=→←·×∘⊙+−<>≤≥≠≈∈⊕±")
OPENING = frozenset("([{⟨")
FENCES: Mapping[str, tuple[str, str]] = {"cases": ("{", ""), "matrix": ("(", ")")}


def print_mathml(box: Box, around: Surroundings = ALONE) -> str:
    """The box in MathML, as what stands inside <math>. Raises PatternError.

    >>> print_mathml(Scripts(Letters("w"), Letters("5", "upright"), None))
    '<msub><mi>w</mi><mn>5</mn></msub>'
    """
    return _print(box, around, False)


@singledispatch
def _print(box: Box, around: Surroundings, small: bool) -> str:
    """`small` is what stands above or below, where signs have no room beside them."""
    raise TypeError(f"no MathML form for {type(box).__name__}")


@_print.register
def _(box: Row, around: Surroundings, small: bool) -> str:
    return _row(*(_print(part, around, small) for part in box.parts))


def _row(*parts: str) -> str:
    """One element of several; what has slots takes one element for each."""
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


@_print.register
def _(box: Numeral, around: Surroundings, small: bool) -> str:
    value = box.value
    if isinstance(value, Fraction) and value.denominator > 1:
        top, bottom = abs(value.numerator), value.denominator
        halves = "".join(_number(str(n), box, around) for n in (top, bottom))
        minus = ('<mo form="prefix">−</mo>',) if value < 0 else ()
        return _row(*minus, f"<mfrac>{halves}</mfrac>")
    if isinstance(value, Fraction):
        return _number(str(value.numerator), box, around)
    if is_scientific(value):
        return _power_of_ten(value, box, around)
    return _number(f"{value:f}", box, around)


def _number(digits: str, box: Numeral, around: Surroundings) -> str:
    """A number leads to where it was computed."""
    text = digits.replace("-", "−")
    link = around.link(box)
    if link is None or box.of is None:
        return f"<mn>{text}</mn>"
    name = escape(around.name(box.of))
    # Among the elements of MathML only <mtext> may hold a link. Alone it would pass for
    # a space, and the signs beside it would lose their room.
    anchor = f'<a href="{escape(link)}" data-of="{name}">{text}</a>'
    return f"<mrow><mtext>{anchor}</mtext><mn></mn></mrow>"


def _power_of_ten(value: Decimal, box: Numeral, around: Surroundings) -> str:
    digits, exponent = split_scientific(value)
    power = str(exponent).replace("-", "−")
    return _row(
        _number(digits, box, around),
        _operator("×", "infix", small=False),
        f"<msup><mn>10</mn><mn>{power}</mn></msup>",
    )


@_print.register
def _(box: Pattern, around: Surroundings, small: bool) -> str:
    return _print(open_pattern(box), around, small)


@_print.register
def _(box: Sign, around: Surroundings, small: bool) -> str:
    return _operator(SIGNS[box.name], "prefix" if box.prefix else "infix", small)


@_print.register
def _(box: Bracket, around: Surroundings, small: bool) -> str:
    return _fence("()"[not box.opens], box.size)


def _operator(text: str, form: str, small: bool) -> str:
    # At the beginning of a piece a sign would pass for a prefix, and lose its room.
    room = ' lspace="0" rspace="0"' if small or form == "prefix" else ""
    return f'<mo form="{form}"{room}>{escape(text)}</mo>'


def _fence(text: str, size: int) -> str:
    """A bracket or a bar of a fixed height."""
    form = "prefix" if text in OPENING else "postfix"
    height = HEIGHTS[size]
    tall = f'minsize="{height}" maxsize="{height}"' if size else 'stretchy="false"'
    return f'<mo form="{form}" lspace="0" rspace="0" {tall}>{escape(text)}</mo>'


@_print.register
def _(box: Grid, around: Surroundings, small: bool) -> str:
    rows = "".join(
        f"<mtr>{''.join(f'<mtd>{_print(cell, around, small)}</mtd>' for cell in row)}"
        "</mtr>"
        for row in box.rows
    )
    table = f'<mtable class="{box.kind}">{rows}</mtable>'
    opening, closing = FENCES[box.kind]
    before = f'<mo form="prefix" stretchy="true">{opening}</mo>'
    after = f'<mo form="postfix" stretchy="true">{closing}</mo>' if closing else ""
    return f"<mrow>{before}{table}{after}</mrow>"


@_print.register
def _(box: Frame, around: Surroundings, small: bool) -> str:
    inside = _print(box.body, around, small) if box.body else ""
    room = inside or '<mspace width="4em" height="0.8em" depth="0.2em"></mspace>'
    return f'<mrow class="frame">{room}</mrow>'


@_print.register
def _(box: Phrase, around: Surroundings, small: bool) -> str:
    return f'<mtext class="words">{around.say(box.key)}</mtext>'


@_print.register
def _(box: Letters, around: Surroundings, small: bool) -> str:
    name = "mn" if box.text[0].isdecimal() else "mi"
    look = ""
    if box.style in CLASSES:
        # Without a variant a single letter would be italic.
        look = f' class="{CLASSES[box.style]}"{PLAIN}'
    elif box.style == "italic" and len(box.text) > 1:
        look = ' class="word"'
    elif box.style == "upright" and len(box.text) == 1 and name == "mi":
        look = PLAIN
    return f"<{name}{look}>{escape(box.text)}</{name}>"


@_print.register
def _(box: Mark, around: Surroundings, small: bool) -> str:
    if box.text == "∑" or box.text == "∏":
        return f'<mo form="prefix" largeop="true">{box.text}</mo>'
    if box.text in BETWEEN:
        return _operator(box.text, "infix", small)
    if box.text == ",":
        room = "0" if small else "0.2em"
        return f'<mo form="postfix" lspace="0" rspace="{room}">,</mo>'
    return _fence(box.text, box.size)


@_print.register
def _(box: Scripts, around: Surroundings, small: bool) -> str:
    box = box.stacked()
    if box.above == PRIME:
        # Its sign is small and raised in itself.
        base = Scripts(box.base, box.below, None) if box.below else box.base
        return _row(_print(base, around, small), _print(PRIME, around, small))
    whole = isinstance(box.base, Mark) and box.base.text in "∑∏"
    below, above = ("munder", "mover") if whole else ("msub", "msup")
    name = {(True, False): below, (False, True): above}.get(
        (box.below is not None, box.above is not None),
        "munderover" if whole else "msubsup",
    )
    scripts = (part for part in (box.below, box.above) if part is not None)
    parts = (
        _print(box.base, around, small),
        *(_print(part, around, True) for part in scripts),
    )
    return f"<{name}>{''.join(parts)}</{name}>"


@_print.register
def _(box: Over, around: Surroundings, small: bool) -> str:
    top, bottom = (_print(part, around, small) for part in (box.top, box.bottom))
    return f"<mfrac>{top}{bottom}</mfrac>"


@_print.register
def _(box: Root, around: Surroundings, small: bool) -> str:
    return f"<msqrt>{_print(box.body, around, small)}</msqrt>"


@_print.register
def _(box: Accent, around: Surroundings, small: bool) -> str:
    mark = f'<mo stretchy="false">{ACCENTS[box.name]}</mo>'
    return f'<mover accent="true">{_print(box.body, around, small)}{mark}</mover>'


@_print.register
def _(box: Space, around: Surroundings, small: bool) -> str:
    return f'<mspace width="{box.width / 100:g}em"></mspace>'
