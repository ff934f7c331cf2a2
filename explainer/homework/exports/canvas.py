"""Canvas: a QTI 1.2 package, a quiz for each paper, a question for each blank.

The shape is that of the packages which Canvas itself writes and reads (classic
quizzes). Such a quiz keeps four decimals of an answer: a small number is asked for
times a power of ten.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import BinaryIO

from explainer.homework.exports.handout import Handout
from explainer.homework.exports.quiz import Question, Quiz
from explainer.homework.exports.typesetting import parts_of
from explainer.mathematics.written import Number

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
ASSESSMENT = "imsqti_xmlv1p2"
META = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
# The earliest date of a zip file: the same package has the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)
NAMES = uuid.UUID("6f2c0c6e-5d0a-5f43-9c55-0a5f0f2b6f11")
# Digits that a tolerance keeps behind the point.
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its HTML, and its question; without one it is a text to read."""

    title: str
    text: str
    question: Question | None = None


def scale_of(question: Question) -> int:
    """By which power of ten an answer is asked for, so that four decimals hold its
    tolerance.

    >>> from explainer.mathematics.written import Key
    >>> small = Decimal("0.00043857"), Decimal("0.000000005")
    >>> scale_of(Question(Key("total"), "E", 1, 1, *small)), scale_of(
    ...     Question(Key("total"), "E", 1, 1, Decimal("0.5"), Decimal("0.005"))
    ... )
    (5, 0)
    """
    place = question.tolerance.adjusted()
    return max(0, -place - DECIMALS)


class Package:
    """A package in a file, with a quiz for each paper.

    Canvas picks single questions from a bank at random, not papers: the steps of one
    paper would meet the numbers of another.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.resources = ET.Element("resources")

    def add(self, handout: Handout) -> None:
        quiz = handout.quiz
        name = str(uuid.uuid5(NAMES, quiz.identity))
        self._write(f"{name}/{name}.xml", _assessment(quiz, name, items_of(handout)))
        self._write(f"{name}/assessment_meta.xml", _meta(quiz, name))
        self.resources.extend(_resources(name))

    def close(self) -> None:
        self._write("imsmanifest.xml", _manifest(self.resources))
        self.archive.writestr(zipfile.ZipInfo("non_cc_assessments/", DATE), "")
        self.archive.close()

    def _write(self, path: str, root: ET.Element) -> None:
        info = zipfile.ZipInfo(path, DATE)
        info.compress_type = zipfile.ZIP_DEFLATED
        ET.indent(root)
        text = ET.tostring(root, encoding="unicode")
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
        self.archive.writestr(info, text)


def items_of(handout: Handout) -> Iterator[Item]:
    """The questions of a paper, and the texts between them."""
    quiz = handout.quiz
    asked = {question.step: question for question in quiz.questions}
    for part, step in parts_of(handout.blank):
        question = asked[step.number] if step else None
        text = handout.html(part)
        if question and scale_of(question):
            power = Number(Decimal(10) ** scale_of(question))
            text += f"<p>{handout.say('quiz_times', power=power)}</p>"
        yield Item(question.name if question else quiz.title, text, question)


def _manifest(resources: ET.Element) -> ET.Element:
    root = ET.Element("manifest", identifier="manifest", xmlns=PACKAGE)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    root.append(resources)
    return root


def _resources(name: str) -> tuple[ET.Element, ET.Element]:
    """The entries of one quiz in the manifest."""
    quiz = ET.Element("resource", identifier=name, type=ASSESSMENT)
    ET.SubElement(quiz, "file", href=f"{name}/{name}.xml")
    ET.SubElement(quiz, "dependency", identifierref=f"{name}-meta")
    path = f"{name}/assessment_meta.xml"
    meta = ET.Element("resource", identifier=f"{name}-meta", type=META, href=path)
    ET.SubElement(meta, "file", href=path)
    return quiz, meta


def _meta(quiz: Quiz, name: str) -> ET.Element:
    root = ET.Element("quiz", identifier=name, xmlns=CANVAS)
    for tag, text in (
        ("title", quiz.name),
        ("shuffle_answers", "false"),
        ("scoring_policy", "keep_highest"),
        ("quiz_type", "assignment"),
        ("points_possible", f"{quiz.points}.0"),
    ):
        ET.SubElement(root, tag).text = text
    return root


def _assessment(quiz: Quiz, name: str, items: Iterable[Item]) -> ET.Element:
    root = ET.Element("questestinterop", xmlns=QTI)
    assessment = ET.SubElement(root, "assessment", ident=name, title=quiz.name)
    section = ET.SubElement(assessment, "section", ident="root_section")
    for place, item in enumerate(items, 1):
        section.append(_item(item, f"{name}-{place}"))
    return root


def _item(item: Item, ident: str) -> ET.Element:
    root = ET.Element("item", ident=ident, title=item.title)
    question = item.question
    kind = "numerical_question" if question else "text_only_question"
    points = f"{question.points}.0" if question else "0.0"
    metadata = ET.SubElement(ET.SubElement(root, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", kind), ("points_possible", points)):
        field = ET.SubElement(metadata, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = label
        ET.SubElement(field, "fieldentry").text = entry
    presentation = ET.SubElement(root, "presentation")
    material = ET.SubElement(presentation, "material")
    ET.SubElement(material, "mattext", texttype="text/html").text = item.text
    if question:
        response = ET.SubElement(
            presentation, "response_str", ident="response1", rcardinality="Single"
        )
        fill_in = ET.SubElement(response, "render_fib", fibtype="Decimal")
        ET.SubElement(fill_in, "response_label", ident="answer1")
        root.append(_processing(question))
    return root


def _processing(question: Question) -> ET.Element:
    """The right answer with its margin, as Canvas writes it: exactly, or within.

    Both end where Canvas cuts off what is typed: a margin with more digits would leave
    out answers at its edge.
    """
    scale = scale_of(question)
    place = Decimal(1).scaleb(-DECIMALS)
    value = question.value.scaleb(scale).quantize(place)
    margin = question.tolerance.scaleb(scale).quantize(place, ROUND_UP)
    root = ET.Element("resprocessing")
    outcomes = ET.SubElement(root, "outcomes")
    ET.SubElement(
        outcomes,
        "decvar",
        maxvalue="100",
        minvalue="0",
        varname="SCORE",
        vartype="Decimal",
    )
    condition = ET.SubElement(root, "respcondition", attrib={"continue": "No"})
    either = ET.SubElement(ET.SubElement(condition, "conditionvar"), "or")
    ET.SubElement(either, "varequal", respident="response1").text = _numeral(value)
    both = ET.SubElement(either, "and")
    low, high = value - margin, value + margin
    ET.SubElement(both, "vargte", respident="response1").text = _numeral(low)
    ET.SubElement(both, "varlte", respident="response1").text = _numeral(high)
    ET.SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"
    return root


def _numeral(value: Decimal) -> str:
    return f"{value:f}"
