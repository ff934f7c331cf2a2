"""Every line is true where there is more than one gradient step to say: samples, time
steps, iterations, and each record of the catalogues."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from explainer import Network, derive, render
from explainer.network.activations import ACTIVATIONS
from explainer.network.losses import LOSSES
from explainer.network.optimizers import OPTIMIZERS
from explainer.network.spec import NotationSpec
from explainer.notation import NOTATIONS
from explainer.worked import with_choices
from tests.page.test_truth import assert_true
from tests.rereading.judging import judge
from tests.rereading.katex import NoKatex, katex_problems
from tests.rereading.page import formulas

METHODS = ("paths", "signals")
FOLDER = Path(__file__).parent / "networks"
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
# The first unit's weighted sum is above zero, the second's below.
TEMPLATE = """\
[inputs]
x1 = 0.6
x2 = -0.8

[[layers]]
activation = {activation}
units = ["o1", "o2"]
bias = [0.1, -0.2]
weights = [[0.5, -0.3], [0.2, 0.6]]

[targets]
o1 = {targets[0]}
o2 = {targets[1]}

[loss]
{loss}

[training]
learning_rate = 0.01
{training}
"""
OWN = {
    "softsign": "c * z / (1 + abs(z))",
    "clipped": "max(-1, min(1, z)) + c * erf(z)",
    "wave": "sin(z) + cos(c * z) - sqrt(z**2 + 1) / pi",
    "logarithms": "log(z**2 + 1) + log2(z**2 + c) - log10(z**2 + 3)",
}
# The activation that a loss is taught with, and targets that it allows.
WITH_LOSS = {
    "binary-cross-entropy": ('"sigmoid"', (1, 0)),
    "categorical-cross-entropy": ('"softmax"', (1, 0)),
    "hinge": ('"tanh"', (1, -1)),
}
LOGARITHMIC = [loss.name for loss in LOSSES.values() if loss.logarithm]
MORE_OF_LOSS = ['way = "long"', "log = 2", 'log = 10\nway = "long"']
WAYS_OF_LOSS = [*product(LOGARITHMIC, MORE_OF_LOSS)]


def network(
    activation: str = '"tanh"',
    targets: tuple[float, float] = (0.3, 2.9),
    loss: str = "half-squared-error",
    more: str = "",
    training: str = "",
) -> Network:
    return Network.from_text(
        TEMPLATE.format(
            activation=activation,
            targets=targets,
            loss=f'name = "{loss}"\n{more}',
            training=training,
        )
    )


def from_folder(name: str) -> Network:
    return Network.from_text((FOLDER / f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", FILES)
def test_every_file_is_true(name: str, method: str) -> None:
    assert_true(from_folder(name), method, "standard")


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_true_in_brief(name: str) -> None:
    assert_true(from_folder(name), "signals", "brief")


@pytest.mark.parametrize("name", ["samples-one-by-one", "penalty-l1", "time-steps"])
def test_files_are_true_in_full(name: str) -> None:
    assert_true(from_folder(name), "paths", "full")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_true(name: str, method: str) -> None:
    assert_true(network(f'"{name}"'), method, "standard")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", OWN)
def test_an_activation_of_the_file_is_true(name: str, method: str) -> None:
    formula = OWN[name]
    constant = ", c = 1.5" if "c *" in formula or "c)" in formula else ""
    table = f'{{ name = "{name}", formula = "{formula}"{constant} }}'
    assert_true(network(table), method, "standard")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_true(name: str, method: str) -> None:
    activation, targets = WITH_LOSS.get(name, ('"identity"', (0.3, 2.9)))
    assert_true(network(activation, targets, name), method, "standard")


@pytest.mark.parametrize(("name", "more"), WAYS_OF_LOSS)
def test_every_way_of_a_cross_entropy_is_true(name: str, more: str) -> None:
    activation, targets = WITH_LOSS[name]
    assert_true(network(activation, targets, name, more), "signals", "standard")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_is_true(name: str) -> None:
    """The second iteration, where what the optimizer remembers is no longer 0."""
    training = f'optimizer = "{name}"\niterations = 2\nshow = [1, 2]'
    for method in METHODS:
        assert_true(network(training=training), method, "standard")


def test_the_choices_of_adam_are_true() -> None:
    for more in (
        'epsilon_place = "inside", epsilon = 0.001',
        "bias_correction = false",
        "weight_decay = 0.05",
    ):
        training = f'optimizer = {{ name = "adam", {more} }}\niterations = 2'
        assert_true(network(training=training), "signals", "standard")


# A number on the page of three iterations, what is wrong there, and what is said of it.
SPOILED = [
    ("What this iteration starts from", "was"),
    ("The parameters at the start and at the end", "was"),
    ("Iteration 2: The results", "was"),
    ("| updates |", "computed no such number"),
]


@pytest.mark.parametrize(("after", "reason"), SPOILED)
def test_a_wrong_number_between_iterations_is_found(after: str, reason: str) -> None:
    """The last digit of the last number in the table's first row is changed."""
    page = render(derive(from_folder("three-iterations"), method="signals"), "md")
    assert judge(page).failures == []
    row = page.index("\n| $", page.index(after)) + 1
    digit = page.rindex("$", 0, page.index("\n", row)) - 1
    wrong = page[:digit] + str((int(page[digit]) + 2) % 10) + page[digit + 1 :]
    assert any(reason in failure.reason for failure in judge(wrong).failures)


def test_every_formula_of_the_files_passes_katex() -> None:
    pages = [render(derive(from_folder(name), verify=False), "md") for name in FILES]
    found = [(f.text, f.display) for page in pages for f in formulas(page)]
    try:
        problems = katex_problems(found)
    except NoKatex as reason:
        pytest.skip(str(reason))
    assert problems == []


@pytest.mark.parametrize(
    ("name", "notation"),
    [
        (name, notation)
        for name, notation in product(["time-steps", "samples-of-steps"], NOTATIONS)
    ],
)
def test_time_steps_are_true_in_every_notation(name: str, notation: str) -> None:
    network = with_choices(from_folder(name), notation=NotationSpec(notation))
    assert_true(network, "signals", "standard")
