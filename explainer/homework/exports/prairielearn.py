"""PrairieLearn: a question folder whose server.py works from the student's own lines.

An answer that follows from an earlier wrong one has its points, as on paper. The
folder's shape: https://docs.prairielearn.com/question/overview/
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal

from explainer.homework.exports.handout import Handout
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.function_code import function_code
from explainer.mathematics.python_code import Dialect, literal, python
from explainer.mathematics.written import Call, Key, walk
from explainer.notation import plain_name
from explainer.page.document import Step

NAMES = uuid.UUID("6f2c0c6e-5d0a-5f43-9c55-0a5f0f2b6f12")
WORDS = ("right", "follows", "wrong", "unreadable")


def write_prairielearn(handout: Handout) -> Mapping[str, str]:
    """The files of the folder by name: info.json, question.html, server.py."""
    return {
        "info.json": _info(handout),
        "question.html": _page(handout),
        "server.py": _server(handout),
    }


def answer_name(step: int) -> str:
    """The name of an answer, the same in the page and in the program."""
    return f"step{step}"


def _info(handout: Handout) -> str:
    quiz = handout.quiz
    data = {
        "uuid": str(uuid.uuid5(NAMES, quiz.identity)),
        "title": f"{quiz.title} ({quiz.code})" if quiz.code else quiz.title,
        "topic": "Backpropagation",
        "type": "v3",
        "singleVariant": True,
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _page(handout: Handout) -> str:
    questions = {question.step: question for question in handout.quiz.questions}

    def hole(step: Step) -> str:
        question = questions[step.number]
        return (
            f'<pl-number-input answers-name="{answer_name(step.number)}"'
            f' comparison="relabs" rtol="0" atol="{question.tolerance:f}"'
            f' weight="{question.points}" allow-blank="true" blank-value=""'
            ' show-help-text="false"></pl-number-input>'
        )

    return handout.fill_template(
        "prairielearn/question.html.j2",
        worksheet=handout.html(handout.blank, hole),
        key=handout.html(handout.papers.key),
        asked=[(answer_name(q.step), q.name) for q in handout.quiz.questions],
    )


def _server(handout: Handout) -> str:
    derivation, questions = handout.derivation, handout.quiz.questions
    dialect = Dialect(lambda key: f"v[{_quoted(key)}]")
    formulas = [
        (_quoted(key), python(quantity.formula, dialect))
        for key, quantity in derivation.quantities.items()
    ]
    code = function_code(_functions(handout), ("Decimal", "getcontext"))
    names = {question: _text(answer_name(question.step)) for question in questions}
    return handout.fill_template(
        "prairielearn/server.py.j2",
        imports=[*code.imports.items()],
        definitions=code.definitions,
        givens=[
            (_quoted(key), literal(as_decimal(reading.value)))
            for key, reading in handout.readings.items()
            if key in derivation.graph.givens
        ],
        formulas=formulas,
        asked=[
            (names[q], _text(q.name), q.points, _decimal(q.tolerance))
            for q in questions
        ],
        mistakes=[
            (
                names[q],
                [(_decimal(w.value), _text(handout.hint(w.mistake))) for w in q.wrong],
            )
            for q in questions
        ],
        words={word: _text(handout.say(f"server_{word}")) for word in WORDS},
    )


def _functions(handout: Handout) -> Iterator[str]:
    for quantity in handout.derivation.quantities.values():
        for part in walk(quantity.formula):
            if isinstance(part, Call):
                yield part.function


def _quoted(key: Key) -> str:
    return _text(plain_name(key))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _decimal(value: Decimal) -> str:
    return f'Decimal("{value}")'
