"""Ranges hold every value that the numbers in them can give, and little more."""

from __future__ import annotations

from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from explainer.homework.ranges import CONTEXT, Range, compile_range
from explainer.mathematics.evaluation import evaluate
from explainer.mathematics.formula import read
from explainer.mathematics.written import Key

X, Y, Z = (Key("value", (name,)) for name in "xyz")
NAMES = {"x": X, "y": Y, "z": Z}
SLOTS = {X: 0, Y: 1, Z: 2}
FORMULAS = (
    "x * y + z",
    "x * (1 - x)",
    "1 - x**2",
    "1 / (1 + exp(-x))",
    "1/2 * (x - y)**2",
    "-(y * log(2 + x) + (1 - y) * log(3 - x))",
    "(x - y) / ((2 + x) * (2 - x))",
    "exp(x) / (exp(x) + exp(y) + exp(z))",
    "x * y * z",
    "max(0, x)",
    "x if x > y else z",
    "x - y * z",
    "tanh(x) * abs(y)",
)
numbers = st.decimals("-1.5", "1.5", places=3)
widths = st.decimals("0", "0.05", places=3)
shares = st.decimals("0", "1", places=2)


@given(
    st.sampled_from(FORMULAS),
    st.tuples(numbers, numbers, numbers),
    st.tuples(widths, widths, widths),
    st.tuples(shares, shares, shares),
)
def test_every_value_is_in_the_range(
    formula: str,
    starts: tuple[Decimal, ...],
    sizes: tuple[Decimal, ...],
    parts: tuple[Decimal, ...],
) -> None:
    written = read(formula, NAMES)
    ranges: list[Range] = [(a, a + b) for a, b in zip(starts, sizes, strict=True)]
    inside = [a + b * c for a, b, c in zip(starts, sizes, parts, strict=True)]
    with localcontext(CONTEXT):
        low, high = compile_range(written, SLOTS)(ranges)
    value = evaluate(written, dict(zip((X, Y, Z), inside, strict=True)))
    slack = Decimal("1e-20")
    assert low - slack <= value <= high + slack


def test_a_name_that_stands_twice_is_one_number() -> None:
    """a (1 - a) near 1/2 hardly changes, however wrong a is."""
    slope = compile_range(read("x * (1 - x)", NAMES), SLOTS)
    near: Range = Decimal("0.49"), Decimal("0.51")
    with localcontext(CONTEXT):
        low, high = slope([near])
    assert high - low < Decimal("0.0005")
    assert low <= Decimal("0.2499") and high >= Decimal("0.25")
