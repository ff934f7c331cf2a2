"""The answer key as a graph: every way gives the same number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import explainer
from explainer.derivation.deriving import derive_graph
from explainer.derivation.readings import read_numbers
from explainer.examples import EXAMPLES, read_example
from explainer.homework.answers import Answers, answer_key
from explainer.homework.ordering import in_order
from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.rounding import FULL
from explainer.mathematics.written import Key, Name
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.notation import plain_name


@pytest.fixture(params=EXAMPLES, scope="module")
def answers(request: pytest.FixtureRequest) -> Answers:
    return answer_key(build(read_network(read_example(request.param))))


def test_every_way_gives_the_same_number(answers: Answers) -> None:
    values = {key: reading.value for key, reading in answers.read().items()}
    ways = [(key, way) for key, known in answers.ways.items() for way in known]
    ways += answers.aliases.items()
    for key, way in ways:
        right = as_decimal(values[key])
        assert abs(evaluate(way, values) - right) <= abs(right).scaleb(-38), key


@pytest.mark.parametrize("method", ["paths", "signals"])
def test_the_numbers_are_those_of_the_methods(answers: Answers, method: str) -> None:
    derivation = derive_graph(answers.graph, method)
    own, others = answers.read(), read_numbers(derivation, FULL)
    for key in derivation.quantities:
        right = as_decimal(others[key].value)
        assert abs(as_decimal(own[key].value) - right) <= abs(right).scaleb(-38)


def test_ways_use_what_comes_before(answers: Answers) -> None:
    place = answers.position
    for key, ways in answers.ways.items():
        assert ways[0] == answers.quantities[key].formula
        for way in ways:
            for used in answers.quantities[key].uses if way == ways[0] else ():
                assert used in answers.graph.givens or place[used] < place[key]


def test_the_whole_chain_is_a_way() -> None:
    answers = answer_key(build(read_network(read_example("mazur"))))
    names = {plain_name(key): key for key in answers.quantities}
    delta = names["delta_h1"]
    assert {plain_name(k) for way in answers.ways[delta] for k in _names(way)} >= {
        "dE/dout_h1",
        "delta_o1",
        "delta_o2",
    }
    assert answers.aliases[delta] == Name(names["dE/dsum_h1"])
    assert answers.unit_of[names["new_w4"]] == "h2"
    assert answers.layer_of[names["dE/dw7"]] == 2


def _names(way: object) -> tuple[Key, ...]:
    from explainer.mathematics.written import Written, names_in

    assert isinstance(way, Written)
    return names_in(way)


def test_order_keeps_what_it_can() -> None:
    a, b, c = (Key("value", (name,)) for name in "abc")
    assert in_order({a: (Name(c),), b: (), c: ()}) == (c, a, b)


def test_checking_imports_no_sympy() -> None:
    code = (
        "import sys, explainer.homework.diagnosing, explainer.homework.answers;"
        "assert 'sympy' not in sys.modules"
    )
    root = Path(explainer.__file__).parents[1]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
