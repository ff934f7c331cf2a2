"""How wide LaTeX mathematics is printed, in digits of the running text, to break long
lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|.")
MATRIX = re.compile(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", re.DOTALL)
WIDE = {
    r"\boxed": 1.0,
    r"\phantom": 0.0,
    r"\mathbf": 0.0,
    r"\boldsymbol": 0.0,
    r"\circ": 1.6,
    r"\Biggl": 0.6,
    r"\Biggr": 0.6,
    r"\begin": 0.0,
    r"\text": 0.0,
    r"\mathit": 0.0,
    r"\Bigl": 0.3,
    r"\Bigr": 0.3,
    r"\mathrm": 0.0,
    r"\Big": 0.2,
    r"\times": 2.2,
    r"\cdot": 1.6,
    r"\max": 3.5,
    r"\ln": 2.2,
    r"\tanh": 4.5,
    r"\quad": 2.0,
    r"\approx": 2.6,
    r"\to": 2.0,
    r"\sum": 2.5,
}
SIGNS = {"+": 2.4, "-": 2.0, "=": 2.6, " ": 0.0, ".": 0.5, ",": 0.6, "&": 1.0}


def measure(tex: str) -> float:
    r"""The printed width of a formula, counted in digits.

    >>> measure("0.5") < measure(r"\frac{0.5}{2}") + 0.1 < measure("0.5 + 2")
    True
    """
    tokens = TOKEN.findall(MATRIX.sub(_as_digits, tex))
    width, _ = _group(tokens, 0)
    return width


def _as_digits(matrix: re.Match[str]) -> str:
    """A matrix as so many digits: its widest entries, and room beside them."""
    rows = [row.split("&") for row in matrix[1].split("\\\\")]
    widths = [max(map(measure, column)) for column in zip(*rows, strict=True)]
    return "0" * round(sum(widths) + 2 * len(widths) + 1)


def _group(tokens: list[str], place: int) -> tuple[float, int]:
    """The width from `place` to the end of its group, and the place after the group."""
    width = 0.0
    while place < len(tokens) and tokens[place] != "}":
        piece, place = _piece(tokens, place)
        width += piece
    return width, place + 1


def _piece(tokens: list[str], place: int) -> tuple[float, int]:
    token = tokens[place]
    if token == "{":
        return _group(tokens, place + 1)
    if token in ("^", "_") and place + 1 < len(tokens):
        small, place = _piece(tokens, place + 1)
        return 0.7 * small, place
    if token == r"\frac" and place + 1 < len(tokens):
        top, place = _piece(tokens, place + 1)
        bottom, place = _piece(tokens, place) if place < len(tokens) else (0.0, place)
        return max(top, bottom) + 0.5, place
    if token.startswith("\\"):
        return WIDE.get(token, 1.1), place + 1
    return SIGNS.get(token, 1.0), place + 1


def break_rows(
    pieces: Sequence[str], width: float, wide: Callable[[str], float] = measure
) -> list[int]:
    """How many pieces stand in each row, so that no row is wider than `width` where
    the pieces allow it. `wide` says how wide a piece is printed.

    A row breaks inside brackets only where the bracket alone is too wide for a row.

    >>> break_rows(("a", "+ (b", "+ c)"), 9)
    [1, 2]
    >>> break_rows(("a", "+ (b", "+ c)"), 5)
    [1, 1, 1]
    """
    counts: list[int] = []
    row = 0.0
    for group in outside_brackets(pieces):
        widths = [wide(piece) for piece in group]
        whole = sum(widths)
        for count, room in (
            ((1, width_) for width_ in widths)
            if whole > width
            else ((len(widths), whole),)
        ):
            if counts and row + room <= width:
                counts[-1] += count
                row += room
            else:
                counts.append(count)
                row = room
    return counts


def outside_brackets(pieces: Sequence[str]) -> list[list[str]]:
    """The pieces in groups that leave no bracket open.

    >>> outside_brackets(("a", "+ (b", "+ c)"))
    [['a'], ['+ (b', '+ c)']]
    """
    groups: list[list[str]] = []
    depth = 0
    for piece in pieces:
        if depth == 0:
            groups.append([])
        groups[-1].append(piece)
        depth += piece.count("(") - piece.count(")")
    return groups
