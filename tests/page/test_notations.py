"""Notations differ in spelling, and in nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from explainer import Network, WorkedDerivation, derive, render
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
