"""Every loss and penalty: its slopes by SymPy and by PyTorch, its targets and its
options."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sympy

from explainer.mathematics.algebra import symbol, to_sympy
from explainer.mathematics.cases import take_branches
from explainer.mathematics.evaluation import evaluate, holds
from explainer.mathematics.written import Key, Name, Number, Written
from explainer.network.file import read_network
from explainer.network.loss_choices import target_problem, targets_problem
from explainer.network.losses import LOSSES, lose, short_slope
from explainer.network.penalties import PENALTIES, factor_of, penalize
from explainer.network.problems import NetworkError
from explainer.network.quantity import Quantity
from explainer.network.spec import Entry, LossSpec, PenaltySpec

Y, T, E = Key("activation", ("y",)), Key("target", ("t",)), Key("loss", ("e",))
W1, W2 = Key("weight", ("v",)), Key("weight", ("w",))
RATE, PENALTY = Key("regularization", ("r",)), Key("penalty", ("p",))
HALF = {"delta": Decimal("0.5")}
# An output and a target in every region between the kinks, both signs of each.
REGIONS = {
    "hinge": [("0.3", "1"), ("1.7", "1"), ("0.3", "-1"), ("-1.7", "-1")],
    "huber": [("0.2", "0.4"), ("2.2", "0.4"), ("-2.2", "0.4"), ("-0.1", "0.3")],
    "absolute-error": [("2", "0.3"), ("-2", "0.3")],
}
BASES = [("e", 1), ("2", sympy.log(2)), ("10", sympy.log(10))]
LOGARITHMIC = [name for name, loss in LOSSES.items() if loss.logarithm]


def algebra(form: Written) -> Any:
    return to_sympy(form, lambda key: symbol(str(key.of[0])))


def assert_zero(difference: Any) -> None:
    assert sympy.simplify(difference) == 0, difference


def assert_slopes(quantity: Quantity, values: Mapping[Key, Decimal]) -> None:
    """In the region around these values each form of each slope is the derivative."""
    formula = algebra(take_branches(quantity.formula, values))
    for key, slope in quantity.slopes.items():
        derivative = sympy.diff(formula, symbol(str(key.of[0])))
        for form in (slope.value, *slope.working, *slope.bridge):
            assert_zero(derivative - algebra(take_branches(form, values)))


@pytest.mark.parametrize("name", list(LOSSES))
@pytest.mark.parametrize("options", [{}, HALF])
def test_each_slope_is_the_derivative_in_every_region(
    name: str, options: Mapping[str, Decimal]
) -> None:
    quantity = lose(LOSSES[name], Y, T, E, options)
    for y, t in REGIONS.get(name, [("0.3", "0.8")]):
        assert_slopes(quantity, {Y: Decimal(y), T: Decimal(t)})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("hinge", {"slope": "t if t * y < 1 else 0"}),
        ("huber", {"slope": "y - t"}),
        ("binary-cross-entropy", {"working": ("-t / y",)}),
    ],
)
def test_a_wrong_slope_is_caught(name: str, wrong: Mapping[str, Any]) -> None:
    with pytest.raises(AssertionError):
        quantity = lose(replace(LOSSES[name], **wrong), Y, T, E)
        for y, t in REGIONS.get(name, [("0.3", "0.8")]):
            assert_slopes(quantity, {Y: Decimal(y), T: Decimal(t)})


@pytest.mark.parametrize("name", LOGARITHMIC)
@pytest.mark.parametrize(("base", "divisor"), BASES)
def test_a_base_divides_error_and_slopes(name: str, base: str, divisor: Any) -> None:
    natural, other = (lose(LOSSES[name], Y, T, E, {}, b) for b in ("e", base))
    values = {Y: Decimal("0.3"), T: Decimal("0.8")}
    ratio = evaluate(natural.formula, values) / evaluate(other.formula, values)
    assert float(ratio) == pytest.approx(float(divisor), rel=1e-14)
    slope = other.slopes[Y]
    for form in (slope.value, *slope.working):
        assert_zero(
            sympy.diff(algebra(natural.formula), symbol("y")) / divisor - algebra(form)
        )


@pytest.mark.parametrize(
    ("name", "base", "value"),
    [
        ("binary-cross-entropy", "2", "1"),
        ("categorical-cross-entropy", "2", "1"),
        ("categorical-cross-entropy", "10", "0.301029995663981195213738894724"),
    ],
)
def test_the_error_of_one_half_with_target_1(name: str, base: str, value: str) -> None:
    """-log2(1/2) = 1 bit; log10 2 from the tables."""
    error = lose(LOSSES[name], Y, T, E, {}, base)
    got = evaluate(error.formula, {Y: Decimal("0.5"), T: Decimal(1)})
    assert abs(got - Decimal(value)) < Decimal("1e-29")


def test_a_loss_without_a_logarithm_has_no_base() -> None:
    with pytest.raises(ValueError, match="hinge has no logarithm"):
        lose(LOSSES["hinge"], Y, T, E, {}, "2")


@pytest.mark.parametrize(("base", "divisor"), BASES)
def test_the_short_slope_after_a_sigmoid(base: str, divisor: Any) -> None:
    z, t = sympy.symbols("z t", real=True)
    y = 1 / (1 + sympy.exp(-z))
    error = -(t * sympy.log(y) + (1 - t) * sympy.log(1 - y)) / divisor
    record = LOSSES["binary-cross-entropy"]
    slope = short_slope(record, "sigmoid", Y, T, base)
    assert slope is not None
    short = algebra(slope).subs({symbol("y"): y, symbol("t"): t})
    assert_zero(sympy.diff(error, z) - short)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize(("base", "divisor"), BASES)
def test_the_short_slope_after_softmax(count: int, base: str, divisor: Any) -> None:
    """Through the Jacobian, for all targets that add up to 1 and only for those."""
    z = sympy.symbols(f"z1:{count + 1}", real=True)
    t = sympy.symbols(f"t1:{count + 1}", real=True)
    total = sum(map(sympy.exp, z))
    y = [sympy.exp(one) / total for one in z]
    jacobian = sympy.Matrix(y).jacobian(sympy.Matrix(z))
    record = LOSSES["categorical-cross-entropy"]
    slope = short_slope(record, "softmax", Y, T, base)
    local = lose(record, Y, T, E, {}, base).slopes[Y].value
    assert slope is not None

    def at(form: Written, k: int) -> Any:
        return algebra(form).subs({symbol("y"): y[k], symbol("t"): t[k]})

    last = {t[-1]: 1 - sum(t[:-1])}
    for j in range(count):
        long = sum(at(local, k) * jacobian[k, j] for k in range(count))
        assert_zero((long - at(slope, j)).subs(last))
        assert sympy.simplify(long - at(slope, j)) != 0


def test_the_short_way_belongs_to_one_activation() -> None:
    for record in LOSSES.values():
        for activation in ("sigmoid", "softmax", "tanh", "identity"):
            short = short_slope(record, activation, Y, T)
            assert (short is not None) == (activation in record.short)


def torch_losses(torch: Any) -> Mapping[str, Any]:
    F = torch.nn.functional

    def categorical(y: Any, t: Any) -> Any:
        # softmax(ln y) = y where the y add up to 1.
        return F.cross_entropy(torch.log(y), t)

    return {
        "half-squared-error": lambda y, t: F.mse_loss(y, t, reduction="sum") / 2,
        "squared-error": lambda y, t: F.mse_loss(y, t, reduction="sum"),
        "mean-squared-error": F.mse_loss,
        "half-mean-squared-error": lambda y, t: F.mse_loss(y, t) / 2,
        "binary-cross-entropy": lambda y, t: F.binary_cross_entropy(
            y, t, reduction="sum"
        ),
        "categorical-cross-entropy": categorical,
        "hinge": lambda y, t: torch.clamp(1 - t * y, min=0).sum(),
        "huber": lambda y, t: F.huber_loss(y, t, reduction="sum", delta=0.5),
        "absolute-error": lambda y, t: F.l1_loss(y, t, reduction="sum"),
    }


def load_torch() -> Any:
    with warnings.catch_warnings():
        # PyTorch warns where NumPy is missing.
        warnings.simplefilter("ignore")
        return pytest.importorskip("torch")


OUTPUTS = ["0.2", "0.3", "0.5"]
TARGETS = {"hinge": ["1", "-1", "1"], "huber": ["0.9", "0.3", "0.1"]}


@pytest.mark.parametrize("name", list(LOSSES))
def test_values_and_slopes_of_pytorch(name: str) -> None:
    torch, record = load_torch(), LOSSES[name]
    targets = TARGETS.get(name, ["0.7", "0.1", "0.2"])
    y = torch.tensor(list(map(float, OUTPUTS)), dtype=torch.float64, requires_grad=True)
    t = torch.tensor(list(map(float, targets)), dtype=torch.float64)
    expected = torch_losses(torch)[name](y, t)
    expected.backward()
    error = lose(record, Y, T, E, {"delta": Decimal("0.5")})
    share = len(OUTPUTS) if record.outputs == "mean" else 1
    pairs = [
        {Y: Decimal(a), T: Decimal(b)} for a, b in zip(OUTPUTS, targets, strict=True)
    ]
    total = sum(evaluate(error.formula, pair) for pair in pairs) / share
    assert float(total) == pytest.approx(expected.item(), abs=1e-12)
    got = [float(evaluate(error.slopes[Y].value, pair) / share) for pair in pairs]
    wanted = y.grad.tolist()
    if name == "categorical-cross-entropy":
        # Through ln y and softmax PyTorch has the slope less the part along sum y = 1.
        wanted = [slope - 1 for slope in wanted]
    assert got == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "y", "t"),
    [("hinge", "1", "1"), ("hinge", "-1", "-1"), ("absolute-error", "0.3", "0.3")],
)
def test_the_slope_at_a_kink(name: str, y: str, t: str) -> None:
    values, record = {Y: Decimal(y), T: Decimal(t)}, LOSSES[name]
    usual = lose(record, Y, T, E).slopes[Y]
    assert usual.kink is not None and holds(usual.kink, values)
    assert evaluate(usual.value, values) == 0
    chosen = lose(record, Y, T, E, {"kink": Decimal("0.5")}).slopes[Y].value
    factor = -Decimal(t) if name == "hinge" else Decimal(1)
    assert evaluate(chosen, values) == factor / 2
    beside = {**values, Y: values[Y] + Decimal("0.1")}
    assert evaluate(chosen, beside) == evaluate(usual.value, beside)


@pytest.mark.parametrize(
    ("name", "good", "bad", "words"),
    [
        ("binary-cross-entropy", ["0", "0.3", "1"], ["-0.1", "1.1"], "from 0 to 1"),
        ("categorical-cross-entropy", ["0", "1"], ["2"], "from 0 to 1"),
        ("hinge", ["-1", "1"], ["0", "0.5", "2"], "-1 or 1"),
        ("huber", ["-7", "0", "7"], [], ""),
    ],
)
def test_targets(name: str, good: list[str], bad: list[str], words: str) -> None:
    for value in good:
        assert target_problem(LOSSES[name], Decimal(value)) is None
    for value in bad:
        message = target_problem(LOSSES[name], Decimal(value))
        assert message == f"got {value}; a target of {name} is {words}"


def test_targets_after_softmax_add_up_to_1() -> None:
    record = LOSSES["categorical-cross-entropy"]
    assert targets_problem(record, [Decimal("0.3"), Decimal("0.7")]) is None
    assert "add up to 2/5" in str(targets_problem(record, [Decimal("0.4")]))
    assert targets_problem(LOSSES["hinge"], [Decimal(1), Decimal(1)]) is None


PENALTY_FACTORS = [(half, count) for half in (True, False) for count in (None, 1, 3, 4)]


@pytest.mark.parametrize("name", list(PENALTIES))
@pytest.mark.parametrize(("half", "count"), PENALTY_FACTORS)
def test_a_penalty_and_its_slopes(name: str, half: bool, count: int | None) -> None:
    factor = factor_of(half, count)
    quantity = penalize(PENALTIES[name], (W1, W2), RATE, factor, PENALTY)
    rate, share = Decimal("0.12"), (2 if half else 1) * (count or 1)
    for v, w in (("0.3", "-2"), ("-0.5", "4")):
        values = {W1: Decimal(v), W2: Decimal(w), RATE: rate}
        assert_slopes(quantity, values)
        power = {"l2": 2, "l1": 1}[name]
        total = sum(abs(Decimal(x)) ** power for x in (v, w))
        assert abs(evaluate(quantity.formula, values) - rate * total / share) < 1e-25


def test_the_taught_slope_of_half_a_squared_penalty_is_lambda_w() -> None:
    l2 = penalize(PENALTIES["l2"], (W1,), RATE, factor_of(True), PENALTY)
    assert l2.slopes[W1].value.parts() == (Name(RATE), Name(W1))
    with pytest.raises(ValueError, match="at least one parameter"):
        penalize(PENALTIES["l2"], (), RATE, Number(Decimal(1)), PENALTY)


def test_the_absolute_penalty_has_slope_0_at_0() -> None:
    slope = penalize(PENALTIES["l1"], (W1,), RATE, factor_of(False), PENALTY).slopes[W1]
    values = {W1: Decimal(0), RATE: Decimal(3)}
    assert slope.kink is not None and holds(slope.kink, values)
    assert evaluate(slope.value, values) == 0


def test_penalties_of_pytorch() -> None:
    torch = load_torch()
    w = torch.tensor([0.3, -2.0], dtype=torch.float64, requires_grad=True)
    for name, penalty in (("l2", w.square().sum()), ("l1", w.abs().sum())):
        (wanted,) = torch.autograd.grad(0.1 * penalty, w)
        quantity = penalize(PENALTIES[name], (W1, W2), RATE, factor_of(False), PENALTY)
        values = {W1: Decimal("0.3"), W2: Decimal(-2), RATE: Decimal("0.1")}
        got = [float(evaluate(quantity.slopes[key].value, values)) for key in (W1, W2)]
        assert got == pytest.approx(wanted.tolist(), abs=1e-12)


FILE = """
[inputs]
i1 = 0.1
[[layers]]
activation = "sigmoid"
[layers.weights]
o1 = {{ w1 = 0.3 }}
[targets]
o1 = 1
[loss]
{}
[training]
learning_rate = 0.5
"""


def choose(lines: str) -> LossSpec:
    loss = read_network(FILE.format(lines)).loss
    assert loss is not None
    return loss


def test_the_usual_choices_of_a_file() -> None:
    assert choose('name = "huber"') == LossSpec("huber", "sum")
    assert choose('name = "mean-squared-error"').outputs == "mean"
    assert choose('name = "mean-squared-error"\noutputs = "sum"').outputs == "sum"


@pytest.mark.parametrize(
    ("log", "base"), [("2", "2"), ("10", "10"), ('"e"', "e"), ('"natural"', "e")]
)
def test_the_base_in_a_file(log: str, base: str) -> None:
    assert choose(f'name = "binary-cross-entropy"\nlog = {log}').base == base


def test_options_and_penalties_in_a_file() -> None:
    loss = choose(
        'name = "huber"\ndelta = 0.5\nsamples = "sum"\nway = "long"\n'
        'penalty = [{ name = "l2", rate = 0.1 }, { name = "l1", rate = 2,'
        " by_samples = true, biases = true }]"
    )
    l2 = PenaltySpec("l2", Entry(Decimal("0.1"), "loss.penalty[0].rate"), half=True)
    l1 = PenaltySpec(
        "l1",
        Entry(Decimal(2), "loss.penalty[1].rate"),
        by_samples=True,
        biases=True,
    )
    wanted = LossSpec("huber", "sum", "sum", way="long", options=HALF)
    assert loss == replace(wanted, penalties=(l2, l1))
    alone = choose('name = "hinge"\nkink = 1\npenalty = { name = "l2", rate = 0.1 }')
    assert alone.options == {"kink": Decimal(1)}
    assert alone.penalties[0].rate.path == "loss.penalty.rate"


BAD_CHOICES = [
    ('"huber"\ndelta = 0', "loss.delta", "got 0; allowed: a number above 0"),
    ('"huber"\ndelta = "1/3"', "loss.delta", "an option is a decimal"),
    ('"huber"\ndelta = "x"', "loss.delta", "got the text 'x', which is no number"),
    ('"huber"\ndelta = [1]', "loss.delta", "got a list"),
    ('"huber"\ndelat = 1', "loss.delat", "Did you mean 'delta'?"),
    ('"huber"\noutptus = "sum"', "loss.outptus", "Did you mean 'outputs'?"),
    ('"huber"\nkink = 0', "loss.kink", "no key of huber is called 'kink'"),
    ('"hinge"\nkink = 2', "loss.kink", "got 2; allowed: a number from 0 to 1"),
    ('"absolute-error"\nkink = -2', "loss.kink", "a number from -1 to 1"),
    ('"huber"\nlog = 2', "loss.log", "huber has no logarithm"),
    ('"binary-cross-entropy"\nlog = 3', "loss.log", 'allowed: "natural", 2 or 10'),
    ('"binary-cross-entropy"\nlog = true', "loss.log", "got true"),
    ('"binary-cross-entropy"\nway = "x"', "loss.way", "Known: short, long"),
    ('"huber"\npenalty = 3', "loss.penalty", "got 3; allowed: a table such as"),
    ('"huber"\npenalty = { name = "l3", rate = 1 }', "loss.penalty.name", "l2, l1"),
    ('"huber"\npenalty = { name = "l2" }', "loss.penalty.rate", "missing"),
    ('"huber"\npenalty = [{ name = "l2", rate = -1 }]', "loss.penalty[0].rate", "got"),
]


@pytest.mark.parametrize(("lines", "place", "words"), BAD_CHOICES)
def test_a_choice_that_cannot_be(lines: str, place: str, words: str) -> None:
    with pytest.raises(NetworkError) as error:
        choose(f"name = {lines}")
    (problem,) = error.value.problems
    assert problem.place == place
    assert words in problem.message


def test_every_record_says_what_it_is() -> None:
    sources = [record.source for record in LOSSES.values()]
    sources += [record.source for record in PENALTIES.values()]
    assert all(source and not source.endswith(".") for source in sources)
