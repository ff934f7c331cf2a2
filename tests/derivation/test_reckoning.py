"""Numbers by compiled functions are the readings, to the last digit."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.derivation.readings import read_numbers
from explainer.derivation.reckoning import Reckoner
from explainer.examples import EXAMPLES, read_example
from explainer.homework.variants.shapes import Shape, make_shapes
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.network.file import read_network
from explainer.network.problems import NetworkError

ROUNDINGS = st.builds(
    Rounding,
    st.builds(Digits, st.integers(1, 9), st.sampled_from(["decimals", "figures"])),
    st.sampled_from(["half-up", "half-even", "truncate"]),
    st.sampled_from([frozenset(KINDS), frozenset[str](), frozenset(["activation"])]),
)


@cache
def shape_of(name: str) -> Shape:
    (shape,) = make_shapes(read_network(read_example(name)), "signals", ()).values()
    return shape


@settings(deadline=None)
@given(st.sampled_from(list(EXAMPLES)), ROUNDINGS, st.data())
def test_numbers_are_readings(
    name: str, rounding: Rounding, data: st.DataObject
) -> None:
    shape = shape_of(name)
    givens = {k: data.draw(st.sampled_from(s)) for k, s in shape.spreads.items()}
    reckoner = Reckoner(shape.derivation, rounding)
    try:
        wanted = read_numbers(shape.derivation, rounding, givens)
    except NetworkError as error:
        with pytest.raises(NetworkError, match=str(error)[:20]):
            reckoner.reckon(givens)
        return
    numbers = reckoner.reckon(givens)
    assert numbers.readings == wanted
    assert [str(r) for r in numbers.readings.values()] == [
        str(reading) for reading in wanted.values()
    ]
    assert numbers.exact == [reading.is_exact for reading in wanted.values()]


def test_exact_numbers_are_fractions() -> None:
    text = """
gradients_of = ["x"]
[inputs]
x = 1
[formulas]
f = "x / 3"
[rounding]
exact = true
carry = "full"
"""
    (shape,) = make_shapes(read_network(text), "signals", ()).values()
    assert "1/3" in map(str, shape.reckoner.reckon({}).printed)


def test_where_a_rule_has_no_value_it_is_said() -> None:
    text = 'gradients_of = ["x"]\n[inputs]\nx = 1\n[formulas]\nf = "log(x - 1)"\n'
    (shape,) = make_shapes(read_network(text), "signals", ()).values()
    with pytest.raises(NetworkError, match="a logarithm of 0"):
        shape.reckoner.reckon({})
