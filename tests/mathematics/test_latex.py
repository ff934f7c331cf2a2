"""LaTeX of written mathematics: a sign between two numbers, brackets round a minus."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.formula import read
from explainer.mathematics.functions import FUNCTIONS
from explainer.mathematics.latex import latex, print_latex
from explainer.mathematics.numerals import numeral
from explainer.mathematics.typesetting.setting import pieces
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
)

NAMES = {name: Key("input", (name,)) for name in ("a", "i", "n", "w", "x", "y", "z")}
X, Y = Name(NAMES["x"]), Name(NAMES["y"])
RAISED = Key("activation", ("a_1^{(2)}",))
SLOPE = Key("derivative", (NAMES["y"], NAMES["x"]))


def spell(key: Key) -> str:
    if key == SLOPE:
        return r"\frac{\partial y}{\partial x}"
    return str(key.of[0])


def number(digits: str) -> Number:
    return Number(Decimal(digits))


def fraction(top: int, bottom: int) -> Number:
    return Number(Fraction(top, bottom))


TABLE = [
    # Numbers.
    ("0.20", "0.20"),
    ("-0.5", "-0.5"),
    ("1200", "1200"),
    ("1.20e-7", r"1.20 \times 10^{-7}"),
    ("-1e-9", r"-1 \times 10^{-9}"),
    ("0.00001", "0.00001"),
    ("0.000001", r"1 \times 10^{-6}"),
    ("1e5", r"1 \times 10^{5}"),
    ("123456789012345", "123456789012345"),
    ("1234567890123456", r"1.234567890123456 \times 10^{15}"),
    # Sums.
    ("x + y", "x + y"),
    ("x - y", "x - y"),
    ("0.2 + (-0.5)", "0.2 + (-0.5)"),
    ("0.7514 - (-0.5)", "0.7514 - (-0.5)"),
    ("-0.5 + 0.2", "(-0.5) + 0.2"),
    ("x - (y + 1)", "x - (y + 1)"),
    ("x - (-y)", "x - (-y)"),
    ("x + 1.2e-7", r"x + (1.2 \times 10^{-7})"),
    ("x - 1.2e-7", r"x - (1.2 \times 10^{-7})"),
    # Products.
    ("x * y", r"x \cdot y"),
    ("2 * x", r"2 \cdot x"),
    ("0.20 * 0.5", r"0.20 \times 0.5"),
    ("0.20 * -0.5", r"0.20 \times (-0.5)"),
    ("-0.5 * x", r"(-0.5) \cdot x"),
    ("x * -0.5", r"x \cdot (-0.5)"),
    ("1.2e-7 * 2", r"(1.2 \times 10^{-7}) \times 2"),
    ("2 * 1.2e-7", r"2 \times (1.2 \times 10^{-7})"),
    ("2 * -1.2e-7", r"2 \times (-1.2 \times 10^{-7})"),
    ("x * (y + 1)", r"x \cdot (y + 1)"),
    ("x * (y * 2)", r"x \cdot (y \cdot 2)"),
    ("x * (-y)", r"x \cdot (-y)"),
    ("1/2 * 2 * x", r"\frac{1}{2} \cdot 2 \cdot x"),
    ("2 * (1 - 1/3)", r"2 \times \Bigl(1 - \frac{1}{3}\Bigr)"),
    # Quotients.
    ("x / y", r"\frac{x}{y}"),
    ("1 / (1 + exp(-z))", r"\frac{1}{1 + e^{-z}}"),
    ("1 / (1 + exp(0.5))", r"\frac{1}{1 + e^{0.5}}"),
    ("-1 / 2", r"\frac{-1}{2}"),
    ("-(1 / 2)", r"-\frac{1}{2}"),
    # Minus signs.
    ("-x", "-x"),
    ("-(x + y)", "-(x + y)"),
    ("-(-x)", "-(-x)"),
    ("-(x * y)", r"-x \cdot y"),
    ("-x**2", "-x^{2}"),
    # Powers.
    ("x**2", "x^{2}"),
    ("x**-2", "x^{-2}"),
    ("(-2)**2", "(-2)^{2}"),
    ("(-x)**2", "(-x)^{2}"),
    ("(x + y)**2", "(x + y)^{2}"),
    ("(2 * x)**2", r"(2 \cdot x)^{2}"),
    ("(x / y)**2", r"\Bigl(\frac{x}{y}\Bigr)^{2}"),
    ("(x**2)**3", "(x^{2})^{3}"),
    ("x**(y**2)", "x^{y^{2}}"),
    ("exp(x)**2", "(e^{x})^{2}"),
    ("tanh(x)**2", r"(\tanh(x))^{2}"),
    ("1e-7**2", r"(1 \times 10^{-7})^{2}"),
    # Functions and cases.
    ("exp(-0.5)", "e^{-0.5}"),
    ("log(1 + exp(x))", r"\ln(1 + e^{x})"),
    ("tanh(x)", r"\tanh(x)"),
    ("sqrt(x + 1)", r"\sqrt{x + 1}"),
    ("abs(x - y)", r"\lvert x - y \rvert"),
    ("max(0, -2)", r"\max(0, -2)"),
    ("min(x, y)", r"\min(x, y)"),
    (
        "1 if x > 0 else 0.01",
        "\\begin{cases} 1 & x \\gt 0 \\\\\n0.01 & x \\le 0 \\end{cases}",
    ),
    (
        "-1 if x <= y else 0 if x == -1 else 1",
        "\\begin{cases} -1 & x \\le y \\\\\n0 & x = -1 \\\\\n"
        "1 & \\text{otherwise} \\end{cases}",
    ),
    (
        "2 * (1 if x < 0 else y)",
        "2 \\cdot \\Bigl(\\begin{cases} 1 & x \\lt 0 \\\\\n"
        "y & x \\ge 0 \\end{cases}\\Bigr)",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_the_latex_of_a_formula(text: str, expected: str) -> None:
    assert latex(read(text, NAMES), spell) == expected


TREES = [
    ("fraction", fraction(1, 3), r"\frac{1}{3}"),
    ("negative fraction", fraction(-1, 3), r"-\frac{1}{3}"),
    ("whole fraction", fraction(-6, 3), "-2"),
    (
        "sum of fractions",
        Sum((fraction(1, 3), fraction(-1, 3))),
        r"\frac{1}{3} + \Bigl(-\frac{1}{3}\Bigr)",
    ),
    (
        "power of a fraction",
        Power(fraction(1, 3), number("2")),
        r"\Bigl(\frac{1}{3}\Bigr)^{2}",
    ),
    ("power of a whole one", Power(fraction(4, 2), number("2")), "2^{2}"),
    ("negative zero", Sum((X, number("-0.0"))), "x + (-0.0)"),
    ("times negative zero", Product((X, number("-0.0"))), r"x \cdot (-0.0)"),
    ("raised name", Power(Name(RAISED), number("2")), "(a_1^{(2)})^{2}"),
    (
        "tall name",
        Product((X, Sum((Name(SLOPE), Y)))),
        r"x \cdot \Bigl(\frac{\partial y}{\partial x} + y\Bigr)",
    ),
    ("derivative of a name", Derivative(Y, X), r"\frac{d y}{d x}"),
    ("derivative of a sum", Derivative(Sum((X, Y)), X), r"\frac{d}{d x} (x + y)"),
    (
        "derivative as the last factor",
        Product((number("2"), Derivative(Sum((X, Y)), X))),
        r"2 \cdot \frac{d}{d x} (x + y)",
    ),
    (
        "derivative before a factor",
        Product((Derivative(Sum((X, Y)), X), Y)),
        r"\Bigl(\frac{d}{d x} (x + y)\Bigr) \cdot y",
    ),
    ("unknown function", Call("f", (X, number("-2"))), "f(x, -2)"),
    (
        "sum over an index",
        Summation(Name(NAMES["i"]), Name(NAMES["n"]), Sum((X, Y))),
        r"\sum_{i=1}^{n} (x + y)",
    ),
]


@pytest.mark.parametrize(
    ("form", "expected"),
    [row[1:] for row in TREES],
    ids=[name for name, *_ in TREES],
)
def test_the_latex_of_a_tree(form: Written, expected: str) -> None:
    assert latex(form, spell) == expected


def test_what_has_no_latex_is_refused() -> None:
    class Drawing(Written):
        __slots__ = ()

    with pytest.raises(TypeError, match="no typeset form for Drawing"):
        latex(Sum((X, Drawing())), spell)


def test_every_function_has_a_form() -> None:
    for record in FUNCTIONS.values():
        count = record.latex.count("<")
        form = latex(Call(record.name, (X, Y)[:count]), spell)
        assert "x" in form and "<" not in form
        assert count < 2 or "y" in form


def test_pieces_begin_with_their_signs() -> None:
    form = read("x * y - 2 * (x + 1) + exp(x - y)", NAMES)
    assert tuple(map(print_latex, pieces(form, spell))) == (
        *("x", r"\cdot y", "- 2", r"\cdot (x", "+ 1)", "+ e^{x - y}"),
    )


def test_two_backslashes_stand_only_at_the_end_of_a_line() -> None:
    everything = " ".join(expected for _, expected in TABLE)
    everything += " ".join(expected for *_, expected in TREES)
    assert set(re.findall(r"\\[^a-zA-Z]\s?", everything)) == {"\\\\\n"}


# Whatever the numbers are, no two signs and no two numbers stand side by side.

DIGITS = st.sampled_from(
    ("0", "1", "0.20", "12", "-3", "-0.5", "-0.0", "1E-7", "-2E+9")
)
ATOMS = st.one_of(
    st.just(X),
    DIGITS.map(number),
    st.fractions(-3, 3, max_denominator=5).map(Number),
)


def combine(forms: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(forms, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        st.builds(Quotient, forms, forms),
        forms.map(Negative),
        st.builds(Power, forms, forms),
        forms.map(lambda form: Call("exp", (form,))),
        forms.map(lambda form: Call("tanh", (form,))),
        st.builds(lambda a, b: Call("max", (a, b)), forms, forms),
        st.builds(
            lambda a, b, c: Cases((Comparison(a, ">", b),), (c, a)), *(forms,) * 3
        ),
    )


FORMS = st.recursive(ATOMS, combine, max_leaves=8)
TWO_SIGNS = re.compile(r"(?:[-+]|\\times|\\cdot) *(?:[-+]|\\times|\\cdot)")
TWO_NUMBERS = re.compile(r"[0-9)}] +[0-9(]|\) *\(|[0-9)}] *(?:\\Bigl|\\frac|e\^)")


def assert_signs_stand_alone(text: str) -> None:
    assert not TWO_SIGNS.search(text), text
    assert not TWO_NUMBERS.search(text), text


@given(form=FORMS)
def test_signs_and_numbers_stand_alone(form: Written) -> None:
    assert_signs_stand_alone(latex(form, spell).replace(r"\begin{cases} ", ""))


@given(form=FORMS)
def test_brackets_are_closed(form: Written) -> None:
    text = latex(form, spell)
    for opening, closing in ("()", "{}", (r"\Bigl", r"\Bigr")):
        assert text.count(opening) == text.count(closing)
    depth = 0
    for sign in re.sub(r"[^(){}]", "", text):
        depth += 1 if sign in "({" else -1
        assert depth >= 0, text


@given(form=FORMS)
def test_the_pieces_are_the_formula(form: Written) -> None:
    assert " ".join(map(print_latex, pieces(form, spell))) == latex(form, spell)


WRONG = ["0.7514 - -0.5", r"0.20 \times -0.5", "0.5 (-0.2) 0.1", "2 3", r"x + + y"]


@pytest.mark.parametrize("text", WRONG)
def test_signs_side_by_side_are_caught(text: str) -> None:
    with pytest.raises(AssertionError):
        assert_signs_stand_alone(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8))
def test_a_numeral_keeps_its_digits(value: Decimal) -> None:
    digits, _, power = numeral(value).partition(r" \times 10^")
    exponent = int(power.strip("{}") or "0")
    assert Fraction(digits) * Fraction(10) ** exponent == Fraction(value)
