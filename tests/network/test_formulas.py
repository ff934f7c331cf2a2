"""Formulas in place of layers: what a file may say, and what is wrong with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from explainer import Network, NetworkError, derive

CASES = [
    # formulas, the value of f, df/dx at x = 2, y = 3
    ("f = 'x * y'", "6", "3"),
    ("f = 'x / y'", "2/3", "1/3"),
    ("f = 'x**3 + x'", "10", "13"),
    ("f = 'max(x, y)'", "3", "0"),
    ("f = 'max(x, y, 1)'", "3", "0"),
    ("f = 'min(x, y)'", "2", "1"),
    ("f = 'abs(y - x * 2)'", "1", "2"),
    ("q = 'x * y'\nf = 'q * x + q'", "18", "15"),
    ("f = 'x if x < y else y'", "2", "1"),
]


@pytest.mark.parametrize("method", ["paths", "signals"])
@pytest.mark.parametrize(("formulas", "value", "slope"), CASES)
def test_a_graph_of_formulas(
    formulas: str, value: str, slope: str, method: str
) -> None:
    network = Network.from_text(
        "gradients_of = ['x']\n[inputs]\nx = 2\ny = 3\n"
        f"[formulas]\n{formulas}\n[rounding]\nexact = true\ncarry = 'full'\n"
    )
    derivation = derive(network, method=method)
    assert derivation.proof is not None and derivation.proof.holds
    assert str(derivation["f"].value) == value
    assert str(derivation["df/dx"].value) == slope


def test_a_matrix_of_inputs_gives_its_places() -> None:
    network = Network.from_text(
        "[inputs]\nX = [[1, 2], [3, 4]]\n[formulas]\nf = 'X_1_2 * X_2_1'\n"
    )
    assert derive(network, method="signals")["f"].value == Decimal(6)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("q = 'x * p'\np = 'x + 1'", "formulas.q", "move p up"),
        ("q = 'q + x'", "formulas.q", "move q up"),
        ("q = 5", "formulas.q", "a text in quotation marks"),
        ("q = 'x ** x'", "formulas.q", "no rule differentiates"),
        ("q = 'sin(x, x)'", "formulas.q", "sin takes 1 argument"),
        ("q = '__import__(\"os\")'", "formulas.q", "no function is called"),
    ],
)
def test_what_is_wrong_with_a_formula(text: str, place: str, words: str) -> None:
    with pytest.raises(NetworkError) as error:
        Network.from_text(f"[inputs]\nx = 2\n[formulas]\n{text}\n")
    (problem,) = error.value.problems
    assert problem.place == place
    assert words in problem.message
