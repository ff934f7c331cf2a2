"""Mathematics as a line of SVG text: runs of letters, raised and lowered, and how wide
they are.

SVG has no formulas. Symbols, numbers and what stands between them are enough for a
picture: a fraction is written with a slash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import singledispatch
from html import escape

from explainer.mathematics.numerals import is_scientific, split_scientific
from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Bracket,
    Frame,
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
from explainer.mathematics.unicode_text import COMBINING, SIGNS

# Thousandths of the font's size. A font is not known before it is seen: these are the
# widths of a wide one.
SCRIPT = 700
BELOW = -240
# So much of a width, in hundredths, a narrow font has too.
SURELY = 80
ABOVE = 400
NARROW, WIDE, CAPITAL, DIGIT, LETTER = 340, 860, 740, 540, 560
BLANK_DIGITS = 6
# The space on each side of a sign.
AROUND = 260


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one style, size and height above the line, in thousandths.

    `back` is how far the run begins before the end of the one before: the script above
    a symbol that has one below.
    """

    text: str
    style: str = "upright"
    size: int = 1000
    rise: int = 0
    back: int = 0


def print_svg(box: Box, around: Surroundings = ALONE) -> str:
    """The box as the inside of an SVG text.

    >>> print_svg(Pattern("w_{5}"))
    '<tspan font-style="italic">w</tspan><tspan font-size="70%" dy=".342em">5</tspan>'
    """
    spans: list[str] = []
    height = 0
    for run in runs_of(box, around):
        moves = "".join(
            f' {name}="{_em(move * 1000 // run.size)}"'
            for name, move in (("dx", -run.back), ("dy", height - run.rise))
            if move
        )
        height = run.rise
        style = {
            "italic": ' font-style="italic"',
            "bold": ' font-weight="bold"',
            "bold-italic": ' font-style="italic" font-weight="bold"',
        }.get(run.style, "")
        size = f' font-size="{run.size // 10}%"' if run.size != 1000 else ""
        text = escape(run.text)
        attributes = style + size + moves
        spans.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
    return "".join(spans)


def width_of(box: Box, around: Surroundings = ALONE) -> int:
    """The width of the box, in thousandths of the font's size.

    >>> width_of(Numeral(Decimal("0.25"))), width_of(Pattern("w_{5}"))
    (1960, 1238)
    """
    end = widest = 0
    for run in runs_of(box, around):
        end += width_of_run(run) - run.back
        widest = max(widest, end)
    return widest


def width_of_run(run: Run) -> int:
    return sum(map(_width, run.text)) * run.size // 1000


def runs_of(box: Box, around: Surroundings = ALONE) -> list[Run]:
    """The runs of a box, in reading order."""
    return [run for run in _runs(box, around) if run.text]


def _width(sign: str) -> int:
    if sign in "ijltfrI.,;:'|′()[]·\u00a0\u2009" or sign in COMBINING.values():
        return 0 if sign in COMBINING.values() else NARROW
    if sign in "mwMW=+−×∑→":
        return WIDE
    if sign.isdecimal():
        return DIGIT
    return CAPITAL if sign.isupper() else LETTER


def _em(thousandths: int) -> str:
    """Thousandths as an SVG length: 340 is .34em."""
    sign, size = ("-" if thousandths < 0 else ""), abs(thousandths)
    digits = f"{size % 1000:03d}".rstrip("0")
    whole = str(size // 1000) if size >= 1000 else ""
    return f"{sign}{whole}{'.' + digits if digits else ''}em" if size else "0"


def _moved(runs: list[Run], rise: int) -> list[Run]:
    """The runs as a script: smaller, and higher or lower."""
    return [
        replace(
            run,
            size=run.size * SCRIPT // 1000,
            rise=rise + run.rise * SCRIPT // 1000,
            back=run.back * SCRIPT // 1000,
        )
        for run in runs
    ]


@singledispatch
def _runs(box: Box, around: Surroundings) -> Iterator[Run]:
    raise TypeError(f"no SVG form for {type(box).__name__}")


@_runs.register
def _(box: Row, around: Surroundings) -> Iterator[Run]:
    spaced = False
    for part in box.parts:
        runs = runs_of(part, around)
        relation = isinstance(part, Sign) and not part.prefix
        if runs and (spaced or relation):
            runs[0] = replace(runs[0], back=runs[0].back - AROUND)
        spaced = relation
        yield from runs


@_runs.register
def _(box: Pattern, around: Surroundings) -> Iterator[Run]:
    yield from _runs(open_pattern(box), around)


@_runs.register
def _(box: Letters, around: Surroundings) -> Iterator[Run]:
    yield Run(box.text, box.style)


@_runs.register
def _(box: Mark, around: Surroundings) -> Iterator[Run]:
    yield Run(box.text)


@_runs.register
def _(box: Space, around: Surroundings) -> Iterator[Run]:
    yield Run("\u2009" if box.width > 0 else "")


@_runs.register
def _(box: Sign, around: Surroundings) -> Iterator[Run]:
    yield Run(SIGNS[box.name])


@_runs.register
def _(box: Bracket, around: Surroundings) -> Iterator[Run]:
    yield Run("(" if box.opens else ")")


@_runs.register
def _(box: Over, around: Surroundings) -> Iterator[Run]:
    yield from _runs(box.top, around)
    yield Run("/")
    yield from _runs(box.bottom, around)


@_runs.register
def _(box: Root, around: Surroundings) -> Iterator[Run]:
    yield Run("√")
    yield from _runs(box.body, around)


@_runs.register
def _(box: Accent, around: Surroundings) -> Iterator[Run]:
    first, *rest = runs_of(box.body, around)
    mark = COMBINING[box.name]
    yield replace(first, text=first.text[:1] + mark + first.text[1:])
    yield from rest


@_runs.register
def _(box: Frame, around: Surroundings) -> Iterator[Run]:
    if box.body is None:
        yield Run("_" * BLANK_DIGITS)
    else:
        yield from _runs(box.body, around)


@_runs.register
def _(box: Phrase, around: Surroundings) -> Iterator[Run]:
    yield Run(around.say(box.key))


@_runs.register
def _(box: Scripts, around: Surroundings) -> Iterator[Run]:
    yield from _runs(box.base, around)
    below = _moved(runs_of(box.below, around), BELOW) if box.below else []
    above = _moved(runs_of(box.above, around), ABOVE) if box.above else []
    yield from below
    if above and below:
        shift = sum(map(width_of_run, below)) * SURELY // 100
        above[0] = replace(above[0], back=above[0].back + shift)
    yield from above


@_runs.register
def _(box: Numeral, around: Surroundings) -> Iterator[Run]:
    value = box.value
    if isinstance(value, Decimal) and is_scientific(value):
        digits, power = split_scientific(value)
        yield Run(f"{digits} × 10".replace("-", "−"))
        yield from _moved([Run(str(power).replace("-", "−"))], ABOVE)
        return
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    yield Run(text.replace("-", "−"))
