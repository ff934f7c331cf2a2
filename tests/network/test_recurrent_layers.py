"""Recurrent layers against PyTorch and a published example, values and gradients."""

from __future__ import annotations

import tomllib
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from explainer import Network, derive, render
from explainer.network.problems import NetworkError

CASES = Path(__file__).parents[1] / "cases"
CASE = tomllib.loads(
    (CASES / "rnn-language-model-bptt-4-steps-rows.toml").read_text("utf-8")
)
INPUTS = [[0.5, -0.3], [0.1, 0.8], [-0.6, 0.4]]
TARGETS = [[0.2, -0.1], [0.7, 0.3], [-0.4, 0.9]]
STEPS = "".join(
    f"[[steps]]\ninputs = {{ x1 = {x[0]}, x2 = {x[1]} }}\n"
    f"targets = {{ o1 = {t[0]}, o2 = {t[1]} }}\n"
    for x, t in zip(INPUTS, TARGETS, strict=True)
)
HEAD = 'gradients_of = "inputs"\n' + STEPS
READOUT = [[0.7, -0.4], [0.2, 0.9]]
TAIL = (
    '\n[[layers]]\nactivation = "identity"\nunits = ["o1", "o2"]\n'
    f"weights = {READOUT}\n"
    '[loss]\nname = "half-squared-error"\n[rounding]\ncarry = "full"\n'
)
INITIAL = [0.3, -0.2]
CELL = [0.15, 0.45]


def full(worked: Any, name: str) -> float:
    """A quantity in full precision."""
    return float(worked[name].full)


def matrices(rows: int, seed: int) -> list[list[float]]:
    """Numbers of two decimals, all different enough."""
    return [
        [((37 * (i + 1) + 53 * (j + 2) * seed) % 200 - 100) / 100 for j in range(2)]
        for i in range(rows)
    ]


def gate(name: str, w: Any, u: Any, b: Any, more: str = "") -> str:
    return f"[layers.{name}]\nweights = {w}\nrecurrent = {u}\nbias = {b}\n{more}"


def compare(text: str, outputs: Any, named: dict[str, Any], x: Any) -> None:
    """All outputs and gradients are those of PyTorch, to 1e-9."""
    torch = pytest.importorskip("torch")
    read = outputs @ torch.tensor(READOUT, dtype=torch.float64).T
    loss = (0.5 * (torch.tensor(TARGETS, dtype=torch.float64) - read) ** 2).sum()
    loss.backward()
    worked = derive(Network.from_text(text), method="signals", verify=False)
    for t, row in enumerate(outputs.tolist(), 1):
        for j, value in enumerate(row, 1):
            assert full(worked, f"out_h{j}[time={t}]") == pytest.approx(value, abs=1e-9)
    for name, gradient in named.items():
        assert full(worked, f"dE/d{name}") == pytest.approx(
            float(gradient()), abs=1e-9
        ), name
    for t, row in enumerate(x.grad.tolist(), 1):
        for j, value in enumerate(row, 1):
            assert full(worked, f"dE/dx{j}[time={t}]") == pytest.approx(value, abs=1e-9)


def run_module(kind: str, count: int, late: bool = False) -> tuple[Any, ...]:
    """A PyTorch module with known weights, its outputs, and its inputs."""
    torch = pytest.importorskip("torch")
    module = getattr(torch.nn, kind)(2, 2, dtype=torch.float64)
    w, u = matrices(2 * count, 3), matrices(2 * count, 7)
    b = [row[0] for row in matrices(2 * count, 11)]
    c = [row[1] for row in matrices(2 * count, 5)] if late else [0.0] * 2 * count
    if late:
        c[: 2 * count - 2] = [0.0] * (2 * count - 2)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(w))
        module.weight_hh_l0.copy_(torch.tensor(u))
        module.bias_ih_l0.copy_(torch.tensor(b))
        module.bias_hh_l0.copy_(torch.tensor(c))
    # Read again as doubles: torch.tensor makes floats by itself.
    with torch.no_grad():
        for name, value in (("weight_ih_l0", w), ("weight_hh_l0", u)):
            getattr(module, name).copy_(torch.tensor(value, dtype=torch.float64))
        for name, vector in (("bias_ih_l0", b), ("bias_hh_l0", c)):
            getattr(module, name).copy_(torch.tensor(vector, dtype=torch.float64))
    x = torch.tensor(INPUTS, dtype=torch.float64, requires_grad=True)
    h = torch.tensor([INITIAL], dtype=torch.float64)
    start = (h, torch.tensor([CELL], dtype=torch.float64)) if kind == "LSTM" else h
    outputs, _ = module(x, start)
    return module, outputs, x, (w, u, b, c)


