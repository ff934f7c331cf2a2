"""Gradients of random networks, by three roads."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from explainer import Network
from explainer.derivation import gradient_check
from explainer.derivation.deriving import METHODS, Derivation, derive_graph
from explainer.derivation.gradient_check import at_kinks
from explainer.derivation.readings import Readings, read_numbers
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import FULL
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError
from explainer.network.spec import Spec
from tests.network.strategies import specs

CLOSE = Decimal("1e-18")
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def gradients(spec: Spec, method: str) -> dict[Key, Decimal]:
    derivation = derive_graph(Network(spec).graph, method)
    readings = read_numbers(derivation, FULL)
    return {
        key: as_decimal(readings[gradient].value)
        for key, gradient in derivation.gradients.items()
    }


def independent_loss(spec: Spec) -> float:
    """The forward pass once more, from the spec, in floats, without the graph."""
    numbers = {name: float(entry.value) for name, entry in spec.parameters.items()}
    outputs = {name: float(entry.value) for name, entry in spec.inputs.items()}
    for layer in spec.layers:
        usual = {
            name: option.usual for name, option in layer.activation.options.items()
        }
        options = [float(value) for value in {**usual, **layer.options}.values()]
        fresh = {}
        for unit in layer.units:
            z = numbers[unit.bias] if unit.bias else 0.0
            for source, weight in unit.inputs:
                assert weight is not None
                z += numbers[weight] * outputs[source]
            fresh[unit.name] = FUNCTIONS[layer.activation.name](z, *options)
        outputs |= fresh
    assert spec.loss is not None
    errors = [
        LOSSES[spec.loss.name](float(target.value) - outputs[name])
        for name, target in spec.targets.items()
    ]
    return sum(errors) / (len(errors) if spec.loss.outputs == "mean" else 1)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z, *_: max(0.0, z),
    "leaky-relu": lambda z, alpha, *_: z if z > 0 else alpha * z,
    "softplus": lambda z: math.log1p(math.exp(z)),
    "identity": lambda z: z,
    "elu": lambda z, alpha, *_: z if z > 0 else alpha * math.expm1(z),
    "silu": lambda z: z / (1 + math.exp(-z)),
    "swish": lambda z, beta: z / (1 + math.exp(-beta * z)),
    "gelu": lambda z: z / 2 * (1 + math.erf(z / math.sqrt(2))),
    "gelu-tanh": lambda z: (
        z / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    ),
    "hard-sigmoid": lambda z, *_: min(max(z / 6 + 0.5, 0.0), 1.0),
}
# By the difference between target and output.
LOSSES: dict[str, Callable[[float], float]] = {
    "half-squared-error": lambda d: d * d / 2,
    "squared-error": lambda d: d * d,
    "mean-squared-error": lambda d: d * d,
    "half-mean-squared-error": lambda d: d * d / 2,
    "huber": lambda d: d * d / 2 if abs(d) <= 1 else abs(d) - 0.5,
    "absolute-error": abs,
}


def known_readings(derivation: Derivation) -> Readings:
    """All numbers in full. An update may go so far that a GELU loses all its digits:
    the program refuses that, and the network is not asked."""
    try:
        return read_numbers(derivation, FULL)
    except NetworkError as refused:
        assume("digits cancel" not in str(refused))
        raise


@settings(max_examples=60, suppress_health_check=SLOW)
@given(specs(depth=4, width=5))
def test_the_forward_pass_agrees_with_an_independent_one(spec: Spec) -> None:
    graph = Network(spec).graph
    readings = known_readings(derive_graph(graph, "signals"))
    loss = float(readings[graph.objective].value)
    assert math.isclose(loss, independent_loss(spec), rel_tol=1e-9, abs_tol=1e-12)


def apart(one: Decimal, other: Decimal) -> Decimal:
    return abs(one - other) / max(abs(one), abs(other), Decimal("1e-9"))


@settings(max_examples=60, suppress_health_check=SLOW)
@given(specs(depth=4, width=5))
def test_signals_agree_with_central_differences(spec: Spec) -> None:
    graph = Network(spec).graph
    derivation = derive_graph(graph, "signals")
    readings = known_readings(derivation)
    assume(not at_kinks(graph, readings))
    found = gradients(spec, "signals")
    other = gradient_check.differences_at(graph, tuple(found))
    assert {key for key in found if apart(found[key], other[key]) > CLOSE} == set()


@settings(max_examples=30, suppress_health_check=SLOW)
@given(specs(depth=2, width=3))
def test_gradients_agree_with_sympy_on_the_composed_loss(spec: Spec) -> None:
    graph = Network(spec).graph
    assume(not at_kinks(graph, known_readings(derive_graph(graph, "signals"))))
    found = gradients(spec, "signals")
    chosen = tuple(found)[:: max(1, len(found) // 4)]
    other = gradient_check._composed_slopes(graph, chosen)
    assert {key for key in chosen if apart(found[key], other[key]) > CLOSE} == set()


@settings(max_examples=60, suppress_health_check=SLOW)
@given(specs(depth=3, width=2), st.sampled_from([1, -1]))
def test_both_methods_and_both_signs_give_the_same_gradients(
    spec: Spec, sign: int
) -> None:
    signals = gradients(replace(spec, error_signal=sign), "signals")
    for key, value in gradients(spec, "paths").items():
        assert apart(value, signals[key]) < CLOSE


def test_differences_notice_a_wrong_gradient() -> None:
    graph = Network.from_example("mazur").graph
    found = gradients(Network.from_example("mazur").spec, "signals")
    other = gradient_check.differences_at(graph, tuple(found))
    key = next(iter(found))
    assert apart(found[key], other[key]) < CLOSE
    assert apart(found[key] * Decimal("1.0000001"), other[key]) > CLOSE


@pytest.mark.parametrize("method", METHODS)
def test_a_unit_that_feeds_nothing_has_no_gradient(method: str) -> None:
    network = Network.from_text(
        """
        [inputs]
        x = 0.5
        [parameters]
        v = 0.3
        [[layers]]
        activation = "tanh"
        [layers.weights]
        h1 = { w1 = 0.2 }
        h2 = { w2 = 0.4 }
        [[layers]]
        activation = "identity"
        [layers.weights]
        o = { from = { h1 = "v" } }
        [targets]
        o = 1
        [loss]
        name = "squared-error"
        """
    )
    found = {
        str(key.of[0]): value for key, value in gradients(network.spec, method).items()
    }
    assert found["w2"] == 0
    assert found["w1"] != 0
