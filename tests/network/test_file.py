"""A network file in each of its forms becomes the network that it describes."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.examples import EXAMPLES, read_example
from explainer.mathematics.rounding import KINDS, Digits
from explainer.network import problems
from explainer.network.building import build
from explainer.network.file import file_schema, read_network
from explainer.network.problems import NetworkError
from explainer.network.spec import Entry, LossSpec, NotationSpec, PageSpec, Spec
from tests.network.strategies import network_texts

SCHEMA = jsonschema.Draft202012Validator(file_schema())
GIVEN = "title = 'T'\n[inputs]\ni1 = 0.1\ni2 = 0.50\n"
LAYER = "[[layers]]\nactivation = 'sigmoid'\n"
BY_UNIT = f"""{GIVEN}{LAYER}bias = {{ b1 = 0.25 }}
[layers.weights]
h1 = {{ w1_11 = 0.1, w1_12 = 0.3 }}
h2 = {{ w1_21 = 0.2, w1_22 = 0.4 }}
{LAYER}[layers.weights]
o1 = {{ w2_11 = 0.5, w2_12 = 0.6 }}
"""
# The same network in the other forms.
SAME = {
    "lists": f"""{GIVEN}{LAYER}bias = 0.25
[layers.weights]
h1 = [0.1, 0.3]
h2 = [{{ w1_21 = 0.2 }}, {{ w1_22 = 0.4 }}]
{LAYER}[layers.weights]
o1 = ["w2_11", 0.6]
[parameters]
w2_11 = 0.5
""",
    "spelled out": f"""{GIVEN}{LAYER}bias = "b1"
[layers.weights]
h1 = {{ from = {{ i1 = "w1_11", i2 = "w1_12" }} }}
h2 = {{ from = {{ i1 = {{ w1_21 = 0.2 }}, i2 = "w1_22" }} }}
{LAYER}[layers.weights]
o1 = {{ from = {{ h1 = {{ w2_11 = 0.5 }}, h2 = {{ w2_12 = 0.6 }} }} }}
[parameters]
w1_22 = 0.4
w1_11 = 0.1
b1 = 0.25
w1_12 = 0.3
""",
    "matrices": f"""{GIVEN}{LAYER}bias = 0.25
weights = [[0.1, 0.3], [0.2, 0.4]]
{LAYER}weights = [[0.5, 0.6]]
""",
    "other layout": f"""{GIVEN}{LAYER}bias = 0.25
matrix_layout = "from-to"
units = ["h1", "h2"]
weights = [[0.1, 0.2], ["w1_12", {{ w1_22 = 0.4 }}]]
{LAYER}matrix_layout = "from-to"
weights = [[0.5], [0.6]]
[parameters]
w1_12 = 0.3
""",
}


def without_places(spec: Spec) -> Spec:
    """The network alone: the same from every form of the file."""

    def bare(entries: Any) -> dict[str, Entry]:
        return {name: Entry(entry.value, "") for name, entry in entries.items()}

    sample = replace(spec.samples[0], inputs=bare(spec.inputs))
    return replace(spec, samples=(sample,), parameters=bare(spec.parameters))


@pytest.mark.parametrize("form", SAME)
def test_every_form_describes_the_same_network(form: str) -> None:
    expected = without_places(read_network(BY_UNIT))
    assert without_places(read_network(SAME[form])) == expected


def test_the_comparison_of_forms_can_fail() -> None:
    other = SAME["matrices"].replace("0.6", "0.7")
    assert without_places(read_network(other)) != without_places(read_network(BY_UNIT))


def test_values_keep_their_digits_and_their_places() -> None:
    spec = read_network(BY_UNIT)
    assert str(spec.inputs["i2"].value) == "0.50"
    assert spec.inputs["i2"].path == "inputs.i2"
    assert spec.parameters["b1"] == Entry(Decimal("0.25"), "layers[0].bias.b1")
    assert spec.parameters["w1_12"].path == "layers[0].weights.h1.w1_12"
    assert list(spec.parameters) == [
        *("w1_11", "w1_12", "w1_21", "w1_22", "b1", "w2_11", "w2_12")
    ]
    matrix = read_network(SAME["other layout"])
    assert matrix.parameters["w1_21"].path == "layers[0].weights[0][1]"
    assert matrix.parameters["w1_22"].path == "layers[0].weights[1][1].w1_22"
    assert matrix.parameters["w1_12"].path == "parameters.w1_12"


def test_what_a_file_leaves_out_has_its_usual_value() -> None:
    spec = read_network(BY_UNIT.replace("title = 'T'\n", ""), "my.toml")
    assert (spec.title, spec.description) == ("my.toml", "")
    assert spec.loss is None
    assert spec.learning_rate is None
    assert spec.objective == "o1"
    assert spec.rounding.digits == Digits(6, "figures")
    assert spec.rounding.carry == frozenset(KINDS)
    assert spec.notation == NotationSpec("net-out")
    assert spec.page == PageSpec("paths", "at-end", "output-first")
    assert (spec.error_signal, spec.factor_order) == (1, "weight-first")


def test_every_choice_of_a_file_arrives() -> None:
    text = f"""description = "D"