def gate_gradients(module: Any, letters: str) -> dict[str, Any]:
    """The gradient of each parameter of a gated layer, by its name in the network."""
    named: dict[str, Any] = {}
    for g, letter in enumerate(letters):
        for j in range(2):
            row = 2 * g + j
            named[f"b1_{letter}_{j + 1}"] = lambda r=row: module.bias_ih_l0.grad[r]
            for k in range(2):
                place = f"{letter}_{j + 1}{k + 1}"
                named[f"w1_{place}"] = lambda r=row, k=k: module.weight_ih_l0.grad[r][k]
                named[f"u1_{place}"] = lambda r=row, k=k: module.weight_hh_l0.grad[r][k]
    return named


def test_elman_against_pytorch() -> None:
    module, outputs, x, (w, u, b, _) = run_module("RNN", 1)
    layer = (
        '[[layers]]\nkind = "recurrent"\nactivation = "tanh"\nunits = ["h1", "h2"]\n'
        f"weights = {w}\nrecurrent = {u}\nbias = {b}\n"
        f"initial = {{ h1 = {INITIAL[0]}, h2 = {INITIAL[1]} }}\n"
    )
    named: dict[str, Any] = {}
    for j in range(2):
        named[f"b1_{j + 1}"] = lambda j=j: module.bias_ih_l0.grad[j]
        for k in range(2):
            named[f"w1_{j + 1}{k + 1}"] = lambda j=j, k=k: module.weight_ih_l0.grad[j][
                k
            ]
            named[f"u1_{j + 1}{k + 1}"] = lambda j=j, k=k: module.weight_hh_l0.grad[j][
                k
            ]
    compare(HEAD + layer + TAIL, outputs, named, x)


def test_lstm_against_pytorch() -> None:
    module, outputs, x, (w, u, b, _) = run_module("LSTM", 4)
    gates = ["input_gate", "forget_gate", "cell_candidate", "output_gate"]
    layer = (
        '[[layers]]\nkind = "lstm"\nunits = ["h1", "h2"]\n'
        f"initial = {{ h1 = {INITIAL[0]}, h2 = {INITIAL[1]} }}\n"
        f"initial_cell = {{ h1 = {CELL[0]}, h2 = {CELL[1]} }}\n"
    )
    for g, name in enumerate(gates):
        part = slice(2 * g, 2 * g + 2)
        layer += gate(name, w[part], u[part], b[part])
    compare(HEAD + layer + TAIL, outputs, gate_gradients(module, "ifgo"), x)


def gru(w: Any, u: Any, b: Any, more: str = "", options: str = "") -> str:
    text = (
        f'[[layers]]\nkind = "gru"\nunits = ["h1", "h2"]\n{options}'
        f"initial = {{ h1 = {INITIAL[0]}, h2 = {INITIAL[1]} }}\n"
    )
    for g, name in enumerate(["reset_gate", "update_gate", "candidate"]):
        part = slice(2 * g, 2 * g + 2)
        text += gate(name, w[part], u[part], b[part], more if g == 2 else "")
    return HEAD + text + TAIL


def test_gru_against_pytorch() -> None:
    module, outputs, x, (w, u, b, c) = run_module("GRU", 3, late=True)
    named = gate_gradients(module, "rzn")
    named["b1_n_1_h"] = lambda: module.bias_hh_l0.grad[4]
    named["b1_n_2_h"] = lambda: module.bias_hh_l0.grad[5]
    compare(gru(w, u, b, f"recurrent_bias = {c[4:]}\n"), outputs, named, x)


