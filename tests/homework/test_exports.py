"""The exports, read back by their own parsers and by the rules of the systems that read
them."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sys
import types
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from explainer import Network, derive
from explainer.homework.exports.asking import truth_bands
from explainer.homework.exports.canvas import QTI, scale_of, write_canvas
from explainer.homework.exports.handout import Handout
from explainer.homework.exports.moodle import escape, write_moodle
from explainer.homework.exports.prairielearn import write_prairielearn
from explainer.homework.exports.table import write_table
from explainer.homework.worksheet.papers import Assignment, set_papers
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits, Rounding
from explainer.network.problems import NetworkError
from explainer.worked import with_choices

WANTED = ("gradients", "updates")
# Moodle's own expressions: question/type/multianswer/questiontype.php.
ANSWER = (
    r"(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?((?:\\.|&[a-z#0-9]+;|[^~#}])*)"
    r"(#((?:\\.|&[a-z#0-9]+;|[^~}])*))?"
)
CLOZE = re.compile(r"\{([0-9]*):NUMERICAL:((?:\\.|[^}])*)\}")
NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"


def hand_out(
    name: str, wanted: tuple[str, ...] = WANTED, method: str = "paths"
) -> Handout:
    network = Network.from_example(name)
    worked = derive(network, method=method, verify=False)
    papers = set_papers(
        worked.document, worked.symbols, Assignment(wanted), "K7A", "=Ana <Ñ>"
    )
    assert worked.readings is not None
    return Handout(
        network.spec.title,
        papers,
        worked.symbols,
        worked.readings,
        worked.rounding,
        worked.spell,
    )


CASES = ["forward-backward", "mazur", "softmax-adam", "relu-homework", "recurrent"]


@pytest.mark.parametrize("name", CASES)
def test_moodle_finds_each_answer(name: str) -> None:
    handout = hand_out(name)
    root = ET.fromstring(write_moodle(handout))
    (question,) = (q for q in root if q.get("type") == "cloze")
    text = question.findtext("questiontext/text")
    assert text is not None
    blanks = CLOZE.findall(text)
    assert len(blanks) == len(handout.quiz.questions) > 3
    for (weight, answers), asked in zip(blanks, handout.quiz.questions, strict=True):
        assert int(weight) == asked.points
        found = [grade(answers, value) for value in typed(asked.value, asked.tolerance)]
        assert found == [100, 100, 0]
        for wrong in asked.wrong:
            assert feedback_on(answers, wrong.value) == handout.hint(wrong.mistake)
    assert question.findtext("idnumber") == "K7A"
    assert question.find("defaultgrade") is None


def typed(value: Decimal, tolerance: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """A right answer, one at the edge, and one that is off."""
    return value, value + tolerance, value + 3 * tolerance


def alternatives(answers: str) -> list[tuple[int, str, str]]:
    """Fraction, answer and feedback of each alternative, as Moodle reads them."""
    found = []
    for part in re.split(r"(?<!\\)~", answers):
        match = re.fullmatch(ANSWER, part)
        assert match, part
        fraction = 100 if match[1] == "=" else int(match[2])
        feedback = (match[5] or "").replace(r"\}", "}").replace(r"\#", "#")
        found.append((fraction, match[3], html.unescape(feedback)))
    return found


def first_that_fits(answers: str, value: Decimal) -> tuple[int, str]:
    for fraction, answer, feedback in alternatives(answers):
        if answer == "*":
            return fraction, feedback
        number, _, tolerance = answer.partition(":")
        assert re.fullmatch(NUMBER, number)
        if abs(Decimal(number) - value) <= Decimal(tolerance):
            return fraction, feedback
    raise AssertionError("no alternative fits")


def grade(answers: str, value: Decimal) -> int:
    return first_that_fits(answers, value)[0]


def feedback_on(answers: str, value: Decimal) -> str:
    return first_that_fits(answers, value)[1]


def test_feedback_is_escaped_for_moodle() -> None:
    text = r"{a} ~ #1 \frac{1}{2} <b>"
    assert "~" not in escape(text)
    (found,) = alternatives(f"%0%*#{escape(text)}")
    assert found[2] == text


@pytest.mark.parametrize("name", CASES)
def test_canvas_holds_each_answer(name: str) -> None:
    handout = hand_out(name)
    data = write_canvas(handout)
    assert data == write_canvas(handout)
    archive = zipfile.ZipFile(io.BytesIO(data))
    manifest = ET.fromstring(archive.read("imsmanifest.xml"))
    paths = {e.get("href") for e in manifest.iter() if e.tag.endswith("}file")}
    assert paths <= {*archive.namelist()}
    assert len(paths) == 2
    (path,) = (p for p in paths if p and "meta" not in p)
    assessment = ET.fromstring(archive.read(path))
    space = {"q": QTI}
    items = assessment.findall(".//q:item", space)
    asked = iter(handout.quiz.questions)
    numerical = 0
    for item in items:
        fields = [f.text for f in item.findall(".//q:fieldentry", space)]
        if fields[0] == "text_only_question":
            continue
        numerical += 1
        question = next(asked)
        power = Decimal(10) ** scale_of(question)
        assert item.get("title") == question.name
        low = Decimal(item.findtext(".//q:vargte", namespaces=space) or "")
        high = Decimal(item.findtext(".//q:varlte", namespaces=space) or "")
        exact = Decimal(item.findtext(".//q:varequal", namespaces=space) or "")
        assert low / power <= question.value <= high / power
        assert exact == question.value * power
        # Canvas keeps four decimals: rounding to them stays in the band.
        assert low <= round(exact, 4) <= high
        assert item.findtext(".//q:setvar", namespaces=space) == "100"
    assert numerical == len(handout.quiz.questions)


def test_the_table_has_every_answer() -> None:
    handout = hand_out("forward-backward")
    rows = [*csv.DictReader(io.StringIO(write_table(handout)))]
    assert [row["name"] for row in rows] == [q.name for q in handout.quiz.questions]
    assert {row["student"] for row in rows} == {"'=Ana <Ñ>"}
    by_name = {row["name"]: row for row in rows}
    assert by_name["dE/dw5"]["value"] == "0.08020"
    assert Decimal(by_name["dE/dw5"]["tolerance"]) > Decimal("0.000005")


@pytest.mark.parametrize("digits", [Digits(3, "decimals"), Digits(4, "figures")])
@pytest.mark.parametrize("carry", ["full", "shown"])
@pytest.mark.parametrize("name", CASES)
def test_every_honest_answer_is_within_the_tolerance(
    name: str, carry: str, digits: Digits
) -> None:
    """Who rounds each line, and who rounds at the end only, are both right."""
    network = Network.from_example(name)
    kinds = Rounding().carry if carry == "shown" else frozenset[str]()
    rounded = with_choices(network, rounding=Rounding(digits=digits, carry=kinds))
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


def run_server(handout: Handout) -> dict[str, Any]:
    """The question's program, in a module of its own, with PrairieLearn's score."""
    space: dict[str, Any] = {}
    code = compile(write_prairielearn(handout)["server.py"], "server.py", "exec")
    exec(code, space)  # noqa: S102
    return space


@pytest.fixture(autouse=True)
def prairielearn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What PrairieLearn's own set_weighted_score_data computes."""

    def set_weighted_score_data(data: dict[str, Any]) -> None:
        parts = data["partial_scores"].values()
        weight = sum(part["weight"] for part in parts)
        data["score"] = sum(p["score"] * p["weight"] for p in parts) / weight

    module = types.ModuleType("prairielearn")
    module.set_weighted_score_data = set_weighted_score_data  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "prairielearn", module)


