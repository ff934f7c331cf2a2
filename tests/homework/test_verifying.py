"""The verification of variants finds what is false: mistakes are put into each place
that a wrong number could come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explainer.cli import papers
from explainer.cli.files import NotVerified
from explainer.cli.main import main
from explainer.cli.papers import Printer, prepare
from explainer.derivation.deriving import derive_graph
from explainer.derivation.readings import rounding_kind
from explainer.derivation.repeated_check import RepeatedCheck, check_run
from explainer.derivation.runs import run_at
from explainer.derivation.verification import check_lines
from explainer.examples import EXAMPLES, read_example
from explainer.homework.sheets import names_of, read_sheet
from explainer.homework.variants import cooking, deciding
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.marking import Template
from explainer.homework.variants.register import read_lines
from explainer.homework.variants.roster import Student
from explainer.homework.variants.shapes import Shape, make_shapes
from explainer.mathematics.compiled_operations import Compiled
from explainer.mathematics.formula import read
from explainer.mathematics.rounding import Digits, Rounding
from explainer.mathematics.written import Key
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.network.problems import NetworkError
from explainer.network.quantity import Slope
from explainer.notation import NOTATIONS, plain_name
from tests.derivation.test_verification import KINKED
from tests.homework.test_cooking import CHOICES
from tests.rereading.judging import judge

EXAMPLE = "forward-backward"
FEW_DIGITS = Rounding(Digits(3), "half-up", frozenset({"activation"}))
CARRY = {
    "shown": Rounding(Digits(4)),
    "full": Rounding(Digits(5, "decimals"), "truncate", frozenset()),
    "some": FEW_DIGITS,
}


def set_printer(name: str = EXAMPLE, more: str = "", **choices: Any) -> Printer:
    given = {**CHOICES, "to": ["md"], "prints": ["key", "blank"], **choices}
    return prepare(Manifest("1", name, read_example(name) + more, given), b"s", None)


def shape_of(name: str, rounding: Rounding) -> Shape:
    spec = replace(read_network(read_example(name)), rounding=rounding)
    (shape,) = make_shapes(spec, "signals", ()).values()
    return shape


def draws(shape: Shape, count: int) -> Iterator[dict[Key, Any]]:
    for number in range(count):
        yield {k: spread[number % len(spread)] for k, spread in shape.spreads.items()}


@pytest.mark.parametrize("carry", CARRY)
@pytest.mark.parametrize("name", EXAMPLES)
def test_lines_are_judged_as_sympy_judges_them(name: str, carry: str) -> None:
    shape = shape_of(name, CARRY[carry])
    check = RepeatedCheck(shape.reckoner)
    for givens in draws(shape, 2):
        with suppress(NetworkError):
            numbers = shape.reckoner.reckon(givens)
            run = run_at(shape.derivation, CARRY[carry], 1, givens)
            other = check_lines(run.derivation, run.readings, CARRY[carry], check.keys)
            assert check.lines_of(numbers) == other
            gradients = check.gradients_of(numbers)
            assert gradients.failures == ()
            assert gradients.compared == check_run(run).gradients.compared


def test_the_first_look_tells_nearly_always() -> None:
    """Few lines and gradients go the long way, or a class would take long."""
    for carry, rounding in CARRY.items():
        shape = shape_of(EXAMPLE, rounding)
        check = RepeatedCheck(shape.reckoner)
        for givens in draws(shape, 20):
            numbers = shape.reckoner.reckon(givens)
            assert check.look_at(numbers).count(None) <= 1, carry
            assert not check._differences.check(numbers.value).failures


@pytest.mark.parametrize("carry", CARRY)
def test_a_changed_digit_is_found(carry: str) -> None:
    """Any printed number: by two units of its last place where printed numbers are
    carried, by half of itself where lines are true within their digits only."""
    rounding = CARRY[carry]
    shape = shape_of(EXAMPLE, rounding)
    check = RepeatedCheck(shape.reckoner)
    numbers, graph = shape.reckoner.reckon({}), shape.derivation.graph
    for key in check.keys:
        place = shape.reckoner.places[key]
        right = numbers.shown[place]
        exponent = right.as_tuple().exponent
        assert isinstance(exponent, int)
        wrong = right + 2 * Decimal(1).scaleb(exponent)
        if carry != "shown":
            wrong += right / 2
        numbers.shown[place] = rounding.shown(wrong, rounding_kind(key, graph))
        numbers._readings = None
        assert key in check.lines_of(numbers).failures, key
        numbers.shown[place] = right


def inject(printer: Printer, change: Callable[[Compiled], Compiled], name: str) -> None:
    """Another compiled function for one quantity, in all that works out numbers."""
    reckoner = printer.shapes[""].reckoner
    places = {plain_name(key): reckoner.places[key] for key in reckoner.keys}
    steps = [*reckoner._steps]
    first = len(reckoner.derivation.graph.givens)
    step, place = steps[places[name] - first], places[name]

    def wrong(numbers: Any) -> None:
        step(numbers)
        found = numbers.value[place] * change
        shown = reckoner.rounding.shown(found, "gradient")
        numbers.value[place], numbers.shown[place] = found, shown
        numbers.carried[place] = found if not reckoner.rounding.carry else shown

    steps[places[name] - first] = wrong
    reckoner.__dict__["_steps"] = tuple(steps)


@pytest.mark.parametrize("carry", ["shown", "full"])
@pytest.mark.parametrize("name", ["out_h1", "dE/dw5", "new_w1", "E_o1"])
def test_wrong_compiled_code_is_found(name: str, carry: str) -> None:
    printer = set_printer(carry=carry)
    inject(printer, Decimal("1.01"), name)  # type: ignore[arg-type]
    with pytest.raises(NotVerified, match=rf"line: {name} = .* is false") as caught:
        printer.make(Student("5"))
    assert "-" in str(caught.value).partition("paper ")[2][:10]


@pytest.mark.parametrize("slope", ["a * (1 + a)", "a", "a * (1 - a) + a / 10**6"])
@pytest.mark.parametrize("name", ["mazur", EXAMPLE])
def test_an_edited_slope_is_found(name: str, slope: str) -> None:
    """Its lines are true: only the forward pass can tell."""
    spec = read_network(read_example(name))
    graph = build(spec)
    upper = next(q for q in graph.quantities.values() if q.rule == "sigmoid")
    (lower,) = upper.slopes
    wrong = Slope(read(slope, {"a": upper.key}), "slope_of_activation")
    changed = replace(upper, slopes={lower: wrong})
    graph = replace(graph, quantities={**graph.quantities, upper.key: changed})
    derivation = derive_graph(graph, "signals", ())
    printer = set_printer(name)
    shape = replace(printer.shapes[""], derivation=derivation)
    printer.shapes[""] = shape  # type: ignore[index]
    with pytest.raises(NotVerified, match=r"gradient: dE/dw1 is .* by central") as e:
        printer.make(Student("5"))
    assert "line:" not in str(e.value)


def filled(printer: Printer) -> cooking.CookedPage:
    """The key's page, after some papers."""
    for number in range(3):
        printer.make(Student(str(number)))
    page = printer.kitchens[""].pages["key", "md", False]
    assert page is not None
    return page


