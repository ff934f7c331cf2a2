"""Random formulas, at random points: every line equals SymPy's to 30 digits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainer.mathematics.algebra import rational, symbol
from explainer.mathematics.differentiation import (
    differentiate,
)
from explainer.mathematics.evaluation import evaluate
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    walk,
)
from tests.mathematics.proving import (
    CLOSE,
    DIGITS,
    X,
    Y,
    algebra,
)

ONE, TWO = Number(Decimal(1)), Number(Decimal(2))
CONSTANTS = ("-3", "-1", "0", "1", "2", "3", "0.20", "-1.5")
EXPONENTS = ("-2", "-1", "0", "1", "2", "3")
ROOTS = (Number(Decimal("0.3")), Quotient(ONE, TWO), Negative(Quotient(ONE, TWO)))


def positive(form: Written) -> Written:
    return Sum((ONE, Power(form, TWO)))


def combine(forms: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(forms, min_size=2, max_size=3).map(tuple)
    constants = st.sampled_from(EXPONENTS).map(lambda text: Number(Decimal(text)))
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        st.builds(Quotient, forms, forms),
        forms.map(Negative),
        st.builds(Power, forms, constants),
        st.builds(Power, forms.map(positive), st.sampled_from(ROOTS)),
        st.builds(Power, st.just(TWO), forms),
        forms.map(lambda form: Call("exp", (form,))),
        forms.map(lambda form: Call("tanh", (form,))),
        forms.map(lambda form: Call("abs", (form,))),
        forms.map(lambda form: Call("log", (positive(form),))),
        forms.map(lambda form: Call("sqrt", (positive(form),))),
        st.builds(lambda a, b: Call("max", (a, b)), forms, forms),
        st.builds(lambda a, b: Call("min", (a, b)), forms, forms),
        st.builds(
            lambda left, right, one, other: Cases(
                (Comparison(left, ">", right),), (one, other)
            ),
            *(forms,) * 4,
        ),
    )


LEAVES = st.one_of(
    st.sampled_from((X, X, Y)),
    st.sampled_from(CONSTANTS).map(lambda text: Number(Decimal(text))),
)
RANDOM = st.recursive(LEAVES, combine, max_leaves=6)
# Odd thousandths, y a little beside them: no kink of the small numbers above, nor one
# of x = y, is met by chance.
ODD = st.builds(
    lambda n, sign: sign * Decimal(2 * n + 1) / 1000,
    st.integers(20, 1500),
    st.sampled_from((1, -1)),
)
BESIDE = ODD.map(lambda x: x + Decimal("0.00037"))


def value_at(form: Written, numbers: dict[Any, Any]) -> Any:
    return algebra(form).subs(numbers).doit().evalf(DIGITS)


@settings(max_examples=150)
@given(formula=RANDOM, x=ODD, y=BESIDE)
def test_every_line_of_a_random_formula(
    formula: Written, x: Decimal, y: Decimal
) -> None:
    # SymPy holds ln(1 + 10^-12) > 0 for false: no very small numbers, and none large.
    assume(all(map(is_moderate, values_within(formula, x, y))))
    numbers = {symbol("x"): rational(x), symbol("y"): rational(y)}
    first, *lines = differentiate(formula, X.key)
    expected = value_at(first.written, numbers)
    assume(expected.is_Number and expected.is_finite)
    for line in lines:
        assert_close(value_at(line.written, numbers), expected)


def is_moderate(value: Decimal) -> bool:
    return not value or -4 <= value.adjusted() < 6


def values_within(formula: Written, x: Decimal, y: Decimal) -> Iterator[Decimal]:
    for part in walk(formula):
        if isinstance(part, Comparison):
            continue
        try:
            yield evaluate(part, {X.key: x, Y.key: y})
        except ArithmeticError:
            yield Decimal("1E+99")


def assert_close(value: Any, expected: Any) -> None:
    assert value.is_Number and value.is_finite, value
    assert abs(value - expected) <= CLOSE * max(1, abs(expected)), (value, expected)


def test_a_value_that_is_not_close_is_caught() -> None:
    assert_close(sympy.Float("2", DIGITS), sympy.Float("2", DIGITS))
    with pytest.raises(AssertionError):
        assert_close(sympy.Float("2" + "." + "0" * 28 + "1", DIGITS), sympy.Integer(2))
    with pytest.raises(AssertionError):
        assert_close(sympy.nan, sympy.Integer(2))
