r"""What a formula must not look like, whatever it says: missing brackets, numbers side
by side, backslashes that Markdown eats, lines that Markdown takes for a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.rereading.page import INLINE, Formula, Place, formulas, prose_lines
from tests.rereading.tree import CLOSING, SIZES, tokenize

SIGNS = ("+", "-", r"\cdot", r"\times", "/")
# After these an operand stands first: the minus sign before it is its own.
BEGINNINGS = ("", "=", r"\approx", "(", "[", "{", ",", "&", "\\\\", r"\lvert")
FOREIGN = re.compile(
    r"\\begin\{((?:align|alignat|gather|multline|eqnarray|equation|flalign)\*?|split)\}"
)
BACKSLASH = re.compile(r"\\([^A-Za-z])")
CONTINUED = re.compile(r"\\\\\s*&\s*\\quad")
WORDS = re.compile(r"\\(?:text|begin|end|tag)\{[^{}]*\}")
# A list, a heading, the underline of a heading, a quote; `-1` is none of them.
EATEN = re.compile(r"[+*-](?=\s|$)|#{1,6}(?=\s|$)|=|>|-+\s*$")


def typography(markdown: str) -> list[str]:
    r"""Every mistake of form on the page, with its line.

    >>> typography("so $0.7 - -0.5$")
    ['line 1: a negative number without brackets: 0.7 - -0.5']
    """
    found = [
        f"line {formula.line}: {problem}: {' '.join(formula.text.split())}"
        for formula in formulas(markdown)
        for check in CHECKS
        for problem in check(formula)
    ]
    return found + list(lone_dollars(markdown))


def signs_of(formula: Formula) -> list[str]:
    """The tokens of the mathematics, without words, sizes and the breaks in a side."""
    text = WORDS.sub(" ", CONTINUED.sub(" ", formula.text))
    return [token.text for token in tokenize(text) if token.text not in SIZES]


def bare_negatives(formula: Formula) -> Iterator[str]:
    tokens = signs_of(formula)
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else ""
        if token == "-" and (before in SIGNS or begins_a_row(tokens, place)):
            yield "a negative number without brackets"


def begins_a_row(tokens: list[str], place: int) -> bool:
    """Whether `- number` stands there as the first of several operands."""
    before = tokens[place - 1] if place else ""
    number = tokens[place + 1 : place + 2]
    if before not in BEGINNINGS or not number or not number[0][0].isdigit():
        return False
    after = place + 2
    if tokens[after : after + 4] == [r"\times", "10", "^", "{"]:
        after = tokens.index("}", after) + 1
    return tokens[after : after + 1] != [] and tokens[after] in SIGNS


def side_by_side(formula: Formula) -> Iterator[str]:
    tokens = signs_of(formula)
    for before, after in zip(tokens, tokens[1:], strict=False):
        ends = before[0].isdigit() or before in (")", "}")
        starts = after[0].isdigit() or (after in ("(", r"\frac") and before != "}")
        if ends and starts:
            yield "two numbers side by side without a sign"


def backslashes(formula: Formula) -> Iterator[str]:
    for match in BACKSLASH.finditer(formula.text):
        if match[1] != "\\":
            shown = match[0].strip() or match[0]
            yield f"the backslash of {shown!r}, which Markdown strips"
    for line in formula.text.split("\n"):
        if re.search(r"\\\\(?!\s*$)", line) or ("\\\\" in line and not formula.display):
            yield r"\\ that is not at the end of a line"
            return


def environments(formula: Formula) -> Iterator[str]:
    for match in FOREIGN.finditer(formula.text):
        yield f"the environment {match[1]}; only aligned works everywhere"


def balance(formula: Formula) -> Iterator[str]:
    """Brackets, sizes and environments close in the order in which they open."""
    if not formula.closed:
        yield "a formula whose $$ never closes"
    parts = re.findall(r"\\(?:begin|end)\{[^{}]*\}|\\[A-Za-z]+|\\.|.", formula.text)
    waiting: list[str] = []
    size = ""
    for part in parts:
        if part in SIZES:
            size = part
            continue
        if not part.strip():
            continue
        opened, closes = opening(part, size), closing(part, size)
        size = ""
        if opened:
            waiting.append(opened)
        elif closes and (not waiting or waiting.pop() != closes):
            yield f"{closes!r} closes nothing that is open"
            return
    if waiting:
        yield f"{waiting[-1]!r} is missing"


def opening(part: str, size: str) -> str:
    """What will have to close this part; empty if it opens nothing."""
    if part.startswith(r"\begin{"):
        return part.replace("begin", "end")
    if size == r"\left":
        return r"\right"
    if part in CLOSING:
        return re.sub("l$", "r", size) + CLOSING[part]
    return ""


def closing(part: str, size: str) -> str:
    if size == r"\right":
        return r"\right"
    if part.startswith(r"\end{"):
        return part
    return size + part if part in CLOSING.values() else ""


def emptiness(formula: Formula) -> Iterator[str]:
    if not WORDS.sub("", formula.text).strip():
        yield "an empty formula"


def eaten_lines(formula: Formula) -> Iterator[str]:
    lines = formula.text.split("\n") if formula.display else []
    for line in lines:
        if EATEN.match(line.strip()):
            yield f"a line that begins with {line.strip()[0]!r}, which Markdown takes"


def bars(formula: Formula) -> Iterator[str]:
    if formula.in_table and "|" in formula.text:
        yield "a bar that ends the cell of the table"


CHECKS: tuple[Callable[[Formula], Iterator[str]], ...] = (
    bare_negatives,
    side_by_side,
    backslashes,
    environments,
    balance,
    emptiness,
    eaten_lines,
    bars,
)


def lone_dollars(markdown: str) -> Iterator[str]:
    place, inside = Place(), False
    for number, line in enumerate(prose_lines(markdown, place), 1):
        rest = re.sub(r"`[^`]*`|\\\$", "", line)
        if rest.count("$$") % 2:
            inside = not inside
        elif not inside and "$" in INLINE.sub("", rest).replace("$$", ""):
            yield f"line {number}: a dollar sign without its partner: {line}"
