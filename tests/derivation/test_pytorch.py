"""Gradients of random networks over the whole catalogue agree with PyTorch's autograd.

PyTorch computes the forward pass from the checked file by its own functions, and knows
nothing of the graph.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer import Network, derive
from explainer.network.activations import ACTIVATIONS
from explainer.network.losses import LOSSES
from explainer.network.penalties import PENALTIES
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import LayerSpec, Spec
from explainer.notation import plain_name

with warnings.catch_warnings():
    # PyTorch warns where NumPy is not installed; nothing here needs it.
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")
F = torch.nn.functional

Tensor = Any
LARGEST_DIFFERENCE = 1e-9


def number(value: Decimal | Fraction) -> Tensor:
    return torch.tensor(float(value), dtype=torch.float64, requires_grad=True)


def swish(z: Tensor, beta: float) -> Tensor:
    return z * torch.sigmoid(beta * z)


# From the weighted sums of a layer to its outputs, with the options in their order.
FUNCTIONS: Mapping[str, Callable[..., Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": F.leaky_relu,
    "softplus": F.softplus,
    "identity": lambda z: z,
    "elu": F.elu,
    "silu": F.silu,
    "swish": swish,
    "gelu": F.gelu,
    "gelu-tanh": lambda z: F.gelu(z, approximate="tanh"),
    # PyTorch's own slope is a sixth in single precision.
    "hard-sigmoid": lambda z: torch.clamp(z + 3, 0, 6) / 6,
    "softmax": lambda z: torch.softmax(z, 0),
}


def hinge(y: Tensor, t: Tensor) -> Tensor:
    return torch.clamp(1 - t * y, min=0)


def huber(y: Tensor, t: Tensor, delta: float = 1.0) -> Tensor:
    return F.huber_loss(y, t, reduction="none", delta=delta)


# The errors of the outputs, one by one.
ERRORS: Mapping[str, Callable[..., Tensor]] = {
    "half-squared-error": lambda y, t: 0.5 * F.mse_loss(y, t, reduction="none"),
    "squared-error": lambda y, t: F.mse_loss(y, t, reduction="none"),
    "mean-squared-error": lambda y, t: F.mse_loss(y, t, reduction="none"),
    "half-mean-squared-error": lambda y, t: 0.5 * F.mse_loss(y, t, reduction="none"),
    "binary-cross-entropy": lambda y, t: F.binary_cross_entropy(y, t, reduction="none"),
    "categorical-cross-entropy": lambda y, t: -t * torch.log(y),
    "hinge": hinge,
    "huber": huber,
    "absolute-error": lambda y, t: F.l1_loss(y, t, reduction="none"),
}
REDUCE: Mapping[str, Callable[[Tensor], Tensor]] = {
    "sum": torch.sum,
    "mean": torch.mean,
}


def apply(layer: LayerSpec, sums: Tensor) -> Tensor:
    usual = {name: option.usual for name, option in layer.activation.options.items()}
    options = [float(value) for value in {**usual, **layer.options}.values()]
    return FUNCTIONS[layer.activation.name](sums, *options)


def objective_of(spec: Spec, leaves: dict[str, Tensor]) -> Tensor:
    """The objective of a network of fully connected layers, and all its inputs and
    parameters as leaves."""
    parameters = {name: number(entry.value) for name, entry in spec.parameters.items()}
    leaves |= parameters
    loss = spec.loss
    assert loss is not None
    totals = []
    for sample in spec.samples:
        outputs = {name: number(entry.value) for name, entry in sample.inputs.items()}
        place = ",".join(f"{axis}={n}" for axis, n in sample.at)
        mark = f"[{place}]" if place else ""
        leaves |= {f"{name}{mark}": leaf for name, leaf in outputs.items()}
        for layer in spec.layers:
            sums = [
                sum(parameters[str(w)] * outputs[source] for source, w in unit.inputs)
                + (parameters[unit.bias] if unit.bias else 0.0)
                for unit in layer.units
            ]
            values = apply(layer, torch.stack(sums))
            outputs |= {u.name: v for u, v in zip(layer.units, values, strict=True)}
        last = [unit.name for unit in spec.layers[-1].units]
        y = torch.stack([outputs[name] for name in last])
        t = torch.stack([number(sample.targets[name].value).detach() for name in last])
        options = [float(value) for value in loss.options.values()]
        errors = ERRORS[loss.name](y, t, *options)
        if loss.base != "e":
            errors = errors / torch.log(torch.tensor(float(loss.base)).double())
        totals.append(REDUCE[loss.outputs or LOSSES[loss.name].outputs](errors))
    total = REDUCE[loss.samples](torch.stack(totals))
    for penalty in loss.penalties:
        total = total + penalty_of(spec, penalty, parameters)
    return total


def penalty_of(spec: Spec, penalty: Any, parameters: dict[str, Tensor]) -> Tensor:
    units = [unit for layer in spec.layers for unit in layer.units]
    names = {str(weight) for unit in units for _, weight in unit.inputs}
    if penalty.biases:
        names |= {unit.bias for unit in units if unit.bias}
    cost = torch.square if penalty.name == "l2" else torch.abs
    total = sum(cost(parameters[name]) for name in sorted(names))
    share = (2 if penalty.half else 1) * (
        len(spec.samples) if penalty.by_samples else 1
    )
    return float(penalty.rate.value) * total / share


@st.composite
def networks(draw: st.DrawFn, activation: str, loss: str) -> str:
    """A file of one hidden layer and an output layer, over the catalogue: one or two
    samples, any reduction, perhaps a penalty."""
    values = st.integers(-19, 19).filter(bool).map(lambda n: f"{n / 10}")
    inputs, hidden, outputs = (draw(st.integers(1, 2)) for _ in range(3))
    last = {"binary-cross-entropy": "sigmoid", "categorical-cross-entropy": "softmax"}
    output = last.get(loss) or draw(st.sampled_from(["identity", "tanh", "softmax"]))
    targets = draw(targets_of(loss, outputs))
    samples = draw(st.integers(1, 2))
    text = ['gradients_of = "inputs"']
    for _ in range(samples):
        pairs = ", ".join(f"x{i} = {draw(values)}" for i in range(inputs))
        goals = ", ".join(f"o{i + 1} = {t}" for i, t in enumerate(targets))
        text.append(f"[[samples]]\ninputs = {{ {pairs} }}\ntargets = {{ {goals} }}")
    for width, before, name in (
        (hidden, inputs, activation),
        (outputs, hidden, output),
    ):
        rows = [[draw(values) for _ in range(before)] for _ in range(width)]
        matrix = ", ".join(f"[{', '.join(row)}]" for row in rows)
        bias = ", ".join(draw(values) for _ in range(width))
        text.append(
            f'[[layers]]\nactivation = "{name}"\nweights = [{matrix}]\nbias = [{bias}]'
        )
    text.append(f'[loss]\nname = "{loss}"')
    for axis in ("outputs", "samples"):
        text.append(f'{axis} = "{draw(st.sampled_from(["sum", "mean"]))}"')
    if LOSSES[loss].short:
        text.append(f'way = "{draw(st.sampled_from(["short", "long"]))}"')
    if LOSSES[loss].logarithm:
        base = draw(st.sampled_from(["2", "10", '"natural"']))
        text.append(f"log = {base}")
    if draw(st.booleans()):
        name = draw(st.sampled_from(list(PENALTIES)))
        flags = [
            f"{flag} = {draw(st.sampled_from(['true', 'false']))}"
            for flag in ("half", "by_samples", "biases")
        ]
        text.append(f'penalty = {{ name = "{name}", rate = 0.3, {", ".join(flags)} }}')
    return "\n".join(text) + "\n"


def targets_of(loss: str, outputs: int) -> st.SearchStrategy[list[str]]:
    if loss == "hinge":
        return st.lists(
            st.sampled_from(["-1", "1"]), min_size=outputs, max_size=outputs
        )
    if loss == "categorical-cross-entropy":
        hot = st.integers(0, outputs - 1)
        return hot.map(lambda h: ["1" if i == h else "0" for i in range(outputs)])
    some = st.sampled_from(["0", "0.25", "0.7", "1"])
    return st.lists(some, min_size=outputs, max_size=outputs)


def compare(text: str) -> None:
    """Every gradient against autograd, where no unit stands at a kink."""
    network = Network.from_text(text)
    leaves: dict[str, Tensor] = {}
    objective_of(network.spec, leaves).backward()
    for method in ("signals", "paths"):
        derivation = derive(network, method=method, verify=False)
        gradients = derivation.symbols.gradients
        assert derivation.full is not None
        for key, gradient in gradients.items():
            name = plain_name(key)
            ours = float(derivation.full[gradient].value)
            theirs = leaves[name].grad.item() if leaves[name].grad is not None else 0.0
            apart = abs(ours - theirs) / max(1.0, abs(ours))
            assert apart <= LARGEST_DIFFERENCE, f"{method}: {name}: {ours} != {theirs}"


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("loss", list(LOSSES))
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_gradients_agree_with_autograd(
    activation: str, loss: str, data: st.DataObject
) -> None:
    compare(data.draw(networks(activation, loss)))


def test_pytorch_knows_every_record() -> None:
    assert {*FUNCTIONS} == {*LAYER_ACTIVATIONS}
    assert [*ERRORS] == [*LOSSES]
