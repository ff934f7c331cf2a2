"""Moodle's import of a cloze question, as its own program does it.

The expressions and the order of work are those of Moodle 4:
https://github.com/moodle/moodle, question/type/multianswer/questiontype.php
(`qtype_multianswer_extract_question`), question/format/xml/format.php,
question/format.php (`split_category_path`) and question/type/numerical/question.php
(`get_matching_answer`).
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

ALTERNATIVE = (
    r"(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?"
    r"(.+?(?<!\\)(?<!&)(?<!&amp;)(?=[~#}]|$))"
    r"(#(.*?(?<!\\)(?=[~}]|$)))?"
)
BLANK = re.compile(
    rf"\{{([0-9]*):(NUMERICAL|NM):({ALTERNATIVE}(~{ALTERNATIVE})*)\}}", re.DOTALL
)
ONE = re.compile(f"~?{ALTERNATIVE}", re.DOTALL)
NUMBER = r"-?(?:(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?)"
NUMERICAL = re.compile(f"^({NUMBER})(?::({NUMBER}))?$", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """One alternative; without a number it is the star, which takes everything."""

    fraction: Decimal
    number: Decimal | None
    tolerance: Decimal
    feedback: str

    def takes(self, value: Decimal) -> bool:
        return self.number is None or abs(value - self.number) <= self.tolerance


@dataclass(frozen=True)
class Blank:
    weight: int
    answers: tuple[Answer, ...]

    def grade(self, value: Decimal) -> Answer:
        """The first alternative that takes a value."""
        return next(answer for answer in self.answers if answer.takes(value))


@dataclass(frozen=True)
class Question:
    category: tuple[str, ...]
    name: str
    blanks: tuple[Blank, ...]
    rest: str
    feedback: str


def read_bank(text: str | bytes) -> Iterator[Question]:
    """The questions of a file, each in the category that was named last."""
    category: tuple[str, ...] = ()
    for element in ET.fromstring(text):
        if element.get("type") == "category":
            category = split_path(_text(element, "category"))
            continue
        assert element.get("type") == "cloze"
        assert element.find("defaultgrade") is None
        blanks, rest = read_cloze(_text(element, "questiontext"))
        name = _text(element, "name")
        assert name and len(name) <= 255
        yield Question(category, name, blanks, rest, _text(element, "generalfeedback"))


def _text(element: ET.Element, path: str) -> str:
    found = element.findtext(f"{path}/text")
    assert found
    return found.strip()


def split_path(path: str) -> tuple[str, ...]:
    names = re.split("(?<!/)/(?!/)", path)
    return tuple(name.replace("//", "/").strip() for name in names)


def read_cloze(text: str) -> tuple[tuple[Blank, ...], str]:
    """The blanks of a text, and what is left of it."""
    blanks = []
    while found := BLANK.search(text):
        weight = int(found[1]) if found[1] else 1
        blanks.append(Blank(weight, tuple(_alternatives(found[3]))))
        text = text.replace(found[0], f"{{#{len(blanks)}}}", 1)
    assert all(sum(a.fraction == 1 for a in blank.answers) for blank in blanks)
    return tuple(blanks), text


def _alternatives(rest: str) -> Iterator[Answer]:
    while found := ONE.search(rest):
        fraction = Decimal(1) if found[1] == "=" else Decimal(found[2] or 0) / 100
        numerical = NUMERICAL.match(found[3])
        assert numerical or found[3].strip() == "*"
        feedback = html.unescape(found[5] or "")
        yield Answer(
            fraction,
            Decimal(numerical[1]) if numerical else None,
            Decimal(numerical[2] or 0) if numerical else Decimal(0),
            feedback.replace(r"\}", "}").replace(r"\#", "#"),
        )
        rest = rest.split(found[0], 1)[1]
