"""Batch normalisation against PyTorch in training mode."""

from __future__ import annotations

from typing import Any

import pytest

from explainer import Network, derive
from explainer.network.problems import NetworkError

INPUTS = [[0.5, -0.3], [0.1, 0.8], [-0.6, 0.4]]
TARGETS = [0.2, 0.7, -0.4]
SAMPLE = "[[samples]]\ninputs = {{ x1 = {}, x2 = {} }}\ntargets = {{ o1 = {} }}\n"
NETWORK = """
[[layers]]
activation = "identity"
weights = {{ h1 = {{ w1 = 0.4, w2 = -0.3 }}, h2 = {{ w3 = 0.7, w4 = 0.2 }} }}
bias = {{ b1 = 0.1, b2 = 0.2 }}
[[layers]]
kind = "batch-normalisation"
units = ["n1", "n2"]
epsilon = 0.01
scale = {{ gamma1 = 1.5, gamma2 = 0.5 }}
shift = {{ beta1 = 0.1, beta2 = -0.2 }}
[[layers]]
activation = "{activation}"
weights = {{ o1 = {{ v1 = 0.6, v2 = -0.8 }} }}
[loss]
name = "half-squared-error"
[rounding]
carry = "full"
"""


def full(worked: Any, name: str) -> float:
    """A quantity in full precision."""
    return float(worked[name].full)


def network(count: int = 3, activation: str = "tanh") -> str:
    samples = zip(INPUTS[:count], TARGETS, strict=False)
    text = "".join(SAMPLE.format(*x, t) for x, t in samples)
    return 'gradients_of = "inputs"\n' + text + NETWORK.format(activation=activation)


@pytest.mark.parametrize("method", ["signals", "paths"])
def test_against_pytorch(method: str) -> None:
    torch = pytest.importorskip("torch")

    def tensor(value: object) -> Any:
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)

    x, w, b = tensor(INPUTS), tensor([[0.4, -0.3], [0.7, 0.2]]), tensor([0.1, 0.2])
    gamma, beta, v = tensor([1.5, 0.5]), tensor([0.1, -0.2]), tensor([[0.6, -0.8]])
    h = torch.nn.functional.linear(x, w, b)
    n = torch.nn.functional.batch_norm(
        h, None, None, gamma, beta, training=True, eps=0.01
    )
    o = torch.tanh(torch.nn.functional.linear(n, v))[:, 0]
    loss = (0.5 * (torch.tensor(TARGETS, dtype=torch.float64) - o) ** 2).mean()
    loss.backward()
    worked = derive(Network.from_text(network()), method=method, verify=False)
    expected = dict(zip(("w1", "w2", "w3", "w4"), w.grad.flatten(), strict=True))
    expected |= {"b1": b.grad[0], "b2": b.grad[1], "v1": v.grad[0][0]}
    expected |= {"gamma1": gamma.grad[0], "gamma2": gamma.grad[1]}
    expected |= {"beta1": beta.grad[0], "beta2": beta.grad[1], "v2": v.grad[0][1]}
    expected |= {
        f"x{k + 1}[sample={i + 1}]": x.grad[i][k] for i in range(3) for k in range(2)
    }
    for name, value in expected.items():
        assert full(worked, f"dE/d{name}") == pytest.approx(float(value), abs=1e-9), (
            name
        )
    for i, row in enumerate(n.tolist(), 1):
        assert full(worked, f"out_n1[sample={i}]") == pytest.approx(row[0], abs=1e-9)


def test_one_sample_has_no_variance() -> None:
    with pytest.raises(NetworkError, match="at least 2 samples"):
        derive(Network.from_text(network(1)), verify=False)


def test_what_is_wrong_is_said_at_its_place() -> None:
    text = network().replace("epsilon = 0.01", "epsilon = 0")
    text = text.replace('["n1", "n2"]', '["n1"]')
    with pytest.raises(NetworkError) as error:
        Network.from_text(text)
    places = [problem.place for problem in error.value.problems]
    assert {"layers[1].epsilon", "layers[1].units"} <= {*places}
