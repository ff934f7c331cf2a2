"""The matrix pages are read back: each printed line of matrices is multiplied out with
fractions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from explainer import Network, derive, render
from explainer.worked import with_choices

Grid = list[list[Fraction]]
MATRIX = re.compile(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", re.DOTALL)
BATCH = """
notation = "z-a-superscript"
[[samples]]
inputs = { x1 = 0.5, x2 = -1 }
targets = { o1 = 1, o2 = 0 }
[[samples]]
inputs = { x1 = 0.25, x2 = 0.75 }
targets = { o1 = 0, o2 = 1 }
[[layers]]
activation = "tanh"
units = ["h1", "h2", "h3"]
weights = [[0.1, -0.2], [0.3, 0.4], [0.5, -0.6]]
bias = { c1 = 0.1, c2 = 0.2, c3 = -0.3 }
[[layers]]
activation = "softmax"
units = ["o1", "o2"]
weights = [[0.7, -0.2, 0.3], [0.3, 0.45, -0.6]]
bias = { d1 = 0.1, d2 = 0.2 }
[loss]
name = "categorical-cross-entropy"
penalty = { name = "l2", rate = 0.1 }
[training]
learning_rate = 0.5
"""
NETWORKS = ["forward-backward", "mazur", "three-hidden-layers", "batch"]


def page(name: str, layout: str, rounding: str = "") -> str:
    if name == "batch":
        network = Network.from_text(BATCH + rounding)
    else:
        network = Network.from_example(name)
    layouts = replace(network.spec.page, matrices=layout)
    worked = derive(with_choices(network, page=layouts), method="matrix")
    assert worked.proof is not None
    assert worked.proof.holds
    assert worked.proof.matrices.count > 10
    return render(worked, "md")


def numbers(body: str) -> Grid | None:
    """The entries of a printed matrix, None where one is a formula."""
    rows = [row.split("&") for row in body.split("\\\\")]
    cells = [[cell.strip().strip("{}") for cell in row] for row in rows]
    if not all(re.fullmatch(r"-?\d+(\.\d+)?", c) for row in cells for c in row):
        return None
    return [[Fraction(cell) for cell in row] for row in cells]


def times(one: Grid, other: Grid) -> Grid:
    columns = list(zip(*other, strict=True))
    return [
        [
            sum((a * b for a, b in zip(row, c, strict=True)), Fraction(0))
            for c in columns
        ]
        for row in one
    ]


def entrywise(one: Grid, sign: str, other: Grid) -> Grid:
    operations = {"+": Fraction.__add__, "-": Fraction.__sub__, "o": Fraction.__mul__}
    return [
        [operations[sign](a, b) for a, b in zip(*rows, strict=True)]
        for rows in zip(one, other, strict=True)
    ]


def value(side: str) -> Grid | None:
    """The value of a side of numbers and matrices, by multiplying out."""
    found: list[Grid] = []

    def keep(match: re.Match[str]) -> str:
        grid = numbers(match[1])
        if grid is None:
            return "?"
        found.append(grid)
        return f"M{len(found) - 1} "

    text = MATRIX.sub(keep, side)
    for size in (r"\Biggl", r"\Biggr", r"\quad", "&", "\\\\"):
        text = text.replace(size, " ")
    text = text.replace(r"\circ", "o").replace(r"\times", "*")
    text = text.replace(r"\frac{1}{2}", "0.5")
    tokens = re.findall(r"M\d+|\d+\.?\d*|[-+o*()]|\S", text)
    if not found or not all(re.fullmatch(r"M\d+|[\d.]+|[-+o*()]", t) for t in tokens):
        return None
    return Reader(tokens, found).sum()


class Reader:
    """sum: term {(+|-) term}; term: [number *] group {o group}; group: atom {atom}."""

    def __init__(self, tokens: list[str], grids: list[Grid]) -> None:
        self.tokens, self.grids = tokens, grids

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def sum(self) -> Grid:
        whole = self.term()
        while self.peek() in ("+", "-"):
            sign = self.tokens.pop(0)
            whole = entrywise(whole, sign, self.term())
        return whole

    def term(self) -> Grid:
        scale = Fraction(1)
        while self.peek()[0].isdigit():
            scale *= Fraction(self.tokens.pop(0))
            assert self.tokens.pop(0) == "*"
        whole = self.group()
        while self.peek() == "o":
            self.tokens.pop(0)
            whole = entrywise(whole, "o", self.group())
        return [[scale * entry for entry in row] for row in whole]

    def group(self) -> Grid:
        whole = self.atom()
        while self.peek().startswith("M") or self.peek() == "(":
            whole = times(whole, self.atom())
        return whole

    def atom(self) -> Grid:
        token = self.tokens.pop(0)
        if token != "(":
            return self.grids[int(token[1:])]
        whole = self.sum()
        assert self.tokens.pop(0) == ")"
        return whole


def lines(text: str) -> list[tuple[Grid, str, Grid]]:
    """Each pair of neighbouring sides that are numbers, with the sign between."""
    found = []
    for block in re.findall(
        r"\\begin\{aligned\}(.*?)\\end\{aligned\}", text, re.DOTALL
    ):
        sides = re.split(r"&(=|\\approx) ", block)[1:]
        pairs = list(zip(sides[::2], sides[1::2], strict=True))
        for (_, one), (sign, other) in zip(pairs, pairs[1:], strict=False):
            left, right = value(one), value(other)
            if left is not None and right is not None:
                found.append((left, sign, right))
    return found


@pytest.mark.parametrize("layout", ["columns", "rows"])
@pytest.mark.parametrize("name", NETWORKS)
def test_each_line_of_matrices_is_true(name: str, layout: str) -> None:
    found = lines(page(name, layout))
    assert len(found) > 8
    for left, sign, right in found:
        for one, other in zip(sum(left, []), sum(right, []), strict=True):
            if sign == "=":
                assert one == other
            else:
                # Five decimals, cut off, with all digits carried on: the operands
                # are off by a unit each.
                assert abs(one - other) <= Fraction(4, 10**5)


@pytest.mark.parametrize("mode", ["half-up", "half-even", "truncate"])
@pytest.mark.parametrize("carry", ["shown", "full"])
def test_a_rounded_entry_is_within_its_last_digit(mode: str, carry: str) -> None:
    rule = f'[rounding]\ndecimals = 7\nmode = "{mode}"\ncarry = "{carry}"\n'
    found = lines(page("batch", "columns", rule))
    assert any(sign == "\\approx" for _, sign, _ in found)
    unit = Fraction(1, 10**7)
    most = unit if carry == "shown" else 6 * unit
    if carry == "shown" and mode != "truncate":
        most = unit / 2
    for left, sign, right in found:
        for one, other in zip(sum(left, []), sum(right, []), strict=True):
            assert one == other if sign == "=" else abs(one - other) <= most


def test_the_page_counts_its_matrices() -> None:
    text = page("mazur", "columns")
    assert re.search(r"Matrices: \d+ equations were compared entry by entry", text)


def test_no_line_begins_with_a_minus_sign() -> None:
    assert not re.search(r"^[-+=>#*] ?\d", page("batch", "columns"), re.MULTILINE)


def test_the_data_have_the_step_of_the_whole_matrix() -> None:
    worked = derive(Network.from_example("mazur"), method="matrix")
    data = json.loads(render(worked, "json"))
    steps = {each["name"]: each["step"] for each in data["quantities"]}
    assert steps["dE/dw5"] == steps["dE/dw6"] is not None
    assert steps["sum_h1"] == steps["sum_h2"] is not None
