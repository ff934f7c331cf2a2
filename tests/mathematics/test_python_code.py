"""Written mathematics as Python has the value that it has on the page."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics import functions
from explainer.mathematics.evaluation import WORKING, evaluate, evaluate_exactly
from explainer.mathematics.function_code import function_code
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.python_code import Dialect, python, python_lines
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

KEYS = {name: Key("input", (name,)) for name in "xy"}
LEAVES = st.one_of(
    st.integers(-9, 9).map(lambda n: Number(Decimal(n))),
    st.sampled_from(["0.5", "-0.25", "1.20"]).map(lambda n: Number(Decimal(n))),
    st.sampled_from([Number(Fraction(1, 3)), Number(Fraction(-2, 7))]),
    st.sampled_from([Name(key) for key in KEYS.values()]),
)


def _larger(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    pairs = st.tuples(inner, inner)
    power = st.integers(1, 3).map(lambda n: Number(Decimal(n)))
    return st.one_of(
        pairs.map(Sum),
        st.tuples(inner, inner, inner).map(Product),
        pairs.map(lambda pair: Quotient(*pair)),
        inner.map(Negative),
        st.tuples(inner, power).map(lambda pair: Power(*pair)),
        inner.map(lambda one: Call("abs", (one,))),
        pairs.map(lambda pair: Call("max", pair)),
        st.tuples(inner, inner, inner).map(
            lambda three: Cases((Comparison(three[0], "<", three[1]),), three[:2])
        ),
    )


WRITTEN = st.recursive(LEAVES, _larger, max_leaves=10)


@given(written=WRITTEN, room=st.sampled_from([0, 1000]))
def test_in_fractions_the_value_is_the_very_same(written: Written, room: int) -> None:
    values = {KEYS["x"]: Fraction(3, 4), KEYS["y"]: Fraction(-5, 6)}
    dialect = Dialect(lambda key: str(key.of[0]), exact=True)
    code = "(" + "\n".join(python_lines(written, dialect, room)) + "\n)"
    names = {"Fraction": Fraction, "x": Fraction(3, 4), "y": Fraction(-5, 6)}
    try:
        expected = evaluate_exactly(written, values)
    except ZeroDivisionError:
        return
    found = eval(code, names)
    assert found == expected and isinstance(found, Fraction)


@given(written=WRITTEN)
def test_in_decimals_it_is_the_same_to_all_digits(written: Written) -> None:
    """Never a float, and never a whole number of Python's, at any place."""
    x, y = Decimal("0.75"), Decimal("-0.3")
    try:
        expected = evaluate(written, {KEYS["x"]: x, KEYS["y"]: y})
    except ArithmeticError:
        return
    code = python(written, Dialect(lambda key: str(key.of[0])))
    with localcontext(WORKING) as context:
        context.prec = 120
        try:
            found = eval(code, {"Decimal": Decimal, "x": x, "y": y})
        except ArithmeticError:
            return
    assert isinstance(found, Decimal)
    assert abs(found - expected) <= max(abs(expected), Decimal(1)) * Decimal("1e-40")


@pytest.mark.parametrize("name", CALLABLE)
def test_the_code_of_a_function_computes_what_the_function_does(name: str) -> None:
    """Without the module: only what the imports of the code bring."""
    code = function_code([name], ["Decimal"])
    lines = [f"from {m} import {', '.join(n)}" for m, n in code.imports.items()]
    text = "\n".join([*lines, *code.definitions])
    assert '"""' not in text and "->" not in text
    names: dict[str, object] = {}
    exec(text, names)
    count = CALLABLE[name].latex.count("<")
    arguments = [Decimal("0.7"), Decimal("2.5")][:count]
    found = eval(f"{name}(*arguments)", names | {"arguments": arguments})
    assert found == CALLABLE[name].decimal(*arguments)
    assert set(names) - {"__builtins__"} <= {*vars(functions), *CALLABLE}
