"""The built-in networks are those of their sources, and all different in kind."""

from __future__ import annotations

import tomllib

import pytest

from explainer.examples import EXAMPLES, read_example
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.network.softmax import LAYER_ACTIVATIONS

PUBLISHED = [
    # name, inputs, parameters in order of use, targets, learning rate, frozen
    (
        "forward-backward",
        {"i1": "0.1", "i2": "0.5"},
        "w1 .1 w3 .3 w2 .2 w4 .4 b1 .25 w5 .5 w6 .6 w7 .7 w8 .8 b2 .35",
        {"o1": "0.05", "o2": "0.95"},
        "0.6",
        set(),
    ),
    (
        "mazur",
        {"i1": "0.05", "i2": "0.10"},
        "w1 .15 w2 .20 w3 .25 w4 .30 b1 .35 w5 .40 w6 .45 w7 .50 w8 .55 b2 .60",
        {"o1": "0.01", "o2": "0.99"},
        "0.5",
        {"b1", "b2"},
    ),
    (
        "han-kamber",
        {"x1": "1", "x2": "0", "x3": "1"},
        "w14 .2 w24 .4 w34 -.5 w15 -.3 w25 .1 w35 .2 theta4 -.4 theta5 .2"
        " w46 -.3 w56 -.2 theta6 .1",
        {"u6": "1"},
        "0.9",
        set(),
    ),
    (
        "relu-homework",
        {"x1": "1", "x2": "0.5"},
        "w1 .5 w2 1.5 w3 2.3 w4 3.0 w5 1.0 w6 1.0",
        {"y": "4"},
        "0.1",
        set(),
    ),
    (
        "tanh-neuron",
        {"x1": "2", "x2": "0"},
        "w1 -3 w2 1 b 6.8813735870195432",
        {},
        None,
        set(),
    ),
]


@pytest.mark.parametrize(
    ("name", "inputs", "parameters", "targets", "rate", "frozen"),
    PUBLISHED,
    ids=[row[0] for row in PUBLISHED],
)
def test_a_published_network_has_the_published_numbers(
    name: str,
    inputs: dict[str, str],
    parameters: str,
    targets: dict[str, str],
    rate: str | None,
    frozen: set[str],
) -> None:
    spec = read_network(read_example(name))
    assert {key: str(entry.value) for key, entry in spec.inputs.items()} == inputs
    words = parameters.split()
    numbers = [
        word.replace(".", "0.", word.lstrip("-")[0] == ".") for word in words[1::2]
    ]
    expected = dict(zip(words[::2], numbers, strict=True))
    got = {key: str(entry.value) for key, entry in spec.parameters.items()}
    assert list(got.items()) == list(expected.items())
    assert {key: str(entry.value) for key, entry in spec.targets.items()} == targets
    assert rate == (str(spec.learning_rate.value) if spec.learning_rate else None)
    assert spec.frozen == frozen


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_built_and_described(name: str) -> None:
    text = read_example(name)
    spec = read_network(text)
    assert build(spec).wanted
    assert spec.title
    assert EXAMPLES[name] == spec.description == tomllib.loads(text)["description"]
    assert "\n" not in EXAMPLES[name]
    assert len(text.splitlines()) < 80


def test_the_examples_show_what_a_file_can_say() -> None:
    specs = [read_network(read_example(name)) for name in EXAMPLES]
    activations = {layer.activation.name for spec in specs for layer in spec.layers}
    assert activations <= {*LAYER_ACTIVATIONS}
    assert len(activations) >= 4
    assert {len(spec.layers) for spec in specs} >= {0, 1, 2, 4}
    assert {spec.page.method for spec in specs} == {"paths", "signals"}
    assert {spec.error_signal for spec in specs} == {1, -1}
    assert {spec.loss is None for spec in specs} == {True, False}
    assert any(spec.gradients_of for spec in specs)


def test_an_unknown_example_is_refused() -> None:
    with pytest.raises(KeyError):
        read_example("../network/spec")
