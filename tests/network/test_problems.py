"""Every problem of a network file is found, with its place and nothing said twice."""

from __future__ import annotations

import pytest

from explainer.network.file import read_network
from explainer.network.problems import NetworkError, Problem, nearest, place_of, shown

GOOD = """\
title = "A network"
notation = "net-out"
gradients_of = ["i1"]

[inputs]
i1 = 0.1
i2 = 0.5

[parameters]
w7 = 0.7

[[layers]]
activation = "sigmoid"
bias = { b1 = 0.25 }
[layers.weights]
h1 = { w1 = 0.1, w3 = 0.3 }
h2 = { w2 = 0.2, w4 = 0.4 }

[[layers]]
activation = { name = "leaky-relu", alpha = 0.1, kink = 1 }
bias = { b2 = 0.35, b3 = 0.1 }
[layers.weights]
o1 = [{ w5 = 0.5 }, { w6 = 0.6 }]
o2 = { from = { h1 = "w7", h2 = { w8 = 0.8 }, i1 = { w9 = 0.9 } } }

[targets]
o1 = 0.05
o2 = 0.95

[loss]
name = "half-squared-error"
outputs = "sum"

[training]
learning_rate = 0.6
frozen = ["b2", "weights"]

[rounding]
decimals = 5
mode = "truncate"
carry = ["activation"]

[rounding.by_kind]
signal = { figures = 4 }

[conventions]
error_signal = "positive"

[page]
method = "paths"
"""
H1 = "h1 = { w1 = 0.1, w3 = 0.3 }"
LAYER_1 = "[layers.weights]\nh1 = { w1 = 0.1, w3 = 0.3 }\nh2 = { w2 = 0.2, w4 = 0.4 }\n"
WIRING = 'h1 = "w7", h2 = { w8 = 0.8 }, i1 = { w9 = 0.9 }'
LOSS = '[loss]\nname = "half-squared-error"\noutputs = "sum"\n'
TARGETS = "[targets]\no1 = 0.05\no2 = 0.95\n"
TRAINING = '[training]\nlearning_rate = 0.6\nfrozen = ["b2", "weights"]\n'

