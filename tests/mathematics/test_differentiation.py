"""Every line of a differentiation, and every slope, equals SymPy's derivative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explainer.mathematics.algebra import rational, symbol, to_sympy
from explainer.mathematics.differentiation import (
    DifferentiationError,
    RuleLine,
    differentiate,
    explain_slope,
    has_derivative,
    is_same_on_paper,
)
from explainer.mathematics.differentiation_step import RULES
from explainer.mathematics.evaluation import evaluate
from explainer.mathematics.formula import read
from explainer.mathematics.functions import FUNCTIONS
from explainer.mathematics.kinks import KINKED
from explainer.mathematics.plain import plain
from explainer.mathematics.tidying import tidy
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Derivative,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Summation,
    Written,
    substitute,
    walk,
)
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.losses import LOSSES, REDUCTIONS, add_losses, lose
from explainer.network.quantity import Quantity

NAMES = {name: Key("input", (name,)) for name in "abcntxyz"}
X, Y = Name(NAMES["x"]), Name(NAMES["y"])
# Both signs, inside and outside of -1 to 1, and no kink of a formula in this file.
POINTS = ("-1.37", "-0.41", "0.29", "1.73", "6.31")
DIGITS = 50
CLOSE = Decimal("1e-30")


def written(text: str) -> Written:
    return read(text, NAMES)


def spell(key: Key) -> str:
    return str(key.of[0])


def algebra(form: Written) -> Any:
    return to_sympy(form, lambda key: symbol(spell(key)))


def lines_of(text: str, variable: str = "x") -> tuple[RuleLine, ...]:
    return differentiate(written(text), NAMES[variable])


def transcript(lines: Sequence[RuleLine]) -> list[str]:
    return [
        " ".join((plain(line.written, spell), f"[{' '.join(line.rules)}]"))
        for line in lines
    ]


def has_kink(form: Written) -> bool:
    return any(
        isinstance(part, Cases) or isinstance(part, Call) and part.function in KINKED
        for part in walk(form)
    )


def assert_equal(one: Written, other: Written) -> None:
    """Equal for all arguments by algebra; beside the kinks, exactly at points."""
    difference = algebra(one) - algebra(other)
    if has_kink(one) or has_kink(other):
        assert_zero_at_points(difference)
    else:
        assert sympy.simplify(difference) == 0, f"{one}\n{other}"


def assert_zero_at_points(difference: Any) -> None:
    names = sorted(difference.free_symbols, key=str)
    for place in range(len(POINTS)):
        # Each name has another point.
        numbers = {
            name: rational(Decimal(POINTS[(place + i) % len(POINTS)]))
            for i, name in enumerate(names)
        }
        value = difference.subs(numbers).doit()
        assert abs(value.evalf(DIGITS)) < CLOSE, (difference, numbers)


# The lines, as on the board.

BOARD = [
    (
        "1/2 * (t - y)**2",
        "y",
        [
            "d/dy ((1/2)*(t - y)**2) []",
            "(1/2)*(d/dy ((t - y)**2)) [constant_multiple]",
            "(1/2)*2*(t - y)*(d/dy (t - y)) [power chain]",
            "(1/2)*2*(t - y)*(0 - 1) [sum constant variable]",
            "(1/2)*2*(t - y)*(-1) [arithmetic]",
        ],
    ),
    (
        "1 / (1 + exp(-z))",
        "z",
        [
            "d/dz (1/(1 + exp(-z))) []",
            "-(d/dz (1 + exp(-z)))/(1 + exp(-z))**2 [reciprocal]",
            "-(0 + d/dz (exp(-z)))/(1 + exp(-z))**2 [sum constant]",
            "-(exp(-z)*(d/dz (-z)))/(1 + exp(-z))**2 [arithmetic exponential chain]",
            "-(exp(-z)*(-1))/(1 + exp(-z))**2 [constant_multiple variable]",
            "exp(-z)/(1 + exp(-z))**2 [arithmetic]",
        ],
    ),
    (
        "log(1 + exp(z))",
        "z",
        [
            "d/dz (log(1 + exp(z))) []",
            "(1/(1 + exp(z)))*(d/dz (1 + exp(z))) [function chain]",
            "(1/(1 + exp(z)))*(0 + exp(z)) [sum constant exponential]",
            "(1/(1 + exp(z)))*exp(z) [arithmetic]",
        ],
    ),
    ("tanh(z)", "z", ["d/dz (tanh(z)) []", "1 - tanh(z)**2 [function]"]),
    (
        "max(0, z)",
        "z",
        [
            "d/dz (max(0, z)) []",
            "d/dz (0) if 0 >= z else d/dz (z) [cases]",
            "0 if 0 >= z else 1 [constant variable]",
        ],
    ),
    (
        "max(0.01 * z, z)",
        "z",
        [
            "d/dz (max(0.01*z, z)) []",
            "d/dz (0.01*z) if 0.01*z >= z else d/dz (z) [cases]",
            "0.01*1 if 0.01*z >= z else 1 [constant_multiple variable]",
            "0.01 if 0.01*z >= z else 1 [arithmetic]",
        ],
    ),
    (
        "min(z**2, 1)",
        "z",
        [
            "d/dz (min(z**2, 1)) []",
            "d/dz (z**2) if z**2 <= 1 else d/dz (1) [cases]",
            "2*z if z**2 <= 1 else 0 [power constant]",
        ],
    ),
    (
        "abs(t - y)",
        "y",
        [
            "d/dy (abs(t - y)) []",
            "d/dy (t - y) if t - y > 0 else -d/dy (t - y) if t - y < 0 else 0"
            " [absolute]",
            "0 - 1 if t - y > 0 else -(0 - 1) if t - y < 0 else 0"
            " [sum constant variable]",
            "-1 if t - y > 0 else 1 if t - y < 0 else 0 [arithmetic]",
        ],
    ),
    (
        "x / (1 + x**2)",
        "x",
        [
            "d/dx (x/(1 + x**2)) []",
            "((d/dx (x))*(1 + x**2) - x*(d/dx (1 + x**2)))/(1 + x**2)**2 [quotient]",
            "(1*(1 + x**2) - x*(0 + 2*x))/(1 + x**2)**2 [variable sum constant power]",
            "(1 + x**2 - x*2*x)/(1 + x**2)**2 [arithmetic]",
        ],
    ),
    (
        "x**2 * exp(3 * x)",
        "x",
        [
            "d/dx (x**2*exp(3*x)) []",
            "(d/dx (x**2))*exp(3*x) + x**2*(d/dx (exp(3*x))) [product]",
            "2*x*exp(3*x) + x**2*exp(3*x)*(d/dx (3*x)) [power exponential chain]",
            "2*x*exp(3*x) + x**2*exp(3*x)*3*1 [constant_multiple variable]",
            "2*x*exp(3*x) + x**2*exp(3*x)*3 [arithmetic]",
        ],
    ),
    (
        "a*x**3 - 2*x + b",
        "x",
        [
            "d/dx (a*x**3 - 2*x + b) []",
            "a*3*x**2 - 2*1 + 0 [sum constant_multiple power variable constant]",
            "a*3*x**2 - 2 [arithmetic]",
        ],
    ),
    (
        "a*x + b*y + c",
        "x",
        [
            "d/dx (a*x + b*y + c) []",
            "a*1 + 0 + 0 [sum constant_multiple variable constant]",
            "a [arithmetic]",
        ],
    ),
    ("x", "x", ["d/dx (x) []", "1 [variable]"]),
    ("y", "x", ["d/dx (y) []", "0 [constant]"]),
    ("2**x", "x", ["d/dx (2**x) []", "2**x*log(2) [exponential]"]),
    ("x**n", "x", ["d/dx (x**n) []", "n*x**(n - 1) [power]"]),
    (
        "x**(1/2)",
        "x",
        ["d/dx (x**(1/2)) []", "(1/2)*x**(-1/2) [power]"],
    ),
]


@pytest.mark.parametrize(
    ("text", "variable", "board"), BOARD, ids=[text for text, *_ in BOARD]
)
def test_the_lines_on_the_board(text: str, variable: str, board: list[str]) -> None:
    assert transcript(lines_of(text, variable)) == board


FORMULAS = [
    *((text, variable) for text, variable, _ in BOARD),
    ("(t - y)**2", "y"),
    ("(exp(z) - exp(-z)) / (exp(z) + exp(-z))", "z"),
    ("z / (1 + exp(-z))", "z"),
    ("z * tanh(log(1 + exp(z)))", "z"),
    ("-(t * log(y) + (1 - t) * log(1 - y))", "y"),
    ("sqrt(x**2 + 1)", "x"),
    ("(x**2 + 1)**(1/2)", "x"),
    ("(x**2 + 1)**0.5 * 4", "x"),
    ("(3*x + 1)**-3", "x"),
    ("a / x - x / a", "x"),
    ("1 / x", "x"),
    ("-3 / (2 * x)", "x"),
    ("x**0 + x**1", "x"),
    ("x**n * a**2", "x"),
    ("3**(x**2)", "x"),
    ("x * exp(x) * tanh(2 * x)", "x"),
    ("a * x * b * exp(x) * c", "x"),
    ("0 * exp(x**2)", "x"),
    ("x + 0.5 * x - (x - x)", "x"),
    ("-(-x)", "x"),
    ("-x * (-2) * (1 - 3*x)", "x"),
    ("exp(-exp(-x))", "x"),
    ("x - tanh(x) / (-x)", "x"),
    ("x / (1 + abs(x))", "x"),
    ("x if x > 0 else 0.5 * (exp(x) - 1)", "x"),
    ("0 if x < -2 else 1 if x > 2 else x / 4 + 1/2", "x"),
    ("max(-1, min(1, x))", "x"),
    ("abs(x**2 - 1) * x", "x"),
    ("x * max(x, a)", "x"),
]


@pytest.mark.parametrize(("text", "variable"), FORMULAS)
def test_every_line_equals_the_first(text: str, variable: str) -> None:
    first, *lines = lines_of(text, variable)
    assert first.rules == ()
    assert first.written == Derivative(written(text), Name(NAMES[variable]))
    assert lines, "nothing was differentiated"
    for line in lines:
        assert_equal(first.written, line.written)
        assert line.rules and set(line.rules) <= set(RULES)


@pytest.mark.parametrize(("text", "variable"), FORMULAS)
def test_the_last_line_is_finished_and_no_line_stands_twice(
    text: str, variable: str
) -> None:
    lines = [line.written for line in lines_of(text, variable)]
    assert [has_derivative(line) for line in lines] == [True] * (
        unfinished := sum(map(has_derivative, lines))
    ) + [False] * (len(lines) - unfinished)
    assert unfinished < len(lines)
    assert tidy(lines[-1]) == lines[-1]
    for before, after in zip(lines, lines[1:], strict=False):
        assert not is_same_on_paper(before, after)


@pytest.mark.parametrize(
    "record", ACTIVATIONS.values(), ids=lambda activation: activation.name
)
def test_an_activation_takes_a_few_lines(record: Any) -> None:
    constants = {name: NAMES["a"] for name in record.options}
    formula = read(record.formula, {"z": NAMES["z"], **constants})
    assert 2 <= len(differentiate(formula, NAMES["z"])) <= 7


def test_a_wrong_line_is_caught() -> None:
    right = Derivative(written("tanh(x)"), X)
    assert_equal(right, written("1 - tanh(x)**2"))
    with pytest.raises(AssertionError):
        assert_equal(right, written("1 + tanh(x)**2"))
    with pytest.raises(AssertionError):
        assert_equal(Derivative(written("abs(x)"), X), written("1 if x > 0 else 1"))


# At a kink the convention of each rule holds.

KINK_TABLE = [
    ("max(0, x)", "0", "0"),
    ("max(0.01 * x, x)", "0", "0.01"),
    ("max(x, 0)", "0", "1"),
    ("min(1, x)", "1", "0"),
    ("abs(x)", "0", "0"),
    ("abs(3 * x - 6)", "2", "0"),
]


@pytest.mark.parametrize(("text", "kink", "slope"), KINK_TABLE)
def test_the_slope_at_a_kink(text: str, kink: str, slope: str) -> None:
    last = lines_of(text)[-1].written
    assert evaluate(last, {X.key: Decimal(kink)}) == Decimal(slope)


# Tidying.

TIDY_TABLE = [
    ("0 + x", "x"),
    ("x + 0 + y", "x + y"),
    ("0 - 1", "-1"),
    ("0 - x", "-x"),
    ("x * 1", "x"),
    ("1 * 1", "1"),
    ("0 * x", "0"),
    ("x + 0 * y", "x"),
    ("-(-x)", "x"),
    ("x - (-y)", "x + y"),
    ("x + (-2)", "x - 2"),
    ("x * (-1)", "-x"),
    ("(-1) * x", "-x"),
    ("(-1) * 3 * x", "-3*x"),
    ("(-x) * (-y)", "x*y"),
    ("x * (-y)", "-x*y"),
    ("2 * x * (-1)", "2*x*(-1)"),
    ("-(2 * x * (-1))", "2*x"),
    ("x - 2 * y * (-1)", "x + 2*y"),
    ("(-1) * x * (-1)", "x"),
    ("-x / y", "-x/y"),
    ("x / (-y)", "-x/y"),
    ("(-x) / (-y)", "x/y"),
    ("-((-x) / y)", "x/y"),
    ("-((x * (-2)) / y)", "(x*2)/y"),
    ("0 / x", "0"),
    ("x / 1", "x"),
    ("x**1", "x"),
    ("3 * 2 * x", "6*x"),
    ("x * 2 * 3", "x*6"),
    ("3 * x * 2", "3*x*2"),
    ("2 + 3 + x", "5 + x"),
    ("2 - 2 + x", "x"),
    ("0.5 * 0.4", "0.2"),
    ("0.1234567 * 0.7654321", "0.1234567*0.7654321"),
    ("x * (y * a)", "x*y*a"),
    ("x + (y + a)", "x + y + a"),
    ("x - (y + a)", "x - (y + a)"),
    ("y * (x + a) * b", "y*(x + a)*b"),
    ("exp(0 - x)", "exp(-x)"),
]


@pytest.mark.parametrize(("text", "tidied"), TIDY_TABLE)
def test_tidying(text: str, tidied: str) -> None:
    assert plain(tidy(written(text)), spell) == tidied
    assert_equal(written(text), tidy(written(text)))


# What no rule differentiates is named.

REFUSED = [
    (
        written("x**x"),
        "no rule differentiates x**x: base and exponent both contain x."
        " One of them must be constant.",
    ),
    (
        written("(-2)**x"),
        "no rule differentiates (-2)**x: the base of a power with x in its exponent"
        " must be positive",
    ),
    (
        Call("tan", (X,)),
        "no rule gives the derivative of 'tan'. Did you mean 'tanh'?"
        " Known: abs, exp, log, max, min, sqrt, tanh.",
    ),
    (
        Summation(Y, Number(Decimal(3)), X),
        "no rule differentiates a summation with respect to x",
    ),
    (
        Derivative(Power(X, Y), X),
        "no rule differentiates a derivative with respect to x",
    ),
]


@pytest.mark.parametrize(("form", "message"), REFUSED)
def test_what_is_refused(form: Written, message: str) -> None:
    for inside in (form, Sum((Y, Product((X, form))))):
        with pytest.raises(DifferentiationError) as caught:
            differentiate(inside, X.key)
        assert str(caught.value) == message


# From the last line of the rules to the taught slope.


def test_explaining_the_sigmoid() -> None:
    record = ACTIVATIONS["sigmoid"]
    quantity = activate(record, {}, NAMES["z"], NAMES["a"])
    slope = quantity.slopes[NAMES["z"]]
    lines = explain_slope(quantity.formula, NAMES["z"], slope.bridge, slope.value)
    assert transcript(lines)[5:] == [
        "exp(-z)/(1 + exp(-z))**2 [arithmetic]",
        "(1/(1 + exp(-z)))*(exp(-z)/(1 + exp(-z))) [algebra]",
        "(1/(1 + exp(-z)))*(1 - 1/(1 + exp(-z))) [algebra]",
        "a*(1 - a) [algebra]",
    ]


def test_a_form_that_stands_there_is_not_written_twice() -> None:
    one = Number(Decimal(1))
    lines = explain_slope(X, X.key, (one, one), one)
    assert transcript(lines) == ["d/dx (x) []", "1 [variable]"]
    minus_one = Number(Decimal(-1))
    lines = explain_slope(Negative(X), X.key, (), minus_one)
    assert transcript(lines) == ["d/dx (-x) []", "-1 [constant_multiple variable]"]


# Records.


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_derivative_of_a_function_is_sympy_s(name: str) -> None:
    record = FUNCTIONS[name]
    if name in KINKED:
        assert record.derivative is None
        arguments = (X, Y)[: record.latex.count("<")]
        first, *lines = differentiate(Call(name, arguments), X.key)
        for line in lines:
            assert_zero_at_points(algebra(first.written) - algebra(line.written))
    else:
        assert record.derivative is not None, f"{name} has no derivative"
        outer = written(record.derivative)
        assert_equal(Derivative(Call(name, (X,)), X), outer)


def catalogue() -> Iterator[Any]:
    for activation in ACTIVATIONS.values():
        quantity = activate(activation, {}, NAMES["z"], NAMES["a"])
        yield pytest.param(quantity, NAMES["z"], id=activation.name)
    for loss in LOSSES.values():
        quantity = lose(loss, NAMES["y"], NAMES["t"], NAMES["a"])
        yield pytest.param(quantity, NAMES["y"], id=loss.name)
    for reduction in REDUCTIONS:
        parts = (NAMES["x"], NAMES["y"], NAMES["z"])
        quantity = add_losses(parts, reduction, NAMES["a"])
        yield pytest.param(quantity, NAMES["y"], id=reduction)


CATALOGUE = tuple(catalogue())


def assert_slope_is_the_derivative(quantity: Quantity, variable: Key) -> None:
    """SymPy's derivative of the formula is each form of the slope."""
    derivative = Derivative(quantity.formula, Name(variable))
    slope = quantity.slopes[variable]
    for form in (slope.value, *slope.bridge, *slope.working):
        assert_equal(derivative, substitute(form, {quantity.key: quantity.formula}))


