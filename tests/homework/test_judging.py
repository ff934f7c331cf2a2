"""Verdicts: nobody is accused falsely, and every kind of value gets its own."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from explainer.examples import EXAMPLES, read_example
from explainer.homework.answers import answer_key
from explainer.homework.entry import Entry
from explainer.homework.examiner import Examiner
from explainer.homework.judging import Judgement, Verdict, judge
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits
from explainer.mathematics.written import Key
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.notation import plain_name
from tests.homework.selftest import METHODS, not_right, with_blanks
from tests.homework.sheets import STYLES, Style, asked, examiners, write_sheet


def typed(key: Key, text: str) -> Entry:
    """A value as it stands on a sheet."""
    if "/" in text:
        return Entry(key, text, Fraction(text), Decimal(0), 1)
    value = Decimal(text)
    places = len(text.partition(".")[2])
    return Entry(key, text, value, Decimal(1).scaleb(-places) / 2, 1)


@pytest.fixture(scope="module")
def mazur() -> Examiner:
    return Examiner(answer_key(build(read_network(read_example("mazur")))))


def sheet_of(examiner: Examiner, values: Mapping[str, str]) -> dict[Key, Entry]:
    names = {plain_name(key): key for key in examiner.keys}
    return {names[name]: typed(names[name], text) for name, text in values.items()}


def verdicts(examiner: Examiner, values: Mapping[str, str]) -> dict[str, str]:
    judgement = judge(examiner, sheet_of(examiner, values))
    return {plain_name(k): j.verdict.value for k, j in judgement.cells.items()}


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_correct_sheets_are_correct(style: Style) -> None:
    """Whole and with blanks, by both methods, some of the networks."""
    seed = 70 + STYLES.index(style)
    for number, (name, examiner, chance) in enumerate(examiners(seed, every=6)):
        keys = asked(examiner.answers, METHODS[number % 2])
        sheet = write_sheet(examiner.answers, keys, style)
        assert sheet is not None
        for kept in (keys, with_blanks(keys, chance)):
            part = {key: sheet[key] for key in kept}
            assert not not_right(judge(examiner, part)), name


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_itself_is_a_correct_sheet(name: str) -> None:
    """Every built-in example with the digits in which it is printed."""
    spec = read_network(read_example(name))
    examiner = Examiner(answer_key(build(spec)))
    readings = examiner.answers.read(spec.rounding)
    sheet = {}
    for key in examiner.answers.quantities:
        shown = readings[key].shown
        kind = readings[key].kind
        digits = spec.rounding.digits_of(kind)
        half = digits.last_place(as_decimal(shown)) / 2
        sheet[key] = Entry(key, str(shown), shown, half, 1)
    assert not not_right(judge(examiner, sheet))


# dE/dw5 is 0.082167, and dE/dw1 is 0.000439.
ALONE = [
    ("dE/dw5", "0.0822", "correct"),
    ("dE/dw5", "0.08", "correct"),
    ("dE/dw5", "0.1", "correct"),
    ("dE/dw5", "1", "wrong"),
    ("dE/dw5", "-1", "wrong"),
    ("dE/dw5", "-0.08", "wrong"),
    ("dE/dw5", "0.13", "wrong"),
    ("dE/dw1", "0.0004", "correct"),
    ("dE/dw1", "0.2", "wrong"),
    ("dE/dw1", "-0.0004", "wrong"),
    ("dE/dw1", "2", "wrong"),
]


@pytest.mark.parametrize(("name", "text", "verdict"), ALONE)
def test_a_value_alone_is_near_the_truth(
    mazur: Examiner, name: str, text: str, verdict: str
) -> None:
    """The steps before it were not worked out in as few digits as it is written."""
    assert verdicts(mazur, {name: text}) == {name: verdict}


def test_a_wrong_value_and_what_follows_from_it(mazur: Examiner) -> None:
    """The wrong output is the one mistake; the rest is worked out well from it."""
    found = verdicts(
        mazur,
        {
            "sum_h1": "0.3775",
            "out_h1": "0.6033",
            "out_h2": "0.5969",
            "sum_o1": "1.1099",
            "out_o1": "0.7521",
        },
    )
    assert found == {
        "sum_h1": "correct",
        "out_h1": "wrong",
        "out_h2": "correct",
        "sum_o1": "follows",
        "out_o1": "follows",
    }


def test_a_right_value_that_does_not_follow(mazur: Examiner) -> None:
    found = verdicts(mazur, {"out_h1": "0.6533", "sum_o1": "1.1059"})
    assert found == {"out_h1": "wrong", "sum_o1": "not-from-own"}


def test_blanks_are_worked_out_from_the_nearest_values(mazur: Examiner) -> None:
    """delta_o1 is blank, and its wrong f' is used: the gradient follows."""
    wrong = {"dout_o1/dsum_o1": "0.2868", "dE_o1/dout_o1": "0.7414"}
    found = verdicts(mazur, {**wrong, "dE/dw5": "0.1261"})
    assert found["dE/dw5"] == "follows"
    assert verdicts(mazur, {**wrong, "dE/dw5": "0.0822"})["dE/dw5"] == "not-from-own"
    assert verdicts(mazur, {**wrong, "dE/dw5": "0.0922"})["dE/dw5"] == "wrong"


