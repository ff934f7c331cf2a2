"""Tidying: the arithmetic that a teacher does without a word."""

from __future__ import annotations

import pytest

from explainer.mathematics.plain import plain
from explainer.mathematics.tidying import tidy
from tests.mathematics.proving import (
    assert_equal,
    spell,
    written,
)

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
