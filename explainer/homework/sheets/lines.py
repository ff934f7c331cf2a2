"""Lines without a sign of equality: `out_h1: 0.60108`, `out h1 0.60108`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explainer.homework.sheets.lefts import Left
from explainer.homework.sheets.names import Mention, SheetNames
from explainer.homework.sheets.numerals import read_numeral
from explainer.homework.sheets.signs import (
    BREAK,
    NUMBER,
    OPAQUE,
    RELATION,
    SOFT,
    WORD,
    Sign,
)
from explainer.homework.sheets.statements import Side, Statement

BULLETS = frozenset(("-", "*", "+", ")", ".", ":", "(", "#", "**", "`"))
JOINTS = (":", "→", "**", "`", '"', "'", ",", ";", "|", "<", ">")
LONGEST_LINE = 80


def line_statements(
    text: str, signs: Sequence[Sign], names: SheetNames
) -> Iterator[Statement]:
    """The lines that are a name and a number and nothing else."""
    line: list[Sign] = []
    for sign in (*signs, Sign(BREAK, "\n", 0, 0, 0, True)):
        if sign.kind != BREAK:
            line.append(sign)
            continue
        kinds = {part.kind for part in line}
        bare = [part for part in line if part.kind != SOFT]
        line = []
        if not kinds & {RELATION, OPAQUE} and 2 <= len(bare) <= LONGEST_LINE:
            statement = _statement(text, bare, names)
            if statement is not None:
                yield statement


def _statement(text: str, line: Sequence[Sign], names: SheetNames) -> Statement | None:
    end = len(line)
    while end and line[end - 1].text in (".", ",", ";", "**", "`", '"', "✓", "'"):
        end -= 1
    for start in range(min(end, 8)):
        mention = names.read(line, start, end)
        if mention is not None:
            return _named(text, line, mention, end)
        if line[start].text not in BULLETS and line[start].kind != NUMBER:
            break
    return _unnamed(text, line, end)


def _named(
    text: str, line: Sequence[Sign], mention: Mention, end: int
) -> Statement | None:
    begin = mention.end
    while begin < end and line[begin].text in JOINTS:
        begin += 1
    if begin == mention.end and begin < end and not line[begin].spaced:
        return None
    side = _side(text, line[begin:end])
    left = Left(text[line[mention.start].start : line[mention.end - 1].end], mention)
    return Statement(left, side.line, [side]) if side else None


def _unnamed(text: str, line: Sequence[Sign], end: int) -> Statement | None:
    """`out_h9: 0.3` is reported; a sentence that ends with a number is none."""
    for begin in range(1, end):
        side = _side(text, line[begin:end])
        if side is None:
            continue
        head = line[:begin]
        while head and head[-1].text in JOINTS:
            head = head[:-1]
        glued = head and head[0].kind == WORD and not any(s.spaced for s in head[1:])
        named = any(s.text == "_" or s.kind == NUMBER for s in head) or (
            head and head[0].text[-1].isdigit()
        )
        if glued and named and line[begin].spaced:
            typed = text[head[0].start : head[-1].end]
            return Statement(Left(typed), side.line, [side])
        return None
    return None


def _side(text: str, run: Sequence[Sign]) -> Side | None:
    numeral = read_numeral(run) if run else None
    if numeral is None:
        return None
    return Side(text[run[0].start : run[-1].end], run[0].line, None, numeral)
