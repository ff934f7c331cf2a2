"""Variants: drawn by hash, rejected for a reason, made again byte for byte."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.cli.main import main
from explainer.derivation.gradient_check import check_gradients
from explainer.derivation.readings import read_numbers
from explainer.derivation.runs import run_at
from explainer.derivation.verification import check_lines
from explainer.examples import read_example
from explainer.homework.variants.drawing import (
    ALPHABET,
    Seed,
    check_character,
    read_code,
)
from explainer.homework.variants.making import Exercise, Variant, make_checks
from explainer.homework.variants.manifest import Manifest, hash_text, read_lines
from explainer.homework.variants.rejecting import NO_VALUE, REJECTIONS, Draft
from explainer.homework.variants.roster import Student, read_roster
from explainer.homework.variants.shapes import make_shapes
from explainer.mathematics.rounding import Digits, Rounding
from explainer.network.file import read_network
from explainer.network.problems import NetworkError

MAZUR = read_example("mazur")


def set_exercise(
    text: str, rounding: Rounding | None = None, salt: bytes = b"salt"
) -> Exercise:
    spec = read_network(text)
    shapes = make_shapes(
        replace(spec, rounding=rounding or spec.rounding), "signals", ()
    )
    return Exercise(shapes, make_checks(shapes), hash_text(text), salt)


EXERCISE = set_exercise(MAZUR)


def test_a_paper_depends_on_its_student_alone() -> None:
    alone = EXERCISE.make(Student("ana"))
    EXERCISE.make(Student("bo"))
    assert EXERCISE.make(Student("ana")).givens == alone.givens
    assert EXERCISE.make(Student("bo")).givens != alone.givens
    assert (
        set_exercise(MAZUR, salt=b"other").make(Student("ana")).givens != alone.givens
    )
    other = set_exercise(f"{MAZUR}\n# another file\n").make(Student("ana"))
    assert other.givens != alone.givens


@given(st.text(min_size=1), st.text(min_size=1), st.integers(2, 50))
def test_fields_are_drawn_apart(student: str, field: str, count: int) -> None:
    seed = Seed(b"s", "file", student)
    assert 0 <= seed.draw(field, range(count)) < count
    # No two seeds are hashed alike, wherever their parts are cut.
    assert Seed(b"s", "fil", f"e{student}").code != seed.code
    assert replace(seed, attempt=1).draw(field, range(10**9)) != seed.draw(
        field, range(10**9)
    )


def test_draws_are_even() -> None:
    counts = [0] * 6
    for number in range(6000):
        counts[Seed(b"s", "f", str(number)).draw("w", range(6))] += 1
    # Chi-square with 5 degrees of freedom: 20.5 is passed once in a thousand times.
    assert sum((count - 1000) ** 2 / 1000 for count in counts) < 20.5


@given(st.text(ALPHABET, min_size=9, max_size=9), st.data())
def test_a_wrong_character_of_a_code_is_found(body: str, data: st.DataObject) -> None:
    code = body + check_character(body)
    assert read_code(code) is not None
    place = data.draw(st.integers(0, 8))
    wrong = data.draw(st.sampled_from(ALPHABET))
    changed = code[:place] + wrong + code[place + 1 :]
    assert (read_code(changed) is not None) == (changed == code)


def test_numbers_are_chosen_from_the_table() -> None:
    text = f"""{MAZUR}
