"""Where mathematics ends and prose begins."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.homework.sheets.formulas import FUNCTIONS
from explainer.homework.sheets.names import SheetNames
from explainer.homework.sheets.signs import NUMBER, SIGN, WORD, Sign

PUNCTUATION = frozenset(",;:.?!")
OPERATORS = frozenset(("+", "-", "*", "/", "^", "**"))
# What may stand behind a finished number.
CLOSING = PUNCTUATION | frozenset(')]}>|<"“”`…→⇒✓✔–—#@\\&' + "'")


def is_prose(signs: Sequence[Sign], names: SheetNames, start: int, stop: int) -> bool:
    """Whether words of a sentence, or its punctuation, stand among the signs."""
    depth = inside = 0
    for place in range(start, stop):
        sign = signs[place]
        if sign.kind == SIGN:
            depth += (sign.text == "{") - (sign.text == "}")
            inside += (sign.text == "(") - (sign.text == ")")
            if depth <= 0 and inside <= 0 and sign.text in PUNCTUATION:
                return True
        if sign.kind == WORD and depth <= 0 and _is_word(sign):
            glued = place + 1 < stop and signs[place + 1].text == "_"
            if not glued and names.read(signs, place, stop) is None:
                return True
    return False


def _is_word(sign: Sign) -> bool:
    return len(sign.text) > 1 and sign.text.isalpha() and sign.text not in FUNCTIONS


def ends_cleanly(signs: Sequence[Sign], end: int, stop: int) -> bool:
    """Whether the expression that was read up to `end` is whole there.

    `0.41Now` and `0.6 (rounded)` are; `0,6`, `0.6.1`, `0.5 - rate` and `0.5t` are not.
    """
    rest = signs[end:stop]
    if not rest:
        return True
    first, after = rest[0], rest[1] if len(rest) > 1 else None
    if first.text in (",", "."):
        glued = after is not None and not first.spaced and not after.spaced
        return not (glued and after is not None and after.kind == NUMBER)
    if first.text in ("*", "**"):
        # The end of bold print.
        return not first.spaced and (after is None or after.text in CLOSING)
    if first.text == "-":
        # A dash, and a remark without any mathematics.
        dash = after is not None and first.spaced and after.spaced and _is_word(after)
        return dash and not any(
            s.text in OPERATORS or s.kind == NUMBER for s in rest[1:]
        )
    if first.text == "(":
        return not _calculates(rest)
    if first.kind == WORD:
        capital = first.text[:1].isupper() and first.text[1:2].islower()
        if not first.spaced and not capital:
            return False
        if after is not None and after.kind == NUMBER and not _is_word(first):
            return False
        return after is None or not (after.text in OPERATORS or after.text == "_")
    return first.text in CLOSING


def _calculates(rest: Sequence[Sign]) -> bool:
    """Whether a bracket holds a calculation, and not a remark."""
    depth = 0
    for place, sign in enumerate(rest):
        depth += (sign.text == "(") - (sign.text == ")")
        if depth == 0:
            following = rest[place + 1 : place + 2]
            return bool(following) and following[0].text in OPERATORS
        dash = sign.text == "-" and sign.spaced
        if sign.text in OPERATORS and not dash and sign.text != "/":
            return True
    return False
