"""The exports, read back as the systems read them that import them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from explainer import Network, derive
from explainer.homework.exports.asking import truth_bands
from explainer.homework.exports.canvas import scale_of
from explainer.homework.exports.formats import EXPORTS
from explainer.homework.exports.handout import Handout
from explainer.homework.exports.moodle import escape
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits, Rounding
from explainer.network.problems import NetworkError
from explainer.worked import with_choices
from tests.homework.canvas_reader import read_package
from tests.homework.handouts import CASES, hand_out
from tests.homework.moodle_reader import read_bank, read_cloze


def written(handout: Handout, form: str) -> bytes:
    (content,) = EXPORTS[form].files_of(handout).values()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("name", CASES)
def test_moodle_finds_each_answer(name: str) -> None:
    handout = hand_out(name)
    (question,) = read_bank(written(handout, "moodle"))
    assert question.category == ("$course$", handout.title, "A/B")
    assert question.name == f"{handout.title} s/1 =Ana <Ñ> 王 (K7A)"
    assert question.feedback == handout.html(handout.papers.key).strip()
    assert len(question.blanks) == len(handout.quiz.questions) > 3
    for blank, asked in zip(question.blanks, handout.quiz.questions, strict=True):
        assert blank.weight == asked.points
        edge = asked.value + asked.tolerance
        off = asked.value + 3 * asked.tolerance
        found = [blank.grade(value).fraction for value in (asked.value, edge, off)]
        assert found == [1, 1, 0]
        for wrong in asked.wrong:
            assert blank.grade(wrong.value).feedback == handout.hint(wrong.mistake)
    # Nothing that is printed is taken for a blank, or for the place of one.
    holes = [f"{{#{number + 1}}}" for number in range(len(question.blanks))]
    places = iter(holes)
    sheet = handout.html(handout.blank, lambda step: next(places))
    assert all(question.rest.count(hole) == 1 for hole in holes)
    assert question.rest == sheet.strip()


def test_feedback_is_escaped_for_moodle() -> None:
    text = r"{a} ~ #1 \frac{1}{2} <b>"
    assert "~" not in escape(text)
    (blank,), _ = read_cloze(f"{{1:NUMERICAL:=1:0~%0%*#{escape(text)}}}")
    assert blank.grade(Decimal(2)).feedback == text


@pytest.mark.parametrize("name", CASES)
def test_canvas_holds_each_answer(name: str) -> None:
    handout = hand_out(name)
    data = written(handout, "canvas")
    assert data == written(handout, "canvas")
    (quiz,) = read_package(data)
    assert quiz.title == handout.quiz.name
    for answer, asked in zip(quiz.answers, handout.quiz.questions, strict=True):
        power = Decimal(10) ** scale_of(asked)
        assert answer.title == asked.name
        assert answer.points == asked.points
        edge = (asked.value + asked.tolerance) * power
        off = (asked.value + 3 * asked.tolerance) * power
        assert answer.takes(asked.value * power)
        assert answer.takes(edge)
        assert not answer.takes(off)


def test_the_table_has_every_answer() -> None:
    handout = hand_out("forward-backward")
    text = written(handout, "csv").decode("utf-8-sig")
    rows = [*csv.DictReader(io.StringIO(text))]
    assert [row["quantity"] for row in rows] == [q.name for q in handout.quiz.questions]
    whose = {(row["code"], row["id"], row["name"], row["group"]) for row in rows}
    assert whose == {("K7A", "s/1", "'=Ana <Ñ> 王", "A/B")}
    by_name = {row["quantity"]: row for row in rows}
    assert by_name["dE/dw5"]["value"] == "0.08020"
    assert Decimal(by_name["dE/dw5"]["tolerance"]) > Decimal("0.000005")


@pytest.mark.parametrize("digits", [Digits(3, "decimals"), Digits(4, "figures")])
@pytest.mark.parametrize("mode", ["half-up", "half-even", "truncate"])
@pytest.mark.parametrize("carry", ["full", "shown"])
@pytest.mark.parametrize("name", CASES)
def test_every_honest_answer_is_within_the_tolerance(
    name: str, carry: str, mode: str, digits: Digits
) -> None:
    """Who rounds each line, who rounds at the end only, and who cuts off are right."""
    network = Network.from_example(name)
    kinds = Rounding().carry if carry == "shown" else frozenset[str]()
    rounding = Rounding(digits=digits, carry=kinds, mode=mode)
    rounded = with_choices(network, rounding=rounding)
    try:
        worked = derive(rounded, verify=False)
        assert worked.readings is not None
        bands = truth_bands(worked.symbols, worked.readings, worked.rounding)
    except NetworkError as refused:
        # A divisor is rounded to 0, or may be.
        assert name == "softmax-adam"
        assert "no value" in str(refused) or "more digits" in str(refused)
        return
    for key, reading in worked.readings.items():
        low, high = bands[key]
        assert low <= as_decimal(reading.shown) <= high


def test_a_matrix_is_no_question() -> None:
    with pytest.raises(NetworkError, match="no single number"):
        assert hand_out("forward-backward", method="matrix").quiz
