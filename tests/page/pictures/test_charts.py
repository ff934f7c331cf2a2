"""Axes and curves: round numbers that hold every point, in the right order."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.written import Key
from explainer.page.pictures.charts import (
    MOST_DOTS,
    MOST_TICKS,
    WIDTH,
    draw_course,
    draw_errors,
    ticks_between,
    whole_ticks,
)

NUMBERS = st.decimals(-1000, 1000, places=6)
ERRORS = st.dictionaries(st.integers(0, 10**6), NUMBERS, min_size=2, max_size=60)


def spell(key: Key) -> str:
    return "E"


@given(NUMBERS, NUMBERS)
def test_ticks_hold_what_is_shown(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    ticks = ticks_between(low, high)
    assert ticks[0] <= low and high <= ticks[-1]
    assert 2 <= len(ticks) <= MOST_TICKS + 1
    steps = {after - before for before, after in zip(ticks, ticks[1:], strict=False)}
    assert len(steps) == 1
    digits = steps.pop().normalize().as_tuple().digits
    assert digits in ((1,), (2,), (5,))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_counts_are_round_and_inside(one: int, other: int) -> None:
    first, last = sorted((one, other))
    ticks = whole_ticks(first, last)
    assert 1 <= len(ticks) <= MOST_TICKS
    assert first <= ticks[0] and ticks[-1] <= last


@given(ERRORS)
def test_a_curve_keeps_order_and_stays_in_its_frame(errors: dict[int, Decimal]) -> None:
    drawing = draw_course(spell, Key("total"), errors, "updates")
    assert all(drawing.left <= x <= drawing.right for x, _ in drawing.points)
    assert all(drawing.top <= y <= drawing.bottom for _, y in drawing.points)
    assert drawing.marked == (len(errors) <= MOST_DOTS)
    ordered = [errors[count] for count in sorted(errors)]
    heights = [-y for _, y in drawing.points]
    for place in range(len(ordered) - 1):
        if ordered[place] < ordered[place + 1]:
            assert heights[place] <= heights[place + 1]


def test_a_long_course_keeps_its_highest_and_lowest_points() -> None:
    errors = {count: Decimal(1) for count in range(10_000)}
    errors |= {3_333: Decimal(2), 6_666: Decimal(0)}
    drawing = draw_course(spell, Key("total"), errors, "updates")
    assert len(drawing.points) <= 4 * WIDTH
    heights = [y for _, y in drawing.points]
    assert min(heights) == drawing.top
    assert max(heights) == drawing.bottom


@given(NUMBERS, NUMBERS)
def test_bars_are_as_long_as_their_numbers(before: Decimal, after: Decimal) -> None:
    error, new = Key("total"), Key("new", (Key("total"),))
    first, second = draw_errors(spell, (error, before), (new, after)).bars
    if abs(before) < abs(after):
        assert first.width <= second.width
    if before == after:
        assert first.width == second.width
