"""One head of attention against PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

from explainer import Network, derive
from explainer.network.problems import NetworkError

INPUTS = [[0.5, -0.3], [0.1, 0.8], [-0.6, 0.4]]
TARGETS = [0.2, 0.7, -0.4]
STEPS = "".join(
    f"[[steps]]\ninputs = {{ x1 = {x[0]}, x2 = {x[1]} }}\ntargets = {{ y1 = {t} }}\n"
    for x, t in zip(INPUTS, TARGETS, strict=True)
)
W = {
    "queries": [[0.4, -0.3], [0.7, 0.2]],
    "keys": [[-0.5, 0.6], [0.3, 0.9]],
    "values": [[0.8, 0.1], [-0.2, 0.5]],
}


def full(worked: Any, name: str) -> float:
    """A quantity in full precision."""
    return float(worked[name].full)


def network(causal: bool) -> str:
    groups = "".join(f"[layers.{key}]\nweights = {w}\n" for key, w in W.items())
    return (
        f'gradients_of = "inputs"\n{STEPS}[[layers]]\nkind = "attention"\n'
        f"causal = {str(causal).lower()}\n{groups}"
        '[[layers]]\nactivation = "tanh"\n'
        "weights = { y1 = { r1 = 0.6, r2 = -0.8 } }\n"
        '[loss]\nname = "half-squared-error"\n[rounding]\ncarry = "full"\n'
    )


@pytest.mark.parametrize("causal", [False, True])
def test_against_pytorch(causal: bool) -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(INPUTS, dtype=torch.float64, requires_grad=True)
    w = {
        key: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for key, value in W.items()
    }
    q, k, v = (x @ w[key].T for key in W)
    o = torch.nn.functional.scaled_dot_product_attention(
        q[None], k[None], v[None], is_causal=causal
    )[0]
    y = torch.tanh(o @ torch.tensor([0.6, -0.8], dtype=torch.float64))
    (0.5 * (torch.tensor(TARGETS, dtype=torch.float64) - y) ** 2).sum().backward()
    worked = derive(Network.from_text(network(causal)), method="signals", verify=False)
    expected = {
        f"w1_{letter}_{j + 1}{i + 1}": w[key].grad[j][i]
        for key, letter in zip(W, "qkv", strict=True)
        for j in range(2)
        for i in range(2)
    }
    expected |= {
        f"x{i + 1}[time={t + 1}]": x.grad[t][i] for t in range(3) for i in range(2)
    }
    for name, value in expected.items():
        assert full(worked, f"dE/d{name}") == pytest.approx(float(value), abs=1e-9), (
            name
        )
    for t, row in enumerate(o.tolist(), 1):
        assert full(worked, f"out_o2[time={t}]") == pytest.approx(row[1], abs=1e-9)


def test_keys_and_queries_have_one_length() -> None:
    text = network(causal=False).replace(str(W["keys"]), "[[0.1, 0.2]]")
    with pytest.raises(NetworkError) as error:
        Network.from_text(text)
    places = [problem.place for problem in error.value.problems]
    assert places == ["layers[0].keys.weights"]
