"""Rounding: what is printed, and how far it is from the value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.formula import read
from explainer.mathematics.latex import latex
from explainer.mathematics.plain import plain
from explainer.mathematics.rounding import (
    FULL,
    KINDS,
    MODES,
    Digits,
    Rounding,
    shortest,
)

TABLE = [
    # count, unit, mode, value, shown
    (4, "figures", "half-up", "0.12345", "0.1235"),
    (4, "figures", "half-even", "0.12345", "0.1234"),
    (4, "figures", "half-even", "0.12355", "0.1236"),
    (4, "figures", "half-even", "0.123450001", "0.1235"),
    (4, "figures", "truncate", "0.12349999", "0.1234"),
    (3, "figures", "half-up", "2.675", "2.68"),
    (2, "decimals", "half-up", "2.675", "2.68"),
    (2, "decimals", "half-up", "1.005", "1.01"),
    (2, "decimals", "half-even", "2.665", "2.66"),
    (2, "decimals", "truncate", "2.669", "2.66"),
    (3, "figures", "half-up", "-0.00043857", "-0.000439"),
    (3, "figures", "half-up", "-2.675", "-2.68"),
    (2, "decimals", "half-up", "-2.675", "-2.68"),
    (2, "decimals", "half-even", "-2.665", "-2.66"),
    (2, "decimals", "truncate", "-2.679", "-2.67"),
    (4, "figures", "half-up", "9.9996", "10.00"),
    (4, "figures", "half-even", "9.9996", "10.00"),
    (4, "figures", "truncate", "9.9996", "9.999"),
    (4, "figures", "half-up", "-9.9996", "-10.00"),
    (3, "figures", "half-up", "0.0099996", "0.0100"),
    (2, "decimals", "half-up", "9.996", "10.00"),
    (5, "decimals", "truncate", "0.4518781", "0.45187"),
    (5, "decimals", "truncate", "0.1948017", "0.19480"),
    (6, "figures", "half-up", "0.4100000", "0.41"),
    (6, "figures", "half-up", "0.20", "0.2"),
    (5, "decimals", "half-up", "3", "3"),
    (6, "figures", "half-up", "1200", "1200"),
    (3, "figures", "half-up", "123456", "1.23E+5"),
    (3, "figures", "half-up", "0", "0"),
    (3, "figures", "half-up", "-0.0", "0"),
    (4, "decimals", "half-up", "0.00004", "0.0000"),
    (4, "decimals", "half-up", "-0.00004", "0.0000"),
    (4, "decimals", "half-up", "0.00005", "0.0001"),
    (3, "figures", "half-up", "1.2345E-12", "1.23E-12"),
    (5, "decimals", "half-up", "1E+60", "1E+60"),
    (2, "decimals", "half-up", "1" * 55 + ".125", "1" * 55 + ".13"),
    (50, "figures", "half-up", "9." + "9" * 60, "10." + "0" * 48),
    (3, "figures", "half-up", "1.2345E-4342944820", "1.23E-4342944820"),
]


@pytest.mark.parametrize(("count", "unit", "mode", "value", "shown"), TABLE)
def test_what_is_printed(
    count: int, unit: str, mode: str, value: str, shown: str
) -> None:
    rounding = Rounding(Digits(count, unit), mode)
    assert str(rounding.shown(Decimal(value), "sum")) == shown


def test_a_typed_number_stays_as_typed() -> None:
    number = read("0.20", {})
    assert latex(number, str) == plain(number, str) == "0.20"


def test_digits_may_differ_by_kind() -> None:
    rounding = Rounding(Digits(3), by_kind={"gradient": Digits(5, "decimals")})
    value = Decimal("0.0123456789")
    shown = {kind: str(rounding.shown(value, kind)) for kind in KINDS}
    assert shown.pop("gradient") == "0.01235"
    assert set(shown.values()) == {"0.0123"}


ORIGIN_TABLE = [
    # count, unit, mode, printed, least, most
    (3, "figures", "half-up", "0.123", "0.1225", "0.1235"),
    (3, "figures", "half-even", "-0.123", "-0.1235", "-0.1225"),
    (3, "figures", "truncate", "0.123", "0.123", "0.124"),
    (3, "figures", "truncate", "-0.123", "-0.124", "-0.123"),
    (4, "figures", "half-up", "10.00", "9.995", "10.005"),
    (5, "decimals", "half-up", "12.34567", "12.345665", "12.345675"),
    (5, "decimals", "truncate", "0", "-0.00001", "0.00001"),
]


@pytest.mark.parametrize(
    ("count", "unit", "mode", "printed", "least", "most"), ORIGIN_TABLE
)
def test_the_numbers_that_are_printed_alike(
    count: int, unit: str, mode: str, printed: str, least: str, most: str
) -> None:
    rounding = Rounding(Digits(count, unit), mode)
    origin = rounding.origin(Decimal(printed), "sum")
    assert origin == (Decimal(least), Decimal(most))


ROUNDINGS = st.builds(
    lambda count, unit, mode: Rounding(Digits(count, unit), mode),
    st.integers(1, 20),
    st.sampled_from(("figures", "decimals")),
    st.sampled_from(sorted(MODES)),
)
VALUES = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**24), 10**24),
    st.integers(-45, 6),
)


def distance(one: Decimal, other: Decimal) -> Fraction:
    return abs(Fraction(one) - Fraction(other))


@given(rounding=ROUNDINGS, value=VALUES)
def test_the_printed_number_is_within_the_bound(
    rounding: Rounding, value: Decimal
) -> None:
    least, most = rounding.origin(rounding.shown(value, "sum"), "sum")
    assert least <= value <= most


@given(rounding=ROUNDINGS, value=VALUES)
def test_a_printed_number_is_not_rounded_again(
    rounding: Rounding, value: Decimal
) -> None:
    shown = rounding.shown(value, "sum")
    assert rounding.shown(shown, "sum") == shown


@given(rounding=ROUNDINGS, value=VALUES)
def test_signs_and_zero(rounding: Rounding, value: Decimal) -> None:
    shown = rounding.shown(value, "sum")
    assert shown == -rounding.shown(-value, "sum")
    assert shown or not shown.is_signed(), "-0 is not printed"
    if rounding.mode == "truncate":
        assert distance(shown, Decimal(0)) <= distance(value, Decimal(0))


@given(rounding=ROUNDINGS, value=VALUES)
def test_no_more_digits_are_printed_than_asked(
    rounding: Rounding, value: Decimal
) -> None:
    shown = rounding.shown(value, "sum")
    digits = rounding.digits
    if digits.unit == "figures" and shown:
        assert len(shown.normalize().as_tuple().digits) <= digits.count
    if digits.unit == "decimals":
        places = Fraction(shown) * 10**digits.count
        assert places.denominator == 1


@given(value=VALUES)
def test_the_shortest_form_is_the_same_number(value: Decimal) -> None:
    short = shortest(value)
    assert Fraction(short) == Fraction(value)
    assert not ("." in str(short) and str(short).partition("E")[0].endswith("0"))


def test_a_number_too_far_off_is_caught() -> None:
    least, most = Rounding(Digits(3)).origin(Decimal("0.124"), "sum")
    assert not least <= Decimal("0.1234") <= most


def test_full_precision_rounds_no_digits_that_matter() -> None:
    value = as_decimal(Fraction(1, 3))
    assert str(value) == "0." + "3" * 50
    assert distance(FULL.shown(value, "sum"), value) < Fraction(1, 10**39)
    assert FULL.carry == frozenset()