@pytest.mark.parametrize(("quantity", "variable"), CATALOGUE)
def test_slopes_of_the_catalogue(quantity: Quantity, variable: Key) -> None:
    assert_slope_is_the_derivative(quantity, variable)


@pytest.mark.parametrize(("quantity", "variable"), CATALOGUE)
def test_the_way_to_a_slope_of_the_catalogue(quantity: Quantity, variable: Key) -> None:
    slope = quantity.slopes[variable]
    forms = (*slope.working, *slope.bridge)
    first, *lines = explain_slope(quantity.formula, variable, forms, slope.value)
    result = {quantity.key: quantity.formula}
    for line in lines:
        assert_equal(first.written, substitute(line.written, result))
    assert is_same_on_paper(lines[-1].written, slope.value)


WRONG_ACTIVATIONS = [
    replace(ACTIVATIONS["sigmoid"], slope="a * (1 + a)"),
    replace(ACTIVATIONS["sigmoid"], slope="a"),
    replace(ACTIVATIONS["sigmoid"], bridge=("exp(-z) / (1 + exp(-z))",)),
    replace(ACTIVATIONS["tanh"], slope="1 - a"),
    replace(ACTIVATIONS["relu"], slope="1 if z < 0 else 0"),
    replace(ACTIVATIONS["leaky-relu"], slope="1 if z > 0 else -alpha"),
]


@pytest.mark.parametrize("activation", WRONG_ACTIVATIONS, ids=lambda a: a.name)
def test_a_wrong_slope_of_an_activation_is_caught(activation: Any) -> None:
    quantity = activate(activation, {}, NAMES["z"], NAMES["a"])
    with pytest.raises(AssertionError):
        assert_slope_is_the_derivative(quantity, NAMES["z"])


def test_a_wrong_slope_of_a_loss_is_caught() -> None:
    record = LOSSES["half-squared-error"]
    for wrong in (replace(record, slope="t - y"), replace(record, working=("t - y",))):
        quantity = lose(wrong, NAMES["y"], NAMES["t"], NAMES["a"])
        with pytest.raises(AssertionError):
            assert_slope_is_the_derivative(quantity, NAMES["y"])


# Random formulas, at random points, to 30 digits.

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
