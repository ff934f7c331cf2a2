"""The safe reader: what it reads, in the order typed, and all that it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.evaluation import evaluate_exactly
from explainer.mathematics.formula import DEEPEST, LONGEST, FormulaError, read
from explainer.mathematics.functions import FUNCTIONS
from explainer.mathematics.plain import plain
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
    walk,
)

NAMES = {name: Key("input", (name,)) for name in ("x", "y", "alpha", "α")}
X, Y = Name(NAMES["x"]), Name(NAMES["y"])
ALPHA = Name(NAMES["α"])


def number(digits: str) -> Number:
    return Number(Decimal(digits))


ONE, TWO = number("1"), number("2")

READ = [
    ("x", X),
    (" x ", X),
    ("0.20", number("0.20")),
    (".5", number("0.5")),
    ("1.", number("1")),
    ("1e-7", number("1E-7")),
    ("1_000", number("1000")),
    ("-2", number("-2")),
    ("--2", number("2")),
    ("+x", X),
    ("-x", Negative(X)),
    ("-0.0", number("0.0")),
    ("x + y + 1", Sum((X, Y, ONE))),
    ("(x + y) + 1", Sum((Sum((X, Y)), ONE))),
    ("x + (y + 1)", Sum((X, Sum((Y, ONE))))),
    ("1 + x", Sum((ONE, X))),
    ("x - y", Sum((X, Negative(Y)))),
    ("x - y - 2", Sum((X, Negative(Y), Negative(TWO)))),
    ("x - (-2)", Sum((X, Negative(number("-2"))))),
    ("x * y * 2", Product((X, Y, TWO))),
    ("(x * y) * 2", Product((Product((X, Y)), TWO))),
    ("2 * x", Product((TWO, X))),
    ("-2 * x", Product((number("-2"), X))),
    ("-x * y", Product((Negative(X), Y))),
    ("x / y / 2", Quotient(Quotient(X, Y), TWO)),
    ("1/2 * x", Product((Quotient(ONE, TWO), X))),
    ("x**2", Power(X, TWO)),
    ("-x**2", Negative(Power(X, TWO))),
    ("-2**2", Negative(Power(TWO, TWO))),
    ("(-2)**2", Power(number("-2"), TWO)),
    ("x**-1", Power(X, number("-1"))),
    ("x**y**2", Power(X, Power(Y, TWO))),
    ("exp(-x)", Call("exp", (Negative(X),))),
    ("max(0, x)", Call("max", (number("0"), X))),
    ("x > 0", Comparison(X, ">", number("0"))),
    ("x if x >= y else 1", Cases((Comparison(X, ">=", Y),), (X, ONE))),
    (
        "1 if x < 0 else 2 if x == 0 else y",
        Cases(
            (Comparison(X, "<", number("0")), Comparison(X, "==", number("0"))),
            (ONE, TWO, Y),
        ),
    ),
    ("α + x + y", Sum((ALPHA, X, Y))),
    ("(α + x) + y", Sum((Sum((ALPHA, X)), Y))),
    ("α * x * y", Product((ALPHA, X, Y))),
    ("(x\n + y)", Sum((X, Y))),
]


@pytest.mark.parametrize(("text", "tree"), READ, ids=[text for text, _ in READ])
def test_a_formula_is_read_as_typed(text: str, tree: Written) -> None:
    assert read(text, NAMES) == tree


def test_the_digits_of_a_number_are_kept() -> None:
    digits = "0." + "123456789" * 6 + "0"
    for text in (digits, "-" + digits):
        tree = read(text, {})
        assert isinstance(tree, Number)
        assert str(tree.value) == text


ALLOWED = (
    "Allowed: numbers, names, + - * / **, comparisons in 'a if x > 0 else b',"
    f" and {', '.join(sorted(FUNCTIONS))}."
)
KNOWN = f"Known: {', '.join(sorted(FUNCTIONS))}."
NEAR = "Did you mean 'exp'?"
SIGNS = "a condition compares two terms with one of < <= > >= =="
ALONE = "a comparison stands only in 'a if x > 0 else b'"

REFUSED = [
    ("z", "column 1: no quantity is called 'z'. Known: alpha, x, y, α."),
    (
        "2 * alpa",
        "column 5: no quantity is called 'alpa'. Did you mean 'alpha'?"
        " Known: alpha, x, y, α.",
    ),
    ("α + z", "column 5: no quantity is called 'z'. Known: alpha, x, y, α."),
    ("sinh(x)", f"column 1: no function is called 'sinh'. Did you mean 'sin'? {KNOWN}"),
    ("pi(x)", f"column 1: no function is called 'pi'. {KNOWN}"),
    ("exq(x)", f"column 1: no function is called 'exq'. Did you mean 'exp'? {KNOWN}"),
    ("x(2)", f"column 1: no function is called 'x'. {KNOWN}"),
    ("__import__('os')", f"column 1: no function is called '__import__'. {KNOWN}"),
    ("x.exp(2)", f"column 1: no function is called 'x.exp'. {NEAR} {KNOWN}"),
    ("exp(1)(2)", f"column 1: no function is called 'exp(1)'. {NEAR} {KNOWN}"),
    ("exp(x, y)", "column 1: exp takes 1 argument, got 2"),
    ("exp()", "column 1: exp takes 1 argument, got 0"),
    ("max(x)", "column 1: max takes 2 arguments, got 1"),
    ("exp(x=1)", "column 1: exp takes 1 argument, got named ones"),
    ("exp(*x)", f"column 5: Starred is not allowed in a formula. {ALLOWED}"),
    ("x.y", f"column 1: Attribute is not allowed in a formula. {ALLOWED}"),
    ("1 + x[0]", f"column 5: Subscript is not allowed in a formula. {ALLOWED}"),
    ("[x]", f"column 1: List is not allowed in a formula. {ALLOWED}"),
    ("(x, y)", f"column 1: Tuple is not allowed in a formula. {ALLOWED}"),
    ("{x}", f"column 1: Set is not allowed in a formula. {ALLOWED}"),
    ("lambda: x", f"column 1: Lambda is not allowed in a formula. {ALLOWED}"),
    ("(x := 1)", f"column 2: NamedExpr is not allowed in a formula. {ALLOWED}"),
    ("f'{x}'", f"column 1: JoinedStr is not allowed in a formula. {ALLOWED}"),
    ("x and y", f"column 1: BoolOp is not allowed in a formula. {ALLOWED}"),
    ("[x for x in y]", f"column 1: ListComp is not allowed in a formula. {ALLOWED}"),
    ("'x'", "column 1: 'x' is not a number"),
    ("True", "column 1: True is not a number"),
    ("None", "column 1: None is not a number"),
    ("...", "column 1: Ellipsis is not a number"),
    ("1j", "column 1: 1j is not a number"),
    ("x + 0x10", "column 5: 0x10 is not a decimal number"),
    ("0b1", "column 1: 0b1 is not a decimal number"),
    ("2 - 1e1000", "column 5: 1e1000 is not between 1e-999 and 1e999"),
    ("1e-1000", "column 1: 1e-1000 is not between 1e-999 and 1e999"),
    ("1e" + "9" * 20, f"column 1: 1e{'9' * 20} is not a decimal number"),
    ("x // y", "column 1: the signs allowed are + - * / **"),
    ("x % y", "column 1: the signs allowed are + - * / **"),
    ("x @ y", "column 1: the signs allowed are + - * / **"),
    ("1 + (x ^ y)", "column 6: the signs allowed are + - * / **"),
    ("not x", "column 1: only + and - may stand before a term"),
    ("~x", "column 1: only + and - may stand before a term"),
    ("x != y", f"column 1: {SIGNS}"),
    ("0 < x < 1", f"column 1: {SIGNS}"),
    ("x is y", f"column 1: {SIGNS}"),
    ("x if y else 1", "column 6: a condition such as x > 0 is needed"),
    ("(x > 0) + 1", f"column 2: {ALONE}"),
    ("-(x > 0)", f"column 3: {ALONE}"),
    ("max(1, x > 0)", f"column 8: {ALONE}"),
    ("1 if (x > 0) > 0 else 2", f"column 7: {ALONE}"),
    ("(x > 0) if x > 0 else 2", f"column 2: {ALONE}"),
    ("", "this is not a formula: ''"),
    ("x +", "this is not a formula: 'x +'"),
    ("x y", "this is not a formula: 'x y'"),
    ("x = 1", "this is not a formula: 'x = 1'"),
    ("x; y", "this is not a formula: 'x; y'"),
    ("import os", "this is not a formula: 'import os'"),
    ("x\0", "this is not a formula: 'x\\x00'"),
    ("1if x>0else 2", "this is not a formula: '1if x>0else 2'"),
    ("x" * 501, "a formula has at most 500 characters, this one has 501"),
    ("-" * 60 + "x", "a formula has at most 40 levels, not 61"),
    ("-" * 450 + "x", "a formula has at most 40 levels"),
]


@pytest.mark.parametrize(
    ("text", "message"), REFUSED, ids=[text[:30] or "nothing" for text, _ in REFUSED]
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read(text, NAMES)
    assert str(caught.value) == message


def test_the_limits_themselves_are_allowed() -> None:
    assert read("1" * LONGEST, NAMES) == number("1" * LONGEST)
    assert len(list(walk(read("-" * (DEEPEST - 1) + "x", NAMES)))) == DEEPEST


def test_a_sum_as_long_as_a_formula_can_be() -> None:
    tree = read("x+" * 100 + "y", NAMES)
    assert tree == Sum((X,) * 100 + (Y,))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = read(text, NAMES)
    except FormulaError:
        return
    assert isinstance(tree, Written)


PIECES = st.sampled_from(
    "x y 2 0.5 1e3 + - * / ** ( ) < == if else exp( max( , : . [ ] lambda '".split()
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_row_of_signs_is_read_or_refused(text: str) -> None:
    try:
        tree = read(text, NAMES)
    except FormulaError:
        return
    assert read(plain(tree, lambda key: str(key.of[0])), NAMES) is not None


EXECUTABLE = (
    "open('made', 'w')",
    "__import__('os').mkdir('made')",
    "exp(open('made', 'w'))",
    "x if open('made', 'w') else y",
    "[open('made', 'w') for i in '1']",
    "(lambda: open('made', 'w'))()",
)


@pytest.mark.parametrize("text", EXECUTABLE)
def test_nothing_is_executed(text: str, empty_folder: Path) -> None:
    with pytest.raises(FormulaError):
        read(text, NAMES)
    assert list(empty_folder.iterdir()) == []


# What `plain` prints, the reader reads: an expression of the same value.


def combine(forms: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(forms, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        st.builds(Quotient, forms, forms),
        forms.map(Negative),
        st.builds(Power, forms, st.sampled_from((TWO, number("-1"), number("3")))),
        forms.map(lambda form: Call("abs", (form,))),
        st.builds(lambda a, b: Call("max", (a, b)), forms, forms),
        st.builds(
            lambda a, b, c, d: Cases((Comparison(a, "<", b),), (c, d)), *(forms,) * 4
        ),
    )


DIGITS = st.sampled_from(("0", "2", "0.50", "-3", "-0.25", "1E+2", "1E-7"))
FRACTIONS = st.fractions(-3, 3, max_denominator=7).map(Number)
FORMS = st.recursive(
    st.one_of(st.sampled_from((X, Y)), DIGITS.map(number), FRACTIONS),
    combine,
    max_leaves=8,
)


LESS = Comparison(X, "<", Y)
STEP = Cases((LESS,), (ONE, TWO))
PLAIN = [
    (Sum((STEP, X)), "(1 if x < y else 2) + x"),
    (Sum((X, STEP)), "x + (1 if x < y else 2)"),
    (Sum((X, Negative(STEP))), "x - (1 if x < y else 2)"),
    (Product((X, STEP)), "x*(1 if x < y else 2)"),
    (
        Cases((LESS,), (STEP, X)),
        "(1 if x < y else 2) if x < y else x",
    ),
    (
        Cases((Comparison(STEP, ">", X),), (X, Y)),
        "x if (1 if x < y else 2) > x else y",
    ),
    (Power(X, Number(Fraction(1, 2))), "x**(1/2)"),
    (Power(Number(Fraction(1, 2)), X), "(1/2)**x"),
    (Quotient(X, Number(Fraction(1, 2))), "x/(1/2)"),
    (Quotient(X, Number(Fraction(4, 2))), "x/2"),
    (Sum((X, Number(Fraction(-1, 2)))), "x + (-1/2)"),
    (Negative(Sum((X, Y))), "-(x + y)"),
    (Power(Power(X, Y), TWO), "(x**y)**2"),
    (Call("max", (X, Negative(Y))), "max(x, -y)"),
]


@pytest.mark.parametrize(("form", "text"), PLAIN, ids=[text for _, text in PLAIN])
def test_the_brackets_of_plain_text(form: Written, text: str) -> None:
    assert plain(form, lambda key: str(key.of[0])) == text


@given(form=FORMS)
def test_plain_text_reads_back_with_the_same_value(form: Written) -> None:
    text = plain(form, lambda key: str(key.of[0]))
    if len(text) > LONGEST:
        return
    numbers = {X.key: Decimal("0.7"), Y.key: Decimal("-1.3")}
    back = read(text, NAMES)
    try:
        expected = evaluate_exactly(form, numbers)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            evaluate_exactly(back, numbers)
    else:
        assert evaluate_exactly(back, numbers) == expected, text
