"""Activations: slopes by central differences, both sides of each kink, and formulas of
the file, good and bad."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import mpmath
import pytest

from explainer.mathematics.differentiation import DifferentiationError
from explainer.mathematics.evaluation import evaluate
from explainer.mathematics.formula import FormulaError
from explainer.mathematics.plain import plain
from explainer.network.activation_choice import choose_activation
from explainer.network.activation_formula import from_formula
from explainer.network.activations import (
    ACTIVATIONS,
    Activation,
    Z,
    kink_of,
    points_of,
    slope_at,
    slopes_beside,
    write,
)
from explainer.network.problems import Findings
from explainer.network.schema import ActivationTable
from tests.network.slope_proof import SlopeError, prove_slope

POINTS = ("-7.3", "-2.9", "-0.41", "0.37", "2.2", "5.9")
WHERE = ("layers", 0, "activation")


def value_at(record: Activation, z: Decimal) -> Decimal:
    return evaluate(write(record.formula, record, {}), {Z: z})


def assert_central_difference(record: Activation, z: Decimal) -> None:
    """(f(z + h) - f(z - h)) / 2h, whose error is of the order of h^2."""
    with mpmath.workdps(50):
        step = Decimal("1e-12")
        high, low = (mpmath.mpf(str(value_at(record, z + h))) for h in (step, -step))
        slope = mpmath.mpf(str(slope_at(record, {}, z)))
        assert abs((high - low) / (2 * mpmath.mpf("1e-12")) - slope) < 1e-20


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_slope_by_central_differences(name: str, point: str) -> None:
    assert_central_difference(ACTIVATIONS[name], Decimal(point))


KINKS = [
    ("relu", {}, {"0": ("0", "1")}),
    ("leaky-relu", {}, {"0": ("0.01", "1")}),
    ("elu", {"alpha": Decimal("0.5")}, {"0": ("0.5", "1")}),
    ("hard-sigmoid", {}, {"-3": ("0", "1"), "3": ("1", "0")}),
]


@pytest.mark.parametrize(("name", "options", "sides"), KINKS)
def test_both_sides_of_each_kink(name: str, options: Any, sides: Any) -> None:
    record = ACTIVATIONS[name]
    kink = kink_of(record, options)
    assert kink is not None
    assert sorted(map(str, points_of(kink))) == sorted(sides)
    for point, expected in sides.items():
        scale = 6 if name == "hard-sigmoid" else 1
        found = [s * scale for s in slopes_beside(record, options, Decimal(point))]
        for one, other in zip(found, expected, strict=True):
            assert abs(one - Decimal(other)) < Decimal("1e-18")


def test_elu_has_a_kink_unless_alpha_is_one() -> None:
    assert kink_of(ACTIVATIONS["elu"], {}) is None
    assert kink_of(ACTIVATIONS["elu"], {"alpha": Decimal(2)}) is not None


GOOD = [
    ("z / (1 + abs(z))", {}, None),
    ("z * abs(z)", {}, None),
    ("abs(z - 1) + abs(z + 1)", {}, "abs(z) == 1"),
    ("max(z, c)", {"c": Decimal("0.25")}, "z == 0.25"),
    ("1 if z > 0 else 0", {}, "z == 0"),
    ("z if z > 0 else exp(z) - 1", {}, None),
    ("abs(z - 1) + abs(z + 2)", {}, "(z - 1)*(z + 2) == 0"),
    ("log2(1 + z**2) + log10(4 + sin(z)) + erf(z / pi)", {}, None),
]


@pytest.mark.parametrize(("formula", "constants", "kink"), GOOD)
def test_a_formula_of_the_file(formula: str, constants: Any, kink: str | None) -> None:
    record = from_formula("own", formula, constants)
    prove_slope(record)
    for point in POINTS:
        assert_central_difference(record, Decimal(point))
    found = kink_of(record, {})
    assert (found and plain(found, lambda key: str(key.of[0]))) == kink


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_slopes_of_the_catalogue_are_proved(name: str) -> None:
    prove_slope(ACTIVATIONS[name])


def test_a_wrong_slope_is_caught() -> None:
    with pytest.raises(SlopeError, match="differs"):
        prove_slope(Activation("own", "tanh(z)", "1 - a"))
    with pytest.raises(SlopeError, match="no value"):
        prove_slope(from_formula("own", "log(-1 - z**2)", {}))


@pytest.mark.parametrize("formula", ["1 + 2", "z > 0", "zz", "a * z", "z +", "f(z)"])
def test_what_is_no_formula(formula: str) -> None:
    with pytest.raises(FormulaError):
        from_formula("own", formula, {})


def test_what_cannot_be_differentiated() -> None:
    with pytest.raises(DifferentiationError):
        from_formula("own", "(1 + z**2)**z", {})


def choose(**keys: Any) -> tuple[Activation, Any, list[str]]:
    findings = Findings()
    record, options = choose_activation(ActivationTable(**keys), WHERE, findings)
    problems = findings.in_file_order({"layers": [{"activation": keys}]})
    return record, options, [str(problem) for problem in problems]


def test_a_formula_with_constants_is_chosen() -> None:
    record, options, problems = choose(
        name="bent", formula="z / (c + abs(z))", c=Decimal(2)
    )
    assert (record.name, options, problems) == ("bent", {"c": Decimal(2)}, [])
    assert slope_at(record, options, Decimal(0)) == Decimal("0.5")


REFUSED = [
    ({"name": "silo"}, ".name: ", "Did you mean 'silu'?"),
    ({"name": "relu", "formula": "z"}, ".formula: ", "catalogue"),
    ({"name": "b_t", "formula": "z"}, ".name: ", "letters"),
    ({"name": "bent", "formula": "1"}, ".formula: ", "no z"),
    ({"name": "bent", "formula": "tahn(z)"}, ".formula: ", "mean 'tanh'?"),
    ({"name": "bent", "formula": "z**z"}, ".formula: ", "no rule differentiates"),
    ({"name": "bent", "formula": "z", "c": Decimal(1)}, ".c: ", "has no c in it"),
    ({"name": "bent", "formula": "z", "pi": Decimal(3)}, ".pi: ", "cannot be called"),
    ({"name": "bent", "formula": "z", "kink": Decimal(0)}, ".kink: ", "catalogue"),
    ({"name": "elu", "kink": Decimal("0.5")}, ".kink: ", "alpha = 1 has no kink"),
    ({"name": "elu", "alpha": Decimal(0)}, ".alpha: ", "a number above 0"),
    ({"name": "elu", "alhpa": Decimal(1)}, ".alhpa: ", "Did you mean 'alpha'?"),
    ({"name": "hard-sigmoid", "kink": Decimal("0.5")}, ".kink: ", "sides, 0 and 0.1"),
]


@pytest.mark.parametrize(("keys", "place", "words"), REFUSED)
def test_a_refused_choice(keys: Any, place: str, words: str) -> None:
    *_, (problem,) = choose(**keys)
    assert problem.startswith(f"layers[0].activation{place}")
    assert words in problem


def test_a_cubic_formula_is_proved() -> None:
    prove_slope(from_formula("cubic", "z - z**3 / 3", {}))
