"""Iterations: the same as one step after the other, and as a loop in plain floats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

import pytest

from explainer import Network
from explainer.derivation.deriving import Derivation, derive_graph
from explainer.derivation.iterating import iterate
from explainer.derivation.readings import Value, read_numbers
from explainer.examples import EXAMPLES
from explainer.mathematics.rounding import FULL, Digits, Rounding
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError

# At few decimals the squares that Adam divides by are 0: it has its own test.
GRAPHS = {name: Network.from_example(name).graph for name in EXAMPLES}
TRAINED = [
    name
    for name, graph in GRAPHS.items()
    if graph.trained and graph.optimizer == "gradient-descent"
]
ROUNDINGS = {
    "full": FULL,
    "shown": Rounding(Digits(4, "decimals")),
    "truncated": Rounding(Digits(5, "decimals"), "truncate"),
    "activations carried": Rounding(Digits(6), carry=frozenset({"activation"})),
    "fractions": Rounding(exact=True),
}
# Only a network without e^x has exact numbers.
CHOICES = [
    (name, rounding)
    for name in TRAINED
    for rounding in ROUNDINGS
    if rounding != "fractions" or name == "relu-homework"
]


def derivation_of(name: str) -> Derivation:
    return derive_graph(Network.from_example(name).graph, "signals")


@pytest.mark.parametrize(("name", "rounding"), CHOICES)
def test_an_iteration_is_a_step_from_the_new_values(name: str, rounding: str) -> None:
    derivation, rule = derivation_of(name), ROUNDINGS[rounding]
    givens: Mapping[Key, Value] = {}
    # The digits of a fraction grow threefold in each iteration.
    count, last = 0, 3 if rule.exact else 5
    for iteration in iterate(derivation, rule, last, derivation.updates):
        count += 1
        readings = read_numbers(derivation, rule, givens)
        objective = readings[derivation.graph.objective]
        assert (iteration.number, iteration.givens) == (count, givens)
        assert iteration.objective == objective.carried
        assert str(iteration.shown) == str(objective.shown)
        givens = {p: readings[new].carried for p, new in derivation.updates.items()}
        assert {p: iteration.value(n) for p, n in derivation.updates.items()} == givens
    assert count == last


LEAKY = """
[inputs]
x = 0.5
[[layers]]
activation = { name = "leaky-relu", alpha = 0.123456 }
weights.h = { v = -0.7 }
[[layers]]
activation = "identity"
weights.y = { w = 0.9 }
[targets]
y = 1
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.5
"""


def test_a_constant_slope_is_not_rounded() -> None:
    derivation = derive_graph(Network.from_text(LEAKY).graph, "signals")
    # Two decimals for the slope, and enough elsewhere to see what became of it.
    rule = Rounding(Digits(12), by_kind={"derivative": Digits(2, "decimals")})
    first, second = iterate(derivation, rule, 2, derivation.updates)
    for iteration in (first, second):
        readings = read_numbers(derivation, rule, iteration.givens)
        assert 0.123456 in [float(reading.carried) for reading in readings.values()]
        for new in derivation.updates.values():
            assert iteration.value(new) == readings[new].carried


# Mazur's network once more, in plain Python: no graph, no Decimal.


def mazur_errors(count: int) -> list[float]:
    """The error before each of the updates, and after the last."""
    w = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
    errors = []
    for _ in range(count + 1):
        h1 = sigmoid(w[0] * 0.05 + w[1] * 0.10 + 0.35)
        h2 = sigmoid(w[2] * 0.05 + w[3] * 0.10 + 0.35)
        o1 = sigmoid(w[4] * h1 + w[5] * h2 + 0.60)
        o2 = sigmoid(w[6] * h1 + w[7] * h2 + 0.60)
        errors.append(0.5 * (0.01 - o1) ** 2 + 0.5 * (0.99 - o2) ** 2)
        d1, d2 = (o1 - 0.01) * o1 * (1 - o1), (o2 - 0.99) * o2 * (1 - o2)
        e1 = (d1 * w[4] + d2 * w[6]) * h1 * (1 - h1)
        e2 = (d1 * w[5] + d2 * w[7]) * h2 * (1 - h2)
        slopes = [e1 * 0.05, e1 * 0.1, e2 * 0.05, e2 * 0.1]
        slopes += [d1 * h1, d1 * h2, d2 * h1, d2 * h2]
        w = [weight - 0.5 * slope for weight, slope in zip(w, slopes, strict=True)]
    return errors


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_ten_thousand_updates_of_mazur_s_network() -> None:
    derivation = derivation_of("mazur")
    errors = mazur_errors(10_000)
    found = [
        float(iteration.objective)
        for iteration in iterate(derivation, FULL, 10_001, derivation.updates)
    ]
    assert found == pytest.approx(errors, rel=1e-9)
    # The article's own 0.0000351085 is the error after 9,999 updates.
    assert found[9_999] == pytest.approx(3.510854812251261e-05, rel=1e-9)
    assert found[10_000] == pytest.approx(3.510187782978859e-05, rel=1e-9)


def test_a_schedule_holds_for_its_iteration() -> None:
    derivation = derivation_of("mazur")
    i1 = Key("input", ("i1",))
    first, second, third = iterate(
        derivation,
        FULL,
        3,
        {},
        schedule=lambda number: {i1: Decimal("0.9")} if number == 2 else {},
    )
    assert first.objective == third.objective != second.objective
    readings = read_numbers(derivation, FULL, {i1: Decimal("0.9")})
    assert second.objective == readings[derivation.graph.objective].carried


def test_progress_is_told_after_each_iteration() -> None:
    derivation = derivation_of("single-neuron")
    told: list[tuple[str, int, int]] = []
    steps = iterate(
        derivation,
        FULL,
        3,
        derivation.updates,
        progress=lambda *now: told.append(now),
    )
    next(steps)
    assert told == [("iterations", 1, 3)]
    list(steps)
    assert told == [("iterations", number, 3) for number in (1, 2, 3)]


def test_an_error_names_its_iteration() -> None:
    derivation = derivation_of("relu-homework")
    rate = derivation.graph.learning_rate
    assert rate is not None
    steps = iterate(
        derivation,
        FULL,
        99,
        derivation.updates,
        schedule=lambda number: {rate: Decimal("-1e900")},
    )
    with pytest.raises(NetworkError, match=r"iteration \d+: the rule .* too large"):
        list(steps)


def test_what_follows_is_given() -> None:
    derivation = derivation_of("mazur")
    with pytest.raises(ValueError, match="not given"):
        iterate(derivation, FULL, 1, {derivation.graph.objective: Key("x")})
    with pytest.raises(ValueError, match="not given"):
        list(
            iterate(derivation, FULL, 1, {}, schedule=lambda n: {Key("x"): Decimal(1)})
        )
