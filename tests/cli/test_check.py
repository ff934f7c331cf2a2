"""`explainer check`: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from explainer.cli.main import main
from tests.homework.test_report import lines


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=text)


@pytest.fixture
def right() -> str:
    Path("right.txt").write_text(lines(), "utf-8")
    return "right.txt"


@pytest.fixture
def wrong() -> str:
    Path("wrong.txt").write_text(lines(("bias-left-out",)), "utf-8")
    return "wrong.txt"


def test_exit_codes_say_right_wrong_and_impossible(right: str, wrong: str) -> None:
    assert run(right, "--key", "mazur").exit_code == 0
    result = run(wrong, "--key", "mazur")
    assert result.exit_code == 1
    assert "First: line 1" in result.output
    Path("empty.txt").write_text("")
    assert run("empty.txt", "--key", "mazur").exit_code == 1
    for arguments in (
        ("missing.txt", "--key", "mazur"),
        (right, "--key", "mazzur"),
        (right,),
        (right, "--key", "mazur", "--decimals", "3", "--figures", "3"),
        (right, "--key", "mazur", "--points", "gradients=2"),
        (right, "--key", "mazur", "--to", "docs"),
        (right, "--key", "mazur", "--to", "text,md"),
        (right, "--key", "mazur", "--language", "xx"),
        (right, "--key", "."),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, arguments
        assert "Traceback" not in result.output


def test_help_tells_the_exit_codes() -> None:
    text = " ".join(run("--help").output.split())
    assert "0 checked, and everything is right; 1 checked, and something is" in text


def test_standard_input_and_a_pipe_in_plain_text() -> None:
    result = run("-", "--key", "mazur", text="out_h1 = 0.59327\n")
    assert result.exit_code == 0
    assert "right" in result.output
    assert "\x1b" not in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_pdf_is_refused_with_what_is_allowed() -> None:
    Path("scan.pdf").write_bytes(b"%PDF-1.7\n\0\0")
    result = run("scan.pdf", "--key", "mazur")
    assert result.exit_code == 2
    assert "A sheet is a text file" in result.output


def test_files_in_every_format(wrong: str) -> None:
    result = run(wrong, "--key", "mazur", "--to", "text,md,json,tex", "-o", "out")
    assert result.exit_code == 1
    suffixes = {path.suffix for path in Path("out").iterdir()}
    assert suffixes == {".txt", ".md", ".json", ".tex"}
    data = json.loads(Path("out/wrong-report.json").read_text("utf-8"))
    schema = CliRunner().invoke(main, ["schema", "report"]).output
    jsonschema.validate(data, json.loads(schema))
    text = Path("out/wrong-report.txt").read_text("utf-8")
    assert text == run(wrong, "--key", "mazur").output
    json_out = run(wrong, "--key", "mazur", "--to", "json").output
    assert json.loads(json_out) == data


def test_checking_needs_no_sympy(right: str) -> None:
    code = (
        "import sys; from explainer.cli.main import main\n"
        f"try: main(['check', {right!r}, '--key', 'mazur'])\n"
        "except SystemExit as end: assert not end.code\n"
        "assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_comma_is_a_point_where_it_is_said() -> None:
    text = "out_h1 = 0,59327\n"
    plain = run("-", "--key", "mazur", text=text)
    assert plain.exit_code == 1
    assert run("-", "--key", "mazur", "--comma", text=text).exit_code == 0


def test_cut_off_digits_are_right_unless_said_otherwise() -> None:
    # 0.593269992 to four decimals is 0.5933.
    text = "out_h1 = 0.5932\n"
    assert run("-", "--key", "mazur", text=text).exit_code == 0
    assert run("-", "--key", "mazur", "--no-truncation", text=text).exit_code == 1


def test_credit_options(wrong: str) -> None:
    def points(*options: str) -> str:
        output = run(wrong, "--key", "mazur", *options).output
        return output.split("Points\n\n")[1].split(" points")[0]

    assert points() == "26 of 30"
    assert points("--points", "gradient=2").endswith("of 41")
    assert points("--follow-through", "none") != points()


def test_a_class_in_a_folder(right: str, wrong: str) -> None:
    sheets = Path("sheets")
    sheets.mkdir()
    for name in (right, wrong):
        Path(name).rename(sheets / name)
    (sheets / "garbage.txt").write_bytes(bytes(range(256)) * 20)
    (sheets / "empty.csv").write_text("")
    (sheets / "Zoë (2).txt").write_text("out_h1 = 0.59327\n", "utf-8")
    result = run("sheets", "--key", "mazur", "-o", "out", "--to", "md,json")
    assert result.exit_code == 0
    assert result.output.startswith("checked 5 sheets; 2 to look at by hand\n")
    names = {path.name for path in Path("out/reports").iterdir()}
    assert {"right.md", "right.json", "wrong.md", "Zoë-2.md", "empty.md"} <= names
    with Path("out/marks.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["right"]["points"] == rows["right"]["possible"]
    assert rows["empty"]["points"] == "0"
    assert rows["empty"]["look at"] == "empty"
    assert rows["garbage"]["look at"] == "failed"
    for name, column in (("moodle", "ID number"), ("canvas", "Student")):
        with Path(f"out/marks-{name}.csv").open(encoding="utf-8") as file:
            students = {row[column].strip() for row in csv.DictReader(file)}
        # A file that nobody could read is no mark.
        assert students - {"Points Possible"} == rows.keys() - {"garbage"}
    assert "The bias is missing" in Path("out/class.md").read_text("utf-8")
    data = json.loads(Path("out/class.json").read_text("utf-8"))
    assert [s["student"] for s in data["students"]] == sorted(rows)


def test_one_sheet_that_breaks_does_not_stop_the_class(
    right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explainer.homework.report.checking import Checked, Checker

    check = Checker.check

    def breaking(self: Checker, text: str, givens: object = None) -> Checked:
        if "break" in text:
            raise RecursionError
        return check(self, text)

    monkeypatch.setattr(Checker, "check", breaking)
    Path("sheets").mkdir()
    Path("sheets/a.txt").write_text("break")
    Path(right).rename("sheets/b.txt")
    result = run("sheets", "--key", "mazur", "-o", "out")
    assert result.output.startswith("checked 2 sheets; 1 to look at by hand\n")
    page = Path("out/class.md").read_text("utf-8")
    assert "| a | it could not be checked |" in page


def test_a_broken_template_is_no_fault_of_the_sheets(right: str) -> None:
    Path("own/wording").mkdir(parents=True)
    Path("own/wording/xx.j2").write_text("")
    Path("sheets").mkdir()
    Path(right).rename("sheets/b.txt")
    own = ("--templates", "own", "--language", "xx")
    for sheet in ("sheets", "sheets/b.txt"):
        result = run(sheet, "--key", "mazur", "-o", "out", *own)
        assert result.exit_code == 2
        assert "has no sentence" in result.output
    assert not Path("out").exists()


def test_a_class_in_one_table() -> None:
    rows = ["student,name,value"]
    for student, mistakes in (("ada", ()), ("bob", ("bias-left-out",))):
        for line in lines(mistakes).splitlines():
            name, value = line.split(" = ")
            rows.append(f'{student},"{name}",{value}')
    Path("class.csv").write_text("\n".join(rows))
    result = run("class.csv", "--key", "mazur", "-o", "out")
    assert result.exit_code == 0
    with Path("out/marks-moodle.csv").open() as file:
        marks = {row["ID number"]: row["class"] for row in csv.DictReader(file)}
    assert marks == {"ada": "30", "bob": "26"}


def test_papers_of_a_class_have_their_own_numbers() -> None:
    made = CliRunner().invoke(
        main, ["variants", "mazur", "--count", "2", "--to", "md", "-o", "papers"]
    )
    assert made.exit_code == 0, made.output
    papers = Path("papers/papers.jsonl").read_text("utf-8").splitlines()
    one, two = map(json.loads, papers)
    text = "".join(f"{name} = {value}\n" for name, value in one["found"].items())
    key = ("--key", "papers")
    assert run("-", *key, "--code", one["code"], text=text).exit_code == 0
    assert run("-", *key, "--code", two["code"], text=text).exit_code == 1
    unknown = run("-", *key, "--code", one["code"][:-1], text=text)
    assert unknown.exit_code == 2
    assert f"Did you mean '{one['code']}'?" in unknown.output
    assert run("-", *key, text=text).exit_code == 2
    Path("sheets").mkdir()
    for paper in (one, two):
        Path(f"sheets/{paper['code']}.txt").write_text(text)
    Path("sheets/stranger.txt").write_text(text)
    result = run("sheets", *key, "-o", "out")
    assert result.output.startswith("checked 3 sheets; 1 to look at by hand\n")
    with Path("out/marks.csv").open() as file:
        found = {row["code"]: row for row in csv.DictReader(file)}
    right = found[one["code"]]
    assert right["points"] == right["possible"]
    assert int(found[two["code"]]["points"]) < int(right["points"])


# What each choice asks, by the plain names of a sheet and those of the given numbers.
ASKED: dict[str, Callable[[str, Collection[str]], bool]] = {
    # The file wants dE/dout_h1 too.
    "gradients": lambda name, given: name.removeprefix("dE/d") in {*given, "out_h1"},
    "updates": lambda name, given: name.removeprefix("new_") in given,
    "results": lambda name, given: True,
    "chains": lambda name, given: True,
    "out_h1,dE/dw5": lambda name, given: name in ("out_h1", "dE/dw5"),
}


@pytest.mark.parametrize("blank", ASKED)
def test_a_perfect_sheet_has_all_points_of_its_paper(blank: str) -> None:
    choices = ("--blank", blank, "--points", "gradient=2", "--print", "blank")
    made = CliRunner().invoke(
        main,
        ["variants", "mazur", "--count", "2", *choices, "--to", "md", "-o", "papers"],
    )
    assert made.exit_code == 0, made.output
    Path("sheets").mkdir()
    printed = set()
    for paper in map(json.loads, Path("papers/papers.jsonl").read_text().splitlines()):
        code, given = paper["code"], paper["given"]
        page = Path(f"papers/{code}-worksheet.md").read_text("utf-8")
        printed |= set(re.findall(r"Points \|.* / ([0-9]+) \|", page))
        Path(f"sheets/{code}.txt").write_text(
            "".join(
                f"{name} = {value}\n"
                for name, value in paper["found"].items()
                if ASKED[blank](name, given)
            )
        )
    Path("sheets/scan.pdf").write_bytes(b"%PDF-1.7")
    # Every point is that of a step on the sheet.
    result = run("sheets", "--key", "papers", "-o", "out", "--skipped", "blank")
    assert result.exit_code == 0, result.output
    with Path("out/marks.csv").open(encoding="utf-8") as file:
        *sheets, scan = csv.DictReader(file)
    (points,) = printed
    assert {(s["points"], s["possible"], s["percent"]) for s in sheets} == {
        (points, points, "100.0")
    }
    assert scan["look at"] == "failed"
    assert "100 percent" in Path("out/class.md").read_text("utf-8")
    assert f"Points Possible,,,,,{points}\n" in Path("out/marks-canvas.csv").read_text()
    report = next(Path("out/reports").iterdir()).read_text("utf-8")
    assert f"{points} of {points} points." in report
    assert "Not on your sheet" not in report


def test_points_of_the_command_replace_those_on_the_paper() -> None:
    choices = ("--blank", "gradients", "--points", "gradient=2", "--to", "md")
    made = CliRunner().invoke(
        main, ["variants", "single-neuron", "--count", "1", *choices, "-o", "papers"]
    )
    assert made.exit_code == 0, made.output
    paper = json.loads(Path("papers/papers.jsonl").read_text("utf-8"))
    text = "".join(f"{name} = {value}\n" for name, value in paper["found"].items())
    for points, possible in ((), 6), (("gradient=5",), 15), (("sum=1",), 6):
        options = ("--points", ",".join(points)) if points else ()
        key = ("--key", "papers", "--code", paper["code"])
        assert (
            f"{possible} of {possible} points."
            in run("-", *key, *options, text=text).output
        )
