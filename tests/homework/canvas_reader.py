"""Canvas's import of a package, as its own program does it.

Numerical answers are read as in https://github.com/instructure/canvas-lms,
gems/plugins/qti_exporter/lib/qti/numeric_interaction.rb: an `or` holds an exact answer
and its margin, which is the upper bound less the exact number.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from explainer.homework.exports.canvas import CANVAS, PACKAGE, QTI

SPACES = {"q": QTI, "m": CANVAS, "p": PACKAGE}


@dataclass(frozen=True)
class Answer:
    title: str
    points: Decimal
    exact: Decimal
    margin: Decimal

    def takes(self, value: Decimal) -> bool:
        """Canvas keeps four decimals of what is typed, and of the right answer."""
        return abs(round(value, 4) - round(self.exact, 4)) <= self.margin


@dataclass(frozen=True)
class Quiz:
    identifier: str
    title: str
    answers: tuple[Answer, ...]


def read_package(data: bytes) -> Iterator[Quiz]:
    """The quizzes of a package, with every file that its manifest names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        manifest = ET.fromstring(archive.read("imsmanifest.xml"))
        resources = manifest.findall("p:resources/p:resource", SPACES)
        by_name = {entry.get("identifier"): entry for entry in resources}
        assert len(by_name) == len(resources)
        named = {e.get("href") or "" for e in manifest.iterfind(".//p:file", SPACES)}
        extra = {"imsmanifest.xml", "non_cc_assessments/"}
        assert {*archive.namelist()} == named | extra
        for resource in resources:
            if resource.get("type") != "imsqti_xmlv1p2":
                continue
            depends = resource.find("p:dependency", SPACES)
            assert depends is not None
            meta = by_name[depends.get("identifierref")]
            yield _read_quiz(
                ET.fromstring(archive.read(_file(resource))),
                ET.fromstring(archive.read(_file(meta))),
            )


def _file(resource: ET.Element) -> str:
    file = resource.find("p:file", SPACES)
    assert file is not None
    return file.get("href") or ""


def _read_quiz(root: ET.Element, meta: ET.Element) -> Quiz:
    assessment = root.find("q:assessment", SPACES)
    assert assessment is not None
    items = assessment.findall("q:section/q:item", SPACES)
    assert len({item.get("ident") for item in items}) == len(items)
    answers = tuple(answer for item in items for answer in _read_item(item))
    title = meta.findtext("m:title", namespaces=SPACES)
    assert title == assessment.get("title")
    points = meta.findtext("m:points_possible", namespaces=SPACES)
    assert sum(answer.points for answer in answers) == Decimal(points or "")
    identifier = assessment.get("ident") or ""
    assert meta.get("identifier") == identifier
    return Quiz(identifier, title or "", answers)


def _read_item(item: ET.Element) -> Iterator[Answer]:
    fields = {
        field.findtext("q:fieldlabel", namespaces=SPACES): field.findtext(
            "q:fieldentry", namespaces=SPACES
        )
        for field in item.iterfind(".//q:qtimetadatafield", SPACES)
    }
    if fields["question_type"] == "text_only_question":
        return
    assert fields["question_type"] == "numerical_question"
    (condition,) = item.findall("q:resprocessing/q:respcondition", SPACES)
    either = condition.find("q:conditionvar/q:or", SPACES)
    assert either is not None
    exact = Decimal(either.findtext("q:varequal", namespaces=SPACES) or "")
    # With vargt in its place the answer is taken for one of so many figures.
    assert either.find("q:and/q:vargt", SPACES) is None
    upper = Decimal(either.findtext("q:and/q:varlte", namespaces=SPACES) or "")
    lower = Decimal(either.findtext("q:and/q:vargte", namespaces=SPACES) or "")
    assert exact - lower == upper - exact
    assert condition.findtext("q:setvar", namespaces=SPACES) == "100"
    points = Decimal(fields["points_possible"] or "")
    yield Answer(item.get("title") or "", points, exact, upper - exact)
