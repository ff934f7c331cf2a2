"""Rosters as spreadsheets save them, and names as people have them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from explainer.cli.main import main
from explainer.homework.variants.register import read_lines
from explainer.homework.variants.roster import (
    Numbered,
    Student,
    decode,
    find_in,
    read_roster,
)
from explainer.network.problems import NetworkError
from tests.homework.rosters import write_roster

ROSTER = "id;name;group\n7;Ñandú Ω;A\n8;Łukasz 山田;B\n9;Ana;A\n"


def test_a_roster_keeps_its_columns() -> None:
    students = read_roster(f"\ufeff{ROSTER}", "class.csv")
    assert [student.name for student in students] == ["Ñandú Ω", "Łukasz 山田", "Ana"]
    assert students[1].columns == {"id": "8", "name": "Łukasz 山田", "group": "B"}


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_spreadsheet_is_read(delimiter: str, end: str) -> None:
    text = write_roster(40, delimiter).replace("\n", end)
    assert read_roster(text, "class.csv") == read_roster(write_roster(40), "class.csv")
    hinted = f"sep={delimiter}{end}{text}"
    assert read_roster(hinted, "class.csv") == read_roster(text, "class.csv")


def test_a_roster_of_every_kind_of_name_is_read() -> None:
    students = read_roster(write_roster(), "class.csv")
    assert len({student.id for student in students}) == 200
    for student in students:
        for cell in student.columns.values():
            assert cell == " ".join(cell.split())
            assert unicodedata.is_normalized("NFC", cell)
        assert [*student.columns] == ["ID", "Name", "group", "e-mail"]
    assert any(len(student.name) > 400 for student in students)
    assert any("|" in student.name for student in students)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["line 1: the roster is empty"]),
        ("\n ,\n", ["line 1: the roster is empty"]),
        ("name,group\nAna,A\n", ["line 1: no column is called 'id'"]),
        ("Student ID,name\n7,Ana\n", ["Call the column 'Student ID' id."]),
        ("idd,name\n7,Ana\n", ["Did you mean 'idd'?"]),
        ("id,name,Name\n7,Ana,A\n", ["line 1: two columns are called 'Name'"]),
        ("id,,name\n7,A,B\n", ["line 1: column 2 has no name"]),
        ("id,name\n", ["line 2: the roster has no students"]),
        ("id\n7\n\n7\n", ["line 4: the id '7' stands in line 2, too"]),
        ('id,name\n1,"a\nb"\n1,c', ["line 4: the id '1' stands in line 2, too"]),
        ("id\n\u00f1\nn\u0303\n", ["line 3: the id 'ñ' stands in line 2, too"]),
        ("id,name\n,Ana\n", ["line 2: the id is empty"]),
        ("id\n7,8\n", ["line 2: 2 cells, but the header has 1"]),
        ("id,name\n7,A\x07B\n", ["line 2: name", "has a control character"]),
        ("id,name\n7,A\ufffdB\n", ["line 2: name", "cannot be read", "UTF-8"]),
        ('id,name\n7,"Ana\n8,Bo\n', ["line 2: the quotation marks", "do not match"]),
        ('id,name\n7,"Ana" Li\n', ["line 2: the quotation marks", "do not match"]),
        ("id\n" + ",x\n" * 50, ["line 11: ", "further lines: 80 problems"]),
    ],
)
def test_a_bad_roster_is_refused(text: str, problems: list[str]) -> None:
    with pytest.raises(NetworkError) as error:
        read_roster(text, "class.csv")
    for problem in problems:
        assert problem in str(error.value)


@pytest.mark.parametrize(
    "text",
    ["id,name,\n7,Ana,,\n", "id\n7", '"id", "name"\n7, "Li, Ana"\n\n\n', "ID\n 7 \n"],
)
def test_what_spreadsheets_add_is_no_fault(text: str) -> None:
    assert [student.id for student in read_roster(text, "class.csv")] == ["7"]


def test_quotes_in_a_name_are_a_name() -> None:
    text = 'id,name\n1,Ana "Nana" Li\n2,"Bo ""B"" Li"\n3,"Li, Cy"\n'
    names = [student.name for student in read_roster(text, "class.csv")]
    assert names == ['Ana "Nana" Li', 'Bo "B" Li', "Li, Cy"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_for_certain(encoding: str) -> None:
    assert decode(ROSTER.encode(encoding)) == (ROSTER, True)


@given(st.integers(1, 50), st.text(max_size=4) | st.integers(0, 60).map(str))
def test_a_numbered_student_is_found(count: int, name: str) -> None:
    students = Numbered(range(1, count + 1))
    named = {student.id: student for student in students}
    assert find_in(students)(name) == named.get(name)
    assert find_in((*students, Student("x")))("x") == Student("x")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_old_file_is_read_with_a_word_about_it(folder: Path) -> None:
    Path("class.csv").write_bytes("id,name\n1,Ana\n2,Núñez\n".encode("latin-1"))
    command = ("variants", "single-neuron", "--roster", "class.csv", "-o", "out")
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert "read as Windows-1252. If 'Núñez' is wrong" in result.output
    names = [line.student["name"] for line in read_lines(Path("out/papers.jsonl"))]
    assert names == ["Ana", "Núñez"]


def test_a_name_breaks_no_page(folder: Path) -> None:
    """It is one cell of a table in Markdown, and one line in LaTeX."""
    Path("class.csv").write_text(write_roster(), "utf-8")
    command = (
        *("variants", "single-neuron", "--roster", "class.csv", "--only", "w1"),
        *("--to", "md,tex", "--print", "blank", "-o", "out"),
    )
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    lines = [*read_lines(Path("out/papers.jsonl"))]
    assert [line.student["ID"] for line in lines] == [
        student.id for student in read_roster(write_roster(), "class.csv")
    ]
    for line in lines:
        assert {*line.files} == {
            f"{line.code}-worksheet{end}" for end in (".md", ".tex")
        }
        page = Path(f"out/{line.code}-worksheet.md").read_text("utf-8")
        (row,) = (text for text in page.splitlines() if text.startswith("| Name |"))
        cells = re.split(r"(?<!\\)\|", row.replace("\\\\", ""))
        assert [cell.strip() for cell in cells][3:5] == ["Paper", line.code]
        if name := line.student["Name"]:
            assert re.sub(r"\\(.)", r"\1", row.split(" | ")[1])[:3] == name[:3]
        page = Path(f"out/{line.code}-worksheet.tex").read_text("utf-8")
        (row,) = (text for text in page.splitlines() if r"\textbf{Name:}" in text)
        depth = 0
        for sign in re.findall(r"\\.|[{}$&#]", row):
            assert sign not in ("$", "&", "#")
            depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth == 0
