"""Equations of Word (OMML), printed from boxes.

LibreOffice reads them as text of its own: a word is taken for a command, so words are
text (`nor`), and an operator needs an operand on its left, so what may begin with one
begins with `NOTHING`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from explainer.mathematics.typesetting.mathml import FENCES, SIGNS
from explainer.mathematics.typesetting.patterns import open_pattern
from explainer.mathematics.typesetting.surroundings import ALONE, Surroundings

STYLES: Mapping[str, str] = {"upright": "p", "bold": "b", "bold-italic": "bi"}
ACCENTS: Mapping[str, str] = {
    "hat": "\u0302", "bar": "\u0305", "overline": "\u0305", "tilde": "\u0303",
    "dot": "\u0307", "vec": "\u20d7",
}  # fmt: skip
CLOSING: Mapping[str, str] = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}
COLUMNS: Mapping[str, str] = {"cases": "left", "matrix": "center"}
# Marks that are operators or signs of mathematics; the others are text.
OPERATORS = frozenset("=→←·×∘⊙+−<>≤≥≠≈∈⊕±,/∗∞")
LARGE = frozenset("∑∏")
# Room to write a number into. LibreOffice draws no frame around it.
BLANK = "________"


def print_omml(box: Box, around: Surroundings = ALONE) -> str:
    """The box in OMML, as what stands inside <m:oMath>. Raises PatternError.

    >>> print_omml(Over(Letters("1", "upright"), Letters("n")))
    ... # doctest: +NORMALIZE_WHITESPACE
    '<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>n</m:t></m:r></m:den></m:f>'
    """
    return _print(box, around)


def _run(text: str, properties: str = "") -> str:
    """Characters of a formula. A bar would end the cell of a table in Markdown."""
    kept = escape(text, quote=False).replace("|", "&#124;")
    return f"<m:r>{properties}<m:t>{kept}</m:t></m:r>"


def _text(text: str, look: str = "") -> str:
    """Characters that are no mathematics."""
    return _run(text, "<m:rPr><m:nor/></m:rPr>" + look)


NOTHING = _text("\u200b")


def _argument(name: str, printed: str) -> str:
    """An argument of a construct; Word marks an empty one with a dotted frame."""
    return f"<m:{name}>{printed or NOTHING}</m:{name}>"


def _value(name: str, value: str) -> str:
    return f'<m:{name} m:val="{escape(value)}"/>'


@singledispatch
def _print(box: Box, around: Surroundings) -> str:
    raise TypeError(f"no OMML form for {type(box).__name__}")


@_print.register
def _(box: Row, around: Surroundings) -> str:
    """Brackets that close in the same row grow with what they hold."""
    levels: list[tuple[str, list[str]]] = [("", [])]
    parts = [*_flat(box.parts)]
    for place, part in enumerate(parts):
        sign = _bracket(part)
        inside = levels[-1][1]
        if sign in CLOSING:
            levels.append((sign, []))
        elif sign and CLOSING.get(levels[-1][0]) == sign:
            opening, _ = levels.pop()
            held = _fenced(opening, sign, "".join(inside))
            levels[-1][1].append(_with_scripts(part, held, around))
        elif _is_tall_bar(part) and inside:
            inside[-1] = _with_scripts(part, _fenced("", "|", inside[-1]), around)
        else:
            between = 0 < place < len(parts) - 1
            inside.append((_print if between else _print_edge)(part, around))
    return "".join(
        (_text(sign) if sign else "") + "".join(inside) for sign, inside in levels
    )


def _flat(parts: tuple[Box, ...]) -> Iterator[Box]:
    """The parts, and those of patterns and rows among them."""
    for part in parts:
        found = open_pattern(part) if isinstance(part, Pattern) else part
        if isinstance(found, Row):
            yield from _flat(found.parts)
        else:
            yield found


def _bracket(box: Box) -> str:
    """The bracket that a box is, raised or not; nothing if it is none."""
    match box:
        case Bracket(opens):
            return "()"[not opens]
        case Mark(sign) if sign in CLOSING or sign in CLOSING.values():
            return sign
        case Scripts(Mark(sign)) if sign in CLOSING.values():
            return sign
    return ""


def _is_tall_bar(box: Box) -> bool:
    """The bar after a fraction, with what is meant by it at its foot."""
    return (
        isinstance(box, Scripts)
        and isinstance(box.base, Mark)
        and box.base.text == "|"
        and box.base.size > 0
    )


def _fenced(opening: str, closing: str, inside: str) -> str:
    properties = _value("begChr", opening) + _value("endChr", closing)
    return f"<m:d><m:dPr>{properties}</m:dPr>{_argument('e', inside)}</m:d>"


def _with_scripts(box: Box, base: str, around: Surroundings) -> str:
    """The base with the scripts of a box, if it has any."""
    if not isinstance(box, Scripts):
        return base
    below, above = _script(box.below, around), _script(box.above, around)
    name = "s" + "Sub" * bool(below) + "Sup" * bool(above)
    sub = _argument("sub", below) if below else ""
    sup = _argument("sup", above) if above else ""
    return f"<m:{name}>{_argument('e', base)}{sub}{sup}</m:{name}>"


def _script(box: Box | None, around: Surroundings) -> str:
    return _print_edge(box, around) if box else ""


def _print_edge(box: Box, around: Surroundings) -> str:
    """What begins or ends a row: a mark there lacks an operand, and is text."""
    return _text(box.text) if isinstance(box, Mark) else _print(box, around)


@_print.register
def _(box: Scripts, around: Surroundings) -> str:
    if isinstance(box.base, Mark) and box.base.text in LARGE:
        return _large_operator(box.base.text, box, around)
    box = box.stacked()
    return _with_scripts(box, _print(box.base, around), around)


def _large_operator(sign: str, box: Scripts, around: Surroundings) -> str:
    """A sum from below to above. What is added up stands after it."""
    hidden = _value("subHide", "1") * (not box.below)
    hidden += _value("supHide", "1") * (not box.above)
    properties = _value("chr", sign) + _value("limLoc", "undOvr") + hidden
    sub, sup = _script(box.below, around), _script(box.above, around)
    arguments = _argument("sub", sub) + _argument("sup", sup) + _argument("e", "")
    return f"<m:nary><m:naryPr>{properties}</m:naryPr>{arguments}</m:nary>"


@_print.register
def _(box: Numeral, around: Surroundings) -> str:
    value = box.value
    if isinstance(value, Fraction):
        top = _run(str(abs(value.numerator)))
        whole = value.denominator == 1
        size = top if whole else _over(top, _run(str(value.denominator)))
        return _run("−") + size if value < 0 else size
    if is_scientific(value):
        digits, exponent = split_scientific(value)
        power = _argument("sup", _run(_signed(str(exponent))))
        ten = f"<m:sSup>{_argument('e', _run('10'))}{power}</m:sSup>"
        return _run(_signed(digits)) + _run("×") + ten
    return _run(_signed(f"{value:f}"))


def _signed(digits: str) -> str:
    return digits.replace("-", "−")


def _over(top: str, bottom: str) -> str:
    return f"<m:f>{_argument('num', top)}{_argument('den', bottom)}</m:f>"


@_print.register
def _(box: Pattern, around: Surroundings) -> str:
    return _print(open_pattern(box), around)


@_print.register
def _(box: Sign, around: Surroundings) -> str:
    return _run(SIGNS[box.name])


@_print.register
def _(box: Bracket, around: Surroundings) -> str:
    return _text("()"[not box.opens])


@_print.register
def _(box: Grid, around: Surroundings) -> str:
    rows = [[_print(cell, around) for cell in row] for row in box.rows]
    return _fenced(*FENCES[box.kind], _matrix(rows, COLUMNS[box.kind]))


def _matrix(rows: list[list[str]], justified: str) -> str:
    count = _value("count", str(max(map(len, rows))))
    column = f"<m:mc><m:mcPr>{count}{_value('mcJc', justified)}</m:mcPr></m:mc>"
    lines = "".join(
        f"<m:mr>{''.join(_argument('e', cell) for cell in row)}</m:mr>" for row in rows
    )
    return f"<m:m><m:mPr><m:mcs>{column}</m:mcs></m:mPr>{lines}</m:m>"


@_print.register
def _(box: Frame, around: Surroundings) -> str:
    inside = _print(box.body, around) if box.body else _text(BLANK)
    return f"<m:borderBox>{_argument('e', inside)}</m:borderBox>"


@_print.register
def _(box: Phrase, around: Surroundings) -> str:
    return _text(around.say(box.key))


@_print.register
def _(box: Letters, around: Surroundings) -> str:
    style = box.style
    if box.text.replace(".", "").isdecimal():
        return _run(box.text, _styled(style) if "bold" in style else "")
    if len(box.text) == 1:
        return _run(box.text, _styled(style))
    look = "<w:b/>" * ("bold" in style) + "<w:i/>" * ("italic" in style)
    return _text(box.text, f"<w:rPr>{look}</w:rPr>" if look else "")


def _styled(style: str) -> str:
    chosen = STYLES.get(style)
    return f"<m:rPr>{_value('sty', chosen)}</m:rPr>" if chosen else ""


@_print.register
def _(box: Mark, around: Surroundings) -> str:
    return _run(box.text) if box.text in OPERATORS else _text(box.text)


@_print.register
def _(box: Space, around: Surroundings) -> str:
    return _text("\u2005" * round(box.width / 25)) if box.width > 0 else ""


@_print.register
def _(box: Over, around: Surroundings) -> str:
    return _over(_print(box.top, around), _print(box.bottom, around))


@_print.register
def _(box: Root, around: Surroundings) -> str:
    hidden = f"<m:radPr>{_value('degHide', '1')}</m:radPr><m:deg/>"
    return f"<m:rad>{hidden}{_argument('e', _print(box.body, around))}</m:rad>"


@_print.register
def _(box: Accent, around: Surroundings) -> str:
    mark = f"<m:accPr>{_value('chr', ACCENTS[box.name])}</m:accPr>"
    return f"<m:acc>{mark}{_argument('e', _print(box.body, around))}</m:acc>"
