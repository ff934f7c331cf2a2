"""The lines of a differentiation, as on the board: each equals SymPy's derivative."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

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
from explainer.mathematics.plain import plain
from explainer.mathematics.tidying import tidy
from explainer.mathematics.written import (
    Call,
    Derivative,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    Summation,
    Written,
)
from explainer.network.activations import ACTIVATIONS, activate
from tests.mathematics.proving import (
    NAMES,
    X,
    Y,
    assert_equal,
    spell,
    written,
)


def lines_of(text: str, variable: str = "x") -> tuple[RuleLine, ...]:
    return differentiate(written(text), NAMES[variable])


def transcript(lines: Sequence[RuleLine]) -> list[str]:
    return [
        " ".join((plain(line.written, spell), f"[{' '.join(line.rules)}]"))
        for line in lines
    ]


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
        f" Known: {', '.join(sorted(FUNCTIONS))}.",
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
