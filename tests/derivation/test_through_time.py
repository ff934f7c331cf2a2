"""Networks where what is derived meets on several ways: through time, through gates,
and through formulas that use a quantity twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from explainer import Network, NetworkError, derive, render

STEPS = """
[[steps]]
inputs = { x = 0.5 }
targets = { h = 0.3 }
[[steps]]
inputs = { x = -0.4 }
targets = { h = 0.1 }
[[steps]]
inputs = { x = 0.9 }
targets = { h = -0.2 }
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.1
"""
GATE = "weights = [[{w}]]\nrecurrent = [[{u}]]\nbias = [0.1]\n"
ELMAN = (
    'units = ["h"]\nweights = [[0.7]]\nrecurrent = [[0.3]]\nbias = [0.1]\n'
    'activation = "tanh"\n'
)


def gates(*names: str) -> str:
    return 'units = ["h"]\n' + "".join(
        f"[layers.{name}]\n" + GATE.format(w=0.7 - n / 5, u=0.1 + n / 5)
        for n, name in enumerate(names)
    )


LAYERS = {
    "recurrent": ELMAN,
    "lstm": gates("forget_gate", "input_gate", "cell_candidate", "output_gate"),
    "gru": gates("reset_gate", "update_gate", "candidate"),
}


def network(kind: str, sign: str) -> Network:
    return Network.from_text(
        f'{STEPS}[conventions]\nerror_signal = "{sign}"\n'
        f'[[layers]]\nkind = "{kind}"\n{LAYERS[kind]}'
    )


@pytest.mark.parametrize("method", ["signals", "paths"])
@pytest.mark.parametrize("sign", ["positive", "negative"])
@pytest.mark.parametrize("kind", LAYERS)
def test_an_error_at_every_step(kind: str, sign: str, method: str) -> None:
    """The output of a step has an error of its own and feeds the next step."""
    if method == "paths" and kind == "lstm":
        # Four gates over three steps have more ways than a page can show.
        with pytest.raises(NetworkError, match="--method signals"):
            derive(network(kind, sign), method=method)
        return
    derivation = derive(network(kind, sign), method=method)
    assert derivation.proof is not None and derivation.proof.holds
    assert render(derivation, "md")


def test_a_part_is_not_called_the_whole_derivative() -> None:
    """What an error contributes to its own step is its local derivative."""
    derivation = derive(network("recurrent", "positive"), method="signals")
    direct = derivation["dE[time=1]/dout_h[time=1]"].full
    out, target = derivation["out_h[time=1]"].full, Decimal("0.3")
    assert isinstance(direct, Decimal) and isinstance(out, Decimal)
    assert abs(direct - (out - target)) < Decimal("1e-25")
    assert "dE/dout_h[time=1]" not in derivation.names


REUSE = """
gradients_of = ["x", "m"]
[inputs]
x = 2
[formulas]
m = "x**2"
d = "3 * m"
f = "m * d"
"""


@pytest.mark.parametrize("method", ["signals", "paths"])
def test_the_whole_derivative_has_a_sign_of_its_own(method: str) -> None:
    """f = m d with d = 3 m: the partial derivative is 12, the whole one 6 m = 24."""
    derivation = derive(Network.from_text(REUSE), method=method)
    assert derivation.proof is not None and derivation.proof.holds
    assert derivation["df/dm"].value == Decimal(24)
    assert derivation["df/dm"].latex == r"\frac{d f}{d m}"
    page = render(derivation, "md")
    assert r"\frac{\partial f}{\partial m} &= d" in page
    assert "whole derivative" in page


@pytest.mark.parametrize("method", ["signals", "paths"])
def test_the_objective_with_respect_to_itself(method: str) -> None:
    text = REUSE.replace('["x", "m"]', '["f", "x"]')
    derivation = derive(Network.from_text(text), method=method)
    assert derivation.proof is not None and derivation.proof.holds
    assert derivation["df/df"].value == 1


def test_turns_need_targets_at_the_same_steps() -> None:
    text = """
    [[samples]]
    [[samples.steps]]
    inputs = { x = 1 }
    targets = { o = 0.5 }
    [[samples.steps]]
    inputs = { x = 2 }
    targets = { o = 1 }
    [[samples]]
    [[samples.steps]]
    inputs = { x = 1 }
    [[samples.steps]]
    inputs = { x = 2 }
    targets = { o = 1 }
    [[layers]]
    activation = "tanh"
    weights = { o = { w = 0.5 } }
    [loss]
    name = "squared-error"
    [training]
    learning_rate = 0.1
    samples = "SAMPLES"
    """
    with pytest.raises(NetworkError, match="targets at the same time steps"):
        Network.from_text(text.replace("SAMPLES", "one-by-one"))
    together = derive(Network.from_text(text.replace("SAMPLES", "together")))
    assert together.proof is not None and together.proof.holds
