"""The error as a chart: before and after one update, and its course over many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from itertools import pairwise

from explainer.mathematics.typesetting.setting import Spell
from explainer.mathematics.written import Key, Name, Number
from explainer.notation import plain_name
from explainer.page.pictures.drawing import (
    Bar,
    BarDrawing,
    CourseDrawing,
    Label,
    Tick,
)
from explainer.page.pictures.measuring import LINE, make_label

BAR, BETWEEN, LONGEST = 26, 14, 320
MARGIN = 12
WIDTH, HEIGHT = 420, 220
MOST_TICKS = 6
MOST_DOTS = 24
STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
# Digits of working: a pixel needs few.
DIGITS = 30


def draw_errors(
    spell: Spell, before: tuple[Key, Decimal], after: tuple[Key, Decimal]
) -> BarDrawing:
    """Two bars on one scale from zero."""
    symbols = [make_label(spell, "symbol", Name(key)) for key, _ in (before, after)]
    values = [
        make_label(spell, "value", None, Number(v, k)) for k, v in (before, after)
    ]
    beside = max(label.width for label in symbols)
    behind = max(label.width for label in values)
    numbers = [before[1], after[1]]
    low, high = min(Decimal(0), *numbers), max(Decimal(0), *numbers)
    room = behind + 6 if low < 0 else 0
    start = MARGIN + beside + 8 + room
    zero = start + _scaled(Decimal(0), low, high, LONGEST)
    bars = []
    for place, (key, number) in enumerate((before, after)):
        top = MARGIN + place * (BAR + BETWEEN)
        end = start + _scaled(number, low, high, LONGEST)
        left, right = min(zero, end), max(zero, end)
        middle = top + BAR // 2
        at = left - 6 - behind // 2 if number < 0 else right + 6 + behind // 2
        bars.append(
            Bar(
                plain_name(key),
                left,
                top,
                right - left,
                BAR,
                _moved(symbols[place], MARGIN + beside // 2, middle),
                _moved(values[place], at, middle),
            )
        )
    width = start + LONGEST + 6 + behind + MARGIN
    height = 2 * MARGIN + 2 * BAR + BETWEEN
    return BarDrawing(width, height, zero, tuple(bars))


def draw_course(
    spell: Spell, objective: Key, course: Mapping[int, Decimal], counts: str
) -> CourseDrawing:
    """The points of a course over a linear scale, from zero where that is near."""
    low, high = min(course.values()), max(course.values())
    if 0 <= low:
        low = Decimal(0)
    elif high <= 0:
        high = Decimal(0)
    beside = ticks_between(low, high)
    low, high = min(low, beside[0]), max(high, beside[-1])
    labels = [make_label(spell, "tick", None, Number(number)) for number in beside]
    symbol = make_label(spell, "symbol", Name(objective))
    left = MARGIN + max(label.width for label in labels) + 4
    top = MARGIN + LINE + 6
    right, bottom = left + WIDTH, top + HEIGHT
    first, last = min(course), max(course)
    down = [bottom - _scaled(number, low, high, HEIGHT) for number in beside]
    counted = whole_ticks(first, last)
    across = [left + _along(number, first, last) for number in counted]
    return CourseDrawing(
        right + 2 * MARGIN,
        bottom + 50,
        left,
        right,
        top,
        bottom,
        _count_ticks(spell, across, counted, bottom + 16),
        tuple(
            Tick(y, _moved(label, left - 6, y))
            for y, label in zip(down, labels, strict=True)
        ),
        tuple(
            (left + _along(n, first, last), bottom - _scaled(e, low, high, HEIGHT))
            for n, e in _thinned(course, WIDTH)
        ),
        _moved(symbol, left, top - 6 - LINE // 2),
        counts,
        len(course) <= MOST_DOTS,
    )


def _count_ticks(
    spell: Spell, across: Sequence[int], counted: Sequence[int], below: int
) -> tuple[Tick, ...]:
    """The ticks of the axis that counts updates."""
    return tuple(
        Tick(x, make_label(spell, "tick", None, Number(Decimal(n)), (x, below)))
        for x, n in zip(across, counted, strict=True)
    )


def ticks_between(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Round numbers from at most `low` to at least `high`.

    >>> [str(tick) for tick in ticks_between(Decimal("0"), Decimal("0.31"))]
    ['0', '0.1', '0.2', '0.3', '0.4']
    """
    with localcontext(prec=DIGITS):
        span = high - low or abs(high) or Decimal(1)
        power = Decimal(1).scaleb((span / (MOST_TICKS - 1)).adjusted())
        step = next(
            power * size for size in STEPS if span <= power * size * (MOST_TICKS - 1)
        )
        start = (low / step).to_integral_value(ROUND_FLOOR)
        end = (high / step).to_integral_value(ROUND_CEILING)
        end = max(end, start + 1)
        ticks = [step * (start + place) for place in range(int(end - start) + 1)]
    return tuple(
        Decimal(f"{tick.normalize():f}") if tick else Decimal(0) for tick in ticks
    )


def whole_ticks(first: int, last: int) -> tuple[int, ...]:
    """Round counts within a course.

    >>> whole_ticks(0, 10), whole_ticks(1, 3)
    ((0, 2, 4, 6, 8, 10), (1, 2, 3))
    """
    if last == first:
        return (first,)
    step = next(
        size * 10**power
        for power in range(12)
        for size in (1, 2, 5)
        if last - first <= size * 10**power * (MOST_TICKS - 1)
    )
    start = -(-first // step) * step
    return tuple(range(start, last + 1, step))


def _scaled(number: Decimal, low: Decimal, high: Decimal, length: int) -> int:
    """Where a number stands on a scale of that length, in whole pixels."""
    with localcontext(prec=DIGITS, rounding=ROUND_HALF_EVEN):
        if high == low:
            return 0
        return int(((number - low) / (high - low) * length).to_integral_value())


def _along(number: int, first: int, last: int) -> int:
    return (number - first) * WIDTH // (last - first) if last > first else 0


def _thinned(course: Mapping[int, Decimal], most: int) -> Sequence[tuple[int, Decimal]]:
    """Of many points those that a picture can show: of each pixel's the highest and the
    lowest."""
    points = sorted(course.items())
    if len(points) <= 2 * most:
        return points
    size = -(-len(points) // most)
    starts = [*range(0, len(points), size), len(points)]
    kept: dict[int, Decimal] = {}
    for start, end in pairwise(starts):
        part = points[start:end]
        ends = (part[0], min(part, key=_error), max(part, key=_error), part[-1])
        kept |= dict(sorted(ends))
    return list(kept.items())


def _error(point: tuple[int, Decimal]) -> Decimal:
    return point[1]


def _moved(label: Label, x: int, y: int) -> Label:
    return Label(label.symbol, label.value, x, y, label.width, label.height, label.role)
