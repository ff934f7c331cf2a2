"""Variants: drawn by hash, rejected for a reason, made again byte for byte."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.cli.main import main
from explainer.derivation.gradient_check import check_gradients
from explainer.derivation.readings import read_numbers
from explainer.derivation.runs import run_at
from explainer.derivation.verification import check_lines
from explainer.examples import read_example
from explainer.homework.variants.drawing import Seed
from explainer.homework.variants.making import Exercise, Variant, make_checks
from explainer.homework.variants.manifest import hash_text
from explainer.homework.variants.register import read_lines
from explainer.homework.variants.rejecting import (
    NO_VALUE,
    REJECTIONS,
    Draft,
    what_to_change,
)
from explainer.homework.variants.roster import Student
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
    with pytest.raises(NetworkError, match=r"all bad \(.*vanishing-value, \d+ times"):
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


LOGARITHM = """
gradients_of = ["x"]
[inputs]
x = 4
[formulas]
f = "log(x - 2)"
"""
# For each reason a network, numbers of which some are bad, and numbers that all are.
FIRING = {
    "dead-unit": (RELU, "single = { w1 = [-9, 1] }", "single = { w1 = [-9] }"),
    "saturated-unit": (RELU, "single = { w5 = [0.4, 3] }", "single = { w5 = [3] }"),
    "zero-gradient": (RELU, "single = { w5 = [0, 0.4] }", "single = { w5 = [0] }"),
    "equal-inputs": (RELU, "inputs = [1, 2]", "inputs = [1]"),
    "symmetric-weights": (RELU, "weights = [0.3, 0.4, 0.5]", "weights = [0.3]"),
    "vanishing-value": (
        f"{RELU}[rounding]\ndecimals = 3\n",
        "single = { w5 = [0.0001, 0.4] }",
        "single = { w5 = [0.0001] }",
    ),
    "hidden-mistake": (RELU, "learning_rate = [0.5, 1]", "learning_rate = [1]"),
    NO_VALUE: (LOGARITHM, "inputs = [1, 3, 4]", "inputs = [1, 2]"),
}


@pytest.mark.parametrize("reason", FIRING)
def test_every_reason_is_counted_and_told(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, some, _ = FIRING[reason]
    write_network(text, some)
    command = ("variants", "net.toml", "--count", "12", "--print", "key", "-o", "out")
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    told = re.search(rf"drawn again: .*\b{reason} (\d+)", result.output)
    assert told, result.output
    lines = [*read_lines(Path("out/papers.jsonl"))]
    assert sum(line.rejected.get(reason, 0) for line in lines) == int(told[1]) > 0


@pytest.mark.parametrize("reason", FIRING)
def test_where_no_paper_is_good_the_reasons_are_told(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, _, none = FIRING[reason]
    write_network(text, none)
    result = CliRunner().invoke(main, ("variants", "net.toml", "-o", "out"))
    assert result.exit_code == 2
    told = f"500 papers for 1 were all bad ({reason}, 500 times: "
    assert f"{told}{what_to_change(reason)})." in result.output
    assert "Change this in [variants] of the network file" in result.output
    assert not Path("out").exists()


def write_network(text: str, varied: str) -> None:
    head, _, _ = text.partition("[variants]")
    rounding = "".join(text.partition("[rounding]")[1:])
    table = f"{head}{rounding}\n[variants]\n{varied}\n"
    Path("net.toml").write_text(table, "utf-8")


def test_every_reason_has_its_test() -> None:
    assert {*BAD, "vanishing-value", "hidden-mistake"} == {*REJECTIONS}
    assert {*FIRING} == {*REJECTIONS, NO_VALUE}


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
