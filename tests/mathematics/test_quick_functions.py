"""Quick ways to numbers give the digits of the slow ones."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.compiling import (
    A_LITTLE_MORE,
    QUICK_DIGITS,
    compile_roughly,
    compile_written,
)
from explainer.mathematics.evaluation import WORKING, evaluate
from explainer.mathematics.formula import read
from explainer.mathematics.functions import tanh
from explainer.mathematics.quick_functions import TooFar, quick_exp, quick_tanh
from explainer.mathematics.rounding import KINDS, MODES, Digits, Rounding
from explainer.mathematics.written import Key

X = Key("value", ("x",))
SMALL = st.decimals("-15.9", "15.9", places=40)
EDGES = ("0", "1e-60", "-1e-60", "1", "-1", "15.999", "-15.999", "0.015625")


@given(SMALL | st.sampled_from(EDGES).map(Decimal))
def test_exp_by_tables(x: Decimal) -> None:
    with localcontext(Context(prec=110)):
        assert abs(quick_exp(x) / x.exp() - 1) < Decimal("1e-85")


@given(st.decimals("-7.9", "7.9", places=30).filter(bool))
def test_tanh_by_tables(x: Decimal) -> None:
    with localcontext(Context(prec=QUICK_DIGITS)):
        found = quick_tanh(x)
    with localcontext(Context(prec=200)):
        assert abs(found - tanh(x)) < Decimal("1e-74")


def test_what_is_outside_of_the_tables() -> None:
    for x in ("16", "-16", "1e9"):
        with pytest.raises(TooFar):
            quick_exp(Decimal(x))


FORMULAS = [
    "1 / (1 + exp(-x))",
    "tanh(x)",
    "exp(x) / (exp(x) + exp(1 - x))",
    "log(1 + exp(x))",
    "tanh(x) - x",
    "exp(x) - 1",
    "x * tanh(log(1 + exp(x)))",
]


@given(
    st.sampled_from(FORMULAS),
    SMALL | st.decimals(-300, 300, places=3) | st.sampled_from(EDGES).map(Decimal),
)
def test_quickly_settled_is_settled(text: str, x: Decimal) -> None:
    """Every one of the 50 digits, and no zeros more at the end."""
    formula = read(text, {"x": X})
    compiled = compile_written(formula, {X: 0})
    try:
        wanted = evaluate(formula, {X: x})
    except ArithmeticError as error:
        with localcontext(WORKING), pytest.raises(type(error)):
            compiled([x])
        return
    with localcontext(WORKING):
        assert str(compiled([x])) == str(wanted)


def test_a_value_between_two_numbers_is_settled_with_more_digits() -> None:
    """Half a unit of digit 50, and less than the first try can see beside it."""
    tie = 1 + Decimal("5e-50")
    for beside in ("1e-70", "-1e-70"):
        with localcontext(Context(prec=200)):
            x = (tie + Decimal(beside)).ln()
            assert A_LITTLE_MORE - 1 == Decimal("1e-62")
        formula = read("exp(x)", {"x": X})
        wanted = evaluate(formula, {X: x})
        with localcontext(WORKING):
            assert compile_written(formula, {X: 0})([x]) == wanted


@given(st.sampled_from(FORMULAS[:4]), st.decimals(-9, 9, places=3))
def test_a_first_look_is_near(text: str, x: Decimal) -> None:
    formula = read(text, {"x": X})
    wanted = evaluate(formula, {X: x})
    with localcontext(Context(prec=30)):
        try:
            found = compile_roughly(formula, {X: 0})([x])
        except ArithmeticError:
            assert not x
            return
        assert abs(found - wanted) <= abs(wanted) * Decimal("1e-12")


NUMBERS = (
    st.decimals(-1000, 1000, places=49)
    | st.decimals(-20, 20, places=6)
    | st.builds(
        lambda digits, power: Decimal(digits).scaleb(power),
        st.integers(-(10**50), 10**50),
        st.integers(-120, 40),
    )
    | st.builds(
        # Next to a printed number, or to the middle between two of them.
        lambda near, power, sign: WORKING.add(near, sign * Decimal(1).scaleb(power)),
        st.decimals(-10, 10, places=4),
        st.integers(-48, -5),
        st.sampled_from([-1, 1]),
    )
)


@given(
    NUMBERS,
    st.integers(1, 12),
    st.sampled_from(["decimals", "figures"]),
    st.sampled_from(list(MODES)),
)
def test_quick_rounding_is_rounding(
    value: Decimal, count: int, unit: str, mode: str
) -> None:
    rounding = Rounding(Digits(count, unit), mode)
    with localcontext(WORKING):
        quick = rounding.quickly(KINDS[0])(value)
    if quick is not None:
        assert str(quick) == str(rounding.shown(value, KINDS[0]))