gradients_of = ["i2", "inputs"]
notation = {{ base = "sum-output", patterns = {{ sum = "s_<unit>" }}, \
symbols = {{ i1 = "x" }} }}
{BY_UNIT}[targets]
o1 = 1
[loss]
name = "squared-error"
outputs = "mean"
[training]
learning_rate = 0.1
frozen = ["biases", "w2_11"]
[rounding]
figures = 7
mode = "half-even"
carry = ["signal", "activation"]
[rounding.by_kind]
loss = {{ decimals = 3 }}
[conventions]
error_signal = "negative"
factor_order = "input-first"
[page]
method = "signals"
updates = "with-gradient"
order = "input-first"
"""
    spec = read_network(text)
    assert spec.description == "D"
    assert spec.gradients_of == ("i2", "i1")
    assert spec.notation.base == "sum-output"
    assert spec.notation.patterns == {"sum": "s_<unit>"}
    assert spec.notation.symbols == {"i1": "x"}
    assert spec.loss == LossSpec("squared-error", "mean")
    assert spec.objective is None
    assert spec.learning_rate == Entry(Decimal("0.1"), "training.learning_rate")
    assert spec.frozen == {"b1", "w2_11"}
    assert (spec.rounding.digits, spec.rounding.mode) == (Digits(7), "half-even")
    assert spec.rounding.carry == {"signal", "activation"}
    assert spec.rounding.by_kind == {"loss": Digits(3, "decimals")}
    assert (spec.error_signal, spec.factor_order) == (-1, "input-first")
    assert spec.page == PageSpec("signals", "with-gradient", "input-first")


def test_fractions_are_exact_where_nothing_is_rounded() -> None:
    text = BY_UNIT.replace("sigmoid", "relu").replace("0.1\n", '"-2/7"\n')
    spec = read_network(f"{text}[rounding]\nexact = true\n")
    assert spec.inputs["i1"].value == Fraction(-2, 7)
    assert spec.rounding.exact
    assert spec.rounding.carry == frozenset()


def test_automatic_names_stay_apart_in_wide_layers() -> None:
    row = ", ".join(["0.5"] * 11)
    inputs = "\n".join(f"x{j} = 1" for j in range(1, 12))
    layers = f"{LAYER}bias = [1, 2]\nweights = [[{row}], [{row}]]\n" * 3
    text = f"[inputs]\n{inputs}\n{layers}".replace(f"[{row}]", "[0.5, 0.5]")
    text = text.replace("[[0.5, 0.5], [0.5, 0.5]]", f"[[{row}], [{row}]]", 1)
    spec = read_network(f'objective = "o2"\n{text}')
    names = [[unit.name for unit in layer.units] for layer in spec.layers]
    assert names == [["h1_1", "h1_2"], ["h2_1", "h2_2"], ["o1", "o2"]]
    first = dict(spec.layers[0].units[1].inputs)
    assert (first["x1"], first["x11"]) == ("w1_2_1", "w1_2_11")
    assert spec.layers[2].units[0].inputs == (("h2_1", "w3_11"), ("h2_2", "w3_12"))
    assert spec.layers[1].units[1].bias == "b2_2"


def test_a_parameter_may_be_used_in_several_places() -> None:
    text = BY_UNIT.replace("w2_11 = 0.5, w2_12 = 0.6", 'from = { h1 = "w1_11" }')
    spec = read_network(text)
    assert spec.layers[1].units[0].inputs == (("h1", "w1_11"),)
    assert list(spec.parameters).count("w1_11") == 1


def test_a_byte_order_mark_is_no_problem() -> None:
    assert read_network("\ufeff" + BY_UNIT) == read_network(BY_UNIT)


def test_reading_the_program_does_not_wait_for_pydantic() -> None:
    code = "import sys, explainer.examples, explainer.network.problems as p;"
    code += "sys.exit('pydantic' in sys.modules)"
    root = Path(problems.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == 0


@given(network_texts())
def test_a_random_network_is_read_and_built(text: str) -> None:
    spec = read_network(text)
    graph = build(spec)
    units = [unit for layer in spec.layers for unit in layer.units]
    assert len(graph.quantities) >= 2 * len(units)
    used = {name for unit in units for _, name in unit.inputs}
    used |= {unit.bias for unit in units if unit.bias}
    assert set(spec.parameters) == used
    assert {key.of[0] for key in graph.wanted} >= used
    SCHEMA.validate(_plain(text))


def _plain(text: str) -> Any:
    """The file as an editor sees it, with floats."""
    return tomllib.loads(text)


def test_the_schema_accepts_the_examples_and_refuses_slips() -> None:
    SCHEMA.check_schema(SCHEMA.schema)
    for name in EXAMPLES:
        SCHEMA.validate(_plain(read_example(name)))
    for slip in (
        BY_UNIT.replace("bias", "biass"),
        BY_UNIT.replace("sigmoid", "sigmod"),
        BY_UNIT.replace("0.3", "true"),
        BY_UNIT.replace("[inputs]", "[input]"),
    ):
        with pytest.raises(jsonschema.ValidationError):
            SCHEMA.validate(_plain(slip))


def test_every_key_of_the_schema_is_described() -> None:
    schema = file_schema()
    tables = [schema, *schema["$defs"].values()]
    for table in tables:
        for key, value in table["properties"].items():
            assert value.get("description"), key


LITERALS = [
    *('""', "true", "nan", "-inf", "[]", "{}", "[[]]", "[[1]]", "1979-05-27", "-0.0"),
    *("'1/0'", "'1/3'", "1e5000", "1e99999999999999999999", "0x10", '"w1"', '["w1"]'),
    *("{ w1 = 1 }", "{ from = {} }", "{ from = { i1 = [] } }", "[{}, 1, 'a']", "12345"),
    *("{ name = 'relu', kink = 9 }", '"<table>"', '"shown"', "[1, [2], {a = 1}]"),
]
KEYS = [
    *("inputs", "layers", "weights", "bias", "from", "name", "units", "matrix_layout"),
    *(
        "carry",
        "exact",
        "by_kind",
        "signal",
        "objective",
        "targets",
        "loss",
        '"<list>"',
    ),
    *("notation", "patterns", "symbols", "training", "frozen", "i1", "w1"),
    *('"<list>"', '"[key]"', '"a\\nb"'),
]


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """A good file after some slips: lines lost, doubled or moved, values exchanged."""
    examples = [read_example(name) for name in EXAMPLES]
    lines = draw(st.sampled_from(examples) | network_texts(depth=2, width=2)).split(
        "\n"
    )
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        key, _, value = lines[at].partition("=")
        slip = draw(st.sampled_from(["drop", "double", "move", "value", "key", "text"]))
        if slip == "drop" and len(lines) > 1:
            del lines[at]
        elif slip == "double":
            lines.insert(at, lines[at])
        elif slip == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines[at])
        elif slip == "value" and value:
            lines[at] = f"{key}= {draw(st.sampled_from(LITERALS))}"
        elif slip == "key" and value:
            lines[at] = f"{draw(st.sampled_from(KEYS))} ={value}"
        elif slip == "text":
            place = draw(st.integers(0, len(lines[at])))
            lines[at] = (
                lines[at][:place] + draw(st.text(max_size=3)) + lines[at][place:]
            )
    return "\n".join(lines)


@given(damaged_texts() | st.text())
def test_a_damaged_file_is_a_network_or_a_list_of_problems(text: str) -> None:
    try:
        spec = read_network(text)
    except NetworkError as error:
        assert error.problems
        assert len(str(error).split("\n")) == len(error.problems)
    else:
        build(spec)


@st.composite
def random_tables(draw: st.DrawFn) -> str:
    """Tables of known keys with values of all kinds."""
    keys, values = st.sampled_from(KEYS), st.sampled_from(LITERALS)
    inner = st.dictionaries(keys, values, max_size=3).map(
        lambda table: f"{{ {', '.join(f'{k} = {v}' for k, v in table.items())} }}"
    )
    table = draw(st.dictionaries(keys, values | inner, max_size=6))
    return "\n".join(f"{key} = {value}" for key, value in table.items())


@given(random_tables(), random_tables())
def test_random_tables_are_a_list_of_problems(top: str, layer: str) -> None:
    with pytest.raises(NetworkError) as caught:
        read_network(f"{top}\n[[layers]]\n{layer}")
    assert len(str(caught.value).split("\n")) == len(caught.value.problems)