[variants]
weights = {{ from = 0.2, to = 0.8, step = 0.2 }}
inputs = [0.1, 0.3, 0.7]
single = {{ w5 = [1, 2] }}
activation = ["tanh", "softplus"]
"""
    exercise = set_exercise(text)
    made = [exercise.make(Student(str(number))) for number in range(30)]
    assert {variant.activation for variant in made} == {"tanh", "softplus"}
    for variant in made:
        for key, value in variant.givens.items():
            name = str(key.of[0])
            allowed = {"weight": "0.2 0.4 0.6 0.8", "input": "0.1 0.3 0.7"}[key.kind]
            wanted = "1 2" if name == "w5" else allowed
            assert value in {Decimal(number) for number in wanted.split()}


def test_without_a_table_numbers_stay_nice() -> None:
    for number in range(20):
        for key, value in EXERCISE.make(Student(str(number))).givens.items():
            assert isinstance(value, Decimal)
            exponent = value.as_tuple().exponent
            assert isinstance(exponent, int) and exponent >= -2
            assert key.kind != "target" or 0 < value < 1


RELU = """
[inputs]
x1 = 1
x2 = 2
[[layers]]
activation = "relu"
bias = { b1 = 0, b2 = 0 }
weights = { h1 = { w1 = 1, w2 = 1 }, h2 = { w3 = 0.5, w4 = 0.3 } }
[[layers]]
activation = "sigmoid"
weights = { o1 = { w5 = 0.4, w6 = 0.5 } }
[targets]
o1 = 0.5
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.5
[variants]
inputs = [0, 1, 2]
weights = { from = -9, to = 9, step = 0.1 }
"""
# What makes a paper bad, by the reason that is to be found.
BAD = {
    "dead-unit": {"w1": "-9"},
    "saturated-unit": {"w5": "3"},
    "zero-gradient": {"w5": "0"},
    "equal-inputs": {"x1": "2"},
    "symmetric-weights": {"w3": "1", "w4": "1"},
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_paper_is_rejected(reason: str) -> None:
    (shape,) = make_shapes(read_network(RELU), "signals", ()).values()
    assert shape.own is not None
    assert not REJECTIONS[reason].applies(Draft(shape.look, shape.own))
    changed = BAD[reason]
    givens = {
        key: Decimal(changed[field])
        for key, field, _ in shape.fields
        if field in changed
    }
    assert len(givens) == len(changed)
    bad = shape.reckoner.reckon(givens)
    assert REJECTIONS[reason].applies(Draft(shape.look, bad))


def test_what_the_exercise_has_is_no_reason() -> None:
    """An input that is 0 in the file, and inputs that are equal and stay."""
    text = RELU.replace("x2 = 2", "x2 = 1").replace("inputs = [0, 1, 2]", "")
    assert "equal-inputs" not in set_exercise(text).make(Student("1")).rejected
    text = RELU.replace("x1 = 1", "x1 = 0").replace("inputs = [0, 1, 2]", "")
    assert "zero-gradient" not in set_exercise(text).make(Student("1")).rejected


def test_a_value_that_vanishes_is_rejected() -> None:
    exercise = set_exercise(MAZUR, Rounding(Digits(1, "decimals")))
    shape = exercise.shapes[""]
    assert shape.own is not None
    assert REJECTIONS["vanishing-value"].applies(Draft(shape.look, shape.own))
    with pytest.raises(NetworkError, match=r"all bad \(.*vanishing-value \d+"):
        exercise.make(Student("1"))


def test_a_hidden_mistake_is_rejected() -> None:
    """With a learning rate of 1, who forgets it is right."""
    text = MAZUR.replace("learning_rate = 0.5", "learning_rate = 0.25")
    exercise = set_exercise(f"{text}\n[variants]\nlearning_rate = [0.5, 1]\n")
    made = [exercise.make(Student(str(number))) for number in range(20)]
    rates = {next(iter(variant.givens.values())) for variant in made}
    assert rates == {Decimal("0.5")}
    assert any(variant.rejected.get("hidden-mistake") for variant in made)


def test_a_paper_without_a_value_is_drawn_again() -> None:
    text = """
