"""`explainer worksheet`: files, formats, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["worksheet", *arguments])


def test_worksheet_and_key_are_written() -> None:
    result = run("forward-backward", "--blank", "gradients", "--code", "K7")
    assert result.exit_code == 0, result.output
    names = {path.name for path in Path("output").iterdir()}
    stem = "forward-backward"
    assert names == {
        f"{stem}-{print_}{suffix}"
        for print_ in ("worksheet", "key")
        for suffix in (".md", ".tex")
    }
    sheet = Path("output/forward-backward-worksheet.md").read_text("utf-8")
    key = Path("output/forward-backward-key.md").read_text("utf-8")
    assert "0.08020" not in sheet
    assert "0.08020" in key
    assert "K7" in sheet
    assert "K7" in key


def test_every_export_is_written() -> None:
    forms = "exam,ipynb,moodle,canvas,prairielearn,csv"
    result = run("mazur", "--to", forms, "--print", "blank", "--blank", "updates")
    assert result.exit_code == 0, result.output
    assert {
        str(path.relative_to("output")) for path in Path("output").rglob("*.*")
    } == {
        "mazur-worksheet.exam.tex",
        "mazur-worksheet.ipynb",
        "mazur.moodle.xml",
        "mazur.canvas.zip",
        "mazur-prairielearn/info.json",
        "mazur-prairielearn/question.html",
        "mazur-prairielearn/server.py",
        "mazur.answers.csv",
    }


def test_the_code_of_a_blank_notebook_tells_no_answer() -> None:
    run("forward-backward", "--to", "ipynb", "--blank", "gradients")
    sheet, key = (
        json.loads(Path(f"output/forward-backward-{name}.ipynb").read_text("utf-8"))
        for name in ("worksheet", "key")
    )
    codes = [
        "".join(cell["source"])
        for cell in sheet["cells"]
        if cell["cell_type"] == "code"
    ]
    assert "dE_dw5 = ..." in "".join(codes)
    assert "0.08020" not in json.dumps(sheet)
    assert "0.08020" in json.dumps(key)


def test_all_problems_are_told_at_once() -> None:
    result = run("mazur", "--hide", "workin", "--room", "halve", "--points", "sum=x")
    assert result.exit_code == 2
    assert "Did you mean 'working'" in result.output
    assert "Did you mean 'half'" in result.output
    assert "--points: got 'sum=x'" in result.output
    assert not Path("output").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mazur", "--print", "blink"), "Did you mean 'blank'"),
        (("mazur", "--blank", "gradient"), "Did you mean 'gradients'"),
        (("mazur", "--blank", "dE/dw55"), "Did you mean 'dE/dw5"),
        (("mazur", "--to", "moodel"), "Did you mean 'moodle'"),
        (("mazzur",), "Did you mean 'mazur'"),
        (("mazur", "--method", "matrix", "--to", "moodle"), "no single number"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert not Path("output").exists()
