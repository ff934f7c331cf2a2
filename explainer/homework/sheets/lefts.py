"""The left side of a statement: the name that ends at its sign of equality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.homework.sheets.endings import OPERATORS, PUNCTUATION
from explainer.homework.sheets.formulas import parse
from explainer.homework.sheets.names import LONGEST, Mention, SheetNames
from explainer.homework.sheets.signs import (
    BREAK,
    NUMBER,
    OPAQUE,
    RELATION,
    SIGN,
    SOFT,
    WORD,
    Sign,
)

EMPHASIS = ("**", "*", "`", '"', "'", "“", "”", ":")
# They make another quantity of the name behind them.
CHANGING = frozenset(("Delta", r"\Delta", r"\nabla", r"\sum", r"\prod", "∑", "∇"))


@dataclass(frozen=True, slots=True)
class Left:
    """A left side: a name, an expression from sign to sign, or unknown text.

    `is_prose` says that it stands in no marked mathematics.
    """

    text: str
    mention: Mention | None = None
    expression: tuple[int, int] | None = None
    is_prose: bool = False


def find_left(
    signs: Sequence[Sign], names: SheetNames, text: str, floor: int, end: int
) -> Left:
    """What stands left of the relation at `end`, not before `floor`."""
    while end > floor and signs[end - 1].kind in (SOFT, BREAK):
        end -= 1
    low = end
    while low > floor and signs[low - 1].kind not in (SOFT, BREAK, RELATION, OPAQUE):
        low -= 1
    is_prose = low == 0 or signs[low - 1].kind != SOFT
    for stop in dict.fromkeys((end, _without_emphasis(signs, low, end))):
        mention = _name_ending(signs, names, low, stop)
        if mention is not None:
            typed = _typed(signs, text, mention.start, stop)
            return Left(typed, mention, None, is_prose)
    expression = _expression_ending(signs, names, low, end)
    if expression is not None:
        named = _named_before(signs, names, low, expression)
        return Left(
            _typed(signs, text, expression, end), named, (expression, end), is_prose
        )
    return Left(_typed(signs, text, _run_before(signs, low, end), end))


def _without_emphasis(signs: Sequence[Sign], low: int, end: int) -> int:
    while end > low and signs[end - 1].text in EMPHASIS:
        end -= 1
    return end


def _name_ending(
    signs: Sequence[Sign], names: SheetNames, low: int, end: int
) -> Mention | None:
    """The longest name that ends there and stands for itself."""
    for start in range(max(low, end - LONGEST), end):
        if start > low and not _is_apart(signs, start):
            continue
        mention = names.read(signs, start, end)
        if mention is None or mention.end != end:
            continue
        return None if _is_operand(signs, names, low, start) else mention
    return None


def _is_apart(signs: Sequence[Sign], start: int) -> bool:
    """Whether a name may begin at a sign, by what stands before it."""
    before, sign = signs[start - 1], signs[start]
    if before.text in CHANGING:
        return False
    if sign.spaced or before.text in ("(", "[", "{", "**", "*", '"', "“", "`", ":"):
        return before.text not in ("_", "^", "@", r"\_")
    return (
        before.text in PUNCTUATION
        or before.text in OPERATORS
        or (before.kind == SIGN and before.text in "→⇒|<>\\&#")
    )


def _is_operand(signs: Sequence[Sign], names: SheetNames, low: int, start: int) -> bool:
    """Whether the name is a part of a calculation: `E_1 + E_2 = 0.2`."""
    if start == low:
        return False
    before = signs[start - 1]
    if before.text in OPERATORS:
        if before.text == "**" or start - 1 == low:
            # A mark of a list, or bold print; a minus that touches is a minus.
            return before.text == "-" and not signs[start].spaced
        # After a word, a minus between two spaces is a dash.
        dash = before.text == "-" and before.spaced and signs[start].spaced
        return not (dash and signs[start - 2].kind == WORD) or (
            _expression_ending(signs, names, low, start - 1) is not None
        )
    if before.kind == NUMBER:
        label = start - 1 == low or signs[start - 2].kind == WORD
        return not (label and before.text.isdecimal())
    if before.text in (")", "]"):
        return _expression_ending(signs, names, low, start) is not None
    return _expression_ending(signs, names, low, start) == low


def _expression_ending(
    signs: Sequence[Sign], names: SheetNames, low: int, end: int
) -> int | None:
    """Where the longest expression begins that ends there."""
    for start in range(max(low, end - LONGEST), end):
        if start > low and not (
            _is_apart(signs, start) or signs[start - 1].text in OPERATORS
        ):
            continue
        parsed = parse(signs, names, start, end)
        if parsed is not None and parsed.end == end:
            return start
    return None


def _named_before(
    signs: Sequence[Sign], names: SheetNames, low: int, start: int
) -> Mention | None:
    """The name before a colon: `dE/dw5: 0.6 * 0.2 = 0.12`."""
    if start - 1 > low and signs[start - 1].text in (":", "→"):
        return _name_ending(signs, names, low, start - 1)
    return None


def _run_before(signs: Sequence[Sign], low: int, end: int) -> int:
    """Where the signs begin that stand without a space before the relation."""
    start, depth = end, 0
    while start > low:
        start -= 1
        sign = signs[start]
        if sign.kind == SIGN:
            depth += (sign.text == "}") - (sign.text == "{")
        before = signs[start - 1] if start > low else None
        fraction = before is not None and before.text in (r"\frac", "_", "^")
        if depth <= 0 and sign.spaced and not fraction:
            break
    while start < end and signs[start].text in ("(", ",", ";", ":", '"', "“"):
        start += 1
    return start


def _typed(signs: Sequence[Sign], text: str, start: int, end: int) -> str:
    run = signs[start:end]
    return text[run[0].start : run[-1].end].strip() if run else ""