@pytest.mark.parametrize("update", ["keeps-old", "takes-new"])
def test_gru_with_an_early_reset(update: str) -> None:
    """The equations of the paper, written out with PyTorch's tensors."""
    torch = pytest.importorskip("torch")
    module, _, x, (w, u, b, _) = run_module("GRU", 3)
    h = torch.tensor(INITIAL, dtype=torch.float64)
    parts = [
        tuple(
            p[2 * g : 2 * g + 2]
            for p in (module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0)
        )
        for g in range(3)
    ]
    outputs = []
    for step in x:
        r, z = (torch.sigmoid(W @ step + U @ h + c) for W, U, c in parts[:2])
        W, U, c = parts[2]
        n = torch.tanh(W @ step + U @ (r * h) + c)
        h = (1 - z) * n + z * h if update == "keeps-old" else (1 - z) * h + z * n
        outputs.append(h)
    text = gru(w, u, b, options=f'reset = "before"\nupdate = "{update}"\n')
    compare(text, torch.stack(outputs), gate_gradients(module, "rzn"), x)


def read_number(name: str, times: str = "sum") -> Decimal:
    text = (CASES / "rnn-language-model-bptt-4-steps.toml").read_text("utf-8")
    text = text.replace('times = "sum"', f'times = "{times}"')
    worked = derive(Network.from_text(text), method="signals", verify=False)
    value = worked[name].full
    assert isinstance(value, Decimal)
    return value


def at_its_places(value: Decimal, printed: str, mode: str = ROUND_HALF_EVEN) -> Decimal:
    """To the places of the printed number; beyond the 15th they are float noise."""
    exponent = Decimal(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    return value.quantize(Decimal(1).scaleb(max(exponent, -15)), rounding=mode)


def agrees(value: Decimal, printed: str, mode: str = ROUND_HALF_EVEN) -> bool:
    return at_its_places(value, printed, mode) == at_its_places(
        Decimal(printed), printed
    )


@pytest.mark.parametrize(("name", "printed"), CASE["rows"])
def test_a_published_number(name: str, printed: str) -> None:
    assert agrees(read_number(name), printed)


@pytest.mark.parametrize(("name", "printed"), CASE["mean"])
def test_a_published_mean_over_the_steps(name: str, printed: str) -> None:
    assert agrees(read_number(name, "mean"), printed)


@pytest.mark.parametrize(("name", "printed"), CASE["cut_off"])
def test_a_published_number_that_is_cut_off(name: str, printed: str) -> None:
    assert agrees(read_number(name), printed, ROUND_DOWN)
    assert not agrees(read_number(name), printed)


@pytest.mark.parametrize(("name", "printed", "right"), CASE["contradicted"])
def test_a_slip_of_the_source(name: str, printed: str, right: str) -> None:
    assert not agrees(read_number(name), printed)
    assert agrees(read_number(name), right)


def test_all_problems_of_a_gated_layer_at_once() -> None:
    text = gru([[1, 2]] * 6, [[1, 2]] * 6, [0] * 6).replace(
        "recurrent = [[1, 2], [1, 2]]", "recurrent = [[1, 2, 3], [1, 2, 3]]", 1
    )
    text = text.replace("initial = { h1", "initial = { h3")
    with pytest.raises(NetworkError) as error:
        Network.from_text(text)
    places = [problem.place for problem in error.value.problems]
    assert "layers[0].initial.h3" in places
    assert any(place.startswith("layers[0].reset_gate.recurrent") for place in places)


def test_the_page_of_an_lstm_holds() -> None:
    """Verified line by line; its sentences name gates, and no rule by its key."""
    _, _, _, (w, u, b, _) = run_module("LSTM", 4)
    names = ["input_gate", "forget_gate", "cell_candidate", "output_gate"]
    layer = '[[layers]]\nkind = "lstm"\nunits = ["h1", "h2"]\n'
    for g, name in enumerate(names):
        part = slice(2 * g, 2 * g + 2)
        layer += gate(name, w[part], u[part], b[part])
    worked = derive(Network.from_text(HEAD + layer + TAIL), method="signals")
    page = render(worked, "md")
    assert "0 false" in page
    assert "The forget gate" in page
    assert "layer_" not in page