gradients_of = ["x"]
[inputs]
x = 1
[formulas]
f = "log(x - 2)"
[variants]
inputs = [1, 3, 4]
"""
    with pytest.raises(NetworkError):
        read_numbers(
            make_shapes(read_network(text), "signals", ())[""].derivation, Rounding()
        )
    spec = read_network(text)
    shapes = make_shapes(spec, "signals", ())
    exercise = Exercise(shapes, {}, "file", b"")
    made = [exercise.make(Student(str(number))) for number in range(12)]
    assert any(variant.rejected.get(NO_VALUE) for variant in made)


def test_every_reason_has_its_test() -> None:
    assert {*BAD, "vanishing-value", "hidden-mistake"} == {*REJECTIONS}


def is_true(exercise: Exercise, variant: Variant) -> bool:
    """Every line holds, and every gradient agrees with central differences or SymPy."""
    shape = exercise.shapes[variant.activation]
    derivation, rounding = shape.derivation, shape.spec.rounding
    run = run_at(derivation, rounding, 1, variant.givens)
    keys = tuple(derivation.quantities)
    lines = check_lines(run.derivation, run.readings, rounding, keys)
    return not lines.failures and not check_gradients(run.derivation, run.full).failures


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 10**6))
def test_every_key_is_true(number: int) -> None:
    variant = EXERCISE.make(Student(str(number)))
    assert is_true(EXERCISE, variant)


ROSTER = "id;name;group\n7;Ñandú Ω;A\n8;Łukasz 山田;B\n9;Ana;A\n"


def test_a_roster_keeps_its_columns() -> None:
    students = read_roster(f"\ufeff{ROSTER}", "class.csv")
    assert [student.name for student in students] == ["Ñandú Ω", "Łukasz 山田", "Ana"]
    assert students[1].columns == {"id": "8", "name": "Łukasz 山田", "group": "B"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the roster is empty"),
        ("name,group\nAna,A\n", "no column is called 'id'"),
        ("id,name\n", "line 2: the roster has no students"),
        ("id\n7\n7\n", "line 3: the id '7' stands in line 2, too"),
        ("id,name\n,Ana\n", "line 2: the id is empty"),
        ("id\n7,8\n", "line 2: 2 cells, but the header has 1"),
    ],
)
def test_a_bad_roster_is_refused(text: str, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        read_roster(text, "class.csv")


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
    for line in read_lines(Path("whole/papers.jsonl")):
        Path(f"stopped/{line.code}-key.md").unlink()
    assert len([*read_lines(papers)]) == 2
    result = run(*VARIANTS, "--count", "5", "-o", "stopped")
    assert "wrote 3 papers into stopped (2 were there)" in result.output
    assert papers.read_bytes() == Path("whole/papers.jsonl").read_bytes()


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
    assert "finds other numbers than version" in result.output
    assert result.output.rstrip().endswith(": E")


def test_what_cannot_be_is_refused(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "2", "-o", "class").exit_code == 0
    other = run(*VARIANTS, "--count", "2", "-o", "class", "--decimals", "3")
    assert other.exit_code == 2
    assert "made with other choices" in other.output
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


def test_the_answers_of_a_paper_are_a_table(folder: Path) -> None:
    command = (*VARIANTS, "--count", "2", "--to", "csv,moodle", "-o", "class")
    assert run(*command).exit_code == 0
    for line in read_lines(Path("class/papers.jsonl")):
        text = Path(f"class/{line.code}.answers.csv").read_text("utf-8-sig")
        rows = [*csv.DictReader(io.StringIO(text))]
        assert {row["code"] for row in rows} == {line.code}
        for row in rows:
            assert Decimal(row["value"]) == Decimal(line.found[row["quantity"]])


@pytest.mark.parametrize(
    ("name", "targets", "message"),
    [
        ("softmax-adam", "[0, 1]", "add up to 1: they cannot vary alone"),
        ("logistic-regression", "[0, 2]", "got 2; a target of binary-cross-entropy"),
    ],
)
def test_targets_are_those_of_the_loss(name: str, targets: str, message: str) -> None:
    text = f"{read_example(name)}\n[variants]\ntargets = {targets}\n"
    with pytest.raises(NetworkError, match=message):
        read_network(text)


def test_another_seed_is_another_run(folder: Path) -> None:
    assert run(*VARIANTS, "--count", "1", "-o", "class").exit_code == 0
    other = run(*VARIANTS[:-1], "8", "--count", "1", "-o", "class")
    assert other.exit_code == 2
    assert "another seed or salt" in other.output


def test_a_run_that_failed_at_once_is_no_run(folder: Path) -> None:
    assert run("variants", "mazur", "--blank", "foo", "-o", "class").exit_code == 2
    result = run("variants", "mazur", "--count", "1", "-o", "class")
    assert result.exit_code == 0, result.output


def test_exports_ask_for_one_iteration(folder: Path) -> None:
    result = run("worksheet", "mazur", "--iterations", "2", "--to", "csv")
    assert result.exit_code == 2
    assert "one iteration" in result.output