def test_a_slot_with_another_number_is_found() -> None:
    printer = set_printer()
    page = filled(printer)
    for templates in page.templates.values():
        for form, template in templates.items():
            if len(template.pieces) > 4:
                templates[form] = exchanged(template)
    with pytest.raises(NotVerified, match=r"key: \S+ stands in the place of \S+"):
        printer.make(Student("1"))


def exchanged(template: Template) -> Template:
    """The template with its first two numbers in each other's place."""

    def choose(digits: Any) -> tuple[str, ...]:
        first, second, *rest = template.choose(digits)
        return second, first, *rest

    return replace(template, choose=choose)


def test_a_page_with_another_digit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = set_printer()
    filled(printer)
    right = deciding.print_numbers

    def wrong(numbers: Any) -> Any:
        printed = right(numbers)
        assert printed
        place = numbers.reckoner.names.index("dE/dw5")
        printed.digits[place] = "0.12345"
        return printed

    monkeypatch.setattr(cooking, "print_numbers", wrong)
    with pytest.raises(NotVerified, match="0.12345 stands in the place of"):
        printer.make(Student("1"))


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        (EXAMPLE, {"carry": "shown"}),
        ("mazur", {"method": "signals", "figures": 5, "carry": "full"}),
        ("han-kamber", {"decimals": 4}),
        ("recurrent", {"figures": 4}),
    ],
)
def test_filled_pages_are_read_again(name: str, choices: dict[str, Any]) -> None:
    """A third road: the text that is written, read as a student's sheet is, and every
    line of it judged by a reader that shares nothing with the program."""
    printer = set_printer(name, **choices)
    derivation = printer.shapes[""].derivation
    spec = printer.network.spec
    base = NOTATIONS[spec.notation.base]
    own = base.extended(spec.notation.patterns, spec.notation.symbols)
    names = names_of([derivation], own)
    for number in range(3):
        variant = printer.exercise.make(Student(str(number)))
        text = str(printer._page(variant, "key", "md"))
        sheet = read_sheet(text, names)
        numbers = variant.numbers
        shown = dict(zip(numbers.reckoner.keys, numbers.shown, strict=True))
        keys = printer.checks[""].keys
        assert {key: sheet.entries[key].value for key in keys} == {
            key: shown[key] for key in keys
        }
        assert all(line.holds for line in sheet.lines)
        report = judge(text, truncate=spec.rounding.mode == "truncate")
        assert report.failures == []


