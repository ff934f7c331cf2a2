"""Values: to 50 digits against SymPy, exactly in fractions, or refused."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainer.mathematics.evaluation import (
    DIGITS,
    HIGHEST_POWER,
    WORKING,
    LostDigits,
    NoExactValue,
    evaluate,
    evaluate_exactly,
    holds,
    is_exactly_zero,
    is_rational,
)
from explainer.mathematics.formula import read
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.written import (
    Comparison,
    Derivative,
    Key,
    Name,
    Number,
    Sum,
    Written,
    walk,
)

NAMES = {name: Key("input", (name,)) for name in "xy"}
X, Y = NAMES["x"], NAMES["y"]


def written(text: str) -> Written:
    return read(text, NAMES)


VALUES = [
    ("0.1 + 0.2", "0.3"),
    ("1 / 8", "0.125"),
    ("2 / 3", "0." + "6" * 49 + "7"),
    ("-2**2", "-4"),
    ("(-2)**2", "4"),
    ("2**-2", "0.25"),
    ("(-2)**-3", "-0.125"),
    ("0**0", "1"),
    ("0**2", "0"),
    ("2**3**2", "512"),
    ("9**0.5", "3"),
    ("2 - 3 - 4", "-5"),
    ("2 / 4 / 5", "0.1"),
    ("0.15 * 0.05 + 0.20 * 0.10 + 0.35", "0.3775"),
    ("exp(0)", "1"),
    ("log(1)", "0"),
    ("tanh(0)", "0"),
    ("tanh(1000)", "1"),
    ("tanh(-1000)", "-1"),
    ("sqrt(0.0625)", "0.25"),
    ("abs(-0.20)", "0.20"),
    ("max(-1, -2)", "-1"),
    ("min(-1, -2)", "-2"),
    ("1 if 2 > 2 else 3", "3"),
    ("1 if 2 >= 2 else 3", "1"),
    ("1 if 2 < 2 else 3", "3"),
    ("1 if 2 <= 2 else 3", "1"),
    ("1 if 0.20 == 0.2 else 3", "1"),
    ("1 if 3 < 2 else 2 if 3 < 3 else 5", "5"),
    ("1 / 0 if 1 > 2 else 5", "5"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_the_value(text: str, value: str) -> None:
    assert evaluate(written(text), {}) == Decimal(value)


def test_names_have_values() -> None:
    values = {X: Decimal("0.59"), Y: Decimal("-0.5")}
    assert evaluate(written("x - y"), values) == Decimal("1.09")
    with pytest.raises(KeyError):
        evaluate(written("x - y"), {X: Decimal(1)})


NO_VALUE = [
    "1 / 0",
    "0 / 0",
    "0**-1",
    "0**-0.5",
    "log(0)",
    "1 / log(0)",
    "log(-1)",
    "sqrt(-1)",
    "(-2)**0.5",
    "(-8)**(1/3)",
    "exp(exp(exp(10)))",
    "2**1e30",
    "1e20**1e20",
]


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_has_no_value(text: str) -> None:
    with pytest.raises(ArithmeticError):
        evaluate(written(text), {})


def test_what_is_not_a_value() -> None:
    x = Name(X)
    for form in (Derivative(x, x), Sum((x, Derivative(x, x)))):
        with pytest.raises(TypeError, match="no value for Derivative"):
            evaluate(form, {X: Decimal(1)})


# In fractions.

EXACT = [
    ("1/3 + 1/6", Fraction(1, 2)),
    ("(1/3)**-2", Fraction(9)),
    ("0**0", Fraction(1)),
    ("sqrt(4/9)", Fraction(2, 3)),
    ("exp(0) + log(1) + tanh(0)", Fraction(1)),
    ("max(1/3, 0.3)", Fraction(1, 3)),
    ("abs(-1/3)", Fraction(1, 3)),
    ("0.20 * 3", Fraction(3, 5)),
    ("1 if 1/3 > 0.3333 else 0", Fraction(1)),
]


@pytest.mark.parametrize(("text", "value"), EXACT)
def test_the_exact_value(text: str, value: Fraction) -> None:
    assert evaluate_exactly(written(text), {}) == value
    assert is_rational(written(text))


NOT_EXACT = [
    "exp(1)",
    "log(2)",
    "tanh(1/2)",
    "sqrt(2)",
    "sqrt(-1)",
    "4**0.5",
    f"2**{HIGHEST_POWER + 1}",
    "2**1e900",
]


@pytest.mark.parametrize("text", NOT_EXACT)
def test_what_has_no_exact_value(text: str) -> None:
    with pytest.raises(NoExactValue):
        evaluate_exactly(written(text), {})
    assert not is_rational(written(text))


def test_a_quotient_by_zero_is_not_rational() -> None:
    assert not is_rational(written("1 / 0"))
    with pytest.raises(ZeroDivisionError):
        evaluate_exactly(written("0**-1"), {})


def test_a_name_has_no_value_of_its_own() -> None:
    assert not is_rational(written("x + 1"))


def test_fractions_among_decimals() -> None:
    third = Number(Fraction(1, 3))
    assert evaluate(Sum((third, third, third)), {}) == 1
    assert evaluate(Sum((third, written("0.5"), third)), {}) == evaluate(
        written("7/6"), {}
    )
    values: dict[Key, Decimal | Fraction] = {X: Fraction(1, 3), Y: Decimal("0.5")}
    assert evaluate(written("x * 3 + y"), values) == Decimal("1.5")
    assert evaluate(written("exp(x) * y"), values) == evaluate(
        written("exp(1/3) * 0.5"), {}
    )
    assert evaluate(written("1 if x * 1.5 == y else 0"), values) == 1
    assert evaluate(written("abs(-x) * 3"), values) == 1
    assert evaluate(written("max(x, y) + min(x, y)"), values) == evaluate(
        written("5/6"), {}
    )


HOLDS = [
    ("x == 0", Decimal("0.00"), True),
    ("x == 0", Fraction(0), True),
    ("x > 0.3333", Fraction(1, 3), True),
    ("x > 0", Decimal("-0.0"), False),
    ("x >= 0", Decimal("-0.0"), True),
    ("x < 1", Decimal("1"), False),
    ("x <= 1", Decimal("1.0"), True),
]


@pytest.mark.parametrize(("text", "x", "expected"), HOLDS)
def test_whether_a_comparison_holds(
    text: str, x: Decimal | Fraction, expected: bool
) -> None:
    condition = written(text)
    assert isinstance(condition, Comparison)
    assert evaluate(written(f"1 if {text} else 0"), {X: x}) == expected
    assert holds(condition, {X: x}) == expected


# Against SymPy, which reads the same text by itself.

CLOSE = Decimal("1e-40")
OURS_IN_SYMPY = {"abs": sympy.Abs, "max": sympy.Max, "min": sympy.Min}
SYMBOLS = {name: sympy.Symbol(name, real=True) for name in NAMES}
LEAVES = st.sampled_from(("x", "y", "x", "y", "2", "0.20", "1.7", "3", "(-0.5)"))


def combine(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def shaped(shape: str) -> st.SearchStrategy[str]:
        return st.tuples(texts, texts).map(lambda pair: shape.format(*pair))

    return st.sampled_from(
        (
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
            "log(1 + ({})**2)",
            "sqrt(2 + ({})**2)",
            "max({}, {})",
            "min({}, {})",
        )
    ).flatmap(shaped)


TEXTS = st.recursive(LEAVES, combine, max_leaves=10)
POINTS = st.integers(-3000, 3000).map(lambda n: Decimal(n) / 1000)


@settings(max_examples=200)
@given(text=TEXTS, x=POINTS, y=POINTS)
def test_a_random_formula_has_sympy_s_value(text: str, x: Decimal, y: Decimal) -> None:
    form, values = written(text), {X: x, Y: y}
    assume(all(is_moderate(part, values) for part in walk(form)))
    numbers = {
        SYMBOLS["x"]: sympy.Rational(str(x)),
        SYMBOLS["y"]: sympy.Rational(str(y)),
    }
    reading = sympy.sympify(text, locals={**SYMBOLS, **OURS_IN_SYMPY}, rational=True)
    assert_close(evaluate(form, values), reading.subs(numbers).evalf(DIGITS + 10))


def is_moderate(part: Written, values: dict[Key, Decimal]) -> bool:
    # Four digits may cancel in a difference, and the quotient by it has four fewer.
    try:
        value = evaluate(part, values)
    except ArithmeticError:
        return False
    return not value or -4 <= value.adjusted() < 4


def assert_close(value: Decimal, expected: Any) -> None:
    difference = abs(sympy.Rational(str(value)) - expected)
    assert difference <= CLOSE * max(1, abs(expected)), (value, expected)


def test_a_wrong_digit_is_caught() -> None:
    expected = sympy.exp(sympy.Rational(1, 5)).evalf(60)
    value = evaluate(written("exp(0.20)"), {})
    assert_close(value, expected)
    with pytest.raises(AssertionError):
        assert_close(value + Decimal("1e-20"), expected)


RATIONAL = st.recursive(
    st.sampled_from(("x", "y", "1/3", "0.20", "(-2)")),
    lambda texts: st.one_of(
        st.builds("({} + {})".format, texts, texts),
        st.builds("({} - {})".format, texts, texts),
        st.builds("({} * {})".format, texts, texts),
        st.builds("({} / {})".format, texts, texts),
        st.builds("max({}, {})".format, texts, texts),
        st.builds("abs({})".format, texts),
        st.builds("({})**3".format, texts),
    ),
    max_leaves=10,
)


@given(text=RATIONAL, x=st.fractions(-2, 2, max_denominator=9), y=POINTS)
def test_a_random_formula_has_sympy_s_exact_value(
    text: str, x: Fraction, y: Decimal
) -> None:
    values: dict[Key, Decimal | Fraction] = {X: x, Y: y}
    numbers = {
        "x": sympy.Rational(x.numerator, x.denominator),
        "y": sympy.Rational(str(y)),
    }
    try:
        value = evaluate_exactly(written(text), values)
    except ZeroDivisionError:
        return
    expected = sympy.sympify(text, locals={**numbers, **OURS_IN_SYMPY}, rational=True)
    assert sympy.Rational(value.numerator, value.denominator) == expected


@given(text=TEXTS, x=st.fractions(-2, 2, max_denominator=9), y=POINTS)
def test_a_fraction_has_the_value_of_its_digits(
    text: str, x: Fraction, y: Decimal
) -> None:
    digits = evaluate(Number(x), {})
    assume(all(is_moderate(part, {X: digits, Y: y}) for part in walk(written(text))))
    expected = evaluate(written(text), {X: digits, Y: y})
    value = evaluate(written(text), {X: x, Y: y})
    assert abs(value - expected) <= CLOSE * max(Decimal(1), abs(expected))


CANCELLING = [
    # formula, x, the value to 12 figures (by mpmath at 600 digits)
    ("log(1 + exp(x))", "-105", "2.50656747590E-46"),
    ("log(1 + exp(x))", "-300", "5.14820022241E-131"),
    ("tanh(x)", "1.23456789E-46", "1.23456789000E-46"),
    ("(1 - exp(-x)) / x", "1E-60", "1.00000000000"),
]


@pytest.mark.parametrize(("formula", "x", "value"), CANCELLING)
def test_digits_that_cancel_are_computed_again(
    formula: str, x: str, value: str
) -> None:
    key = Key("input", ("x",))
    found = evaluate(read(formula, {"x": key}), {key: Decimal(x)})
    assert f"{found:.11E}" == f"{Decimal(value):.11E}"


def test_a_value_that_cannot_be_told_from_0_is_refused() -> None:
    key = Key("input", ("x",))
    with pytest.raises(LostDigits):
        evaluate(read("log(1 + exp(x))", {"x": key}), {key: Decimal("-1E6")})


@pytest.mark.parametrize(
    "formula", ["y * exp(x)", "y * exp(x) + y * tanh(x)", "-(y / exp(x))", "y * y"]
)
def test_what_is_0_itself_is_not_lost(formula: str) -> None:
    values = {NAMES["x"]: Decimal("0.5"), NAMES["y"]: Decimal(0)}
    assert evaluate(read(formula, NAMES), values) == 0


# The functions with series of our own, against mpmath.

MPMATH: dict[str, Any] = {
    "erf": mpmath.erf,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "log2": lambda x: mpmath.log(x, 2),
    "log10": mpmath.log10,
}


@given(
    st.sampled_from(sorted(MPMATH)),
    st.decimals(-1000, 1000, places=20).filter(bool),
    st.integers(-30, 0),
)
def test_functions_are_mpmath_s(name: str, number: Decimal, shift: int) -> None:
    point = number.scaleb(shift, WORKING)
    if name.startswith("log"):
        point = point.copy_abs()
    with mpmath.workdps(150):
        expected = MPMATH[name](mpmath.mpf(str(point)))
        found = mpmath.mpf(str(evaluate(written(f"{name}(x)"), {X: point})))
        assert abs(found - expected) <= abs(expected) * mpmath.mpf(10) ** -(DIGITS - 1)


def test_pi_follows_the_precision() -> None:
    with mpmath.workdps(400):
        expected = mpmath.nstr(mpmath.pi, 300)
    with localcontext(prec=300):
        assert str(CALLABLE["pi"].decimal()) == expected


EXACT_LOGARITHMS = [("log2(8)", 3), ("log2(1/4)", -2), ("log10(0.001)", -3)]


@pytest.mark.parametrize(("text", "value"), EXACT_LOGARITHMS)
def test_logarithms_of_powers_are_exact(text: str, value: int) -> None:
    assert evaluate_exactly(written(text), {}) == value
    assert evaluate(written(text), {}) == value
    for other in ("log2(3)", "log2(6)", "log10(2)", "erf(1)", "sin(1)", "pi"):
        with pytest.raises(NoExactValue):
            evaluate_exactly(written(other), {})


@pytest.mark.parametrize(
    ("text", "zero"),
    [
        ("-(0 * log10(0.23))", True),
        ("0 / (0.2 * log(10))", True),
        ("0 * log(2) + 0 * exp(3)", True),
        ("log(2)", False),
        ("0 / 0", False),
    ],
)
def test_zero_itself(text: str, zero: bool) -> None:
    assert is_exactly_zero(read(text, {}), {}) is zero
