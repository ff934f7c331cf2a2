"""The reader accepts true lines and catches false ones: a reader that never complains
would prove nothing."""

from __future__ import annotations

import ast
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rereading.examples import PAGE, display
from tests.rereading.judging import judge
from tests.rereading.mathematics import parse
from tests.rereading.page import equations, formulas
from tests.rereading.report import FALSE, TRUE, Report
from tests.rereading.tree import Beyond, Symbol, Unreadable
from tests.rereading.typography import typography

# A line of numbers, and the class that it falls into.
NUMBERS = [
    # exactly equal
    (r"0.1 \times 0.1 + 0.5 \times 0.3 + 0.25 = 0.41", "equal"),
    (r"0.20 = 0.2", "equal"),
    (r"\frac{1}{2} \times (0.05 - 0.25)^{2} = 0.02", "equal"),
    (r"e^{0} = 1", "equal"),
    (r"\ln(1) + \tanh(0) = 0", "equal"),
    (r"\sqrt{0.25} = 0.5", "equal"),
    (r"\max(0, -0.5) = 0", "equal"),
    (r"\min(0.2, \lvert -0.5 \rvert) = 0.2", "equal"),
    (r"\frac{1}{3} \times 0.6 = \frac{1}{5}", "equal"),
    (r"(1.2 \times 10^{-7}) \times 2 = 2.4 \times 10^{-7}", "equal"),
    (r"\bigl(1 - \frac{1}{4}\bigr) \times 4 = 3", "equal"),
    (r"0.7514 - (-0.5) = 1.2514", "equal"),
    (r"\begin{cases} 1 & 0.41 \gt 0 \\ 0 & \text{otherwise} \end{cases} = 1", "equal"),
    (r"\begin{cases} 1 & 0 \gt 0 \\ 0.5 & 0 = 0 \end{cases} = 0.5", "equal"),
    (r"e^{-0.3 \times 2} = e^{-0.6}", "equal"),
    (r"0.41 \gt 0", "equal"),
    # rounded from what is printed
    (r"0.60108 \times 0.5 + 0.61538 \times 0.6 + 0.35 \approx 1.01977", "rounded"),
    (r"\frac{1}{3} \approx 0.333", "rounded"),
    (r"0.25 \approx 0.3", "rounded"),
    (r"0.25 \approx 0.2", "rounded"),
    (r"-0.25 \approx -0.3", "rounded"),
    (r"\frac{1}{1 + e^{-0.22}} \approx 0.55478", "rounded"),
    (r"0.00011 \times 0.0011 \approx 1.2 \times 10^{-7}", "rounded"),
    (r"-0.01 \times 0.0001 \approx 0.0000", "rounded"),
    # as near as the printed digits allow
    (r"0.68492 \times 0.19480 \times 0.60108 \approx 0.08019", "propagated"),
    (r"\frac{1}{1 + e^{-0.41}} \approx 0.60108", "propagated"),
    (r"0.333 \approx \frac{1}{3}", "propagated"),
    (r"\frac{1}{1 + e^{-0.41}} \approx \frac{1}{1 + 0.66365}", "propagated"),
    # true, but the sign is too weak
    (r"0.5 \times 0.5 \approx 0.25", "weak"),
    # `=` for a rounded number
    (r"\frac{1}{3} = 0.333", "unequal"),
    (r"0.60108 \times 0.5 = 0.3005", "unequal"),
    (r"\frac{1}{1 + e^{-0.22}} = 0.55478", "unequal"),
    (r"\frac{1}{1 + e^{-100}} = 1", "unequal"),
    (r"\sqrt{2} = 1.4142135623730950488016887242096980785696718753769", "unequal"),
    # a wrong last digit
    (r"0.60108 \times 0.5 + 0.61538 \times 0.6 + 0.35 \approx 1.11977", "unequal"),
    (r"\frac{1}{3} \approx 0.334", "unequal"),
    (r"\frac{1}{1 + e^{-0.41}} \approx 0.61108", "unequal"),
    (r"0.1 + 0.2 = 0.31", "unequal"),
    (r"(1.2 \times 10^{-7}) \times 2 = 2.4 \times 10^{-6}", "unequal"),
    # a lost bracket, a lost sign, a lost factor
    (r"\frac{1}{2} \times 0.05 - 0.25^{2} = 0.02", "unequal"),
    (r"0.7514 - 0.5 = 1.2514", "unequal"),
    (r"0.68492 \times 0.19480 \approx 0.08020", "unequal"),
    (
        r"\begin{cases} 1 & -0.41 \gt 0 \\ 0 & \text{otherwise} \end{cases} = 1",
        "unequal",
    ),
    (r"0.41 \lt 0", "unequal"),
    (r"\frac{1}{0.5 - 0.5} \approx 7", "unequal"),
    (r"\ln(0.2 - 0.3) \approx -2.3", "unequal"),
    # not to be read, or to be read in two ways
    (r"0.7514 - -0.5 = 1.2514", "unreadable"),
    (r"0.5 \times -0.5 = -0.25", "unreadable"),
    (r"0.5 0.5 = 0.25", "unreadable"),
    (r"0.5 (1 - 0.5) = 0.25", "unreadable"),
    (r"(0.2 + 0.3 = 0.5", "unreadable"),
    (r"\bigl(0.2 + 0.3) = 0.5", "unreadable"),
    (r"e^-0.41 \approx 0.66365", "unreadable"),
    (r"2^10 = 1024", "unreadable"),
    (r"z^{(1)}^{\langle 2 \rangle} = 1", "unreadable"),
    (r"0.5 \times = 0.5", "unreadable"),
    (r"0.5 \, \times 2 = 1", "unreadable"),
    (r"\frac{1}{2 = 0.5", "unreadable"),
    (r"\max(0.5) = 0.5", "unreadable"),
    (r"= 0.5", "unreadable"),
    # beyond numbers
    (r"\sum_{i=1}^{2} 0.5 = 1", "unknown"),
    (r"\frac{d}{d z} (z^{2}) = 2", "unknown"),
    (r"\begin{bmatrix} 1 \end{bmatrix} = 1", "unknown"),
]


