"""What was found out, for the student: a section for each place where a mistake
starts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext

from explainer.derivation.working import EQUAL, Equation, Side
from explainer.homework.diagnosis import Finding, Hypothesis
from explainer.homework.judging import Verdict
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ranges import CONTEXT
from explainer.homework.report.checking import Checked
from explainer.homework.report.numbers import like_typed, own_numbers, work_with
from explainer.mathematics.written import Key, Name, Number, names_in
from explainer.page.document import (
    Block,
    Heading,
    Paragraph,
    Step,
    Token,
    Words,
)


def hint(mistake: Mistake) -> Words:
    """The one sentence on a mistake."""
    if MISTAKES.get(mistake.name) == mistake:
        return Words("mistake_hint", {"mistake": Token(mistake.name)})
    # A generic edit is named after what it does, and where.
    return Words("slip_hint", {"slip": Token(mistake.name.split()[0])})


def line_of(checked: Checked, key: Key) -> int:
    """The line of a value on the sheet, 0 for a blank."""
    entry = checked.sheet.entries.get(key)
    return entry.line if entry else 0


def lines_of(checked: Checked, keys: tuple[Key, ...]) -> tuple[int, ...]:
    """The lines of those values that stand on the sheet, each once, in order."""
    return tuple(sorted({line_of(checked, key) for key in keys} - {0}))


def explain(checked: Checked, finding: Finding, first: bool) -> Iterator[Block]:
    """The section of one finding. `first` is the one to look at first."""
    key = finding.first
    place = {"this": Name(key), "line": line_of(checked, key), "first": first}
    yield Heading(3, Words("report_place", place))
    if _is_copied(checked, finding):
        yield Paragraph(tuple(_copied(checked, key)))
        yield from _own_line(checked, key)
        return
    yield Paragraph(tuple(_about(checked, finding)))
    several = len(finding.hypotheses) > 1
    for hypothesis in finding.hypotheses:
        if several:
            yield Paragraph((*map(hint, hypothesis.mistakes), *_way(hypothesis)))
        if hypothesis.right != hypothesis.wrong:
            yield from _side_by_side(checked, hypothesis)
        else:
            yield from _slip(checked, hypothesis)
    if finding.kind in ("unexplained", "slip"):
        yield from _own_line(checked, key)


def _is_copied(checked: Checked, finding: Finding) -> bool:
    """Whether a right value stands alone: a mistake that gives it by chance is none."""
    verdict = checked.judgement.cells[finding.first].verdict
    return verdict is Verdict.NOT_FROM_OWN and len(finding.cells) == 1


def _copied(checked: Checked, key: Key) -> Iterator[Words]:
    yield Words("report_right_value")
    expected = own_value(checked, key)
    if expected is not None:
        parents = checked.judgement.cells[key].parents
        number = Number(expected, key)
        values = {"lines": lines_of(checked, parents), "expected": number}
        yield Words("report_from_own", values)


def own_value(checked: Checked, key: Key) -> Decimal | None:
    """What the exercise gives for a value, or what the own values before it give."""
    found = checked.judgement.expected(key)
    given = checked.judgement.cells[key].verdict is Verdict.GIVEN_WRONG
    entry = None if given else checked.sheet.entries[key]
    return None if found is None else like_typed(found, entry)


def _about(checked: Checked, finding: Finding) -> Iterator[Words]:
    if checked.judgement.cells[finding.first].verdict is Verdict.NOT_FROM_OWN:
        yield Words("report_right_value")
    if finding.kind in ("given", "unexplained"):
        yield _expectation(checked, finding)
        return
    others = lines_of(checked, finding.cells[1:])
    also = [Words("report_also", {"lines": others})] if others else []
    if len(finding.hypotheses) > 1:
        yield from also
        yield Words("report_tie", {"count": len(finding.hypotheses)})
        return
    (only,) = finding.hypotheses
    yield from map(hint, only.mistakes)
    if finding.kind == "convention":
        yield Words("report_convention")
        return
    if finding.kind == "pair":
        yield Words("report_pair")
    yield from (*_way(only), *also)
    spared = lines_of(checked, only.broken)
    if spared:
        yield Words("report_spared", {"lines": spared})


def _expectation(checked: Checked, finding: Finding) -> Words:
    """What the value should be, without an explanation."""
    if finding.expected is None:
        return Words("report_no_value")
    key = finding.first
    entry = checked.sheet.entries[key]
    given = finding.kind == "given"
    expected = like_typed(finding.expected, None if given else entry)
    values = {
        "this": Name(key),
        "lines": lines_of(checked, finding.parents),
        "typed": entry.text,
        "expected": Number(expected, key),
    }
    return Words(f"report_{finding.kind}", values)


def _way(hypothesis: Hypothesis) -> Iterator[Words]:
    """Where it happened, if that step is a blank."""
    if hypothesis.step != hypothesis.first:
        yield Words("report_on_the_way", {"step": Name(hypothesis.step)})


def _side_by_side(checked: Checked, hypothesis: Hypothesis) -> Iterator[Block]:
    """The right and the wrong formula in the student's numbers.

    The wrong one has no symbol before it: it is no formula of that quantity.
    """
    entries = checked.sheet.entries
    numbers = own_numbers(hypothesis.numbers, entries)
    inexact = _inexact(checked, hypothesis)
    entry = entries.get(hypothesis.step)
    right = work_with(hypothesis.right, numbers, entry, inexact)
    wrong = work_with(hypothesis.wrong, numbers, entry, inexact)
    step = hypothesis.step
    sides = (Side(EQUAL, hypothesis.right), *right)
    yield _line("report_should", step, Equation(Name(step), sides, step))
    yield _line("report_was", step, Equation(hypothesis.wrong, wrong))


def _inexact(checked: Checked, hypothesis: Hypothesis) -> frozenset[Key]:
    """The quantities whose numbers are rounded: all but given ones."""
    givens = checked.judgement.own.examiner.answers.graph.givens
    return frozenset(key for key in hypothesis.numbers if key not in givens)


def _slip(checked: Checked, hypothesis: Hypothesis) -> Iterator[Block]:
    """The numbers that show a slip: the formula is the right one."""
    numbers = own_numbers(hypothesis.numbers, checked.sheet.entries)
    own = checked.judgement.own
    slots = own.examiner.slots
    shown = tuple(
        Words("report_used", {"this": Name(key), "number": numbers[key]})
        for key in names_in(hypothesis.right)
        if key in numbers and own.number(slots[key]) != hypothesis.numbers[key]
    )
    if shown:
        yield Paragraph(shown)


def _own_line(checked: Checked, key: Key) -> Iterator[Block]:
    """The step as it goes with the student's numbers."""
    own = checked.judgement.own
    slots, keys = own.examiner.slots, own.examiner.keys
    (step, *_) = own.steps[slots[key]]
    with localcontext(CONTEXT):
        numbers = ((slot, own.number(slot)) for slot in step.uses)
        found = {keys[slot]: n for slot, n in numbers if n is not None}
    entries = checked.sheet.entries
    givens = own.examiner.answers.graph.givens
    inexact = frozenset(found) - givens.keys()
    sides = work_with(
        step.written, own_numbers(found, entries), entries.get(key), inexact
    )
    if sides:
        equation = Equation(Name(key), (Side(EQUAL, step.written), *sides), key)
        yield _line("report_should", key, equation)


def _line(label: str, key: Key, equation: Equation) -> Step:
    return Step(0, key, (), (equation,), label=label)


def points_text(points: Decimal | int) -> str:
    """Points without zeros at their end: 7, 7.5."""
    return f"{Decimal(points).normalize():f}"
