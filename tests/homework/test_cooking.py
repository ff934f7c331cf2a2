"""A page that is filled is the page that is rendered, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from explainer.cli.papers import Printer, prepare
from explainer.cli.worksheet import NAMES, PAGES
from explainer.derivation.deriving import derive_graph
from explainer.derivation.reckoning import Reckoner
from explainer.derivation.working import EQUAL, work_out
from explainer.examples import read_example
from explainer.homework.variants.deciding import LOOK, relations_of
from explainer.homework.variants.making import Variant
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.roster import Student
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.network.problems import NetworkError
from explainer.page.templates import template_folder

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
    ("three-hidden-layers", {"method": "signals", "detail": "brief", "to": ["html"]}),
    ("single-neuron", {"mode": "truncate", "carry": "full", "blank": ["chains", "E"]}),
    ("relu-homework", {"decimals": 3, "blank": ["results"], "to": ["md", "html"]}),
    ("han-kamber", {"carry": "shown", "figures": 5, "to": ["md", "typ"]}),
    ("softmax-adam", {"iterations": 1, "decimals": 7, "carry": "full"}),
    ("computational-graph", {"decimals": 3}),
    (
        "recurrent",
        {"figures": 4, "hide": "numbers", "language": "es", "to": ["tex", "html"]},
    ),
    ("convolution", {"to": ["md"], "prints": ["blank", "key"], "decimals": 2}),
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
    except NetworkError as error:
        # Ranges with negative numbers turn units off, and nothing else is wrong.
        assert "papers for" in str(error)
        return
    assert printer._print(variant) == printed_in_full(printer, variant)


def printed_in_full(printer: Printer, variant: Variant) -> Mapping[str, str | bytes]:
    """Every page from a document of its own."""
    return {
        f"{variant.code}-{NAMES[part]}{PAGES[form]}": printer.render(
            variant, part, form
        )
        for form in printer.choices["to"]
        for part in printer.choices["prints"]
    }


@pytest.mark.parametrize("name", [name for name, _ in SETTINGS[-6:]])
def test_pages_of_every_shape_are_filled(name: str) -> None:
    """None of them is rendered again, when its blocks are known."""
    printer = set_printer(name, **dict(SETTINGS)[name])
    variant = next(make_some(printer))
    printer._print(variant)
    kitchen = printer.kitchens[""]
    assert all(page is not None for page in kitchen.pages.values())
    for part, form, _ in kitchen.pages:
        assert kitchen.page(variant, part, form) is not None


def make_some(printer: Printer) -> Iterator[Variant]:
    for number in range(50):
        with suppress(NetworkError):
            yield printer.exercise.make(Student(str(number)))


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("mazur", {"method": "matrix"}),
        ("forward-backward", {"iterations": 3}),
        ("forward-backward", {"pictures": "network", "to": ["tex"]}),
    ],
)
def test_what_is_not_cooked_is_rendered(name: str, choices: dict[str, Any]) -> None:
    printer = set_printer(name, **choices)
    variant = printer.exercise.make(Student("5"))
    assert printer._print(variant) == printed_in_full(printer, variant)


def test_a_template_of_the_users_own_is_rendered(tmp_path: Path) -> None:
    """One without cuts between its blocks."""
    skeleton = (template_folder() / "base/document.j2").read_text("utf-8")
    own = tmp_path / "base/document.j2"
    own.parent.mkdir()
    own.write_text(skeleton.replace("<< cuts >>", ""), "utf-8")
    manifest = Manifest("1", "mazur", read_example("mazur"), CHOICES)
    printer = prepare(manifest, b"s", tmp_path)
    variant = printer.exercise.make(Student("5"))
    assert printer._print(variant) == printed_in_full(printer, variant)
    assert {*printer.kitchens[""].pages.values()} == {None}


@given(st.decimals("-3", "3", places=2), st.decimals("-3", "3", places=2))
def test_signs_between_sides_are_those_of_the_working(a: Decimal, b: Decimal) -> None:
    """What is decided from numbers alone is what the working says."""
    text = f"""
gradients_of = ["a"]
[inputs]
a = {a}
b = {b}
[formulas]
f = "a * (1 - b) + a ** 2"
g = "exp(a - b)"
[rounding]
decimals = 3
"""
    for carry in ("shown", "full"):
        derivation = derive_graph(build(read_network(text)), "signals", ())
        rounding = Rounding(
            Digits(3, "decimals"), carry=frozenset(KINDS if carry == "shown" else ())
        )
        reckoner = Reckoner(derivation, rounding)
        numbers = reckoner.reckon({})
        for quantity in derivation.quantities.values():
            symbols = work_out(derivation, quantity, None).sides
            with localcontext(LOOK):
                last = symbols[-1].written
                found = relations_of(reckoner, quantity, last)(numbers, None)
            sides = work_out(derivation, quantity, numbers.readings).sides
            signs = [side.relation == EQUAL for side in sides[len(symbols) :]]
            if len(signs) == 2:
                assert found == 2 * signs[0] + signs[1]