def test_two_roots(mazur: Examiner) -> None:
    judgement = judge(
        mazur,
        sheet_of(mazur, {"sum_h1": "0.4775", "out_h1": "0.6172", "sum_h2": "0.2925"}),
    )
    assert [plain_name(key) for key in judgement.roots] == ["sum_h1", "sum_h2"]
    assert plain_name(judgement.headline or Key("none")) == "sum_h1"


@pytest.mark.parametrize(
    ("text", "truncated", "verdict"),
    [
        ("0.5932", True, "correct"),
        ("0.5932", False, "wrong"),
        ("0.5933", False, "correct"),
        ("0.593", False, "correct"),
        ("0.6", True, "correct"),
        ("0.5", False, "wrong"),
        ("0.5934", True, "wrong"),
    ],
)
def test_cutting_off(mazur: Examiner, text: str, truncated: bool, verdict: str) -> None:
    """out_h1 = 0.593269992 from sum_h1 = 0.3775 exactly."""
    entries = sheet_of(mazur, {"out_h1": text})
    entries |= sheet_of(mazur, {"sum_h1": "151/400"})
    judgement = judge(mazur, entries, truncated=truncated)
    key = next(key for key in entries if plain_name(key) == "out_h1")
    assert judgement.cells[key].verdict.value == verdict


def test_digits_that_are_asked(mazur: Examiner) -> None:
    entries = sheet_of(
        mazur, {"sum_h1": "0.3775", "out_h1": "0.59", "dE/dw1": "0.00", "sum_h2": "0.4"}
    )
    found = judge(mazur, entries, digits=Digits(4, "decimals")).cells
    by_name = {plain_name(key): judged.verdict for key, judged in found.items()}
    assert by_name == {
        "sum_h1": Verdict.CORRECT,
        "out_h1": Verdict.FEW_DIGITS,
        "dE/dw1": Verdict.TOO_COARSE,
        "sum_h2": Verdict.FEW_DIGITS,
    }


def test_guards(mazur: Examiner) -> None:
    """An output beyond 1 and a slope of 0 cap the credit."""
    judgement = judge(
        mazur,
        sheet_of(
            mazur,
            {"out_h1": "1.3100", "dout_o1/dsum_o1": "0.0000", "out_o1": "0.7514"},
        ),
    )
    found = {plain_name(cap.key): cap.reason for cap in judgement.caps}
    assert found == {"out_h1": "impossible", "dout_o1/dsum_o1": "zero"}


def test_a_given_number_copied_wrongly(mazur: Examiner) -> None:
    """w5 is 0.4; with 0.5 the sum follows."""
    found = verdicts(
        mazur,
        {"w5": "0.50", "out_h1": "0.5933", "out_h2": "0.5969", "sum_o1": "1.1653"},
    )
    assert found["w5"] == "given-wrong"
    assert found["sum_o1"] == "follows"


def test_another_variant_has_other_givens(mazur: Examiner) -> None:
    names = {plain_name(key): key for key in mazur.keys}
    entries = sheet_of(mazur, {"sum_h1": "0.4025"})
    assert judge(mazur, entries).roots
    givens = {names["w1"]: Decimal("0.65")}
    assert not judge(mazur, entries, givens=givens).roots


def test_unknown_and_blank_cells_void_nothing(mazur: Examiner) -> None:
    names = {plain_name(key): key for key in mazur.keys}
    stranger = Key("sum", ("h9",))
    entries = sheet_of(mazur, {"sum_h1": "0.3775"}) | {stranger: typed(stranger, "1")}
    judgement = judge(mazur, entries, asked=(names["sum_h1"], names["sum_h2"]))
    assert judgement.unknown == (stranger,)
    assert judgement.blanks == (names["sum_h2"],)
    assert not judgement.roots


def test_a_mistake_is_accused(mazur: Examiner) -> None:
    """The test of correct sheets can fail: one value far off is found on any sheet."""
    chance = random.Random(5)
    keys = asked(mazur.answers)
    sheet = write_sheet(mazur.answers, keys, Style(4))
    assert sheet is not None
    for key in keys:
        value = as_decimal(sheet[key].value) + Decimal(chance.choice(("0.2", "-0.3")))
        judgement: Judgement = judge(mazur, {**sheet, key: typed(key, f"{value:.4f}")})
        assert key in judgement.roots
