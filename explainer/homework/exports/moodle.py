r"""Moodle XML: the whole worksheet as one cloze question.

Moodle reads each blank, `{weight:NUMERICAL:=value:tolerance~%0%wrong:tolerance#hint}`,
with a regular expression of its own: https://docs.moodle.org/en/Moodle_XML_format and
https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type. The first alternative
whose band holds the answer counts: the right one first, then those of mistakes, then
`*`. Tolerances are absolute.
"""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from decimal import Decimal

from explainer.homework.exports.handout import Handout
from explainer.homework.exports.quiz import Question, Quiz
from explainer.page.document import Step

Hint = Callable[[str], str]


def cloze(question: Question, hint: Hint, otherwise: str) -> str:
    r"""A blank in Moodle's notation; `hint` gives the text on a mistake.

    >>> from explainer.mathematics.written import Key
    >>> asked = Question(Key("total"), "E", 1, 2, Decimal("0.5"), Decimal("0.005"))
    >>> cloze(asked, str, "Check {this} step")
    '{2:NUMERICAL:=0.5:0.005~%0%*#Check {this\\} step}'
    """
    band = numeral(question.tolerance)
    answers = [f"={numeral(question.value)}:{band}"]
    answers += [
        f"%0%{numeral(wrong.value)}:{band}#{escape(hint(wrong.mistake))}"
        for wrong in question.wrong
    ]
    answers.append(f"%0%*#{escape(otherwise)}")
    return f"{{{question.points}:NUMERICAL:{'~'.join(answers)}}}"


def escape(text: str) -> str:
    r"""Feedback text: `}` and `#` get a backslash, `~` can only be an entity.

    >>> escape(r"\frac{a}{b} ~ #1 & 2")
    '\\frac{a\\}{b\\} &#126; \\#1 &amp; 2'
    """
    safe = html.escape(text, quote=False).replace("~", "&#126;")
    return safe.replace("}", r"\}").replace("#", r"\#").replace(r"&\#126;", "&#126;")


def numeral(value: Decimal) -> str:
    """A number that Moodle reads: its own digits, without a power of ten."""
    return f"{value:f}"


def write_moodle(handout: Handout) -> str:
    """The quiz file of one paper: a category with its question, the derivation as
    general feedback."""
    root = ET.Element("quiz")
    folder = ET.SubElement(root, "question", type="category")
    _text(ET.SubElement(folder, "category"), f"$course$/{handout.title}/{handout.code}")
    quiz = handout.quiz
    blanks = {
        question.step: cloze(question, handout.hint, handout.say("quiz_check"))
        for question in quiz.questions
    }

    def hole(step: Step) -> str:
        return html.escape(blanks[step.number], quote=False)

    text = handout.html(handout.blank, hole)
    feedback = handout.html(handout.papers.key)
    root.append(_question(quiz, text, feedback))
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _question(quiz: Quiz, text: str, feedback: str) -> ET.Element:
    question = ET.Element("question", type="cloze")
    _text(ET.SubElement(question, "name"), f"{quiz.title} ({quiz.code})")
    _text(ET.SubElement(question, "questiontext", format="html"), text)
    _text(ET.SubElement(question, "generalfeedback", format="html"), feedback)
    for name, value in SETTINGS.items():
        ET.SubElement(question, name).text = value
    ET.SubElement(question, "idnumber").text = quiz.code
    return question


# No defaultgrade: the grade of a cloze is the sum of its weights.
SETTINGS: Mapping[str, str] = {"penalty": "0.3333333", "hidden": "0"}


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
