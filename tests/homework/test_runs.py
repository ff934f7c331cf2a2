"""Runs: the papers of a class in a folder, the same bytes however they are made."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli.main import main
from explainer.examples import read_example
from explainer.homework.variants.drawing import Seed
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.register import read_lines

ROSTER = "id;name;group\n7;Ñandú Ω;A\n8;Łukasz 山田;B\n9;Ana;A\n"
MAZUR = read_example("mazur")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


VARIANTS = ("variants", "single-neuron", "--blank", "gradients", "--seed", "7")


def test_a_class_gets_its_papers(folder: Path) -> None:
    Path("class.csv").write_text(ROSTER, "utf-8")
    Path("secret").write_bytes(b"\x00salt")
    command = (*VARIANTS, "--roster", "class.csv", "--salt", "secret", "-o", "one")
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "wrote 3 papers into one" in result.output
    lines = [*read_lines(Path("one/papers.jsonl"))]
    assert [line.student["name"] for line in lines] == ["Ñandú Ω", "Łukasz 山田", "Ana"]
    for line in lines:
        for part in ("worksheet", "key"):
            page = Path(f"one/{line.code}-{part}.md").read_text("utf-8")
            assert line.code in page.replace("\\", "")
            assert line.student["name"] in page
    again = run(*command[:-1], "two")
    assert again.exit_code == 0
    assert contents(Path("one")) == contents(Path("two"))


def test_shards_are_the_whole(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "7", "-o", "whole").exit_code == 0
    for part in ("1", "2", "3"):
        command = (*VARIANTS, "--count", "7", "--shard", f"{part}/3", "-o", "parts")
        assert run(*command).exit_code == 0
    whole, parts = contents(Path("whole")), contents(Path("parts"))
    papers = [parts.pop(f"papers-{part}-of-3.jsonl") for part in (1, 2, 3)]
    assert b"".join(papers) == whole.pop("papers.jsonl")
    assert parts == whole


def test_a_stopped_run_goes_on(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "5", "-o", "whole").exit_code == 0
    assert run(*VARIANTS, "--count", "5", "-o", "stopped").exit_code == 0
    papers = Path("stopped/papers.jsonl")
    lines = papers.read_bytes().splitlines(keepends=True)
    papers.write_bytes(lines[0] + lines[1] + lines[2][:40])
    for line in [*read_lines(Path("whole/papers.jsonl"))][2:]:
        Path(f"stopped/{line.code}-key.md").unlink()
    assert len([*read_lines(papers)]) == 2
    result = run(*VARIANTS, "--count", "5", "-o", "stopped")
    assert "wrote 3 papers into stopped (2 were there)" in result.output
    assert contents(Path("stopped")) == contents(Path("whole"))


def test_a_paper_is_made_again(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "4", "-o", "class").exit_code == 0
    line = [*read_lines(Path("class/papers.jsonl"))][2]
    typed = line.code.lower().replace("-", " ")
    result = run("rebuild", typed, "--manifest", "class", "-o", "again")
    assert result.exit_code == 0, result.output
    for path in Path("again").iterdir():
        assert path.read_bytes() == Path("class", path.name).read_bytes()
    assert len([*Path("again").iterdir()]) == 2


def test_other_numbers_than_before_are_told(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "1", "-o", "class").exit_code == 0
    papers = Path("class/papers.jsonl")
    data = json.loads(papers.read_text("utf-8"))
    data["found"]["E"] = "0.5"
    papers.write_text(json.dumps(data) + "\n", "utf-8")
    result = run("rebuild", data["code"], "--manifest", "class")
    assert result.exit_code == 2
    assert "makes another paper than version" in result.output
    assert result.output.rstrip().endswith("What differs: E")


def test_what_cannot_be_is_refused(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "2", "-o", "class").exit_code == 0
    other = run(*VARIANTS, "--count", "2", "-o", "class", "--decimals", "3")
    assert other.exit_code == 2
    assert "made with other choices.\n  --decimals: none in the folder" in other.output
    assert (
        "a character is wrong" in run("rebuild", "ABCD", "--manifest", "class").output
    )
    missing = Seed(b"", "", "nobody").code
    output = run("rebuild", missing, "--manifest", "class").output
    assert "no paper of class has this code" in output
    assert "allowed: I/N" in run(*VARIANTS, "--shard", "4/3").output
    manifest = Path("class/manifest.json")
    manifest.write_text(manifest.read_text("utf-8").replace("0.5", "0.6"), "utf-8")
    assert "was changed" in run("rebuild", missing, "--manifest", "class").output


def test_a_manifest_is_read_back() -> None:
    manifest = Manifest("1.0", "mazur", MAZUR, {"to": ["md"]})
    assert Manifest.from_json(manifest.to_json(), "manifest.json") == manifest


def test_answers_of_a_class_are_one_table(folder: Path) -> None:
    command = (*VARIANTS, "--count", "2", "--to", "csv,moodle", "-o", "class")
    assert run(*command).exit_code == 0
    for line in read_lines(Path("class/papers.jsonl")):
        text = Path(f"class/{line.code}.answers.csv").read_text("utf-8-sig")
        rows = [*csv.DictReader(io.StringIO(text))]
        assert {row["code"] for row in rows} == {line.code}
        for row in rows:
            assert Decimal(row["value"]) == Decimal(line.found[row["quantity"]])


def test_another_seed_is_another_run(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "1", "-o", "class").exit_code == 0
    other = run(*VARIANTS[:-1], "8", "--count", "1", "-o", "class")
    assert other.exit_code == 2
    assert "  --seed: 7 in the folder, 8 now\n" in other.output


def test_a_run_that_failed_at_once_is_no_run(folder: Path) -> None:
    assert run("variants", "mazur", "--blank", "foo", "-o", "class").exit_code == 2
    result = run("variants", "mazur", "--count", "1", "-o", "class")
    assert result.exit_code == 0, result.output


def test_exports_ask_for_one_iteration(folder: Path) -> None:
    result = run("worksheet", "mazur", "--iterations", "2", "--to", "csv")
    assert result.exit_code == 2
    assert "one iteration" in result.output
