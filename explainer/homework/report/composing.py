"""The report as a document: first the first mistake, then the sheet line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from explainer.homework.judging import BAD, RIGHT, Judged, Verdict
from explainer.homework.report.checking import Checked
from explainer.homework.report.findings import (
    explain,
    line_of,
    lines_of,
    own_value,
    points_text,
)
from explainer.homework.report.marking import Credit, Marks
from explainer.homework.report.numbers import like_typed
from explainer.homework.sheets import ArithmeticLine, SheetProblem
from explainer.homework.sheets.sheet import REPEATED, UNREADABLE
from explainer.mathematics.written import Key, Name, Number, Written
from explainer.page.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    Step,
    Table,
    Token,
    Words,
)

Row = tuple[Written | Words, ...]
# So many given numbers copied wrongly look like another network.
STRANGE = 3
# So many places to look at are told at length.
MOST = 5
# So many names of blanks are listed.
FEW = 8
COMMA = re.compile(r"[-+−]?[0-9]+,[0-9]+")


@dataclass(frozen=True, slots=True)
class Report:
    """A checked sheet with its marks: whose it is, and of which paper."""

    title: str
    checked: Checked
    marks: Marks
    student: str = ""
    code: str = ""


def compose_report(report: Report) -> Document:
    """The report for the student."""
    title = Words("report_title", {"title": report.title})
    blocks: list[Block] = [Heading(1, title)]
    if report.student or report.code:
        whose = {"student": report.student, "code": report.code}
        blocks.append(Paragraph((Words("report_student", whose),)))
    blocks.append(Paragraph(tuple(_summary(report))))
    blocks += _findings(report.checked)
    rows = _rows(report.checked)
    if rows:
        blocks.append(Heading(2, Words("report_lines")))
        header = tuple(Words(f"column_{n}") for n in ("line", "written", "remark"))
        blocks.append(Table(Words("report_lines_caption"), header, rows))
    blocks += _marks(report)
    return Document(title, _numbered(blocks))


def _numbered(blocks: list[Block]) -> tuple[Block, ...]:
    """Equations are told apart by numbers, as in every document."""
    numbers = count(1)
    return tuple(
        replace(block, number=next(numbers)) if isinstance(block, Step) else block
        for block in blocks
    )


def _findings(checked: Checked) -> Iterator[Block]:
    """The places where mistakes start; not more of them than one can look at."""
    findings = checked.diagnosis.findings
    if findings:
        yield Heading(2, Words("report_findings"))
    for finding in findings[:MOST]:
        yield from explain(checked, finding, finding is findings[0])
    more = len(findings) - MOST
    if more > 0:
        yield Paragraph((Words("report_more", {"count": more}),))


def _summary(report: Report) -> Iterator[Words]:
    checked = report.checked
    cells = checked.judgement.cells
    if not cells:
        yield Words("report_nothing", {"problems": len(checked.sheet.problems)})
        return
    verdicts = [judged.verdict for judged in cells.values()]
    if checked.is_right:
        yield Words("report_all_right", {"count": len(cells)})
    elif checked.diagnosis.convention:
        yield Words("report_by_convention", {"count": len(cells)})
    else:
        follows = verdicts.count(Verdict.FOLLOWS)
        again = sum(verdict in BAD for verdict in verdicts)
        right = len(cells) - follows - again
        counts = {"right": right, "follows": follows, "again": again}
        yield Words("report_some_right", {"count": len(cells)} | counts)
    if _is_strange(checked):
        yield Words("report_other_network")
    false = sum(not line.holds for line in checked.sheet.lines)
    if false:
        yield Words("report_false_lines", {"count": false})
    unused = sum(problem.kind != REPEATED for problem in checked.sheet.problems)
    if unused:
        yield Words("report_unused", {"count": unused})
    if checked.sheet.later:
        yield Words("report_later", {"iterations": tuple(checked.sheet.later)})


def _is_strange(checked: Checked) -> bool:
    """Whether the sheet looks like that of another network: given numbers are other
    ones, names unknown, or nothing fits."""
    verdicts = [judged.verdict for judged in checked.judgement.cells.values()]
    unknown = sum(problem.kind == "unknown" for problem in checked.sheet.problems)
    findings = checked.diagnosis.findings
    unexplained = sum(finding.kind == "unexplained" for finding in findings)
    return (
        verdicts.count(Verdict.GIVEN_WRONG) >= STRANGE
        or unknown > len(verdicts)
        or (RIGHT.isdisjoint(verdicts) and unexplained >= STRANGE)
    )


def _rows(checked: Checked) -> tuple[Row, ...]:
    """What stands on the sheet, line by line, with a remark on each."""
    rows: list[tuple[int, Row]] = []
    for key, judged in checked.judgement.cells.items():
        rows.append((judged.entry.line, _value_row(checked, key, judged)))
    for line in checked.sheet.lines:
        if not line.holds:
            rows.append((line.line, _arithmetic_row(line)))
    for problem in checked.sheet.problems:
        rows.append((problem.line, _problem_row(problem)))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _value_row(checked: Checked, key: Key, judged: Judged) -> Row:
    written = Words("report_value", {"this": Name(key), "text": judged.entry.text})
    values: dict[str, object] = {
        "lines": lines_of(checked, judged.parents),
        "causes": lines_of(checked, judged.carries),
    }
    if judged.verdict in (Verdict.NOT_FROM_OWN, Verdict.GIVEN_WRONG):
        expected = own_value(checked, key)
        if expected is not None:
            values["expected"] = Number(expected, key)
    verdict = judged.verdict.value.replace("-", "_")
    if checked.diagnosis.convention and judged.verdict not in RIGHT:
        verdict = "convention"
    return _line_cell(judged.entry.line), written, Words(f"verdict_{verdict}", values)


def _line_cell(line: int) -> Words:
    return Words("report_number", {"number": line})


def _arithmetic_row(line: ArithmeticLine) -> Row:
    low, high = line.left_interval
    values = {"left": line.left, "right": line.right}
    gives = {"number": Number(like_typed((low + high) / 2, None))}
    return (
        _line_cell(line.line),
        Words("report_arithmetic", values),
        Words("verdict_false_arithmetic", gives),
    )


def _problem_row(problem: SheetProblem) -> Row:
    values = {"got": problem.got, "candidates": problem.candidates}
    written = Words("report_text", {"text": problem.got})
    comma = problem.kind == UNREADABLE and COMMA.fullmatch(problem.got.strip())
    kind = "comma" if comma else problem.kind
    return _line_cell(problem.line), written, Words(f"verdict_{kind}", values)


def _marks(report: Report) -> Iterator[Block]:
    marks, judgement = report.marks, report.checked.judgement
    if not marks.possible:
        return
    yield Heading(2, Words("report_marks"))
    points = {
        "earned": points_text(marks.earned),
        "possible": marks.possible,
        "follows": marks.count(Credit.FOLLOWS),
        "convention": marks.count(Credit.CONVENTION),
        "capped": marks.count(Credit.CAPPED),
    }
    sentences = [Words("report_points", points)]
    if marks.count(Credit.CAPPED):
        sentences += [
            Words(
                "report_cap",
                {
                    "this": Name(cap.key),
                    "line": line_of(report.checked, cap.key),
                    "reason": Token(cap.reason),
                },
            )
            for cap in judgement.caps
        ]
    if judgement.cells:
        sentences += _not_written(marks)
    yield Paragraph(tuple(sentences))


def _not_written(marks: Marks) -> Iterator[Words]:
    """The steps that are not on the sheet: those that count all the same, and the
    others."""
    for credit, sentence in ((Credit.SKIPPED, "skipped"), (Credit.BLANK, "blank")):
        names = tuple(Name(mark.key) for mark in marks.marks if mark.credit is credit)
        if names:
            told = {"names": names[:FEW], "more": len(names[FEW:])}
            yield Words(f"report_{sentence}", told)
