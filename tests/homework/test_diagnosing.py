"""Diagnosis: the injected mistake is found again, and nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from explainer.examples import EXAMPLES, read_example
from explainer.homework.answers import answer_key
from explainer.homework.diagnosing import diagnose
from explainer.homework.diagnosis import Diagnosis
from explainer.homework.examiner import Examiner
from explainer.homework.injecting import Scope
from explainer.homework.judging import judge
from explainer.homework.mistakes import MISTAKES
from explainer.mathematics.evaluation import as_decimal, evaluate
from explainer.mathematics.plain import plain
from explainer.mathematics.written import Key
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.notation import plain_name
from tests.homework.selftest import (
    first_seen,
    injected,
    is_named,
    run_mistakes,
    run_noise,
    run_pairs,
)
from tests.homework.sheets import Style, asked, write_sheet
from tests.homework.test_injecting import answers_of, networks
from tests.homework.test_judging import sheet_of, typed

FOUR = Style(4, carry="shown")


@pytest.fixture(scope="module")
def mazur() -> Examiner:
    return Examiner(answer_key(build(read_network(read_example("mazur")))))


def diagnosis_of(
    examiner: Examiner, name: str, scope: Scope | None = None, **changes: str
) -> Diagnosis:
    """The diagnosis of a sheet with one mistake, and some values changed by hand."""
    wrong = injected(examiner.answers, MISTAKES[name], scope or Scope())
    assert wrong is not None
    sheet = write_sheet(wrong, asked(examiner.answers), FOUR)
    assert sheet is not None
    return diagnose(examiner, judge(examiner, {**sheet, **sheet_of(examiner, changes)}))


def names(diagnosis: Diagnosis) -> list[list[str]]:
    return [[h.name for h in f.hypotheses] for f in diagnosis.findings]


def test_self_test() -> None:
    """Every mistake in some of the networks, at 4 decimals."""
    (row,) = run_mistakes(range(3, 4), (FOUR,), every=8).values()
    counts = row.counts
    assert counts["visible"] > 300
    assert counts["detected"] >= 0.995 * counts["visible"]
    assert counts["by_then"] >= 0.995 * counts["plainly"]
    assert counts["among"] >= 0.98 * counts["detected"], row.missed
    assert counts["one"] >= 0.95 * counts["detected"], row.tied


def test_two_mistakes_at_once() -> None:
    counts = run_pairs(range(3, 4), FOUR, every=4)
    assert counts["sheets"] > 40
    assert counts["both"] >= 0.8 * counts["sheets"]


def test_what_nobody_can_explain_stays_unexplained() -> None:
    counts = run_noise(range(3, 4), Style(6, carry="shown"), every=10)
    assert counts["sheets"] > 60
    assert counts["unexplained"] >= 0.98 * counts["sheets"]


def test_right_and_wrong_side_by_side(mazur: Examiner) -> None:
    diagnosis = diagnosis_of(mazur, "slope-at-sum")
    (finding,) = diagnosis.findings
    (hypothesis,) = finding.hypotheses
    assert (finding.kind, hypothesis.scope.kind) == ("mistake", "everywhere")
    assert plain(hypothesis.right, plain_name) == "out_o1*(1 - out_o1)"
    assert plain(hypothesis.wrong, plain_name) == "sum_o1*(1 - sum_o1)"
    value = evaluate(hypothesis.wrong, hypothesis.numbers)
    assert hypothesis.value is not None
    assert abs(value - hypothesis.value) < Decimal("1e-12")
    assert abs(value - Decimal("-0.1171")) < Decimal("0.0001")
    assert len(finding.cells) == 4


def test_one_layer_one_unit_one_cell(mazur: Examiner) -> None:
    cell = next(k for k in mazur.keys if plain_name(k) == "sum_h2")
    for scope in (Scope("layer", 2), Scope("unit", "h2"), Scope("cell", cell)):
        diagnosis = diagnosis_of(mazur, "bias-left-out", scope)
        (finding,) = diagnosis.findings
        assert [h.name for h in finding.hypotheses] == ["bias-left-out"]
        assert finding.hypotheses[0].scope.kind in (scope.kind, "layer", "unit")
        assert not finding.hypotheses[0].broken


def test_a_convention_is_told(mazur: Examiner) -> None:
    for name in ("error-is-t-minus-y", "half-dropped", "loss-without-half"):
        diagnosis = diagnosis_of(mazur, name)
        assert diagnosis.convention is not None, name
        assert names(diagnosis) == [[name]]


def test_a_convention_and_a_mistake(mazur: Examiner) -> None:
    """With a mistake beside it, the convention does not make the sheet right."""
    diagnosis = diagnosis_of(mazur, "half-dropped", sum_h1="0.0275", out_h1="0.5069")
    assert diagnosis.convention is None
    assert ["half-dropped"] in names(diagnosis)
    assert ["bias-left-out"] in names(diagnosis)


def test_a_tie_is_a_tie(mazur: Examiner) -> None:
    """Half kept, or averaged over two outputs: the same numbers."""
    (finding,) = diagnosis_of(mazur, "half-kept").findings
    ids = {h.mistakes[0].id for h in finding.hypotheses}
    assert ids == {"D3", "D4"}


@pytest.mark.parametrize(
    ("cell", "text", "kind", "identity"),
    [
        ("out_o1", "0.7541", "slip", "T5"),
        ("out_o1", "7.5137", "slip", "T2"),
        ("delta_o1", "0.1409", "slip", "T1"),
        ("sum_o1", "1.0465", "slip", "T6"),
        ("sum_h2", "-0.3925", "mistake", "T3"),
        ("sum_h1", "0.3700", "mistake", "T8"),
        ("delta_o1", "0.9282", "mistake", "T9"),
    ],
)
def test_slips(mazur: Examiner, cell: str, text: str, kind: str, identity: str) -> None:
    """One value wrong by hand, and everything after it left as it was.

    T1: 0.7414 * 0.19, where f' = 0.1868 stands in the line before.
    """
    keys = asked(mazur.answers)
    sheet = write_sheet(mazur.answers, keys, FOUR)
    assert sheet is not None
    changed = sheet_of(mazur, {cell: text})
    diagnosis = diagnose(mazur, judge(mazur, {**sheet, **changed}))
    found = [f for f in diagnosis.findings if plain_name(f.first) == cell]
    assert found, names(diagnosis)
    ids = {part for h in found[0].hypotheses for part in h.ids}
    assert (found[0].kind, identity in ids) == (kind, True), (found[0].kind, ids)


def test_two_cells_exchanged(mazur: Examiner) -> None:
    keys = asked(mazur.answers)
    sheet = write_sheet(mazur.answers, keys, FOUR)
    assert sheet is not None
    one, other = (
        next(k for k in keys if plain_name(k) == name) for name in ("dE/dw5", "dE/dw7")
    )
    swapped = {
        **sheet,
        one: typed(one, sheet[other].text),
        other: typed(other, sheet[one].text),
    }
    # What comes after them is left out: it would not follow.
    kept = {k: e for k, e in swapped.items() if k.kind != "new"}
    diagnosis = diagnose(mazur, judge(mazur, kept))
    (finding,) = diagnosis.findings
    assert set(finding.cells) == {one, other}
    assert {part for h in finding.hypotheses for part in h.ids} & {"T4", "G7"}


def test_a_value_that_was_only_miswritten(mazur: Examiner) -> None:
    """0.5393 for 0.5933, and everything after it from the right number."""
    sheet = write_sheet(mazur.answers, asked(mazur.answers), FOUR)
    assert sheet is not None
    changed = sheet_of(mazur, {"out_h1": "0.5393"})
    (finding,) = diagnose(mazur, judge(mazur, {**sheet, **changed})).findings
    assert finding.kind == "slip"
    assert {h.mistakes[0].id for h in finding.hypotheses} == {"T5"}
    assert {plain_name(key) for key in finding.spared} >= {"sum_o1", "sum_o2"}


def test_nothing_is_guessed(mazur: Examiner) -> None:
    keys = asked(mazur.answers)
    sheet = write_sheet(mazur.answers, keys, FOUR)
    assert sheet is not None
    changed = sheet_of(mazur, {"delta_o1": "0.2277"})
    (finding, *_) = diagnose(mazur, judge(mazur, {**sheet, **changed})).findings
    assert finding.kind == "unexplained"
    assert not finding.hypotheses
    assert {plain_name(k) for k in finding.parents} == {
        "dE_o1/dout_o1",
        "dout_o1/dsum_o1",
    }
    assert finding.expected is not None
    assert abs(finding.expected - Decimal("0.1385")) < Decimal("0.0001")


def test_a_given_number_misread(mazur: Examiner) -> None:
    entries = sheet_of(mazur, {"w5": "0.50", "out_h1": "0.5933"})
    (finding,) = diagnose(mazur, judge(mazur, entries)).findings
    assert (finding.kind, finding.expected) == ("given", Decimal("0.40"))


def test_a_correct_sheet_has_no_findings(mazur: Examiner) -> None:
    sheet = write_sheet(mazur.answers, asked(mazur.answers), FOUR)
    assert sheet is not None
    assert diagnose(mazur, judge(mazur, sheet)).findings == ()


BEYOND = (
    "batch adam",
    "batch momentum",
    "two categorical-cross-entropy",
    "recurrent",
    "convolution",
)


@pytest.mark.parametrize("name", BEYOND)
def test_batches_optimizers_and_other_layers(name: str) -> None:
    """Every mistake that can be made there is found, at 6 figures."""
    examiner = Examiner(answers_of(networks()[name]))
    keys, style = asked(examiner.answers), Style(6, "figures")
    right = write_sheet(examiner.answers, keys, style)
    assert right is not None
    found = 0
    for mistake in MISTAKES.values():
        wrong = injected(examiner.answers, mistake)
        sheet = wrong and write_sheet(wrong, keys, style)
        if not sheet or first_seen(right, sheet) is None:
            continue
        diagnosis = diagnose(examiner, judge(examiner, sheet))
        assert is_named(diagnosis, mistake)[0], (mistake.name, names(diagnosis))
        found += 1
    assert found >= 30


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kind_of_layer(name: str) -> None:
    """A wrong value in the middle of any example is found, and told as data."""
    examiner = Examiner(answer_key(build(read_network(read_example(name)))))
    readings = examiner.answers.read()
    keys = [key for key in examiner.answers.quantities if key.kind != "new"]
    style = Style(5)
    sheet = write_sheet(examiner.answers, tuple(keys), style)
    assert sheet is not None
    key = next(k for k in keys[len(keys) // 2 :] if k.kind in ("signal", "derivative"))
    value = as_decimal(readings[key].value) + Decimal("0.3131")
    changed = {**sheet, key: typed(key, f"{value:.5f}")}
    diagnosis = diagnose(examiner, judge(examiner, changed))
    assert key in {cell for finding in diagnosis.findings for cell in finding.cells}
    for finding in diagnosis.findings:
        for hypothesis in finding.hypotheses:
            assert isinstance(hypothesis.first, Key)