def kinds(report: Report) -> list[str]:
    return [verdict.kind for verdict in report.verdicts]


@pytest.mark.parametrize(("line", "kind"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_a_line_of_numbers(line: str, kind: str) -> None:
    assert kinds(judge(display(line))) == [kind]


def test_truncation_is_true_only_where_the_page_truncates() -> None:
    line = display(r"\frac{2}{3} \approx 0.666")
    assert kinds(judge(line, truncate=True)) == ["rounded"]
    assert kinds(judge(line)) == ["unequal"]
    rounded_up = display(r"\frac{2}{3} \approx 0.668")
    assert kinds(judge(rounded_up, truncate=True)) == ["unequal"]


SLOPE = r"\frac{\partial E}{\partial w}"
AT_H1 = rf"\left. {SLOPE} \right|_{{h1}}"
THROUGH = rf"{SLOPE} \Big|_{{h1 \to o1}}"

# What the page gave before, a line after it, and its class.
SYMBOLS = [
    ("w = 0.5", r"2 \cdot w = 2 \times 0.5", "symbolic"),
    ("w = 0.5", r"2 \cdot w = 1", "symbolic"),
    ("w = 0.5", r"2 \cdot w = 1.1", "unequal"),
    ("w = 0.5", r"2 \cdot w = 2 \times 0.6", "unequal"),
    (r"w = 1 \\ v = 0.7", r"w \cdot 2 = 0.7 \times 2", "unequal"),
    (r"w = \frac{1}{3}", r"w \cdot 3 = 1", "symbolic"),
    (r"w_{5}^{+} = -0.3", r"\lvert w_{5}^{+} \rvert = 0.3", "symbolic"),
    (r"z_{1}^{(2)} = 3", r"(z_{1}^{(2)})^{2} = 9", "symbolic"),
    (r"z_{1}^{(2)} = 3", r"z_{1}^{(2)} \cdot 2 = 12", "unequal"),
    (r"z^{[1]}_{2} = 3", r"1 + z^{[1]}_{2} = 4", "symbolic"),
    (
        r"z_{1}^{(2)\langle 3 \rangle} = 3",
        r"z_{1}^{(2)\langle 3 \rangle} \cdot \pi \approx 3 \times \pi",
        "symbolic",
    ),
    (f"{SLOPE} = 0.2", rf"{SLOPE} \cdot 2 = 0.4", "symbolic"),
    (f"{AT_H1} = 2", f"{AT_H1} + 1 = 3", "symbolic"),
    (f"{THROUGH} = 2", f"{THROUGH} + 1 = 2", "unequal"),
    # 0.5548 was rounded: its product may be off by what half a unit moves, no more.
    (r"a \approx 0.5548", r"a \cdot (1 - a) \approx 0.2470", "symbolic"),
    (r"a \approx 0.5548", r"a \cdot (1 - a) \approx 0.2473", "unequal"),
    (r"a \approx 0.5548", r"2 \cdot a \approx 2 \times 0.5549", "unequal"),
    (r"a \approx 0.5548", r"a \cdot (1 - a) = 0.2470", "loose"),
    (r"a \approx 0.5548", r"a \cdot (1 - a) = 0.24699696", "symbolic"),
    # 0.5548 is exact: the line must be exact as well, to the last place printed.
    (r"a = 0.5548", r"2 \cdot a \approx 1.110", "symbolic"),
    (r"a = 0.5548", r"2 \cdot a \approx 1.111", "unequal"),
    (r"a = 0.5", r"a \cdot 0.3 \approx 0.5 \times 0.3 \approx 0.16", "unequal"),
    (
        r"z \approx 0.41",
        r"e^{-z} + a \cdot w \approx e^{-0.42} + 2 \times 3",
        "unequal",
    ),
    (r"w \approx 0.41", r"(a - b) \cdot w \approx 0.7 \times 0.42", "unequal"),
    (r"w \approx 0.41", r"a \cdot b \cdot w \approx 0.7 \times 0.41", "unknown"),
    ("w = 0.5", r"2 \cdot v = 1", "unknown"),
    ("a = 0.5", r"2 \cdot a(1 - 0.5) = 0.5", "unreadable"),
    ("a = 0.5", "a = 0.6", "contradiction"),
    ("a = 0.5", "a = 0.50", None),
    ("a = 0.5", "a = 0.52", "contradiction"),
    (r"a \approx 0.5556", r"a \approx \frac{5}{9} \approx 0.56", "rounded"),
    (r"z = 0.41 \\ E = 0.41", "x = E + 0 = z + 0 = 0.41", "symbolic"),
    # What stands between two sides and cannot be judged does not hide them.
    (r"w = 3", r"x = w + 1 = \sum_{i} w = 5", "unequal"),
    (r"w = 3", r"x = w + 1 = y = w + 2 = 4", "unequal"),
]


@pytest.mark.parametrize(
    ("before", "line", "kind"), SYMBOLS, ids=[row[1] for row in SYMBOLS]
)
def test_a_line_of_symbols(before: str, line: str, kind: str | None) -> None:
    report = judge(display(before) + display(line))
    if kind in (*TRUE, None):
        assert kinds(report)[-1:] == ([kind] if kind else [])
    else:
        assert kind in kinds(report)


def test_the_page_is_true() -> None:
    report = judge(PAGE)
    assert report.failures == [] and report.unknown == [] and report.weak == []
    assert report.counts == {"symbolic": 3, "equal": 1, "rounded": 2}
    assert typography(PAGE) == []


NUMERALS = [m.span() for m in re.finditer(r"[0-9]\.[0-9]+", PAGE)]


@pytest.mark.parametrize("span", NUMERALS, ids=[str(span[0]) for span in NUMERALS])
def test_every_digit_of_the_page_matters(span: tuple[int, int]) -> None:
    """No digit of a printed number can be off by two without a complaint."""
    for place in range(*span):
        if PAGE[place].isdigit():
            wrong = str((int(PAGE[place]) + 2) % 10)
            assert judge(PAGE[:place] + wrong + PAGE[place + 1 :]).failures


def test_the_chains_of_a_page() -> None:
    first, second, third = equations(PAGE)
    assert [first.step, second.step, third.step] == [1, 2, 2]
    assert first.left == r"\mathit{sum}_{h1}"
    assert [tuple(side) for side in first.sides] == [
        ("=", r"i_{1} \cdot w_{1} + b_{1}"),
        ("=", r"0.1 \times (-0.3) + 0.25"),
        ("=", "0.22"),
    ]
    assert third.left == "E" and third.sides[-1] == (r"\approx", "0.12740")


def test_a_failure_names_its_step_and_both_sides() -> None:
    (failure,) = judge(PAGE.replace("&= 0.22\n", "&= 0.23\n")).failures[:1]
    assert (failure.step, failure.left, failure.right) == (
        1,
        r"0.1 \times (-0.3) + 0.25",
        "0.23",
    )


def test_code_is_not_mathematics() -> None:
    text = "```\n$1 = 2$\n```\nand `$1 = 2$`, but $1 = 3$\n"
    assert [formula.text for formula in formulas(text)] == ["1 = 3"]


def test_a_supposition_in_a_sentence_gives_nothing() -> None:
    report = judge(
        display("z = 0.41") + "At $z = 0$ it is $\\approx$.\n" + display("z = 0.41")
    )
    assert report.failures == []
    assert judge("so $0.1 + 0.2 = 0.4$").failures


def test_symbols_begin_anew_under_their_heading() -> None:
    page = "## Iteration 1\n$$\nw = 1\n$$\n## Iteration 2\n$$\nw = 2\n$$\n"
    assert kinds(judge(page)) == []
    assert kinds(judge(page.replace("Iteration", "Part"))) == ["contradiction"]


def test_a_table_contradicts_the_working() -> None:
    report = judge(PAGE + "\n| $E$ | $0.12741$ |\n")
    assert kinds(report)[-1] == "contradiction"
    assert judge(PAGE + "\n| $E$ | $0.1274$ |\n").failures == []


@given(
    st.integers(1, 99),
    st.decimals("-9", "9", places=4, allow_nan=False),
    st.integers(0, 3),
)
def test_any_rounded_product(factor: int, number: Decimal, places: int) -> None:
    """n times x, rounded, is accepted; with the last digit off by the whole
    uncertainty and more it is not."""
    unit = Decimal(1).scaleb(-places)
    right = (factor * number).quantize(unit, ROUND_HALF_UP)
    open_ = factor * Decimal("0.0001") + 2 * unit
    left = rf"{factor} \times ({number:f})"
    good = judge(display(rf"{left} \approx {right:f}"))
    assert kinds(good)[0] in (*TRUE, "weak")
    wrong = (right + open_).quantize(unit)
    assert kinds(judge(display(rf"{left} \approx {wrong:f}"))) == ["unequal"]


def test_parse_knows_what_is_a_symbol() -> None:
    for text in (r"\eta", r"E_{\text{total}}", r"\mathit{out}_{h1}", r"f^{\prime}(z)"):
        assert isinstance(parse(text), Symbol), text
    with pytest.raises(Beyond):
        parse(r"\frac{d}{dz}(z)")
    with pytest.raises(Unreadable, match="<here>"):
        parse("1 +")


def test_the_reader_stands_alone() -> None:
    """No file of this folder imports the program that it checks."""
    for path in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "explainer" for name in names), path


def test_every_false_class_can_be_reached() -> None:
    reached = {kind for _, kind in NUMBERS} | {kind for *_, kind in SYMBOLS}
    assert {*TRUE, *FALSE, "weak", "unknown"} <= reached
