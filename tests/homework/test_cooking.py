"""A page that is filled is the page that is rendered, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from explainer.cli.papers import Printer, prepare
from explainer.derivation.readings import read_numbers
from explainer.derivation.working import same_value
from explainer.examples import read_example
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.numbers import Numbers
from explainer.homework.variants.quick import (
    CONTEXT,
    Doubtful,
    TooHard,
    compile_quickly,
    prepare_numbers,
)
from explainer.homework.variants.roster import Student
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.formula import read
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.mathematics.written import Key, Number
from explainer.network.problems import NetworkError

CHOICES: Mapping[str, Any] = {
    "to": ["md", "tex"],
    "prints": ["blank", "answers", "key"],
    "blank": ["gradients"],
    "hide": "working",
    "room": "lines",
    "points": [],
    "detail": "standard",
    "only": [],
    "show": [],
    "pictures": "none",
    **dict.fromkeys(
        "method matrices notation figures decimals mode carry updates order"
        " iterations language output".split()
    ),
}
NEGATIVE = """
[variants]
weights = { from = -1.5, to = 1.5, step = 0.25 }
biases = { from = -1, to = 1, step = 0.5 }
inputs = { from = -2, to = 2, step = 0.5 }
"""
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("forward-backward", {}),
    ("forward-backward", {"blank": ["results"], "hide": "numbers", "carry": "shown"}),
    ("mazur", {"method": "signals", "figures": 3}),
    ("mazur", {"decimals": 4, "hide": "result", "blank": ["updates"]}),
    ("tanh-neuron", {"detail": "full", "decimals": 6}),
    ("logistic-regression", {"figures": 4, "notation": "z-a-bracket"}),
    ("three-hidden-layers", {"method": "signals", "detail": "brief"}),
    ("single-neuron", {"mode": "truncate", "carry": "full", "blank": ["chains", "E"]}),
]


def set_printer(name: str, more: str = "", **choices: Any) -> Printer:
    text = read_example(name) + more
    return prepare(Manifest("1", name, text, {**CHOICES, **choices}), b"s", None)


PRINTERS = [set_printer(name, **choices) for name, choices in SETTINGS]
PRINTERS += [set_printer(name, NEGATIVE, **choices) for name, choices in SETTINGS]


@settings(deadline=None, max_examples=25, phases=[Phase.generate])
@given(st.sampled_from(range(len(PRINTERS))), st.integers(0, 10**6))
def test_filled_is_rendered(place: int, number: int) -> None:
    printer = PRINTERS[place]
    try:
        variant = printer.exercise.make(Student(str(number), "Ña_me"))
    except NetworkError:
        # At so few digits every paper has a number that vanishes.
        return
    assert printer._print(variant) == printer._print_in_full(variant)


def test_most_pages_are_filled() -> None:
    printer = set_printer("forward-backward")
    made = [printer.exercise.make(Student(str(number))) for number in range(30)]
    assert sum(isinstance(variant.readings, Numbers) for variant in made) >= 28
    printer.make(Student("1"))
    assert printer.kitchens[""] is not None


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("relu-homework", {}),
        ("mazur", {"method": "matrix"}),
        ("forward-backward", {"to": ["html"]}),
    ],
)
def test_what_is_too_hard_is_rendered(name: str, choices: dict[str, Any]) -> None:
    more = NEGATIVE if name == "relu-homework" else ""
    printer = set_printer(name, more, **choices)
    variant = printer.exercise.make(Student("5"))
    pages = printer._print(variant)
    assert printer.kitchens[""] is None
    assert pages == printer._print_in_full(variant)


ROUNDINGS = st.builds(
    Rounding,
    st.builds(Digits, st.integers(2, 9), st.sampled_from(["decimals", "figures"])),
    st.sampled_from(["half-up", "half-even", "truncate"]),
    st.sampled_from([frozenset(KINDS), frozenset[str](), frozenset(["activation"])]),
)


@settings(deadline=None, max_examples=60)
@given(ROUNDINGS, st.data())
def test_few_digits_print_the_same(rounding: Rounding, data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(PRINTERS)).shapes[""]
    givens = {
        key: data.draw(st.sampled_from(spread)) for key, spread in shape.spreads.items()
    }
    try:
        quick = prepare_numbers(shape.derivation, rounding).read(givens)
    except (Doubtful, ArithmeticError):
        return
    full = read_numbers(shape.derivation, rounding, givens)
    for key, reading in full.items():
        assert str(quick[key].shown) == str(reading.shown)
        difference = as_decimal(quick[key].carried) - as_decimal(reading.carried)
        assert abs(difference) <= abs(as_decimal(reading.carried)) * Decimal("1e-15")


def test_a_digit_in_doubt_is_not_taken() -> None:
    """0.125 with 28 digits may be a hair above or below: two decimals depend on it."""
    text = """
gradients_of = ["x"]
[inputs]
x = 3
[formulas]
f = "x / 24 * 1.0000000000000000000000000000000001"
[rounding]
decimals = 2
"""
    printer = prepare(Manifest("1", "f", text, CHOICES), b"s", None)
    with pytest.raises(Doubtful):
        prepare_numbers(
            printer.shapes[""].derivation, printer.network.spec.rounding
        ).read({})


def test_what_is_too_hard_is_said() -> None:
    x = Key("value", ("x",))
    for text in ("max(x, 1)", "x ** 0.5", "1 if x > 0 else 2"):
        with pytest.raises(TooHard):
            compile_quickly(read(text, {"x": x}), {x: 0})


@given(st.decimals("-3", "3", places=2), st.decimals("-3", "3", places=2))
def test_signs_between_sides_are_those_of_the_working(a: Decimal, b: Decimal) -> None:
    """The quick decision is `same_value` of the working."""
    from decimal import localcontext

    from explainer.homework.variants.relations import EXACT, find_sides

    keys = {name: Key("value", (name,)) for name in "ab"}
    result = Key("value", ("r",))
    formula = read("a * (1 - b) + a ** 2", keys)
    slots = {keys["a"]: 0, keys["b"]: 1, result: 2}
    finder = find_sides(formula, formula, result, slots)
    for rounded in (a * (1 - b) + a**2, Decimal("0.5")):
        values = [a, b, rounded]
        with localcontext(EXACT) as context:
            found = finder.find(values, values, context)
        exact = same_value(
            Number(Fraction(a * (1 - b) + a**2)), Number(Fraction(rounded))
        )
        assert found == (True, exact)
    assert CONTEXT.prec == 28


def test_the_manifest_is_the_same_either_way() -> None:
    printer = set_printer("mazur")
    variant = printer.exercise.make(Student("3"))
    assert isinstance(variant.readings, Numbers)
    line = json.loads(printer.make(Student("3")).line)
    full = read_numbers(
        printer.shapes[""].derivation, printer.network.spec.rounding, variant.givens
    )
    shown = {str(reading.shown) for reading in full.values()}
    assert {*line["found"].values()} <= shown
