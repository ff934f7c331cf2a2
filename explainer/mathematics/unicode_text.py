"""Unicode text of mathematics, for a terminal: `∂E/∂w₅ = (out_o1 − target) · …`.

A formula stands in one line. A subscript is small where every sign of it has a small
form, `outₕ₁`; otherwise it is `out_b1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.numerals import is_scientific, split_scientific
from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Bracket,
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
from explainer.mathematics.typesetting.patterns import PatternError, open_pattern
from explainer.mathematics.typesetting.setting import Spell, typeset
from explainer.mathematics.typesetting.surroundings import ALONE, Surroundings
from explainer.mathematics.written import Written

SIGNS: Mapping[str, str] = {
    "+": "+", "-": "−", "times": "×", "dot": "·", "circ": "∘", "<": "<", "<=": "≤",
    ">": ">", ">=": "≥", "==": "=", "!=": "≠",
}  # fmt: skip
LOW: Mapping[str, str] = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρϕχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
HIGH: Mapping[str, str] = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyz",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
        strict=True,
    )
) | {"′": "′", "⊤": "ᵀ"}
COMBINING: Mapping[str, str] = {
    "hat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
    "vec": "\u20d7",
}
# Boxes of the formula itself; those of a symbol stand close together.
WHOLE = Pattern | Numeral | Grid


def unicode_text(written: Written, spell: Spell) -> str:
    """The expression in one line of Unicode text.

    >>> from decimal import Decimal
    >>> from explainer.mathematics.written import Name, Number, Key, Power, Quotient
    >>> out = Name(Key("activation", ("h1",)))
    >>> half = Quotient(Power(out, Number(Decimal(2))), Number(Decimal("0.5")))
    >>> unicode_text(half, lambda key: r"\\mathit{out}_{h1}")
    'outₕ₁²/0.5'
    """
    return print_unicode(typeset(written, spell))


def print_unicode(box: Box, around: Surroundings = ALONE) -> str:
    """The box as Unicode text; `around` gives the words of a phrase inside it."""
    return _print(box, around)


@singledispatch
def _print(box: Box, around: Surroundings) -> str:
    raise TypeError(f"no Unicode form for {type(box).__name__}")


@_print.register
def _(box: Row, around: Surroundings) -> str:
    text = ""
    before: Box | None = None
    for part in box.parts:
        text += " " * (before is not None and _is_apart(before, part))
        text += _print(part, around)
        before = part
    return text


def _is_apart(left: Box, right: Box) -> bool:
    """Whether there is a space between two boxes of a row."""
    if isinstance(left, Sign):
        return not left.prefix
    if isinstance(right, Sign):
        return not (right.prefix or (isinstance(left, Bracket) and left.opens))
    if isinstance(left, Mark):
        return left.text == ","
    ends = isinstance(left, WHOLE) or (isinstance(left, Bracket) and not left.opens)
    starts = isinstance(right, WHOLE) or (isinstance(right, Bracket) and right.opens)
    return ends and starts


@_print.register
def _(box: Numeral, around: Surroundings) -> str:
    value = box.value
    if isinstance(value, Fraction):
        return str(value).replace("-", "−")
    if is_scientific(value):
        digits, power = split_scientific(value)
        raised = _raised(str(power).replace("-", "−"))
        return f"{digits} × 10{raised}".replace("-", "−")
    return f"{value:f}".replace("-", "−")


@_print.register
def _(box: Pattern, around: Surroundings) -> str:
    try:
        return _print(open_pattern(box), around)
    except PatternError:
        # A symbol that only LaTeX can print is shown as it was typed.
        text = box.tex
        for place, slot in enumerate(box.slots):
            text = text.replace(f"<{place}>", _print(slot, around))
        return text


@_print.register
def _(box: Sign, around: Surroundings) -> str:
    return SIGNS[box.name]


@_print.register
def _(box: Bracket, around: Surroundings) -> str:
    return "(" if box.opens else ")"


@_print.register
def _(box: Grid, around: Surroundings) -> str:
    rows = [[_print(cell, around) for cell in row] for row in box.rows]
    if box.kind == "matrix":
        return "[" + "; ".join("  ".join(row) for row in rows) + "]"
    word = around.say("if")
    cases = (
        f"{value} {condition}"
        if isinstance(last[-1], Phrase)
        else f"{value} {word} {condition}"
        for (value, condition), last in zip(rows, box.rows, strict=True)
    )
    return "{" + "; ".join(cases) + "}"


@_print.register
def _(box: Phrase, around: Surroundings) -> str:
    return around.say(box.key)


@_print.register
def _(box: Letters, around: Surroundings) -> str:
    return box.text


@_print.register
def _(box: Mark, around: Surroundings) -> str:
    return box.text


@_print.register
def _(box: Space, around: Surroundings) -> str:
    return " " if box.width >= 50 else ""


@_print.register
def _(box: Scripts, around: Surroundings) -> str:
    base = _print(box.base, around)
    if isinstance(_opened(box.base), Over):
        base = f"({base})"
    below = _print(box.below, around) if box.below else ""
    above = _print(box.above, around) if box.above else ""
    return base + _lowered(below) + _raised(above)


@_print.register
def _(box: Over, around: Surroundings) -> str:
    top, bottom = _print(box.top, around), _print(box.bottom, around)
    if _binds_less(box.top, ("+", "-")):
        top = f"({top})"
    if _binds_less(box.bottom, tuple(SIGNS)):
        bottom = f"({bottom})"
    return f"{top}/{bottom}"


@_print.register
def _(box: Root, around: Surroundings) -> str:
    body = _print(box.body, around)
    return f"√{body}" if _is_one_thing(body) else f"√({body})"


@_print.register
def _(box: Accent, around: Surroundings) -> str:
    body = _print(box.body, around)
    mark = COMBINING.get(box.name, "")
    return f"{body}{mark}" if len(body) == 1 and mark else f"{box.name}({body})"


def _opened(box: Box) -> Box:
    try:
        return open_pattern(box) if isinstance(box, Pattern) else box
    except PatternError:
        return box


def _binds_less(box: Box, signs: tuple[str, ...]) -> bool:
    """Whether a part of a fraction needs brackets in one line: one of these signs
    stands outside brackets in it, or another fraction."""
    depth = 0
    for part in _flat(box):
        match part:
            case Bracket(opens):
                depth += 1 if opens else -1
            case Mark("("):
                depth += 1
            case Mark(")"):
                depth -= 1
            case Sign(name, prefix) if depth == 0 and name in signs and not prefix:
                return True
            case Over() if depth == 0:
                return True
            case Numeral(Decimal() as value) if depth == 0 and is_scientific(value):
                return True
            case Numeral(Fraction() as value) if depth == 0 and value.denominator > 1:
                return True
    return False


def _flat(box: Box) -> tuple[Box, ...]:
    """The boxes side by side, those of patterns too."""
    opened = _opened(box)
    if isinstance(opened, Row):
        return tuple(inner for part in opened.parts for inner in _flat(part))
    return (opened,)


def _is_one_thing(text: str) -> bool:
    inside = text[1:-1] if text[:1] + text[-1:] in ("⟨⟩", "[]", "()") else text
    return all(sign.isalnum() or sign in "._" for sign in inside)


def _script(text: str, small: Mapping[str, str], sign: str) -> str:
    close = text.replace(" ", "")
    if all(letter in small for letter in close):
        return "".join(small[letter] for letter in close)
    return f"{sign}{text}" if _is_one_thing(text) else f"{sign}({text})"


def _lowered(text: str) -> str:
    return _script(text.replace(", ", ","), LOW, "_")


def _raised(text: str) -> str:
    return _script(text, HIGH, "^")
