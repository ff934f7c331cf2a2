"""`explainer collect`: the papers of a class in one file, read back whole."""

from __future__ import annotations

import csv
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli.main import main
from explainer.homework.variants.register import read_lines
from tests.homework.canvas_reader import read_package
from tests.homework.moodle_reader import read_bank

NAMES = (
    *(
        "Zoë Ångström",
        "Đặng Ðuro Şăß",
        "Jose\u0301 Muñoz",
        "Ελένη",
        "Мария Ђ",
        "王小明",
    ),
    *(
        "محمد علي",
        "דוד כהן",
        "अनन्या",
        "สมชาย",
        "김민수",
        "Sam 🎓",
        "👩\u200d💻",
        "=cmd()",
    ),
    *("100% _x_ #1 $a$ \\frac{a}{b} ~ ^ {1:NM:=1}", "<b>Bo</b> & ]]>", "a\x0bb\u202ec"),
)
ROSTER = [
    (f"s{n:03}", NAMES[n % len(NAMES)], "AB"[n % 2]) for n in range(2 * len(NAMES))
]
MADE = ("variants", "single-neuron", "--blank", "gradients")
FORMS = ("--to", "moodle,canvas,csv")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Path("class.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("ID", "Name", "Group"), *ROSTER])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def made(*more: str) -> None:
    result = run(*MADE, "--roster", "class.csv", "-o", "class", *more)
    assert result.exit_code == 0, result.output


def test_the_files_of_a_class_are_read_back() -> None:
    made()
    result = run("collect", "class", *FORMS, "-o", "files")
    assert result.exit_code == 0, result.output
    lines = [*read_lines(Path("class/papers.jsonl"))]
    questions = [*read_bank(Path("files/class.moodle.xml").read_bytes())]
    quizzes = [*read_package(Path("files/class.canvas.zip").read_bytes())]
    assert len({quiz.identifier for quiz in quizzes}) == len(ROSTER)
    text = Path("files/class.answers.csv").read_text("utf-8-sig")
    rows = [*csv.DictReader(text.splitlines())]
    # A name is one text in one line however it was typed.
    names = [" ".join(unicodedata.normalize("NFC", n).split()) for _, n, _ in ROSTER]
    roster = [(r[0], name, r[2]) for r, name in zip(ROSTER, names, strict=True)]
    papers = zip(roster, lines, questions, quizzes, strict=True)
    for (id_, name, group), line, question, quiz in papers:
        own = [row for row in rows if row["code"] == line.code]
        assert {row["id"] for row in own} == {id_}
        whose = f"A single neuron {id_} {name} ({line.code})"
        assert question.name == quiz.title == whose
        assert question.category == ("$course$", "A single neuron", group)
        assert len(own) == len(question.blanks) == len(quiz.answers) == 3
        for row, answer in zip(own, quiz.answers, strict=True):
            assert row["value"] == line.found[row["quantity"]]
            assert row["quantity"] == answer.title
    assert {row["name"] for row in rows} >= {"'=cmd()", "王小明", "Ελένη"}


def test_shards_and_a_stopped_run_make_the_same_files() -> None:
    made()
    assert run("collect", "class", *FORMS, "-o", "whole").exit_code == 0
    shutil.rmtree("class")
    made("--shard", "2/2")
    result = run("collect", "class", *FORMS)
    assert result.exit_code == 2
    assert "--shard 1/2" in result.output
    made("--shard", "1/2")
    lists = Path("class/papers-1-of-2.jsonl")
    text = lists.read_bytes()
    lists.write_bytes(text[:-20])
    result = run("collect", "class", *FORMS)
    assert result.exit_code == 2
    assert "was stopped" in result.output
    made("--shard", "1/2")
    assert lists.read_bytes() == text
    assert not [*Path("class").glob("*class.*")]
    assert run("collect", "class", *FORMS, "-o", "parts").exit_code == 0
    for path in Path("whole").iterdir():
        assert (Path("parts") / path.name).read_bytes() == path.read_bytes()


def test_a_file_is_complete_or_absent() -> None:
    made()
    path = Path("class/papers.jsonl")
    text = path.read_text("utf-8")
    path.write_text(text.replace('"found": {"sum_', '"found": {"sum_o1": "7", "x', 1))
    before = {*Path("class").iterdir()}
    result = run("collect", "class", *FORMS)
    assert result.exit_code == 2
    assert "other numbers" in result.output
    assert {*Path("class").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("class", "--to", "md"), "no format is called 'md'"),
        (("empty",), "manifest.json"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], message: str) -> None:
    Path("empty").mkdir()
    made("--shard", "1/9")
    result = run("collect", *arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_a_paper_of_every_name_is_typeset_by_latex() -> None:
    """All names on one page: LaTeX stops at the first that it cannot typeset."""
    made("--to", "tex", "--print", "blank")
    lines = [*read_lines(Path("class/papers.jsonl"))][: len(NAMES)]
    pages = [Path(f"class/{x.code}-worksheet.tex").read_text("utf-8") for x in lines]
    fields = [
        part for page in pages for part in page.split("\n") if "papername{" in part
    ]
    fields = [field for field in fields if "newcommand" not in field]
    assert len(fields) == len(NAMES)
    head, _, _ = pages[0].partition("\\begin{document}")
    body = "\n\n".join(fields)
    text = f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n"
    Path("names.tex").write_text(text, "utf-8")
    command = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "names.tex")
    done = subprocess.run(command, capture_output=True, check=False)
    log = Path("names.log").read_text("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert log.count("lacks letters of a name") >= 9
    if shutil.which("pdftotext"):
        shown = subprocess.run(
            ("pdftotext", "-raw", "names.pdf", "-"), capture_output=True, check=True
        ).stdout.decode()
        assert "Zoë Ångström" in shown
        assert "José Muñoz" in shown
        assert "s005" in shown  # 王小明


def test_a_name_without_letters_in_a_pdf_is_told() -> None:
    """A sign that no font has: the id stands in its place, and a remark says so."""
    Path("class.csv").write_text(
        "id,name\ns7,\U000e1234\ns8,Zoë Ελένη Мария\n", "utf-8"
    )
    result = run(*MADE, "--roster", "class.csv", "-o", "class", "--to", "pdf")
    assert result.exit_code == 0, result.output
    assert result.output.count("stands the id") == 2  # worksheet and key
    if shutil.which("pdftotext"):
        first, second = read_lines(Path("class/papers.jsonl"))
        for line, words in ((first, "s7"), (second, "Zoë Ελένη Мария")):
            page = f"class/{line.code}-worksheet.pdf"
            command = ("pdftotext", page, "-")
            shown = subprocess.run(command, capture_output=True, check=True).stdout
            assert words in shown.decode()


def test_a_copy_of_the_register_is_none() -> None:
    made()
    shutil.copy("class/papers.jsonl", "class/papers-old.jsonl")
    result = run("collect", "class", "-o", "files")
    assert f"{len(ROSTER)} papers" in result.output
