"""First law: every printed line is true. The page is read again, from its text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from explainer import Network, NetworkError, WorkedDerivation, derive, render
from explainer.examples import EXAMPLES
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Digits, Rounding
from explainer.mathematics.written import Cases, Number
from explainer.network.spec import NotationSpec, Spec
from explainer.notation import NOTATIONS
from explainer.page.composing import DETAILS
from explainer.page.document import Step
from explainer.worked import with_choices
from tests.network.strategies import specs
from tests.rereading.judging import judge
from tests.rereading.typography import typography

TRUE = ("equal", "rounded", "propagated", "symbolic")
NOTHING = frozenset[str]()
RULES = {
    "6 figures": Rounding(),
    "2 decimals, half even": Rounding(Digits(2, "decimals"), "half-even"),
    "4 decimals, all carried": Rounding(Digits(4, "decimals"), "half-up", NOTHING),
    "3 figures cut off, all carried": Rounding(Digits(3), "truncate", NOTHING),
    "whole numbers": Rounding(Digits(0, "decimals")),
    "activations carried, own digits for gradients": Rounding(
        Digits(3, "decimals"),
        "half-up",
        frozenset({"activation"}),
        {"gradient": Digits(5)},
    ),
}

# So few digits leave the logarithm of 0, or divide by the root of a 0.
REFUSED = {
    ("logistic-regression", "whole numbers"),
    ("softmax-adam", "2 decimals, half even"),
    ("softmax-adam", "whole numbers"),
}
# Printed matrices are multiplied out by a reader of their own.
METHODS = ("paths", "signals")


def assert_true(network: Network, method: str, detail: str) -> None:
    """The program's own verification holds, and so does the reading of the page."""
    derivation = derive(network, method=method, detail=detail)
    assert derivation.proof is not None and derivation.proof.holds
    page = render(derivation, "md")
    report = judge(page, truncate=network.spec.rounding.mode == "truncate")
    assert not report.failures, "\n".join(map(str, report.failures))
    assert not report.weak, "\n".join(map(str, report.weak))
    assert not typography(page)
    judged = {verdict.step for verdict in report.verdicts if verdict.kind in TRUE}
    for step in derivation.document.steps:
        assert step.number in judged or is_constant(derivation, step)


def is_constant(derivation: WorkedDerivation, step: Step) -> bool:
    """Whether a step only says that a slope is a number: there is nothing to judge."""
    assert step.key is not None
    formula = derivation.symbols.quantities[step.key].formula
    return isinstance(formula, Number | Cases)


@pytest.mark.parametrize(
    ("name", "method", "detail"), list(product(EXAMPLES, METHODS, DETAILS))
)
def test_every_example_is_true(name: str, method: str, detail: str) -> None:
    assert_true(Network.from_example(name), method, detail)


@pytest.mark.parametrize(("name", "rule"), list(product(EXAMPLES, RULES)))
def test_every_rounding_rule_is_true(name: str, rule: str) -> None:
    network = with_choices(Network.from_example(name), rounding=RULES[rule])
    if (name, rule) in REFUSED:
        with pytest.raises(NetworkError, match="has no value here"):
            derive(network)
        return
    for method in METHODS:
        assert_true(network, method, "standard")


def is_readable(network: Network) -> bool:
    """Whether the independent reader has digits enough: an update that goes too far
    leads to powers such as e^-900, beside which it cannot see a 1."""
    readings = derive(network, method="signals", verify=False).full
    assert readings is not None
    values = [as_decimal(reading.value) for reading in readings.values()]
    return all(not value or abs(value.adjusted()) < 40 for value in values) and all(
        abs(value) < 80 for value in values
    )


@settings(
    max_examples=40,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(specs(depth=3, width=3), st.sampled_from(list(NOTATIONS)))
def test_random_networks_are_true(spec: Spec, notation: str) -> None:
    network = with_choices(Network(spec), notation=NotationSpec(notation))
    try:
        assume(is_readable(network))
        assert_true(network, "signals", "standard")
    except NetworkError as error:
        # Rounding may leave nothing to divide by; then the program says so.
        assert "has no value here" in str(error)


def test_a_wrong_digit_is_found() -> None:
    page = render(derive(Network.from_example("forward-backward")), "md")
    assert judge(page, truncate=True).failures == []
    wrong = page.replace("&\\approx 0.08020\n", "&\\approx 0.08030\n", 1)
    assert wrong != page
    assert judge(wrong, truncate=True).failures
