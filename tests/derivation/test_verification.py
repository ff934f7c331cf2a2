"""The verification finds what is false: each of its checks is shown to fail."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from explainer import Network, WorkedDerivation, derive
from explainer.derivation.deriving import Derivation
from explainer.derivation.form_check import check_forms
from explainer.derivation.gradient_check import at_kinks, check_gradients
from explainer.derivation.intervals import bound
from explainer.derivation.readings import Readings
from explainer.derivation.slope_check import check_slopes
from explainer.derivation.verification import (
    EXACT,
    FALSE,
    PROPAGATED,
    ROUNDED,
    check_lines,
    judge,
)
from explainer.derivation.working import Equation, Side
from explainer.mathematics.formula import read
from explainer.mathematics.written import Derivative, Key, Name, Number
from explainer.network.quantity import Quantity, Slope

SUM, OUT = Key("sum", ("h1",)), Key("activation", ("h1",))


@pytest.fixture
def worked() -> WorkedDerivation:
    return derive(Network.from_example("forward-backward"), verify=False)


def readings_of(worked: WorkedDerivation) -> Readings:
    assert worked.readings is not None
    return worked.readings


def with_shown(worked: WorkedDerivation, key: Key, shown: str) -> Readings:
    readings = dict(readings_of(worked))
    readings[key] = replace(readings[key], shown=Decimal(shown))
    return readings


@pytest.mark.parametrize(
    ("key", "shown", "verdict"),
    [
        (SUM, "0.41", EXACT),
        (SUM, "0.42", FALSE),
        (OUT, "0.60108", ROUNDED),
        (OUT, "0.60109", FALSE),
        (OUT, "-0.60108", FALSE),
    ],
)
def test_a_line_is_judged(
    worked: WorkedDerivation, key: Key, shown: str, verdict: str
) -> None:
    readings = with_shown(worked, key, shown)
    assert judge(worked.symbols, readings, worked.rounding, key) == verdict


def test_the_article_needs_all_three_classes(worked: WorkedDerivation) -> None:
    keys = tuple(worked.symbols.quantities)
    check = check_lines(worked.symbols, readings_of(worked), worked.rounding, keys)
    assert check.failures == ()
    assert all(check.counts[kind] for kind in (EXACT, ROUNDED, PROPAGATED))


def test_every_changed_last_digit_but_those_of_given_precision_is_false() -> None:
    """Where printed numbers are carried nothing is propagated: each digit counts."""
    worked = derive(Network.from_example("three-hidden-layers"), verify=False)
    for key, quantity in worked.symbols.quantities.items():
        shown = readings_of(worked)[key].shown
        assert isinstance(shown, Decimal)
        if quantity.rule == "seed" or shown.as_tuple().exponent == 0:
            continue
        exponent = shown.as_tuple().exponent
        assert isinstance(exponent, int)
        wrong = str(shown + 2 * Decimal(1).scaleb(exponent))
        readings = with_shown(worked, key, wrong)
        assert judge(worked.symbols, readings, worked.rounding, key) == FALSE, key


def changed_slope(derivation: Derivation, slope: str) -> Derivation:
    """The derivation with another slope for the output of h1."""
    graph = derivation.graph
    quantity = graph.quantities[OUT]
    wrong = Slope(read(slope, {"a": OUT, "z": SUM}), "slope_of_activation")
    changed = replace(quantity, slopes={SUM: wrong})
    return replace(
        derivation, graph=replace(graph, quantities={**graph.quantities, OUT: changed})
    )


@pytest.mark.parametrize(
    ("slope", "holds"),
    [
        ("a * (1 - a)", True),
        ("a - a**2", True),
        ("exp(-z) / (1 + exp(-z))**2", True),
        ("a * (1 + a)", False),
        ("z * (1 - z)", False),
        ("a * (1 - a) + exp(-50)", False),
    ],
)
def test_a_wrong_slope_is_found(
    worked: WorkedDerivation, slope: str, holds: bool
) -> None:
    check = check_slopes(changed_slope(worked.symbols, slope))
    assert (check.failures == ()) is holds


@pytest.mark.parametrize("name", ["forward-backward", "three-hidden-layers"])
def test_a_wrong_gradient_is_found_on_both_roads(name: str) -> None:
    worked = derive(Network.from_example(name), verify=False)
    full = worked.full
    assert full is not None
    assert check_gradients(worked.symbols, full).failures == ()
    key, gradient = next(iter(worked.symbols.gradients.items()))
    value = full[gradient].value * Decimal("1.0000000001")  # type: ignore[operator]
    wrong = {**full, gradient: replace(full[gradient], value=value)}
    assert check_gradients(worked.symbols, wrong).failures == (key,)


KINKED = """
[inputs]
x = 1
[[layers]]
activation = "relu"
[layers.weights]
h1 = { w1 = 0 }
h2 = { w2 = 0.5 }
[[layers]]
activation = "identity"
[layers.weights]
o = { v1 = 0.5, v2 = 0.25 }
[targets]
o = 1
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.1
"""


def test_a_kink_is_named_and_what_passes_through_it_is_not_compared() -> None:
    worked = derive(Network.from_text(KINKED))
    assert worked.full is not None and worked.proof is not None
    assert at_kinks(worked.symbols.graph, worked.full) == (OUT,)
    check = worked.proof.gradients
    assert (check.compared, check.wanted) == (3, 4)
    assert worked["dE/dw1"].shown == 0
    page = worked._repr_markdown_()
    assert "This is a kink: $\\mathit{net}_{h1} = 0$ holds exactly" in page
    assert "stands at a kink" in page


@pytest.mark.parametrize("slope", ["0", "0.5", "1"])
def test_the_slope_at_a_kink_is_the_files_choice(slope: str) -> None:
    choice = f'{{ name = "relu", kink = {slope} }}'
    worked = derive(Network.from_text(KINKED.replace('"relu"', choice)))
    assert worked["dout_h1/dsum_h1"].shown == Decimal(slope)
    assert worked["dout_h2/dsum_h2"].shown == 1


FORMS = [
    # a side of the line of dout_h1/dsum_h1                      whether it holds
    ("a * (1 - a)", None, True),
    ("exp(-z) / (1 + exp(-z))**2", None, True),
    ("a * (1 + a)", None, False),
    ("exp(-z) / (1 + exp(-z))", None, False),
    ("1 / (1 + exp(-z))", SUM, True),
    ("1 / (1 - exp(-z))", SUM, False),
]


@pytest.mark.parametrize(("form", "variable", "holds"), FORMS)
def test_a_wrong_form_is_found(
    worked: WorkedDerivation, form: str, variable: Key | None, holds: bool
) -> None:
    key = Key("local", (OUT, SUM))
    written = read(form, {"a": OUT, "z": SUM})
    side = Side("=", Derivative(written, Name(variable)) if variable else written)
    other = Side("=", read("a - a**2", {"a": OUT}))
    assert worked.full is not None
    equation = Equation(Name(key), (side, other), key)
    check = check_forms(worked.symbols, worked.full, {key: (equation,)})
    assert (check.failures == ()) is holds
    assert check.count >= 1


X = Key("input", ("x",))
BOUNDS = [
    ("x * x", "-1", "2", "-2", "4"),
    ("x**2", "-1", "2", "0", "4"),
    ("1 - x", "0", "1", "0", "1"),
    ("1 / x", "1", "2", "0.5", "1"),
    ("1 / x", "-1", "2", "-Infinity", "Infinity"),
    ("abs(x)", "-3", "2", "0", "3"),
    ("max(0, x)", "-3", "2", "0", "2"),
    ("1 / x", "-1", "0", "-Infinity", "Infinity"),
    ("log(x)", "0", "1", "-Infinity", "Infinity"),
    ("x**(-1)", "-1", "2", "-Infinity", "Infinity"),
    ("1 if x > 0 else 0", "-1", "1", "0", "1"),
    ("1 if x > 0 else 0", "1", "2", "1", "1"),
]


@pytest.mark.parametrize(("formula", "low", "high", "least", "most"), BOUNDS)
def test_bounds(formula: str, low: str, high: str, least: str, most: str) -> None:
    ranges = {X: (Decimal(low), Decimal(high))}
    assert bound(read(formula, {"x": X}), ranges) == (Decimal(least), Decimal(most))


def test_a_constant_is_bounded_by_itself() -> None:
    assert bound(Number(Decimal("0.1")), {}) == (Decimal("0.1"), Decimal("0.1"))


def test_quantities_of_rules_know_what_they_use() -> None:
    quantity = Quantity(OUT, read("z * z", {"z": SUM}), "square")
    assert quantity.uses == (SUM,)
