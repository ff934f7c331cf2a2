r"""Typst mathematics, printed from boxes.

Words are quoted, `italic("out")`, because Typst takes bare ones for names. A space
beside a word is printed, so that boxes stand close together wherever Typst can tell
them apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import singledispatch

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
from explainer.mathematics.typesetting.patterns import FUNCTIONS, open_pattern
from explainer.mathematics.typesetting.setting import Spell, typeset
from explainer.mathematics.typesetting.surroundings import ALONE, Surroundings
from explainer.mathematics.written import Written

SIGNS: Mapping[str, str] = {
    "+": "+", "-": "-", "times": "times", "dot": "dot.op", "circ": "∘", "<": "lt",
    "<=": "lt.eq", ">": "gt", ">=": "gt.eq", "==": "=", "!=": "eq.not",
}  # fmt: skip
OPERATIONS = frozenset({"+", "-", "times", "dot", "circ"})
STYLES: Mapping[str, str] = {
    "italic": "italic({})",
    "upright": "upright({})",
    "bold": "bold(upright({}))",
    "bold-italic": "bold(italic({}))",
}
ACCENTS: Mapping[str, str] = {
    "hat": "hat", "bar": "macron", "overline": "overline", "tilde": "tilde",
    "dot": "dot", "vec": "arrow",
}  # fmt: skip
EMPTY = '""'
# As high as a fraction, and as a matrix.
HEIGHTS = ("", "2.2em", "3.2em")
OPENING: Mapping[str, str] = {"cases": "cases(", "matrix": 'mat(delim: "(", '}
BETWEEN: Mapping[str, tuple[str, str]] = {
    "cases": (" & quad ", ", "),
    "matrix": (", ", "; "),
}


def typst(written: Written, spell: Spell) -> str:
    r"""The expression in Typst; `spell` gives the symbol of each quantity.

    >>> from decimal import Decimal
    >>> from explainer.mathematics.written import Key, Name, Number, Sum
    >>> out = Name(Key("activation", ("h1",)))
    >>> typst(Sum((out, Number(Decimal("-0.50")))), lambda key: r"\mathit{out}_{h1}")
    'italic("out")_(h 1) + \\(-0.50\\)'
    """
    return print_typst(typeset(written, spell))


def print_typst(box: Box, around: Surroundings = ALONE) -> str:
    """The box in Typst; `around` gives the words of a phrase inside it.

    Raises PatternError where a symbol uses LaTeX that only LaTeX can print.
    """
    return _print(box, around)


@singledispatch
def _print(box: Box, around: Surroundings) -> str:
    raise TypeError(f"no Typst form for {type(box).__name__}")


@_print.register
def _(box: Row, around: Surroundings) -> str:
    text = ""
    for place, part in enumerate(box.parts):
        printed = _print(part, around)
        if place == 0 and isinstance(part, Sign) and part.name in OPERATIONS:
            # A line that goes on with `+ c` keeps the room of a sum after its sign.
            printed = printed if part.prefix else f'class("binary", {printed})'
        before = box.parts[place - 1] if place else None
        text += _between(text, printed, before, part) + printed
    return text


def _between(left: str, right: str, before: Box | None, after: Box) -> str:
    """What keeps two boxes apart in the text of the formula."""
    if before is None or (isinstance(before, Sign) and before.prefix):
        return ""
    if any(isinstance(box, Sign) and not box.prefix for box in (before, after)):
        return " "
    if not (left[-1:].isalnum() and right[:1].isalnum()):
        return ""
    # A space before a word would be printed; a comment is none.
    return "/**/" if _is_word(right) else " "


def _is_word(text: str) -> bool:
    return re.match(r'(?:[a-z]+\()+"', text) is not None


@_print.register
def _(box: Numeral, around: Surroundings) -> str:
    value = box.value
    if isinstance(value, Fraction):
        sign, top = "-" * (value < 0), abs(value.numerator)
        whole = value.denominator == 1
        return f"{sign}{top}" if whole else f"{sign}frac({top}, {value.denominator})"
    if is_scientific(value):
        digits, power = split_scientific(value)
        return f"{digits} times 10^({power})"
    return f"{value:f}"


@_print.register
def _(box: Pattern, around: Surroundings) -> str:
    return _print(open_pattern(box), around)


@_print.register
def _(box: Sign, around: Surroundings) -> str:
    return SIGNS[box.name]


@_print.register
def _(box: Bracket, around: Surroundings) -> str:
    return _sized("(" if box.opens else ")", box.size)


def _sized(sign: str, size: int) -> str:
    plain = f"\\{sign}" if sign.isascii() and sign not in "=+" else sign
    return f"lr(size: #{HEIGHTS[size]}, {plain})" if size else plain


@_print.register
def _(box: Grid, around: Surroundings) -> str:
    column, line = BETWEEN[box.kind]
    rows = [column.join(_print(cell, around) for cell in row) for row in box.rows]
    return f"{OPENING[box.kind]}{line.join(rows)})"


@_print.register
def _(box: Frame, around: Surroundings) -> str:
    inside = _print(box.body, around) if box.body else "#h(4em)"
    return f"#box(stroke: 0.5pt, inset: 3pt, baseline: 3pt)[${inside}$]"


@_print.register
def _(box: Phrase, around: Surroundings) -> str:
    return f"#[{around.say(box.key)}]"


@_print.register
def _(box: Letters, around: Surroundings) -> str:
    if len(box.text) == 1 or box.text.replace(".", "").isdecimal():
        own = "upright" if box.text[0].isdecimal() else "italic"
        styled = STYLES[box.style].format(box.text)
        return box.text if box.style == own else styled
    if box.style == "upright" and box.text in FUNCTIONS:
        return f'op("{box.text}")'
    return STYLES[box.style].format(f'"{box.text}"')


@_print.register
def _(box: Mark, around: Surroundings) -> str:
    return _sized(box.text, box.size)


@_print.register
def _(box: Space, around: Surroundings) -> str:
    return f"#h({box.width / 100}em)"


@_print.register
def _(box: Scripts, around: Surroundings) -> str:
    base, inner = _print(box.base, around), _opened(box.base)
    below = f"_({_print(box.below, around)})" if box.below else ""
    above = f"^({_print(box.above, around)})" if box.above else ""
    if isinstance(inner, Scripts):
        # w_5 to the power of +: the scripts of both stand one above the other.
        free = not (inner.below and below) and not (inner.above and above)
    else:
        free = isinstance(inner, Letters | Mark | Accent | Over | Root)
    held = base if free else f"attach({base or EMPTY})"
    return f"{held}{below}{above}"


def _opened(box: Box) -> Box:
    return open_pattern(box) if isinstance(box, Pattern) else box


@_print.register
def _(box: Over, around: Surroundings) -> str:
    return f"frac({_print(box.top, around)}, {_print(box.bottom, around)})"


@_print.register
def _(box: Root, around: Surroundings) -> str:
    return f"sqrt({_print(box.body, around)})"


@_print.register
def _(box: Accent, around: Surroundings) -> str:
    return f"{ACCENTS[box.name]}({_print(box.body, around)})"