# What is replaced, by what, the place of the one problem, and a phrase of its message.
BAD_FILES = [
    # Tables and keys.
    ('title = "A network"', "titel = 1", "titel", "Did you mean 'title'?"),
    ('title = "A network"', "title = 1", "title", "a text in quotation marks"),
    ('title = "A network"', "mode = 1", "mode", "'mode' belongs in [rounding]"),
    ("[inputs]", "[input]", "input", "Did you mean 'inputs'?"),
    ("[loss]", "[Loss]", "Loss", "Did you mean 'loss'?"),
    ("learning_rate", "learning_rat", "training.learning_rat", "'learning_rate'?"),
    ("learning_rate = 0.6", "", "training.learning_rate", "missing. Needed"),
    (LOSS, 'loss = "half-squared-error"\n', "targets.loss", "above the first table"),
    ("[page]", "[page]\nloss = 1", "page.loss", "above the first table"),
    ('activation = "sigmoid"', "", "layers[0].activation", "missing. Needed"),
    (LAYER_1, "", "layers[0].weights", "missing. Needed"),
    ("i2 = 0.5", 'i2 = 0.5\nobjective = "o1"', "inputs.objective", "first table"),
    # Numbers.
    ("i2 = 0.5", "i2 = true", "inputs.i2", "got true, which is no number"),
    ("i2 = 0.5", "i2 = nan", "inputs.i2", "got nan; a number must be finite"),
    ("i2 = 0.5", "i2 = -inf", "inputs.i2", "must be finite"),
    ("i2 = 0.5", 'i2 = "0.5"', "inputs.i2", "without quotation marks"),
    ("i2 = 0.5", 'i2 = "half"', "inputs.i2", "got the text 'half'"),
    ("i2 = 0.5", 'i2 = "1/3"', "inputs.i2", "[rounding] exact = true"),
    ("i2 = 0.5", 'i2 = "1/0"', "inputs.i2", "divides by zero"),
    ("i2 = 0.5", f'i2 = "1/{"3" * 60}"', "inputs.i2", "at most 50 characters"),
    ("i2 = 0.5", "i2 = 1e2000", "inputs.i2", "between -1000 and 1000"),
    ("i2 = 0.5", "i2 = 1e-2000", "inputs.i2", "between -1000 and 1000"),
    ("i2 = 0.5", f"i2 = 1e{'9' * 30}", "inputs.i2", "between -1000 and 1000"),
    ("i2 = 0.5", f"i2 = 0.{'3' * 60}", "inputs.i2", "has 60 digits; at most 50"),
    ("i2 = 0.5", "i2 = 1979-05-27", "inputs.i2", "got 1979-05-27"),
    ("i2 = 0.5", "i2 = [[0.5], []]", "inputs.i2", "one length"),
    ("w7 = 0.7", "w7 = inf", "parameters.w7", "must be finite"),
    ("w3 = 0.3", "w3 = false", "layers[0].weights.h1.w3", "got false"),
    ("b1 = 0.25", "b1 = nan", "layers[0].bias.b1", "must be finite"),
    ("{ w8 = 0.8 }", "{ w8 = {} }", "layers[1].weights.o2.from.h2.w8", "got a table"),
    ("o1 = 0.05", "o1 = []", "targets.o1", "got a list"),
    ("= 0.6\n", "= 0\n", "training.learning_rate", "got 0; a learning rate is above"),
    ("= 0.6\n", "= -1\n", "training.learning_rate", "got -1"),
    ("= 0.6\n", '= "1/2"\n', "training.learning_rate", "is a fraction"),
    # Names.
    ("w3 = 0.3", '"w_3é" = 0.3', 'layers[0].weights.h1."w_3é"', "is no name"),
    ("i2 = 0.5", "2i = 0.5", "inputs.2i", "'2i' is no name"),
    ("b3 = 0.1", '"b 3" = 0.1', 'layers[1].bias."b 3"', "is no name"),
    ("w3 = 0.3", "i1 = 0.3", "layers[0].weights.h1.i1", "an input at inputs.i1"),
    ("w3 = 0.3", "h1 = 0.3", "layers[0].weights.h1.h1", "h1 is a weight here"),
    ("i2 = 0.5", "h2 = 0.5", "layers[0].weights.h2", "but an input at inputs.h2"),
    ("b1 = 0.25", "w1 = 0.25", "layers[0].bias.w1", "w1 is a bias here, but a weight"),
    # Values.
    ("w3 = 0.3", "w1 = 0.3", "line 16, column 26", "once in a table"),
    ("w2 = 0.2", "w1 = 0.2", "layers[0].weights.h2.w1", "layers[0].weights.h1.w1"),
    ("w7 = 0.7", "w7 = 0.7\nw2 = 1", "layers[0].weights.h2.w2", "at parameters.w2"),
    ("w7 = 0.7", "", "layers[1].weights.o2.from.h1", "w7 has no value"),
    ("w7 = 0.7", "w77 = 1", "layers[1].weights.o2.from.h1", "Did you mean 'w77'?"),
    ("w7 = 0.7", "w7 = 0.7\nv = 1", "parameters.v", "no weight or bias is called 'v'"),
    ("{ b1 = 0.25 }", '"b1"', "layers[0].bias", "b1 has no value"),
    # Wiring.
    (H1, "h1 = { w1 = 0.1 }", "layers[0].weights.h1", "1 weight, but the layer before"),
    (H1, "h1 = { w1 = 1, w3 = 1, v = 1 }", "layers[0].weights.h1", "2 units: i1, i2"),
    ("{ w6 = 0.6 }]", "{ w6 = 0.6 }, 1]", "layers[1].weights.o1", "o1 has 3 weights"),
    (
        "{ w6 = 0.6 }]",
        "true]",
        "layers[1].weights.o1[1]",
        "got true; allowed: a number",
    ),
    ("{ w6 = 0.6 }]", "{}]", "layers[1].weights.o1[1]", "one name with its value"),
    ("{ w6 = 0.6 }", "{ w6 = 1, v = 1 }", "layers[1].weights.o1[1]", "one name"),
    ('h1 = "w7"', 'h3 = "w7"', "layers[1].weights.o2.from.h3", "Known: i1, i2, h1, h2"),
    ('h1 = "w7"', 'o1 = "w7"', "layers[1].weights.o2.from.o1", "of an earlier layer"),
    (
        'h1 = "w7"',
        "h1 = 0.7",
        "layers[1].weights.o2.from.h1",
        "got 0.7; allowed: a name",
    ),
    (WIRING, 'h1 = "w7", h2 = []', "layers[1].weights.o2.from.h2", "got a list"),
    ("w9 = 0.9 } } }", "w9 = 0.9 } }, to = {} }", "layers[1].weights.o2.to", "from"),
    (LAYER_1, "weights = 3\n", "layers[0].weights", "a matrix such as"),
    (LAYER_1, "weights = [[1, 1], 2]\n", "layers[0].weights[1]", "square brackets"),
    (LAYER_1, "weights = []\n", "layers[0].weights", "no units"),
    (LAYER_1, "weights = {}\n", "layers[0].weights", "no units"),
    (LAYER_1, "weights = [[1, 1], [1]]\n", "layers[0].weights[1]", "row has 1 weight"),
    (
        LAYER_1,
        'units = ["h1", "h2", "h3"]\nweights = [[1, 1], [1, 1]]\n',
        "layers[0].weights",
        "2 rows, but units names 3 units",
    ),
    (
        LAYER_1,
        'units = ["h1", "h2"]\nweights = [[1, 1], [1, 1], [1, 1]]\n',
        "layers[0].weights",
        "3 rows, but units names 2 units",
    ),
    (
        LAYER_1,
        'units = ["h1"]\nweights = [[1], [1]]\n',
        "layers[0].weights",
        'Did you mean matrix_layout = "from-to"?',
    ),
    (
        LAYER_1,
        'matrix_layout = "from-to"\nweights = [[1, 1], [1, 1], [1, 1]]\n',
        "layers[0].weights",
        "3 rows, but the layer before has 2 units",
    ),
    (
        LAYER_1,
        'matrix_layout = "to"\nweights = [[1, 1], [1, 1]]\n',
        "layers[0].matrix_layout",
        "Known: to-from, from-to",
    ),
    (LAYER_1, f'units = ["h1"]\n{LAYER_1}', "layers[0].units", "units is for a matrix"),
    # Biases and activations.
    ("b3 = 0.1 }", "b3 = 0.1, b4 = 1 }", "layers[1].bias", "3 biases for 2 units"),
    ("{ b1 = 0.25 }", "[0.1]", "layers[0].bias", "1 bias for 2 units: h1, h2"),
    ("{ b1 = 0.25 }", "true", "layers[0].bias", "got true; allowed: a table such as"),
    ('"sigmoid"', '"sigmod"', "layers[0].activation", "Did you mean 'sigmoid'?"),
    ('"sigmoid"', "1", "layers[0].activation", "got 1; allowed: a name such as"),
    ("alpha = 0.1", "alpha = 1", "layers[1].activation.alpha", "got 1; allowed"),
    ("alpha = 0.1", "alpha = -0.1", "layers[1].activation.alpha", "got -0.1"),
    ("alpha = 0.1", 'alpha = "1/3"', "layers[1].activation.alpha", "is a decimal"),
    ("alpha = 0.1", "alhpa = 0.1", "layers[1].activation.alhpa", "mean 'alpha'?"),
    ("kink = 1", "kink = 0", "layers[1].activation.kink", "sides, 0.1 and 1"),
    ("kink = 1", "kink = 2", "layers[1].activation.kink", "between the slopes"),
    ('name = "leaky-relu", ', "", "layers[1].activation.name", "missing. Needed"),
    # The choices.
    ('["i1"]', '["h9"]', "gradients_of[0]", "no input or unit is called 'h9'"),
    ('["i1"]', '"input"', "gradients_of", "Did you mean 'inputs'?"),
    ('["i1"]', "[1]", "gradients_of[0]", "a text in quotation marks"),
    ('gradients_of = ["i1"]', 'objective = "o1"', "objective", "with a loss"),
    ("o2 = 0.95", "", "targets.o2", "missing; every unit of the last layer"),
    ("o2 = 0.95", "o_2 = 0.95", "targets.o_2", "Did you mean 'o2'?"),
    ("o2 = 0.95", "o2 = 0.95\nh1 = 1", "targets.h1", "Known: o1, o2"),
    (TARGETS, "", "targets", "missing; the loss needs a target"),
    (LOSS, "", "loss", "[targets] and [training] need a loss"),
    (LOSS + "\n" + TRAINING, "", "loss", "[targets] needs a loss"),
    (
        '"half-squared-error"',
        '"half-square-error"',
        "loss.name",
        "half-squared-error'?",
    ),
    ('outputs = "sum"', 'outputs = "average"', "loss.outputs", "Known: sum, mean"),
    ('"b2", "weights"', '"b9"', "training.frozen[0]", "no weight or bias is called"),
    ('["b2", "weights"]', '"bias"', "training.frozen", "Did you mean 'biases'?"),
    (
        '"net-out"',
        '{ patterns = { sum = "s^a^b" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    (
        '"net-out"',
        '{ patterns = { sum = "$x$" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    (
        '"net-out"',
        '{ patterns = { sum = "a & b" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    (
        '"net-out"',
        '{ patterns = { sum = "\\\\input{a}" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    (
        '"net-out"',
        '{ patterns = { sum = "\\\\left(x" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    (
        '"net-out"',
        '{ patterns = { sum = "x%" } }',
        "notation.patterns.sum",
        "wrong",
    ),
    ("decimals = 5", "decimals = -1", "rounding.decimals", "from 0 to 30"),
    ("decimals = 5", "figures = 0", "rounding.figures", "from 1 to 30"),
    ("decimals = 5", "decimals = 31", "rounding.decimals", "got 31"),
    ("decimals = 5", "decimals = 5.0", "rounding.decimals", "got 5.0; allowed"),
    ("decimals = 5", "decimals = 5\nfigures = 5", "rounding", "one of them"),
    ('"truncate"', '"up"', "rounding.mode", "Known: half-up, half-even, truncate"),
    ('["activation"]', '"show"', "rounding.carry", "Did you mean 'shown'?"),
    ('["activation"]', '["activations"]', "rounding.carry[0]", "mean 'activation'?"),
    ("signal = {", "signals = {", "rounding.by_kind.signals", "Did you mean 'signal'?"),
    ("{ figures = 4 }", "{}", "rounding.by_kind.signal", "no digits"),
    ("{ figures = 4 }", "{ figures = 99 }", "rounding.by_kind.signal.figures", "99"),
    ("decimals = 5", "exact = 1", "rounding.exact", "allowed: true or false"),
    ('"positive"', '"plus"', "conventions.error_signal", "Known: positive, negative"),
    ('"paths"', '"path"', "page.method", "Did you mean 'paths'?"),
    ('"net-out"', '"net-ot"', "notation", "Did you mean 'net-out'?"),
    ('"net-out"', '{ base = "z" }', "notation.base", "no notation is called 'z'"),
    ('"net-out"', '{ patterns = { summ = "s" } }', "notation.patterns.summ", "'sum'?"),
    ('"net-out"', '{ patterns = { sum = "<u>" } }', "notation.patterns.sum", "slot"),
    ('"net-out"', '{ patterns = { sum = "{" } }', "notation.patterns.sum", "braces"),
    ('"net-out"', '{ symbols = { w0 = "w" } }', "notation.symbols.w0", "'w0'"),
    # Not TOML at all.
    ("[inputs]", "[inputs", "line 5, column 8", "this is not TOML"),
    ("w7 = 0.7", "w7 =", "line 10, column 5", "this is not TOML"),
    ("[page]", '[page]\nx = "', "line 50, column 6", "this is not TOML"),
]


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        read_network(text)
    except NetworkError as error:
        return error.problems
    return ()


