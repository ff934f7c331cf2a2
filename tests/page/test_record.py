"""The derivation as data follows its schema, and says what the page says."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema
import pytest

from explainer import Network, derive, render
from explainer.derivation.deriving import METHODS
from explainer.examples import EXAMPLES
from explainer.page.record_schema import SCHEMA


def data_of(name: str, **choices: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        render(derive(Network.from_example(name), **choices), "json")
    )
    return found


# Formulas have no matrices; the refusal has a test of its own.
PAIRS = [
    (name, method)
    for name in EXAMPLES
    for method in METHODS
    if (name, method) != ("computational-graph", "matrix")
]


@pytest.mark.parametrize(("name", "method"), PAIRS)
def test_the_data_follow_the_schema(name: str, method: str) -> None:
    jsonschema.validate(data_of(name, method=method), SCHEMA)


def test_a_page_without_numbers_follows_the_schema() -> None:
    data = data_of("mazur", symbolic=True)
    jsonschema.validate(data, SCHEMA)
    assert data["verification"] is None
    assert all("value" not in quantity for quantity in data["quantities"])


def test_the_schema_can_refuse() -> None:
    data = data_of("mazur")
    data["quantities"][0]["value"]["shown"] = 0.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_quantity_uses_earlier_ones(name: str) -> None:
    data = data_of(name)
    seen: set[str] = set()
    for quantity in data["quantities"]:
        assert set(quantity["uses"]) <= seen
        seen.add(quantity["name"])
    steps = [q["step"] for q in data["quantities"] if q["step"]]
    assert sorted(steps) == list(range(1, len(steps) + 1))


def test_a_quantity_has_its_numbers_and_its_place() -> None:
    data = data_of("forward-backward")
    by_name = {quantity["name"]: quantity for quantity in data["quantities"]}
    gradient = by_name[data["gradients"]["w5"]]
    assert gradient["name"] == "dE/dw5"
    assert gradient["identity"] == {
        "kind": "derivative",
        "of": [
            {"kind": "total", "of": [], "at": {}},
            {"kind": "weight", "of": ["w5"], "at": {}},
        ],
        "at": {},
    }
    assert gradient["value"]["shown"] == "0.08020"
    assert abs(Decimal(gradient["value"]["full"]) - Decimal("0.0802031243")) < Decimal(
        "1e-10"
    )
    assert gradient["uses"] == ["dE/dout_o1", "dout_o1/dsum_o1", "dsum_o1/dw5"]
    assert by_name["w5"]["given_at"] == "layers[1].weights.o1.w5"


def test_only_keeps_what_is_needed() -> None:
    names = {q["name"] for q in data_of("forward-backward", only=["w5"])["quantities"]}
    assert "dE/dw5" in names and "new_w5" in names
    assert "dE/dw6" not in names


def test_numbers_are_text() -> None:
    for quantity in data_of("three-hidden-layers")["quantities"]:
        for number in quantity["value"].values():
            assert isinstance(number, str)
            Fraction(number)
