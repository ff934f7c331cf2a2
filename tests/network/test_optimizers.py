"""Every optimizer of the catalogue, against PyTorch, published numbers and plain
floats."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import sqrt
from typing import Any

import pytest

from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.written import Key, Name, Negative, Product, Sum
from explainer.network.optimizer_steps import (
    STEP,
    Options,
    check_options,
    givens_of,
    next_givens,
    optimize,
    state_key,
    uses_step,
)
from explainer.network.optimizers import OPTIMIZERS, OTHER_NAMES
from explainer.network.problems import hint
from explainer.network.quantity import Quantity

W, G, ETA = Key("weight", ("w1",)), Key("gradient", ("w1",)), Key("learning_rate")
Values = dict[Key, Decimal]


def train(
    name: str, options: Options, start: str, rate: str, gradients: Sequence[str]
) -> Iterator[Values]:
    """All values of each iteration; the new ones are the givens of the next."""
    optimizer = OPTIMIZERS[name]
    values: Values = {W: Decimal(start), ETA: Decimal(rate)}
    for given in givens_of(optimizer, options, [W]):
        values[given.key] = as_decimal(given.value)
    for gradient in gradients:
        values[G] = Decimal(gradient)
        for quantity in optimize(optimizer, options, W, G, ETA):
            values[quantity.key] = evaluate(quantity.formula, values)
        yield dict(values)
        values |= {old: values[new] for old, new in next_givens(optimizer, W).items()}
        if uses_step(optimizer, options):
            values[STEP] += 1


def weights(*arguments: Any) -> list[Decimal]:
    return [values[Key("new", (W,))] for values in train(*arguments)]


def numbers(**options: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in options.items()}


@pytest.fixture(scope="module")
def torch() -> Any:
    with warnings.catch_warnings():
        # PyTorch warns where NumPy is not installed; it is not used here.
        warnings.simplefilter("ignore")
        return pytest.importorskip("torch")


AS_IN_PYTORCH = [
    ("gradient-descent", "SGD", {}),
    ("momentum", "SGD", {"momentum": 0.9}),
    ("nesterov", "SGD", {"momentum": 0.9, "nesterov": True}),
    ("adagrad", "Adagrad", {}),
    ("rmsprop", "RMSprop", {}),
    ("adam", "Adam", {}),
    ("adamw", "AdamW", {}),
]


def assert_as_pytorch(
    torch: Any, ours: Sequence[Any], kind: str, theirs: Mapping[str, Any]
) -> None:
    chance = random.Random(f"{ours}{kind}")
    gradients = [f"{chance.uniform(-2, 2):.4f}" for _ in range(5)]
    name, options = ours
    w = torch.tensor([0.8], dtype=torch.float64, requires_grad=True)
    # One tensor at a time: the plainest of PyTorch's ways to compute the same.
    trainer = getattr(torch.optim, kind)([w], lr=0.05, foreach=False, **theirs)
    expected = []
    for gradient in gradients:
        w.grad = torch.tensor([float(gradient)], dtype=torch.float64)
        trainer.step()
        expected.append(w.item())
    got = weights(name, options, "0.8", "0.05", gradients)
    assert list(map(float, got)) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("name, kind, theirs", AS_IN_PYTORCH)
def test_the_usual_options_are_those_of_pytorch(
    torch: Any, name: str, kind: str, theirs: Mapping[str, Any]
) -> None:
    assert_as_pytorch(torch, (name, {}), kind, theirs)


@pytest.mark.parametrize("name, kind, theirs", AS_IN_PYTORCH)
@pytest.mark.parametrize("decay", ["0", "0.3"])
def test_weight_decay_is_that_of_pytorch(
    torch: Any, name: str, kind: str, theirs: Mapping[str, Any], decay: str
) -> None:
    theirs = {**theirs, "weight_decay": float(decay)}
    assert_as_pytorch(torch, (name, numbers(weight_decay=decay)), kind, theirs)


@pytest.mark.parametrize(
    "ours, kind, theirs",
    [
        (("momentum", numbers(momentum="0.5")), "SGD", {"momentum": 0.5}),
        (("adagrad", numbers(epsilon="0.1")), "Adagrad", {"eps": 0.1}),
        (
            ("rmsprop", numbers(rho="0.8", epsilon="0.01")),
            "RMSprop",
            {"alpha": 0.8, "eps": 0.01},
        ),
        (
            ("adam", numbers(beta1="0.7", beta2="0.9", epsilon="0.01")),
            "Adam",
            {"betas": (0.7, 0.9), "eps": 0.01},
        ),
        (("adamw", numbers(epsilon="0")), "AdamW", {"eps": 0.0}),
        (
            ("adagrad", {"state": {"G": {"w1": Decimal("0.3")}}}),
            "Adagrad",
            {"initial_accumulator_value": 0.3},
        ),
    ],
)
def test_chosen_options_are_those_of_pytorch(
    torch: Any, ours: Sequence[Any], kind: str, theirs: Mapping[str, Any]
) -> None:
    assert_as_pytorch(torch, ours, kind, theirs)


GRADIENTS = ["0.5", "-0.25", "1.5", "0.75"]


@pytest.mark.parametrize(
    "velocity, plain",
    [("velocity-momentum", "momentum"), ("velocity-nesterov", "nesterov")],
)
def test_the_velocity_forms_take_the_same_steps(velocity: str, plain: str) -> None:
    """At a constant learning rate; they differ where it changes."""
    pair = [weights(name, {}, "1", "0.1", GRADIENTS) for name in (velocity, plain)]
    assert pair[0] == pytest.approx(pair[1], rel=Decimal("1e-45"))


def test_averaged_momentum_is_momentum_at_a_smaller_rate() -> None:
    """v averaged is 1 - beta times v accumulated."""
    averaged = weights("averaged-momentum", {}, "1", "0.1", GRADIENTS)
    accumulated = weights("momentum", {}, "1", "0.01", GRADIENTS)
    assert averaged == pytest.approx(accumulated, rel=Decimal("1e-45"))


@pytest.mark.parametrize(
    "name, option",
    [
        ("momentum", "momentum"),
        ("averaged-momentum", "beta"),
        ("velocity-momentum", "momentum"),
        ("nesterov", "momentum"),
        ("velocity-nesterov", "momentum"),
    ],
)
def test_without_memory_it_is_gradient_descent(name: str, option: str) -> None:
    got = weights(name, numbers(**{option: "0"}), "1", "0.1", GRADIENTS)
    assert got == weights("gradient-descent", {}, "1", "0.1", GRADIENTS)


@pytest.mark.parametrize("name", ["rmsprop", "adam"])
def test_without_memory_every_step_has_the_length_of_the_rate(name: str) -> None:
    memory = "rho" if name == "rmsprop" else "beta2"
    options = numbers(**{memory: "0", "epsilon": "0"})
    options |= numbers(beta1="0") if name == "adam" else {}
    got = weights(name, options, "1", "0.1", GRADIENTS)
    assert list(map(float, got)) == pytest.approx([0.9, 1.0, 0.9, 0.8], abs=1e-15)


@pytest.mark.parametrize(
    "name, decays", [("adam", False), ("adamw", False), ("adamw", True)]
)
@pytest.mark.parametrize("correct", [True, False])
@pytest.mark.parametrize("inside", [True, False])
def test_adam_in_plain_floats(
    name: str, decays: bool, correct: bool, inside: bool
) -> None:
    options: Options = {
        **numbers(epsilon="0.2", weight_decay="0.4" if decays else "0"),
        "bias_correction": correct,
        "epsilon_place": "inside" if inside else "outside",
    }
    w, m, v, expected = 1.0, 0.0, 0.0, []
    for t, g in enumerate(map(float, GRADIENTS), 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        mean, square = m, v
        if correct:
            mean, square = m / (1 - 0.9**t), v / (1 - 0.999**t)
        root = sqrt(square + 0.2) if inside else sqrt(square) + 0.2
        w = (1 - 0.1 * 0.4 if decays else 1) * w - 0.1 * mean / root
        expected.append(w)
    got = weights(name, options, "1", "0.1", GRADIENTS)
    assert list(map(float, got)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name, first", [("adagrad", 1.0), ("rmsprop", 0.01)])
def test_epsilon_inside_the_root(name: str, first: float) -> None:
    options: Options = {**numbers(epsilon="0.2"), "epsilon_place": "inside"}
    (got,) = weights(name, options, "1", "0.1", ["0.5"])
    expected = 1 - 0.1 * 0.5 / sqrt(first * 0.25 + 0.2)
    assert float(got) == pytest.approx(expected, abs=1e-15)


def new_state(state: str) -> Key:
    return Key("new", (state_key(state, W),))


NEW_W = Key("new", (W,))
# "Five optimizers, two epochs" of supervised learning lecture notes: w = 1, a gradient
# of 0.5, a learning rate of 0.1. They print 0.455 for the second w of RMSProp, from a
# rounded first one. Their momentum, v' = 0.9 v + 0.1 g and w' = w - v', has the v of
# the averaged form, and the w of the velocity form, whose v has the other sign.
PUBLISHED: list[tuple[str, Options, dict[Key, list[str]]]] = [
    ("gradient-descent", {}, {NEW_W: ["0.95", "0.90"]}),
    (
        "averaged-momentum",
        {},
        {new_state("v"): ["0.05", "0.095"]},
    ),
    (
        "velocity-momentum",
        {},
        {new_state("v"): ["-0.05", "-0.095"], NEW_W: ["0.95", "0.855"]},
    ),
    (
        "adagrad",
        numbers(epsilon="0"),
        {new_state("G"): ["0.25", "0.50"], NEW_W: ["0.90", "0.829"]},
    ),
    (
        "rmsprop",
        numbers(rho="0.9", epsilon="0"),
        {new_state("s"): ["0.025", "0.0475"], NEW_W: ["0.684", "0.454"]},
    ),
    (
        "adam",
        numbers(epsilon="0"),
        {
            new_state("m"): ["0.05", "0.095"],
            new_state("v"): ["0.00025", "0.00049975"],
            Key("corrected", ("m", W)): ["0.5", "0.5"],
            Key("corrected", ("v", W)): ["0.25", "0.25"],
            NEW_W: ["0.90", "0.80"],
        },
    ),
]


@pytest.mark.parametrize("name, options, printed", PUBLISHED)
def test_published_numbers(
    name: str, options: Options, printed: Mapping[Key, list[str]]
) -> None:
    iterations = list(train(name, options, "1", "0.1", ["0.5", "0.5"]))
    for key, texts in printed.items():
        for values, text in zip(iterations, texts, strict=True):
            assert values[key].quantize(Decimal(text)) == Decimal(text), key


@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_plain_gradient_descent_is_written_as_ever(kind: str) -> None:
    p = Key(kind, ("p",))
    formula = Sum((Name(p), Negative(Product((Name(ETA), Name(G))))))
    expected = Quantity(Key("new", (p,)), formula, f"update_{kind}")
    assert optimize(OPTIMIZERS["gradient-descent"], {}, p, G, ETA) == (expected,)
    assert givens_of(OPTIMIZERS["gradient-descent"], {}, [p]) == ()


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("decay", ["0", "0.1"])
def test_an_update_uses_only_its_givens_and_what_came_before(
    name: str, decay: str
) -> None:
    optimizer, options = OPTIMIZERS[name], numbers(weight_decay=decay)
    givens = [given.key for given in givens_of(optimizer, options, [W])]
    known, used = {W, G, ETA, *givens}, set[Key]()
    made = optimize(optimizer, options, W, G, ETA)
    for quantity in made:
        assert known.issuperset(quantity.uses)
        used.update(quantity.uses)
        known.add(quantity.key)
    assert used.issuperset(givens)
    assert made[-1].key == NEW_W
    assert {quantity.key for quantity in made}.issuperset(
        next_givens(optimizer, W).values()
    )


def test_the_givens_have_their_places_in_the_file() -> None:
    options: Options = {"step": Decimal(4), "state": {"v": {"w1": Decimal("0.2")}}}
    givens = givens_of(OPTIMIZERS["adam"], options, [W])
    assert [(given.path, str(given.value)) for given in givens] == [
        ("training.optimizer.beta1", "0.9"),
        ("training.optimizer.beta2", "0.999"),
        ("training.optimizer.epsilon", "1E-8"),
        ("training.optimizer.step", "4"),
        ("training.optimizer.state.m.w1", "0"),
        ("training.optimizer.state.v.w1", "0.2"),
    ]


@pytest.mark.parametrize(
    "name, options, place, part",
    [
        ("adam", {"beta_1": Decimal("0.9")}, ("beta_1",), "Did you mean 'beta1'?"),
        ("adam", {"beta1": Decimal(1)}, ("beta1",), "not including, 1"),
        ("adam", {"beta1": True}, ("beta1",), "got true"),
        ("adam", {"epsilon": Decimal(-1)}, ("epsilon",), "a number from 0"),
        ("adam", {"epsilon_place": "in"}, ("epsilon_place",), "'outside' or 'inside'"),
        ("adam", {"bias_correction": Decimal(1)}, ("bias_correction",), "true or"),
        (
            "adam",
            {"step": Decimal("1.5")},
            ("step",),
            "a whole number from 1 to 1000000",
        ),
        ("momentum", {"step": Decimal(1)}, ("step",), "no option of momentum"),
        ("gradient-descent", {"state": {}}, ("state",), "no option"),
        ("adam", {"state": Decimal(1)}, ("state",), "a table for each state"),
        ("adam", {"state": {"u": {}}}, ("state", "u"), "Known: m, v."),
        ("adam", {"state": {"m": "x"}}, ("state", "m"), "a number for each parameter"),
        ("adam", {"state": {"m": {"w1": "x"}}}, ("state", "m", "w1"), "a number"),
        (
            "adam",
            {"state": {"m": {"w11": Decimal(1)}}},
            ("state", "m", "w11"),
            "Did you mean 'w1'?",
        ),
        (
            "adagrad",
            {"state": {"G": {"w1": Decimal(-1)}}},
            ("state", "G", "w1"),
            "never negative",
        ),
    ],
)
def test_wrong_options_are_told(
    name: str, options: Mapping[str, object], place: tuple[str, ...], part: str
) -> None:
    ((got, message),) = check_options(OPTIMIZERS[name], options, ["w1"])
    assert got == place
    assert part in message


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_the_usual_options_are_allowed(name: str) -> None:
    optimizer = OPTIMIZERS[name]
    usual = {option: record.usual for option, record in optimizer.options.items()}
    states: dict[str, Any] = {state: {"w1": Decimal(0)} for state in optimizer.states}
    options = {**usual, **({"state": states} if states else {})}
    assert check_options(optimizer, options, ["w1"]) == ()
    assert optimizer.source


def test_names() -> None:
    assert set(OTHER_NAMES.values()) <= set(OPTIMIZERS)
    assert hint("addam", OPTIMIZERS) == " Did you mean 'adam'?"