def edited(*edits: tuple[str, str]) -> str:
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def check_row(old: str, new: str, place: str, phrase: str) -> None:
    found = problems_of(edited((old, new)))
    assert [problem.place for problem in found] == [place]
    assert phrase in found[0].message


def test_the_good_file_has_no_problem() -> None:
    assert problems_of(GOOD) == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "phrase"),
    BAD_FILES,
    ids=[f"{number}-{row[2]}" for number, row in enumerate(BAD_FILES)],
)
def test_one_problem_is_reported_once(
    old: str, new: str, place: str, phrase: str
) -> None:
    check_row(old, new, place, phrase)


def test_a_wrong_row_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check_row("i2 = 0.5", "i2 = nan", "inputs.i1", "finite")
    with pytest.raises(AssertionError):
        check_row("i2 = 0.5", "i2 = 0.7", "inputs.i2", "finite")


def test_all_problems_come_at_once_in_file_order() -> None:
    text = edited(
        ("i2 = 0.5", "i2 = nan"),
        ("{ b1 = 0.25 }", "{ b1 = 0.25, b7 = 1, b8 = 1 }"),
        ("w3 = 0.3", "w3 = true"),
        ("w2 = 0.2", "w1 = 0.2"),
        ('"leaky-relu"', '"leaky"'),
        ('h1 = "w7"', 'h9 = "w7"'),
        ("o2 = 0.95", "o2 = 0.95\no3 = 1"),
        ("learning_rate", "learning_rat"),
        ('"b2"', '"b9"'),
        ("decimals = 5", "decimals = 5\nfigures = 5"),
        ('"paths"', '"path"'),
        ('notation = "net-out"', 'notation = "net"'),
    )
    assert [problem.place for problem in problems_of(text)] == [
        "notation",
        "inputs.i2",
        "layers[0].bias",
        "layers[0].weights.h1.w3",
        "layers[0].weights.h2.w1",
        "layers[1].activation.name",
        "layers[1].weights.o2.from.h9",
        "targets.o3",
        "training.learning_rat",
        "training.frozen[0]",
        "rounding",
        "page.method",
    ]