def test_a_kink_is_skipped_and_counted() -> None:
    """A ReLU at 0: the difference is the mean of both slopes, and the slope is 0."""
    (shape,) = make_shapes(read_network(KINKED), "signals", ()).values()
    check = RepeatedCheck(shape.reckoner)
    found = check.gradients_of(shape.reckoner.reckon({}))
    assert [plain_name(key) for key in found.kinks] == ["out_h1"]
    # Those by w2, v1 and v2 do not pass through h1.
    assert (found.failures, found.compared, found.wanted) == ((), 3, 4)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["variants", EXAMPLE, *arguments])


def test_the_summary_says_what_was_verified(tmp_path: Path) -> None:
    result = run("--count", "5", "-o", str(tmp_path / "class"))
    assert "5 keys verified: 410 lines true" in result.output
    assert "50 gradients by central differences" in result.output
    for line in read_lines(tmp_path / "class/papers.jsonl"):
        assert (line.verified.keys, line.verified.gradients) == (1, 10)
    again = run("--count", "5", "-o", str(tmp_path / "class"))
    assert "5 keys verified: 410 lines true" in again.output
    other = run("--count", "5", "--no-verify", "-o", str(tmp_path / "other"))
    assert other.exit_code == 0 and "verified" not in other.output
    (line, *_) = read_lines(tmp_path / "other/papers.jsonl")
    assert line.verified.keys == 0
    late = run("--count", "5", "-o", str(tmp_path / "other"))
    assert "wrote 5 papers" in late.output and "5 keys verified" in late.output


def test_nothing_of_a_false_paper_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = papers.prepare
    third = right(Manifest("1", EXAMPLE, read_example(EXAMPLE), CHOICES), b"", None)
    assert third

    def wrong(*arguments: Any) -> Printer:
        printer = right(*arguments)
        inject(printer, Decimal("1.01"), "dE/dw5")  # type: ignore[arg-type]
        return printer

    monkeypatch.setattr(papers, "prepare", wrong)
    result = run("--count", "3", "-o", str(tmp_path / "class"))
    assert result.exit_code == 1
    assert "line: dE/dw5 = " in result.output
    assert not (tmp_path / "class").exists()


def test_every_iteration_of_a_key_is_verified() -> None:
    printer = set_printer(iterations=3)
    variant = printer.exercise.make(Student("1"))
    verified = printer.verify(variant)
    assert sum(verified.lines.values()) == 3 * 82
    assert verified.gradients == 30


def test_without_sympy(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys\n"
        "sys.modules['sympy'] = None\n"
        "from explainer.cli.main import main\n"
        "main(sys.argv[1:])\n"
    )
    words = ["variants", EXAMPLE, "--count", "2", "-o", str(tmp_path)]
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "2 keys verified" in done.stdout
