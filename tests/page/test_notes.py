"""What the numbers of a network do is said beside the step: kinks, saturation."""

from __future__ import annotations

import pytest

from explainer import Network, NetworkError, derive, render

NEURON = """
[inputs]
x = {x}
[[layers]]
activation = "{activation}"
[layers.weights]
o = {{ w = {w} }}
[targets]
o = 0.25
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.5
[rounding]
decimals = 4
carry = "{carry}"
"""
NOTES = [
    # activation, x, w, carry                                what the note says
    ("sigmoid", "40", "1", "full", "The unit is saturated"),
    ("sigmoid", "40", "1", "shown", "The unit is saturated"),
    ("tanh", "-30", "1", "shown", "The unit is saturated"),
    (
        "relu",
        "1",
        "0",
        "shown",
        "This is a kink: $\\mathit{net}_{o} = 0$ holds exactly",
    ),
    ("relu", "2", "3", "shown", "$\\mathit{net}_{o} \\gt 0$, since $6 \\gt 0$"),
    ("relu", "2", "-3", "shown", "$\\mathit{net}_{o} \\le 0$, since $-6 \\le 0$"),
    ("leaky-relu", "2", "-3", "shown", "$\\mathit{net}_{o} \\le 0$, since"),
    ("relu", "0.001", "0.01", "full", "\\gt 0$, although the printed digits"),
    ("identity", "1e200", "1e200", "shown", "double-precision"),
    ("identity", "0.001", "0.001", "shown", "is not 0, but it is 0 at the digits"),
]


def page_of(activation: str, x: str, w: str, carry: str) -> str:
    text = NEURON.format(activation=activation, x=x, w=w, carry=carry)
    derivation = derive(Network.from_text(text))
    assert derivation.proof is not None and derivation.proof.holds
    return render(derivation, "md")


@pytest.mark.parametrize(("activation", "x", "w", "carry", "note"), NOTES)
def test_a_note(activation: str, x: str, w: str, carry: str, note: str) -> None:
    assert note in page_of(activation, x, w, carry)


def test_a_page_without_need_has_no_note() -> None:
    assert not [
        line
        for line in page_of("sigmoid", "0.5", "0.5", "shown").splitlines()
        if line.startswith(">")
    ]


def test_a_number_too_large_to_be_written_is_refused() -> None:
    with pytest.raises(NetworkError, match="too large"):
        page_of("softplus", "1e200", "1e200", "shown")