def test_the_error_lists_its_problems_one_a_line() -> None:
    with pytest.raises(NetworkError) as caught:
        read_network(
            edited(("i1 = 0.1", "i1 = nan"), ("i2 = 0.5", "i2 = inf")), "a.toml"
        )
    assert str(caught.value) == (
        "inputs.i1: got nan; a number must be finite\n"
        "inputs.i2: got infinity; a number must be finite"
    )
    assert caught.value.source == "a.toml"


def test_a_unit_needs_a_source() -> None:
    (problem,) = problems_of(edited((WIRING, ""), ("w7 = 0.7", "")))
    assert problem.place == "layers[1].weights.o2.from"
    assert "o2 has no sources" in problem.message


def test_an_empty_file_misses_inputs_and_layers() -> None:
    places = [problem.place for problem in problems_of("")]
    assert places == ["inputs", "layers"]
    for problem in problems_of("inputs = {}\nlayers = []"):
        assert "at least one is needed" in problem.message


@pytest.mark.parametrize(
    "text",
    ["x = " + "[" * 10_000, "x = " + "1" * 10_000, ".".join("a" * 5000) + " = 1"],
)
def test_excess_is_a_problem_too(text: str) -> None:
    assert problems_of(text)


def test_without_a_loss_the_output_must_be_clear() -> None:
    text = edited((LOSS, ""), (TARGETS, ""), (TRAINING, ""))
    (problem,) = problems_of(text)
    assert problem.place == "objective"
    assert "Allowed: o1, o2" in problem.message
    (problem,) = problems_of(f'objective = "h1"\n{text}')
    assert "no unit of the last layer is called 'h1'" in problem.message
    assert problems_of(f'objective = "o2"\n{text}') == ()


def test_exact_numbers_need_rational_activations() -> None:
    exact = ("decimals = 5", "exact = true")
    (_, carry) = problems_of(edited(exact))
    assert carry.place == "rounding.carry"
    no_carry = ('carry = ["activation"]\n', "")
    (problem,) = problems_of(edited(exact, no_carry))
    assert problem.place == "rounding.exact"
    assert "sigmoid (layer 1)" in problem.message
    assert "identity" in problem.message
    rational = ('"sigmoid"', '"relu"')
    third = ("i2 = 0.5", 'i2 = "1/3"')
    assert problems_of(edited(exact, no_carry, rational, third)) == ()


def test_places_values_and_hints_are_spelled_for_people() -> None:
    assert place_of(()) == "file"
    assert place_of(("layers", 0, "weights", 1, 2)) == "layers[0].weights[1][2]"
    assert shown("x" * 200).endswith("...")
    assert len(shown("x" * 200)) == 60
    assert nearest("SIGMOID", ["tanh", "sigmoid"]) == "sigmoid"
    assert nearest("q", ["tanh", "sigmoid"]) is None
