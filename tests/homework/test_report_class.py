"""A class: the table of mistakes, the steps, and the gradebooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from explainer.homework.report.classroom import (
    Classroom,
    Result,
    compose_class,
    failed,
    record_class,
    summarize,
)
from explainer.homework.report.gradebooks import (
    write_canvas,
    write_marks,
    write_moodle,
)
from explainer.homework.report.submissions import (
    Submission,
    is_class_table,
    list_folder,
    read_path,
    read_table,
)
from explainer.notation import plain_name
from explainer.page.formats import FORMATS
from explainer.page.rendering import Renderer
from tests.homework.test_report import checker, lines, report_on

TABLE = """\
student;variant;step;value
ada;;out_h1;0.59327
bob;;out_h1;0.5
ada;;"dE/dw5";0.08217
"""


def classroom_of(texts: Iterable[str]) -> Classroom:
    found = Classroom()
    for number, text in enumerate(texts, 1):
        found.add(summarize(report_on(text), {"id": f"s{number}"}))
    return found


@pytest.fixture(scope="module")
def classroom() -> Classroom:
    return classroom_of(
        [
            lines(),
            lines(("bias-left-out",)),
            lines(("bias-left-out", "rate-missing")),
            lines(("target-minus-output",)),
            "",
        ]
    )


def test_mistakes_by_frequency_each_student_once(classroom: Classroom) -> None:
    found = [(m.name, classroom.sure[m]) for m in classroom.mistakes()]
    assert found[0] == ("bias-left-out", 2)
    assert {"rate-missing", "target-minus-output"} <= {name for name, _ in found[1:]}
    data = record_class("", classroom)
    assert data["mistakes"][0]["steps"] == {"sum_h1": 2}  # type: ignore[index]


def test_steps_by_first_mistakes(classroom: Classroom) -> None:
    first = {plain_name(key): n for key, n in classroom.first.items()}
    assert first == {"sum_h1": 2, "dE_o1/dout_o1": 1}
    assert plain_name(classroom.steps()[0]) == "sum_h1"
    written = classroom.written[classroom.steps()[0]]
    assert written == 4


def test_the_page_for_the_teacher(classroom: Classroom) -> None:
    page = Renderer(FORMATS["md"], checker().spell).render(
        compose_class("Mazur", classroom)
    )
    assert "5 sheets were checked; 1 of them is right in everything." in page
    assert "| 2 | 0 | $\\mathit{net}_{h1}$ | The bias is missing" in page
    assert "no value was found" in page


def test_gradebooks(classroom: Classroom) -> None:
    results = classroom.results
    moodle = list(csv.DictReader(io.StringIO(write_moodle(results, "Week 3"))))
    points = [str(r.earned) for r in results]
    assert [row["ID number"] for row in moodle] == ["s1", "s2", "s3", "s4", "s5"]
    assert [row["Week 3"] for row in moodle] == points
    canvas = list(csv.DictReader(io.StringIO(write_canvas(results, "Week 3"))))
    assert canvas[0]["Student"].strip() == "Points Possible"
    assert canvas[0]["Week 3"] == str(results[0].possible)
    assert [row["Week 3"] for row in canvas[1:]] == points
    assert {row["SIS User ID"] for row in canvas[1:]} == {"s1", "s2", "s3", "s4", "s5"}
    marks = list(csv.DictReader(io.StringIO(write_marks(results))))
    assert [row["look at"] for row in marks] == ["", "", "", "", "empty"]


def test_names_of_a_roster_reach_the_gradebooks() -> None:
    columns = {"id": "7", "Email": "=cmd()@x.org", "Canvas ID": "90", "section": "A"}
    result = Result("Ñandú, 李", "", Decimal("7.5"), 10, False, columns=columns)
    (row,) = csv.DictReader(io.StringIO(write_moodle([result], "Week")))
    assert row == {
        "ID number": "7",
        "Email address": "'=cmd()@x.org",
        "Week": "7.5",
    }
    _, row = csv.DictReader(io.StringIO(write_canvas([result], "Week")))
    assert (row["Student"], row["ID"], row["Section"]) == ("Ñandú, 李", "90", "A")


def test_a_failed_sheet_has_no_points_and_is_listed() -> None:
    classroom = Classroom()
    classroom.add(failed("ada", "", {}))
    assert classroom.mean is None
    page = Renderer(FORMATS["md"], checker().spell).render(
        compose_class("Mazur", classroom)
    )
    assert "| ada | it could not be checked |" in page


def test_a_table_is_split_by_student() -> None:
    assert is_class_table(TABLE)
    ada, bob = read_table(TABLE)
    text = "out_h1,0.59327\ndE/dw5,0.08217\n"
    assert ada == Submission("ada", text)
    assert bob.student == "bob"
    report = report_on(text)
    names = [plain_name(key) for key in report.checked.judgement.cells]
    assert names == ["out_h1", "dE/dw5"]


@pytest.mark.parametrize("text", ["name,value\nout_h1,0.6", "", "student,mark\na,3"])
def test_other_tables_are_sheets(text: str) -> None:
    assert not is_class_table(text)


def test_a_folder_of_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "ada.txt").write_text("out_h1 = 0.6")
    (tmp_path / ".hidden").write_text("out_h1 = 0.6")
    (tmp_path / "bob_17_file").mkdir()
    (tmp_path / "bob_17_file" / "1.txt").write_text("out_h1 = 0.6")
    (tmp_path / "bob_17_file" / "2.txt").write_text("out_h2 = 0.6")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 out_h1 = 0.6")
    found = [read_path(path) for path in list_folder(tmp_path)]
    assert found == [
        Submission("ada", "out_h1 = 0.6"),
        Submission("bob_17_file", "out_h1 = 0.6\nout_h2 = 0.6"),
        Submission("scan", None),
    ]


def test_a_picture_beside_a_text_is_passed_over(tmp_path: Path) -> None:
    for name, text in (("both", b"out_h1 = 0.6"), ("picture", None)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.pdf").write_bytes(b"%PDF-1.7")
        if text:
            (tmp_path / name / "2.txt").write_bytes(text)
    (tmp_path / "nothing").mkdir()
    found = [read_path(path).text for path in list_folder(tmp_path)]
    assert found == ["out_h1 = 0.6", "", None]
