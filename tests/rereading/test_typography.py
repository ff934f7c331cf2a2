"""Mistakes of form are found, and a page in order is left in peace."""

from __future__ import annotations

import pytest

from tests.rereading.examples import PAGE, display
from tests.rereading.katex import NoKatex, katex_folder, katex_problems
from tests.rereading.page import formulas
from tests.rereading.typography import typography

TYPOGRAPHY = [
    (r"0.7 - -0.5", "a negative number without brackets"),
    (r"0.7 + -0.5", "a negative number without brackets"),
    (r"0.7 \cdot -0.5", "a negative number without brackets"),
    (r"0.7 \times - 0.5", "a negative number without brackets"),
    (r"x = -0.17 \times 0.2", "a negative number without brackets"),
    (r"(-0.17 + 0.2) \times 2", "a negative number without brackets"),
    (r"-1.2 \times 10^{-7} + 1", "a negative number without brackets"),
    (r"0.5 0.3", "two numbers side by side"),
    (r"(0.5)(0.3)", "two numbers side by side"),
    (r"0.5 \bigl(\frac{1}{2}\bigr)", "two numbers side by side"),
    (r"\frac{1}{2} 3", "two numbers side by side"),
    (r"a \, b", "which Markdown strips"),
    (r"a\_b", "which Markdown strips"),
    (r"\{a\}", "which Markdown strips"),
    (r"a \\ b", r"\\ that is not at the end"),
    (r"\begin{align} a \end{align}", "the environment align"),
    (r"\frac{1}{2", "'}' is missing"),
    (r"(a + b", "')' is missing"),
    (r"a + b)", "')' closes nothing"),
    (r"\bigl(a + b)", "')' closes nothing"),
    (r"\begin{aligned} a", r"'\\end{aligned}' is missing"),
    (r" ", "an empty formula"),
    ("a\n= b", "a line that begins with '='"),
    ("a\n- b", "a line that begins with '-'"),
    ("a\n> b", "a line that begins with '>'"),
]


@pytest.mark.parametrize(("text", "problem"), TYPOGRAPHY)
def test_typography_complains(text: str, problem: str) -> None:
    assert any(problem in found for found in typography(display(text)))


@pytest.mark.parametrize(
    "text",
    [
        r"0.7514 - (-0.5) = 1.2514",
        r"x = -0.17",
        r"x &\approx -1.2 \times 10^{-7}",
        r"e^{-0.41} \times w_{1}^{(2)} \cdot \max(0, -0.5)",
        r"\bigl(\frac{1}{2} - x\bigr) + \left. y \right|_{h1}",
        "a &= b \\\\\n&\\quad - 0.5",
    ],
)
def test_typography_is_content(text: str) -> None:
    assert typography(display(text)) == []


def test_typography_of_the_page_around() -> None:
    assert "without its partner" in typography("it costs $5")[0]
    assert "never closes" in typography("$$\nx\n")[0]
    assert "ends the cell" in typography(r"| $\Big|_{h1}$ | $1$ |")[0]
    assert typography("| $a$ | $0.5$ |\n\nso $a$ costs `$5`\n") == []


def test_katex_sets_the_page() -> None:
    try:
        katex_folder()
    except NoKatex as missing:
        pytest.skip(str(missing))
    printed = [(formula.text, formula.display) for formula in formulas(PAGE)]
    assert katex_problems(printed) == []
    assert len(katex_problems([(r"\frac{1}{2", False), (r"\nonsense", True)])) == 2
