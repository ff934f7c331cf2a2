"""Notations differ in spelling, and in nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from explainer import Network, NetworkError, WorkedDerivation, derive, render
from explainer.examples import EXAMPLES
from explainer.mathematics.written import Key
from explainer.network.spec import NotationSpec
from explainer.notation import NOTATIONS, Place, Speller, symbol_of
from explainer.worked import with_choices

NAMES = list(EXAMPLES)


def in_notation(name: str, notation: str) -> WorkedDerivation:
    network = Network.from_example(name)
    chosen = with_choices(network, notation=NotationSpec(notation))
    return derive(chosen, verify=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_notation_changes_spelling_only(name: str, notation: str) -> None:
    one = derive(Network.from_example(name), verify=False)
    other = in_notation(name, notation)
    # The pages differ inside formulas only: the words around them are the same, and so
    # are the numbers in them.
    assert words_of(render(other, "md")) == words_of(render(one, "md"))
    assert numbers_of(render(other, "md")) == numbers_of(render(one, "md"))


def words_of(page: str) -> str:
    # What is said of a picture has symbols without dollar signs.
    page = re.sub(r"!\[.*?\]\(", "![](", page)
    outside = re.sub(r"\$\$.*?\$\$", "$$", page, flags=re.DOTALL)
    return re.sub(r"\$[^$\n]+\$", "$", outside)


def numbers_of(page: str) -> list[str]:
    """The decimals of all formulas: no symbol of a built-in notation has one."""
    return re.findall(r"-?\d+\.\d+", page)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_two_quantities_of_a_page_are_spelled_alike(notation: str) -> None:
    for name in NAMES:
        derivation = in_notation(name, notation)
        kept = [step.key for step in derivation.document.steps if step.key]
        keys = [*derivation.symbols.graph.givens, *kept]
        spelled: dict[str, Key] = {}
        for key in keys:
            other = spelled.setdefault(derivation.spell(key), key)
            # dE/do is spelled alike as a local and as a total derivative.
            same = {key.kind, other.kind} == {"local", "derivative"}
            assert other == key or same, f"{name}: {key} and {other}"


SPELLINGS = [
    # notation           quantity                              LaTeX
    ("sum-output", Key("sum", ("h1",)), r"\mathit{sum}_{h1}"),
    ("net-out", Key("activation", ("h1",)), r"\mathit{out}_{h1}"),
    ("z-a-superscript", Key("sum", ("h1",)), "z_{1}^{(1)}"),
    ("z-a-bracket", Key("sum", ("h1",)), "z_{1}^{[1]}"),
    ("z-a-superscript", Key("weight", ("w3",)), "w_{2,1}^{(1)}"),
    ("z-a-superscript", Key("bias", ("b1",)), "b^{(1)}"),
    ("net-out", Key("new", (Key("weight", ("w3",)),)), "w_{3}^{+}"),
    ("z-a-superscript", Key("new", (Key("sum", ("h1",)),)), r"z_{1}^{(1)\prime}"),
    (
        "net-out",
        Key("local", (Key("sum", ("h1",)), Key("weight", ("w3",)))),
        r"\frac{\partial \mathit{net}_{h1}}{\partial w_{3}}",
    ),
]


@pytest.mark.parametrize(("notation", "key", "latex"), SPELLINGS)
def test_a_spelling(notation: str, key: Key, latex: str) -> None:
    places = {"h1": Place(1, 1), "w3": Place(1, 2, 1), "b1": Place(1)}
    assert Speller(NOTATIONS[notation], places)(key) == latex


def test_a_file_brings_its_own_patterns_and_symbols() -> None:
    network = Network.from_example("mazur")
    own = NotationSpec("net-out", {"sum": "s_{<unit>}"}, {"w5": r"\omega"})
    derivation = derive(with_choices(network, notation=own), verify=False)
    assert derivation["sum_h1"].latex == "s_{h1}"
    assert derivation["w5"].latex == r"\omega"
    assert derivation["new_w5"].latex == r"\omega^{+}"
    spec = replace(network.spec, notation=own)
    assert r"\omega" in render(derive(Network(spec), verify=False), "tex")


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("w", "w"),
        ("w12", "w_{12}"),
        ("alpha", r"\alpha"),
        ("theta_1", r"\theta_{1}"),
        ("what", r"\mathit{what}"),
        ("w_in", "w_{in}"),
    ],
)
def test_a_users_name_as_a_symbol(name: str, latex: str) -> None:
    assert symbol_of(name) == latex


TWO_INPUTS = """
[inputs]
{one} = 0.5
{other} = 0.25
[[layers]]
activation = "sigmoid"
[layers.weights]
o = {{ w1 = 0.1, {weight} = 0.2 }}
[targets]
o = 1
[loss]
name = "squared-error"
[training]
learning_rate = 0.5
"""
ALIKE = [
    # inputs and weight    notation        what is said
    ("x1", "x2", "w_1", "net-out", "w1 and w_1 are both written w_{1}"),
    ("n", "x2", "w2", "sum-output", "n and eta are both written n"),
    ("E", "x2", "w2", "net-out", "E: two quantities have this name"),
    ("sum_o", "x2", "w2", "net-out", "sum_o: two quantities have this name"),
]


@pytest.mark.parametrize(("one", "other", "weight", "notation", "message"), ALIKE)
def test_two_quantities_never_share_a_symbol(
    one: str, other: str, weight: str, notation: str, message: str
) -> None:
    text = TWO_INPUTS.format(one=one, other=other, weight=weight)
    network = Network.from_text(f'notation = "{notation}"\n{text}')
    with pytest.raises(NetworkError, match=re.escape(message)) as caught:
        render(derive(network), "md")
    assert len(caught.value.problems) == 1


def test_a_weight_may_be_called_like_a_function() -> None:
    text = TWO_INPUTS.format(one="x1", other="x2", weight="exp")
    derivation = derive(Network.from_text(text))
    assert derivation.proof is not None and derivation.proof.holds


def test_a_skip_connection_has_its_own_name_in_layer_notations() -> None:
    text = TWO_INPUTS.format(one="x1", other="x2", weight="w2").replace(
        "[targets]",
        '[[layers]]\nactivation = "tanh"\n[layers.weights]\n'
        "p = { from = { o = { v1 = 0.3 }, x1 = { v2 = 0.7 } } }\n[targets]",
    )
    text = text.replace("o = 1\n", "p = 1\n")
    network = Network.from_text(f'notation = "z-a-superscript"\n{text}')
    derivation = derive(network)
    assert derivation["v1"].latex == "w_{1,1}^{(2)}"
    assert derivation["v2"].latex == "v_{2}"