def submission(answers: dict[str, str]) -> dict[str, Any]:
    return {
        "raw_submitted_answers": answers,
        "partial_scores": {},
        "feedback": {},
        "format_errors": {},
    }


@pytest.mark.parametrize("kind", ["correct", "incorrect", "invalid"])
@pytest.mark.parametrize("name", CASES)
def test_the_server_passes_its_own_test(name: str, kind: str) -> None:
    server = run_server(hand_out(name, ("results",), "signals"))
    asked = submission({}) | {"test_type": kind}
    server["test"](asked)
    got = submission(asked["raw_submitted_answers"])
    server["parse"](got)
    assert got["format_errors"].keys() == asked["format_errors"].keys()
    if kind != "invalid":
        server["grade"](got)
        assert got["score"] == asked["score"]
        assert {k: v["score"] for k, v in got["partial_scores"].items()} == {
            k: v["score"] for k, v in asked["partial_scores"].items()
        }


def test_the_server_follows_a_mistake_through() -> None:
    handout = hand_out("forward-backward", ("results",), "signals")
    server = run_server(handout)
    step = {q.name: f"step{q.step}" for q in handout.quiz.questions}
    # The bias left out of one sum: 0.16 for 0.41; what follows is carried on.
    own = server["work_out"]({"sum_h1": Decimal("0.16")})
    answers = {step[name]: f"{own[name]:.5f}" for name in step}
    answers[step["sum_h1"]] = "0.16"
    got = submission(answers)
    server["grade"](got)
    scores = {k: v["score"] for k, v in got["partial_scores"].items()}
    assert scores.pop(step["sum_h1"]) == 0
    assert set(scores.values()) == {1}
    assert "bias is missing" in got["feedback"][step["sum_h1"]]
    assert "follows" in got["feedback"][step["out_h1"]]
    assert got["feedback"][step["sum_h2"]] == "Right."


def test_the_server_works_out_the_same_numbers() -> None:
    handout = hand_out("recurrent", ("results",))
    found = run_server(handout)["work_out"]({})
    full = derive(
        with_choices(
            Network.from_example("recurrent"),
            rounding=Rounding(digits=Digits(20, "figures"), carry=frozenset()),
        ),
        method="paths",
        verify=False,
    )
    for question in handout.quiz.questions:
        value = full[question.name].full
        assert value is not None
        assert abs(found[question.name] - as_decimal(value)) < Decimal("1e-30")


def test_the_folder_is_whole() -> None:
    handout = hand_out("forward-backward")
    files = write_prairielearn(handout)
    info = json.loads(files["info.json"])
    assert {"uuid", "title", "topic", "type"} <= info.keys()
    assert info["type"] == "v3"
    page = files["question.html"]
    names = re.findall(r'answers-name="(\w+)"', page)
    assert len(names) == len(handout.quiz.questions)
    server = run_server(handout)
    assert set(names) == server["ASKED"].keys()
    data: dict[str, Any] = {}
    server["generate"](data)
    assert data["correct_answers"].keys() == set(names)
    assert page.startswith("{{=[[ ]]=}}")


@pytest.mark.parametrize("typed", ["0", "0e9", "1", "-1e9", "1e999999"])
def test_coarse_answers_earn_nothing(typed: str) -> None:
    """Who types one digit gets no more room for it."""
    handout = hand_out("mazur", ("results",), "signals")
    server = run_server(handout)
    got = submission({f"step{q.step}": typed for q in handout.quiz.questions})
    server["parse"](got)
    server["grade"](got)
    assert got["score"] < 0.05
