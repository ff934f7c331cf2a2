"""Several iterations: each is a step from the results of the one before."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from explainer import Network, derive, render
from explainer.worked import WorkedDerivation, with_choices

TWO_SAMPLES = """
[[samples]]
inputs = { x1 = 1, x2 = 2 }
targets = { y = 0 }
[[samples]]
inputs = { x1 = 3, x2 = 4 }
targets = { y = 1 }
[[layers]]
activation = "sigmoid"
bias = { b = 0.3 }
weights = { y = { w1 = 0.1, w2 = -0.2 } }
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.5
samples = "SAMPLES"
iterations = 4
show = [1, 4]
[rounding]
figures = 12
carry = "full"
"""


def train(
    samples: str, iterations: int = 4, show: tuple[int, ...] = (1, 4)
) -> WorkedDerivation:
    network = Network.from_text(TWO_SAMPLES.replace("SAMPLES", samples))
    optimizer = replace(network.spec.optimizer, iterations=iterations, show=show)
    return derive(with_choices(network, optimizer=optimizer), verify=False)


def train_in_floats(one_by_one: bool, updates: int) -> list[float]:
    """The same training in plain floats: w1, w2, b after the updates."""
    w1, w2, b = 0.1, -0.2, 0.3
    data = [(1.0, 2.0, 0.0), (3.0, 4.0, 1.0)]
    for number in range(updates):
        batch = [data[number % 2]] if one_by_one else data
        slopes = [0.0, 0.0, 0.0]
        for x1, x2, t in batch:
            y = 1 / (1 + math.exp(-(w1 * x1 + w2 * x2 + b)))
            delta = (y - t) * y * (1 - y) / len(batch)
            slopes = [s + delta * x for s, x in zip(slopes, (x1, x2, 1), strict=True)]
        w1, w2, b = w1 - slopes[0] / 2, w2 - slopes[1] / 2, b - slopes[2] / 2
    return [w1, w2, b]


@pytest.mark.parametrize("samples", ["together", "one-by-one"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_new_parameters_of_each_iteration(samples: str, number: int) -> None:
    derivation = train(samples)
    expected = train_in_floats(samples == "one-by-one", number)
    for name, value in zip(("w1", "w2", "b"), expected, strict=True):
        got = derivation[f"new_{name}@{number}"].value
        assert got is not None and math.isclose(float(got), value, rel_tol=1e-12)


def test_an_iteration_starts_from_the_one_before() -> None:
    derivation = train("together")
    assert derivation["w1@3"].value == derivation["new_w1@2"].value
    assert derivation["w1@3"].value != derivation["w1@2"].value
    assert derivation["w1"].value == Decimal("0.1")


def test_samples_take_turns() -> None:
    derivation = train("one-by-one")
    turns = [derivation[f"x1@{number}"].value for number in (1, 2, 3, 4)]
    assert turns == [1, 3, 1, 3]


def test_an_epoch_is_one_update_for_each_sample() -> None:
    text = TWO_SAMPLES.replace("iterations = 4", "epochs = 3")
    each = Network.from_text(text.replace("SAMPLES", "one-by-one"))
    whole = Network.from_text(text.replace("SAMPLES", "together").replace("4]", "2]"))
    assert (each.spec.optimizer.iterations, whole.spec.optimizer.iterations) == (6, 3)


def test_an_iteration_that_was_not_kept_is_named() -> None:
    derivation = train("together", iterations=20, show=(1, 12))
    assert derivation["w1@12"].value is not None
    with pytest.raises(KeyError, match="iteration 5 was not kept; known: 1, 12"):
        derivation["w1@5"]


def test_the_error_falls_and_is_told_after_each_update() -> None:
    course = train("together").course
    assert course is not None
    assert list(course.errors) == [0, 1, 2, 3, 4]
    errors = list(course.errors.values())
    assert errors == sorted(errors, reverse=True) and len({*errors}) == 5


def test_a_long_course_tells_round_numbers() -> None:
    course = train("together", iterations=1000).course
    assert course is not None
    assert list(course.errors) == [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


@pytest.mark.parametrize("method", ["paths", "signals"])
def test_every_line_of_every_iteration_shown_is_true(method: str) -> None:
    text = TWO_SAMPLES.replace("SAMPLES", "one-by-one").replace('"full"', '"shown"')
    derivation = derive(Network.from_text(text), method=method)
    assert derivation.proof is not None and derivation.proof.holds
    assert derivation.proof.gradients.compared == 6
    page = render(derivation, "md")
    assert "Iteration 4: The forward pass" in page
    assert "Iteration 2: The forward pass" not in page
    assert "It is the turn of sample 2." in page


def test_going_back_through_updated_weights() -> None:
    """Mazur's headline numbers come out so, and not by the rule that he states."""
    network = Network.from_example("mazur")
    spec = replace(network.spec, goes_back_updated=True)
    derivation = derive(Network(spec))
    proof = derivation.proof
    assert proof is not None and proof.holds
    # Only the last layer's derivatives are those of the error.
    assert 0 < proof.gradients.compared < proof.gradients.wanted
    assert derivation["new_E"].shown == Decimal("0.291027924")
    assert derive(network, verify=False)["new_E"].shown == Decimal("0.291027774")
    assert "updated already" in render(derivation, "md")
