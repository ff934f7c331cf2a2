r"""A published derivation as it stands on its page: names with escaped underscores,
statements without a sign between them, and words glued to numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explainer.homework.sheets import Sheet, read_sheet
from explainer.notation import plain_name
from tests.homework.networks import names_of_example

TEXT = (Path(__file__).parent / "worked_example.txt").read_text("utf-8")
# Every value that the text states, as it is typed there.
VALUES = {
    "sum_h1": "0.41",
    "out_h1": "0.60108",
    "sum_h2": "0.47",
    "out_h2": "0.61538",
    "sum_o1": "1.01977",
    "out_o1": "0.73492",
    "sum_o2": "1.26306",
    "out_o2": "0.77955",
    "E_o1": "0.23456",
    "E_o2": "0.01452",
    "E": "0.24908",
    "dE/dw5": "0.08020",
    "new_w5": "0.45187",
    "dE/dw6": "0.08211",
    "new_w6": "0.55073",
    "dE/dw7": "-0.01760",
    "new_w7": "0.71056",
    "dE/dw8": "-0.01802",
    "new_w8": "0.81081",
    "dE_o1/dw1": "0.00159",
    "dE_o2/dw1": "-0.00049",
    "dE/dw1": "0.00110",
    "new_w1": "0.09933",
    "new_w2": "0.19919",
    "new_w3": "0.29667",
    "new_w4": "0.39597",
}
ARITHMETIC = (
    ("0.1*0.1+0.5*0.3+0.25", "0.41", "exact"),
    (r"\frac{1}{1+e^{-0.41}}", "0.60108", "truncated"),
    (r"\frac{1}{2}(0.05-0.73492)^{2}", "0.23456", "rounded"),
    (r"\frac{1}{2}(0.95-0.77955)^{2}", "0.01452", "truncated"),
    ("0.68492 * 0.19480 * 0.60108", "0.08020", "rounded"),
    # 0.45188: the page used more digits of 0.08020 than it shows.
    ("0.5 - 0.6 * 0.08020", "0.45187", "within"),
    ("0.68492 * 0.19480 * 0.61538", "0.08211", "rounded"),
    ("0.6 - 0.6 * 0.08211", "0.55073", "rounded"),
    ("-0.17044 * 0.17184 * 0.60108", "-0.01760", "rounded"),
    ("0.7 - 0.6 * -0.01760", "0.71056", "exact"),
    ("0.68492 * 0.19480 * 0.5 * 0.23978 * 0.1", "0.00159", "truncated"),
    ("-0.17044 * 0.17184 * 0.7 * 0.23978 * 0.1", "-0.00049", "rounded"),
    ("0.00159 + (-0.00049)", "0.00110", "exact"),
    ("0.1 - 0.6 * 0.00110", "0.09933", "within"),
)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return read_sheet(TEXT, names_of_example("forward-backward"))


def test_every_value_is_read_with_its_digits(sheet: Sheet) -> None:
    got = {plain_name(key): entry.text for key, entry in sheet.entries.items()}
    assert got == VALUES


def test_the_table_has_every_number_that_ends_a_chain() -> None:
    """By another road: what stands after a sign of equality, with no sign behind."""
    ends = re.findall(r"= ?(-?[0-9]+\.[0-9]+)(?![0-9]| ?[*+-])", TEXT)
    assert sorted(ends) == sorted(VALUES.values())


def test_every_line_of_arithmetic_is_read_and_none_is_accused(sheet: Sheet) -> None:
    got = tuple((line.left, line.right, line.how) for line in sheet.lines)
    assert got == ARITHMETIC
    assert all(line.holds for line in sheet.lines)


def test_nothing_is_in_doubt(sheet: Sheet) -> None:
    assert (sheet.problems, sheet.notation) == ((), "sum-output")
    assert not sheet.decided


def test_each_entry_has_its_own_line(sheet: Sheet) -> None:
    lines = TEXT.split("\n")
    for entry in sheet.entries.values():
        assert entry.text in lines[entry.line - 1]
