"""The report on a sheet: what it says first, line by line, and in points."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from explainer import worked
from explainer.derivation.deriving import derive_graph
from explainer.derivation.readings import read_numbers
from explainer.derivation.working import Equation
from explainer.examples import EXAMPLES
from explainer.homework.injecting import inject
from explainer.homework.mistakes import MISTAKES
from explainer.homework.report.checking import Checked, Checker, Policy
from explainer.homework.report.composing import Report, compose_report
from explainer.homework.report.marking import Credit, Marking, mark
from explainer.homework.report.record import record_report
from explainer.homework.report.record_schema import SCHEMA
from explainer.mathematics.plain import plain
from explainer.mathematics.rounding import Digits
from explainer.mathematics.written import Number, names_in
from explainer.notation import NOTATIONS, Speller, plain_name
from explainer.page.formats import FORMATS
from explainer.page.rendering import Renderer
from explainer.page.terminal import TerminalRenderer
from explainer.worked import Network
from tests.homework.sheets import Style, asked, write_sheet

VALIDATOR = Draft202012Validator(SCHEMA)


@cache
def checker(name: str = "mazur", policy: Policy | None = None) -> Checker:
    network = Network.from_example(name)
    return Checker(network.spec, network.graph, policy)


def lines(
    mistakes: tuple[str, ...] = (),
    name: str = "mazur",
    style: Style | None = None,
    **changed: str,
) -> str:
    """A sheet of plain lines, worked out with these mistakes."""
    answers = checker(name).answers
    keys = asked(answers)
    for mistake in mistakes:
        found = inject(answers, MISTAKES[mistake])
        assert found is not None
        answers = found
    sheet = write_sheet(answers, keys, style or Style(5))
    assert sheet is not None
    return as_text({plain_name(k): e.text for k, e in sheet.items()} | changed)


def as_text(values: Mapping[str, str]) -> str:
    return "".join(f"{name} = {text}\n" for name, text in values.items())


def report_on(text: str, name: str = "mazur", marking: Marking | None = None) -> Report:
    checked = checker(name).check(text)
    marks = mark(checker(name), checked, marking or Marking())
    return Report("A network", checked, marks)


def terminal(report: Report, name: str = "mazur") -> str:
    renderer = TerminalRenderer(checker(name).spell)
    text = renderer.render(compose_report(report))
    return re.sub(r"\[/?(?:bold|dim)\]", "", text)


def remarks(text: str) -> dict[int, str]:
    """The remark on each line of a report in the terminal."""
    found: dict[int, str] = {}
    current = 0
    table = text.split("Line by line")[1].split("\nPoints")[0]
    for row in table.splitlines():
        if start := re.match(r"    (\d+) +(.*)", row):
            current = int(start[1])
            found[current] = re.split(r"  +", start[2])[-1]
        elif current and row.strip():
            found[current] += " " + row.strip()
    return found


def test_a_right_sheet_is_told_so_and_has_all_points() -> None:
    report = report_on(lines())
    text = terminal(report)
    assert report.checked.is_right
    assert "Well done" in text and "Where to look" not in text
    assert set(remarks(text).values()) == {"right"}
    assert report.marks.earned == report.marks.possible > 0


# What must be named, by the plain name of the step where it is seen first.
PLANTED = {
    "bias-left-out": ("sum_h1", "The bias is missing"),
    "activation-not-applied": ("out_h1", "The activation function was not applied"),
    "target-minus-output": ("dE_o1/dout_o1", "output minus target"),
    "slope-of-output-missing": ("delta_o1", "The slope of the activation is missing"),
    "weight-for-source": ("dE/dw1", "The weight was used as the factor"),
    "weight-missing": ("dE/dout_h1", "the weight of the connection is missing"),
    "first-way-only": ("dE/dout_h1", "Only one of the ways"),
    "updated-weights": ("dE/dout_h1", "The new weights were used on the way back"),
    "step-added": ("new_w1", "The step was added"),
    "rate-missing": ("new_w1", "The learning rate is missing"),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_named_at_its_first_step(mistake: str) -> None:
    step, words = PLANTED[mistake]
    report = report_on(lines((mistake,)))
    finding = report.checked.diagnosis.findings[0]
    names = {m.name for h in finding.hypotheses for m in h.mistakes}
    assert mistake in names
    assert plain_name(finding.first) == step
    place = terminal(report).split("First: ")[1].split("Line by line")[0]
    assert words in " ".join(place.split())
    assert place.startswith(f"line {report.checked.sheet.entries[finding.first].line},")


# Right values of Mazur's example, and what one mistake makes of one of them: the table
# of numbers per mistake, worked out apart from the catalogue.
MAZUR = {
    "sum_h1": "0.3775",
    "out_h1": "0.593269992",
    "out_o1": "0.751365070",
    "delta_o1": "0.138498562",
    "dE/dw5": "0.082167041",
    "new_w5": "0.35891648",
    "dE/dout_h1": "0.036350306",
    "dE/dw1": "0.000438568",
    "new_w1": "0.149780716",
}


@pytest.mark.parametrize(
    ("identity", "name", "value"),
    [
        ("D1", "dE_o1/dout_o1", "-0.741365070"),
        ("D8", "dout_o1/dsum_o1", "-0.117122041"),
        ("D9", "dout_o1/dsum_o1", "0.217788341"),
        ("H1", "dE/dout_h1", "0.055399425"),
        ("H7", "dE/dout_h1", "0.030229739"),
        ("G4", "dE/dw1", "0.008771355"),
        ("F2", "sum_h1", "0.3825"),
        ("U1", "new_w5", "0.441083520"),
        ("U2", "new_w5", "0.317832959"),
    ],
)
def test_the_table_of_mistakes_of_mazurs_example(
    identity: str, name: str, value: str
) -> None:
    order = list(checker().names.plain.values())
    before = {k: v for k, v in MAZUR.items() if order.index(k) < order.index(name)}
    report = report_on(as_text(before | {name: value}))
    (finding,) = report.checked.diagnosis.findings
    assert plain_name(finding.first) == name
    # A convention stands for the mistakes that it looks like: D1+U1.
    found = {i for h in finding.hypotheses for i in h.ids}
    assert identity in {part for ids in found for part in ids.split("+")}


def test_a_right_value_that_does_not_follow_is_no_mistake_of_the_catalogue() -> None:
    text = as_text({"sum_h1": "0.0275", "out_h1": "0.506874567", "dE/dw5": "0.0821"})
    said = " ".join(terminal(report_on(text)).split())
    copied = said.split("Line 3, ")[1].split("Line by line")[0]
    assert "The value is right, but not what your earlier lines give." in copied
    assert "From your line 2 you would get 0.07079." in copied
    assert "What leads to your value" not in copied


def test_both_formulas_stand_side_by_side_in_the_students_numbers() -> None:
    text = terminal(report_on(lines(("step-added",))))
    assert "w₅⁺" in text
    place = text.split("First: ")[1]
    right, wrong = place.split("What leads to your value.")
    assert "w₁⁺ = w₁ − η · ∂Eₜₒₜₐₗ/∂w₁\n" in right
    assert "≈ 0.15 − 0.5 × 0.00044\n" in right
    assert wrong.strip().startswith("w₁ + η · ∂Eₜₒₜₐₗ/∂w₁ ≈ 0.15 + 0.5 × 0.00044")


def test_every_printed_equation_of_a_report_is_true() -> None:
    """Both sides of each relation between numbers, evaluated in floating point."""
    counts: Counter[str] = Counter()
    for mistake in PLANTED:
        document = compose_report(report_on(lines((mistake,))))
        equations = [e for step in document.steps for e in step.equations]
        assert equations
        for left, relation, right in links(equations):
            counts[relation] += 1
            typed = Decimal(right)
            unit = 10.0 ** int(typed.as_tuple().exponent)
            allowed = 1e-12 if relation == "=" else 0.51 * unit
            assert abs(in_floats(left) - float(typed)) <= allowed
    assert counts["="] and counts["approx"]


def links(equations: Iterable[Equation]) -> Iterator[tuple[str, str, str]]:
    """Each two neighbours that are made of numbers alone, in plain text."""
    for equation in equations:
        before = equation.left
        for side in equation.sides:
            if not names_in(before) and not names_in(side.written):
                left, right = (plain(w, plain_name) for w in (before, side.written))
                yield left, side.relation, right
            before = side.written


def in_floats(text: str) -> float:
    names = {
        "max": max,
        "exp": math.exp,
        "e": math.e,
        "ln": math.log,
        "tanh": math.tanh,
    }
    return float(eval(text.replace("^", "**"), {"__builtins__": {}}, names))


def test_what_follows_from_a_mistake_is_told_kindly_and_has_credit() -> None:
    report = report_on(lines(sum_h1="0.3975"))
    found = remarks(terminal(report))
    assert found[1] == "look at this step again"
    follows = lines(("bias-left-out",))
    marks = report_on(follows).marks
    told = remarks(terminal(report_on(follows)))
    assert told[2] == "follows from your line 1: the method is right here"
    assert marks.count(Credit.WRONG) == 4
    assert marks.earned == marks.possible - 4


@pytest.mark.parametrize(("share", "lost"), [("0.5", "0.5"), ("0", "1")])
def test_credit_for_what_follows_is_a_policy(share: str, lost: str) -> None:
    text = lines(("bias-left-out",))
    full = report_on(text).marks
    less = report_on(text, marking=Marking({}, Decimal(share))).marks
    follows = full.count(Credit.FOLLOWS)
    assert follows
    assert full.earned - less.earned == follows * Decimal(lost)


def test_points_by_kind() -> None:
    text = lines()
    plain, double = report_on(text), report_on(text, marking=Marking({"gradient": 2}))
    none = report_on(text, marking=Marking({"gradient": 0}))
    gradients = double.marks.possible - plain.marks.possible
    assert gradients == plain.marks.possible - none.marks.possible > 0
    signals = report_on(text, marking=Marking({"signal": 3})).marks
    assert signals.possible - plain.marks.possible == 4 * 3


@pytest.mark.parametrize(
    ("name", "value"), [("out_h1", "1.7"), ("dout_o1/dsum_o1", "0.0000001")]
)
def test_an_impossible_value_caps_what_only_follows_from_it(
    name: str, value: str
) -> None:
    network = checker()
    by_name = {plain: key for key, plain in network.names.plain.items()}
    values = {by_name[name]: Decimal(value)}
    readings = network.answers.read()
    # From the value on, everything is worked out with it.
    changed = dict(network.answers.quantities)
    for key, number in values.items():
        changed[key] = replace(changed[key], formula=Number(number))
    own = read_numbers(
        replace(network.answers.derivation, quantities=changed), Style(9).rounding
    )
    keys = asked(network.answers)
    text = as_text({plain_name(k): str(own[k].shown) for k in keys})
    report = report_on(text)
    marks = {mark.key: mark for mark in report.marks.marks}
    new = marks[by_name["new_w5"]]
    assert readings[by_name["new_w5"]].value != own[by_name["new_w5"]].value
    assert new.credit is Credit.CAPPED and new.earned == 0
    assert "has no credit" in " ".join(terminal(report).split())


def test_a_step_that_was_skipped_counts_with_what_came_of_it() -> None:
    everything = dict(line.split(" = ") for line in lines().splitlines())
    del everything["sum_h1"]
    text = as_text(everything)
    assert report_on(text).marks.count(Credit.SKIPPED) == 1
    strict = report_on(text, marking=Marking(skipped=False)).marks
    assert strict.count(Credit.BLANK) == 1
    assert strict.earned == strict.possible - 1


def test_another_convention_is_no_mistake() -> None:
    report = report_on(lines(("loss-without-half",)))
    text = terminal(report)
    assert "right under another convention than" in " ".join(text.split())
    assert set(remarks(text).values()) == {"right", "right under another convention"}
    assert report.marks.earned == report.marks.possible


def test_two_mistakes_are_two_places() -> None:
    report = report_on(lines(("bias-left-out", "rate-missing")))
    names = [
        {m.name for h in f.hypotheses for m in h.mistakes}
        for f in report.checked.diagnosis.findings
    ]
    assert [{"bias-left-out"} <= names[0], {"rate-missing"} <= names[-1]] == [True] * 2
    text = terminal(report)
    assert text.index("The bias is missing") < text.index("The learning rate")


def test_what_nothing_explains_is_told_without_a_guess() -> None:
    text = " ".join(terminal(report_on(lines(out_o1="0.3333"))).split())
    assert "This value is not consistent with your line 5; from it you should" in text
    assert "you should get 0.7514." in text


def test_a_wrong_given_number_is_told() -> None:
    text = " ".join(terminal(report_on(lines(w1="0.25"))).split())
    assert "The exercise gives w₁ as 0.15; your sheet has 0.25." in text


def test_lines_that_cannot_be_used_are_listed_beside_the_others() -> None:
    text = "out_h1 = 0.59327\nnot_h1 = 0.3\nout_h2 = 0.5968\nout_h2 = 0.7\n"
    text += "sum_h2 = 0.15 * 0.1 = 0.5\n"
    found = remarks(terminal(report_on(text)))
    assert found[1] == "right"
    assert found[2].startswith("no quantity is called so: did you mean ")
    assert any("the last one counts" in row for row in found.values())
    assert "not true as written" in " ".join(terminal(report_on(text)).split())


@pytest.mark.parametrize("text", ["", "   \n\n", "hello world\n= = 3\n\\frac{1}{"])
def test_a_sheet_without_a_value_is_told_how_to_write_one(text: str) -> None:
    report = report_on(text)
    assert not report.checked.is_right
    assert "No value was found" in terminal(report)
    assert report.marks.earned == 0


def test_the_sheet_of_another_network_is_suspected() -> None:
    text = lines()
    report = report_on(text, "forward-backward")
    said = " ".join(terminal(report, "forward-backward").split())
    assert "is it the sheet of another one?" in said
    assert "is it the sheet" not in terminal(report_on(text))


def test_digits_asked_are_a_note_and_cost_nothing() -> None:
    policy = Policy(Digits(4, "decimals"))
    network = checker("mazur", policy)
    checked = network.check(lines(style=Style(3)))
    marks = mark(network, checked, Marking())
    assert checked.is_right and marks.earned == marks.possible
    text = terminal(Report("", checked, marks))
    assert "right, with fewer digits than asked" in remarks(text).values()


def test_no_line_is_wider_than_the_terminal() -> None:
    for mistake in ("target-minus-output", "bias-left-out", "first-way-only"):
        report = report_on(lines((mistake,)))
        assert max(map(len, terminal(report).splitlines())) <= 80


@pytest.mark.parametrize("form", [n for n, f in FORMATS.items() if f.write is None])
def test_every_format_of_pages_prints_the_report(form: str) -> None:
    renderer = Renderer(FORMATS[form], checker().spell)
    for text in (lines(), lines(("target-minus-output",)), "", "foo = 3"):
        assert renderer.render(compose_report(report_on(text)))


def test_the_record_has_the_shape_of_its_schema() -> None:
    VALIDATOR.check_schema(SCHEMA)
    for text in (lines(), lines(("updated-weights",)), "", lines(w1="7", E="x")):
        VALIDATOR.validate(record_report(report_on(text)))
    found = record_report(report_on(lines(("rate-missing",))))
    assert found["right"] is False
    first = found["findings"][0]
    assert first["hypotheses"][0]["mistakes"][0]["name"] == "rate-missing"
    assert found["earned"] == str(found["possible"] - 8)


def article_text() -> str:
    """Our own derivation of the article's network, in the article's way of writing:
    five decimals cut off, its symbols in LaTeX, one chain of equalities a line."""
    network = Network.from_example("forward-backward")
    derivation = derive_graph(network.graph, "paths")
    readings = read_numbers(derivation, network.spec.rounding)
    spell = Speller(NOTATIONS["sum-output"], network.graph.places)
    return "".join(
        f"$$ {spell(key)} = {readings[key].shown} $$\n\n"
        for key in derivation.quantities
        if key.kind in ("sum", "activation", "loss", "total", "derivative", "new")
    )


def test_a_derivation_in_the_articles_notation_is_all_right() -> None:
    report = report_on(article_text(), "forward-backward")
    assert report.checked.sheet.problems == ()
    assert len(report.checked.judgement.cells) >= 27
    assert report.checked.is_right
    assert set(remarks(terminal(report, "forward-backward")).values()) == {"right"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_derivation_of_every_example_is_a_right_sheet(name: str) -> None:
    """The program's own page, under the rounding of its file."""
    network = Network.from_example(name)
    derivation = worked.derive(network, verify=False)
    readings = derivation.readings
    assert readings is not None
    given = derivation.symbols.graph.givens
    values = {
        plain_name(key): str(reading.shown)
        for key, reading in readings.items()
        if key in derivation.symbols.quantities and key not in given
    }
    report = report_on(as_text(values), name)
    assert report.checked.sheet.problems == ()
    assert report.checked.is_right
    assert report.marks.earned == report.marks.possible > 0
    assert "Well done" in terminal(report, name)


VALUES = st.dictionaries(
    st.sampled_from(["sum_h1", "out_h1", "E", "delta_o1", "dE/dw5", "new_w5", "w1"]),
    st.one_of(
        st.decimals(-3, 3, places=4).map(str),
        st.sampled_from(["0", "1/3", "-", "1e-7", "0,5", "9" * 30]),
    ),
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_any_sheet_gives_a_report(values: dict[str, str]) -> None:
    report = report_on(as_text(values))
    VALIDATOR.validate(record_report(report))
    text = terminal(report)
    assert max(map(len, text.splitlines())) <= 80
    assert 0 <= report.marks.earned <= report.marks.possible
    assert read_numbers_again(report.checked)


def read_numbers_again(checked: Checked) -> bool:
    """Every typed text is the number that was judged."""
    entries = checked.sheet.entries.values()
    return all(e.text == "1/3" or Decimal(e.text) == e.value for e in entries)
