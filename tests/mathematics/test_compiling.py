"""A compiled formula has the value of the formula that is walked."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.mathematics.compiling import compile_choice, compile_written
from explainer.mathematics.evaluation import WORKING, evaluate
from explainer.mathematics.formula import read
from explainer.mathematics.written import Cases, Key, Number, Sum, Written

NAMES = {name: Key("input", (name,)) for name in "xy"}
SLOTS = {NAMES["x"]: 0, NAMES["y"]: 1}
CLOSE = Decimal("1e-45")
LEAVES = st.sampled_from(("x", "y", "x", "y", "2", "0.20", "3", "(-0.5)"))
SHAPES = (
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} / {})",
    "(-{})",
    "({})**2",
    "({})**-3",
    "(1 + {}**2)**0.3",
    "exp({})",
    "tanh({})",
    "abs({})",
    "log({})",
    "log(1 + exp({}))",
    "(1 - tanh({})**2)",
    "sqrt({})",
    "max({}, {})",
    "min({}, {})",
    "({} if {} > {} else {})",
)
TEXTS = st.recursive(
    LEAVES,
    lambda texts: st.builds(
        lambda shape, parts: shape.format(*parts),
        st.sampled_from(SHAPES),
        st.tuples(texts, texts, texts, texts),
    ),
    max_leaves=12,
)
POINTS = st.integers(-3000, 3000).map(lambda n: Decimal(n) / 1000)


def value_of(form: Written, x: Decimal, y: Decimal) -> Decimal | str:
    try:
        return evaluate(form, {NAMES["x"]: x, NAMES["y"]: y})
    except ArithmeticError as error:
        return type(error).__name__


def compiled_value_of(form: Written, x: Decimal, y: Decimal) -> Decimal | str:
    compute = compile_written(form, SLOTS)
    with localcontext(WORKING) as context:
        try:
            return compute([x, y])
        except ArithmeticError as error:
            return type(error).__name__
        finally:
            assert context.prec == WORKING.prec


def assert_same(form: Written, x: Decimal, y: Decimal) -> None:
    expected, found = value_of(form, x, y), compiled_value_of(form, x, y)
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected
    else:
        with localcontext(WORKING):
            assert abs(found - expected) <= CLOSE * abs(expected)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, x=POINTS, y=POINTS)
def test_a_random_formula(text: str, x: Decimal, y: Decimal) -> None:
    assert_same(read(text, NAMES), x, y)


@pytest.mark.parametrize(
    "z", ["-105", "-230", "-300", "-20", "0", "1e-100", "1e-46", "1e-13", "200"]
)
@pytest.mark.parametrize(
    "text",
    [
        "log(1 + exp(x))",
        "pi * x + sin(x)",
        "1 - erf(x)",
        "sin(x) / x",
        "log2(1 + x**2) - log10(2 + cos(x))",
        "1 - tanh(x)**2",
        "tanh(x)",
        "1 / (1 + exp(-x))",
        "(1 - exp(-x)) / x",
        "log(exp(x) - x)",
        "(1 + exp(x)) ** 1e30",
        "1 if exp(x) > 1 + x else 2",
    ],
)
def test_digits_that_cancel(text: str, z: str) -> None:
    assert_same(read(text, NAMES), Decimal(z), Decimal(0))


def test_a_value_that_cannot_be_told_from_0_is_refused() -> None:
    form = read("exp(x) - exp(x)", NAMES)
    assert compiled_value_of(form, Decimal(2), Decimal(0)) == "LostDigits"


def test_a_formula_without_functions_is_the_same_to_the_last_digit() -> None:
    form = read("(x / 3 - y / 7) ** 2 * (1 / 2)", NAMES)
    x, y = Decimal("0.4"), Decimal("0.9")
    assert str(compiled_value_of(form, x, y)) == str(value_of(form, x, y))


def test_fractions_stay_exact() -> None:
    third = Number(Fraction(1, 3))
    assert compiled_value_of(Sum((third,) * 3), Decimal(0), Decimal(0)) == 1


def test_which_case_holds() -> None:
    cases = read("1 if x > 0 else 2 if x == 0 else 3", NAMES)
    assert isinstance(cases, Cases)
    # The second case stands inside the first one's "else".
    choose = compile_choice(cases, SLOTS)
    chosen = [choose([Decimal(x), Decimal(0)]) for x in (1, -1)]
    assert chosen == [0, 1 if len(cases.values) == 2 else 2]
