r"""Moodle XML: a question bank in which each worksheet is one cloze question.

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
from typing import BinaryIO

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


class QuestionBank:
    """A bank in a file: a category for the exercise, one in it for each group of the
    roster, and a question for each paper, the derivation as its feedback."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.category = ""
        self.file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')

    def add(self, handout: Handout) -> None:
        category = category_of(handout.quiz)
        if category != self.category:
            self.category = category
            folder = ET.Element("question", type="category")
            _text(ET.SubElement(folder, "category"), category)
            self._write(folder)
        self._write(_question(handout))

    def close(self) -> None:
        self.file.write(b"</quiz>\n")

    def _write(self, element: ET.Element) -> None:
        ET.indent(element, level=1)
        self.file.write(f"  {ET.tostring(element, encoding='unicode')}\n".encode())


def category_of(quiz: Quiz) -> str:
    """The path of a paper's category; a slash in a name is doubled.

    >>> category_of(Quiz("K7A", "in/out", (), {"Group": "A/"}))
    '$course$/in//out/A'
    """
    names = (name.strip(" /") for name in (quiz.title, quiz.column("group")))
    return "/".join(["$course$", *(n.replace("/", "//") for n in names if n)])


def _question(handout: Handout) -> ET.Element:
    quiz = handout.quiz
    blanks = {
        question.step: cloze(question, handout.hint, handout.say("quiz_check"))
        for question in quiz.questions
    }

    def hole(step: Step) -> str:
        return html.escape(blanks[step.number], quote=False)

    root = ET.Element("question", type="cloze")
    _text(ET.SubElement(root, "name"), quiz.name)
    sheet = handout.html(handout.blank, hole)
    _text(ET.SubElement(root, "questiontext", format="html"), sheet)
    key = handout.html(handout.papers.key)
    _text(ET.SubElement(root, "generalfeedback", format="html"), key)
    for name, value in SETTINGS.items():
        ET.SubElement(root, name).text = value
    ET.SubElement(root, "idnumber").text = quiz.code
    return root


# No defaultgrade: the grade of a cloze is the sum of its weights.
SETTINGS: Mapping[str, str] = {"penalty": "0.3333333", "hidden": "0"}


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
