"""Formulas in a terminal: one line, with the brackets that a line needs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.evaluation import evaluate_exactly
from explainer.mathematics.formula import read
from explainer.mathematics.typesetting.boxes import Pattern
from explainer.mathematics.unicode_text import print_unicode, unicode_text
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
)

X = Name(Key("input", ("x",)))
ONE, TWO = Number(Decimal(1)), Number(Decimal(2))

SYMBOLS = {
    r"w_{5}": "w₅",
    r"\mathit{out}_{h1}": "outₕ₁",
    r"\mathit{out}_{c1}": "out_c1",
    r"w_{1,10}": "w_(1,10)",
    r"\delta_{o1}^{(2)}": "δₒ₁⁽²⁾",
    r"a^{\langle 3 \rangle}": "a^⟨3⟩",
    r"\frac{\partial E}{\partial w_{5}}": "∂E/∂w₅",
    r"\hat{m}_{1}": "m̂₁",
    r"a^{(L)}": "a^(L)",
    r"a^{[1](2)}": "a^([1](2))",
    r"\unknown{x}": r"\unknown{x}",
}


@pytest.mark.parametrize("tex", SYMBOLS)
def test_symbols(tex: str) -> None:
    assert print_unicode(Pattern(tex)) == SYMBOLS[tex]


LINES: list[tuple[Written, str]] = [
    (Call("exp", (Negative(X),)), "e⁻ˣ"),
    (Call("exp", (Number(Decimal("-0.5")),)), "e^(−0.5)"),
    (Quotient(ONE, Sum((ONE, X))), "1/(1 + x)"),
    (Quotient(Sum((ONE, X)), TWO), "(1 + x)/2"),
    (Quotient(Quotient(X, TWO), Quotient(ONE, X)), "(x/2)/(1/x)"),
    (Quotient(Product((TWO, X)), Product((X, X))), "2 · x/(x · x)"),
    (Product((Number(Decimal("0.5")), Number(Decimal(-2)))), "0.5 × (−2)"),
    (Power(Sum((X, Negative(ONE))), TWO), "(x − 1)²"),
    (Power(TWO, Number(Decimal("0.5"))), "2^0.5"),
    (Call("sqrt", (Sum((X, ONE)),)), "√(x + 1)"),
    (Call("sqrt", (X,)), "√x"),
    (Number(Decimal("-1.20E-7")), "−1.20 × 10⁻⁷"),
    (Quotient(ONE, Number(Decimal("1E-7"))), "1/(1 × 10⁻⁷)"),
    (Quotient(ONE, Number(Fraction(1, 3))), "1/(1/3)"),
    (Cases((Comparison(X, ">", ONE),), (X, ONE)), "{x if x > 1; 1 if x ≤ 1}"),
    (Call("max", (ONE, X)), "max(1, x)"),
]


@pytest.mark.parametrize(("written", "text"), LINES, ids=[text for _, text in LINES])
def test_lines(written: Written, text: str) -> None:
    assert unicode_text(written, lambda key: "x") == text


NUMBERS = st.integers(-9, 9).map(lambda n: Number(Decimal(n)))


def _larger(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(Sum),
        pairs.map(Product),
        pairs.map(lambda pair: Quotient(*pair)),
        inner.map(Negative),
        inner.map(lambda base: Power(base, TWO)),
    )


@given(written=st.recursive(NUMBERS, _larger, max_leaves=8))
def test_a_line_read_again_has_the_same_value(written: Written) -> None:
    """The brackets are those that the line needs: Python reads it as it was meant."""
    text = unicode_text(written, lambda key: "x")
    for sign, typed in {"−": "-", "×": "*", "·": "*", "²": "**2"}.items():
        text = text.replace(sign, typed)
    try:
        value = evaluate_exactly(written, {})
    except ZeroDivisionError:
        return
    assert evaluate_exactly(read(text, {}), {}) == value
