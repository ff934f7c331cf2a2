"""The folder of a PrairieLearn question: its program runs, and marks what follows."""

from __future__ import annotations

import json
import re
import sys
import types
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from explainer import Network, derive
from explainer.homework.exports.handout import Handout
from explainer.homework.exports.prairielearn import write_prairielearn
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits, Rounding
from explainer.worked import with_choices
from tests.homework.handouts import CASES, hand_out

# https://github.com/PrairieLearn/PrairieLearn,
# apps/prairielearn/src/schemas/schemas/infoQuestion.json: no other property is allowed.
INFO = {
    *("comment", "uuid", "type", "title", "topic", "tags", "authors", "clientFiles"),
    *("clientTemplates", "template", "gradingMethod", "singleVariant", "options"),
    *("showCorrectAnswer", "partialCredit", "externalGradingOptions", "dependencies"),
    *("workspaceOptions", "sharingSets", "sharePublicly", "shareSourcePublicly"),
    "preferences",
}
BOOLEAN, NUMBER, INTEGER = "true|false", r"\d+(\.\d+)?", r"\d+"
# apps/prairielearn/elements/pl-number-input/schemas/pl-number-input.json, of which
# those that we write.
ATTRIBUTES = {
    "answers-name": r"\w+",
    "comparison": "relabs|sigfig|decdig",
    "rtol": NUMBER,
    "atol": NUMBER,
    "weight": INTEGER,
    "allow-blank": BOOLEAN,
    "blank-value": ".*",
    "show-help-text": BOOLEAN,
}


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
    assert {"uuid", "title", "topic", "type"} <= info.keys() <= INFO
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


class Elements(HTMLParser):
    """The attributes of the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pl-number-input":
            self.found.append(dict(attrs))


@pytest.mark.parametrize("name", CASES)
def test_the_elements_are_as_documented(name: str) -> None:
    """Each attribute is one of the element's schema, with a value of its format."""
    handout = hand_out(name)
    page = Elements()
    page.feed(write_prairielearn(handout)["question.html"])
    assert len(page.found) == len(handout.quiz.questions)
    for element, question in zip(page.found, handout.quiz.questions, strict=True):
        assert element.keys() <= ATTRIBUTES.keys()
        for attribute, text in element.items():
            assert re.fullmatch(ATTRIBUTES[attribute], text or ""), attribute
        # Without a relative part the element's own marking is that of the question.
        assert Decimal(element["atol"] or "") == question.tolerance
        assert Decimal(element["rtol"] or "") == 0


@pytest.mark.parametrize("typed", ["1/3", " 1 / 3 ", "\u22121/-3", "2/6"])
def test_a_fraction_is_a_number(typed: str) -> None:
    """PrairieLearn's element takes fractions, so the program does, too."""
    server = run_server(hand_out("forward-backward"))
    number, half = server["read"](typed)
    assert abs(number - Decimal(1) / 3) < Decimal("1e-20")
    assert half == 0


@pytest.mark.parametrize("typed", ["1/0", "1/2/3", "/", "a/b", "NaN/2", "1/NaN", ""])
def test_what_is_no_number_is_told(typed: str) -> None:
    server = run_server(hand_out("forward-backward"))
    with pytest.raises((ArithmeticError, ValueError)):
        server["read"](typed)


@pytest.mark.parametrize("typed", ["0", "0e9", "1", "-1e9", "1e999999"])
def test_coarse_answers_earn_nothing(typed: str) -> None:
    """Who types one digit gets no more room for it."""
    handout = hand_out("mazur", ("results",), "signals")
    server = run_server(handout)
    got = submission({f"step{q.step}": typed for q in handout.quiz.questions})
    server["parse"](got)
    server["grade"](got)
    assert got["score"] < 0.05
