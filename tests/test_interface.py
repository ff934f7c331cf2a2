"""The public interface: few names, and what each of them answers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy

import explainer
from explainer import Network, derive, render
from explainer.derivation.deriving import METHODS
from explainer.network import schema


def test_the_public_names() -> None:
    assert explainer.__all__ == sorted(explainer.__all__)
    for name in explainer.__all__:
        assert getattr(explainer, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'dervie'"):
        explainer.dervie  # noqa: B018


def test_the_expression_and_the_chain_are_real_sympy() -> None:
    w5 = derive(Network.from_example("mazur"), verify=False)["dE/dw5"]
    out, target, h1 = sympy.symbols("out_o1 target_o1 out_h1", real=True)
    assert sympy.expand(w5.chain - (out - target) * out * (1 - out) * h1) == 0
    assert len(w5.expression.args) == 3
    numbers = {
        out: sympy.Rational("0.75136507"),
        target: sympy.Rational("0.01"),
        h1: sympy.Rational("0.593269992"),
    }
    assert abs(w5.chain.subs(numbers) - sympy.Rational("0.082167041")) < 1e-9


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["mazur", "han-kamber"])
def test_the_chain_is_the_same_by_every_method(name: str, method: str) -> None:
    """SymPy's derivative of the composed error, and the product of the chain."""
    from explainer.mathematics.algebra import symbol, to_sympy
    from explainer.notation import plain_name

    worked = derive(Network.from_example(name), method=method, verify=False)
    graph = worked.symbols.graph
    composed = {plain_name(key): symbol(plain_name(key)) for key in graph.givens}
    for key, quantity in graph.quantities.items():
        composed[plain_name(key)] = to_sympy(
            quantity.formula, lambda used: composed[plain_name(used)]
        )
    loss: Any = composed[plain_name(graph.objective)]
    numbers = {
        symbol(plain_name(key)): sympy.Rational(str(given.value))
        for key, given in graph.givens.items()
    }
    for key, gradient in worked.symbols.gradients.items():
        if key in graph.givens:
            chain = worked[plain_name(gradient)].chain
            whole = chain.subs({symbol(n): e for n, e in composed.items()})
            difference = whole - loss.diff(symbol(plain_name(key)))
            assert abs(difference.subs(numbers).evalf(30)) < 1e-25


def test_a_quantity_answers() -> None:
    worked = derive(Network.from_example("forward-backward"))
    new = worked["new_w5"]
    assert (new.name, new.shown, new.step) == ("new_w5", Decimal("0.45187"), 17)
    assert new.latex == r"w_{5}^{\mathit{new}}"
    assert new.formula == "w5 - eta*(dE/dw5)"
    assert new.uses == ("w5", "eta", "dE/dw5")
    assert isinstance(new.value, Decimal)
    assert abs(new.value - Decimal("0.4518781")) < Decimal("1e-7")
    assert worked["w5"].step is None
    assert worked["w5"].expression == sympy.Symbol("w5", real=True)
    assert "0.45187" in worked._repr_markdown_()
    assert new._repr_latex_().startswith(r"$\displaystyle w_{5}")


def test_an_unknown_quantity_is_named() -> None:
    worked = derive(Network.from_example("mazur"), verify=False)
    with pytest.raises(KeyError, match="Did you mean 'dE/dw5'"):
        worked["dE/dw55"]


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match="Did you mean 'md'"):
        render(derive(Network.from_example("mazur"), verify=False), "mdd")


def test_exact_fractions_stay_exact() -> None:
    network = Network.from_text(
        """
        [inputs]
        x = "1/3"
        [[layers]]
        activation = "relu"
        bias = { b = 0.5 }
        [layers.weights]
        o = { w = 2 }
        [targets]
        o = 1
        [loss]
        name = "half-squared-error"
        [training]
        learning_rate = 0.1
        [rounding]
        exact = true
        carry = "full"
        """
    )
    worked = derive(network)
    assert worked["out_o"].shown == Fraction(7, 6)
    assert worked["dE/dw"].shown == Fraction(1, 18)
    assert worked["new_w"].shown == Fraction(359, 180)
    page = render(worked, "md")
    assert r"\approx 0" not in page
    assert r"&= \frac{359}{180}" in page
    assert worked.proof is not None and worked.proof.holds
    assert worked.proof.lines.counts["rounded"] == 0


def test_the_file_knows_every_method() -> None:
    assert tuple(METHODS) == schema.METHODS
