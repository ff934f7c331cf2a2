"""The report as data: what was found out about a sheet, for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from explainer.homework.diagnosis import Finding, Hypothesis
from explainer.homework.judging import Judged
from explainer.homework.report.composing import Report
from explainer.homework.report.findings import points_text
from explainer.homework.report.marking import Mark
from explainer.homework.sheets import ArithmeticLine, SheetProblem
from explainer.mathematics.evaluation import Value
from explainer.mathematics.plain import plain
from explainer.mathematics.written import Key, Written
from explainer.notation import plain_name

VERSION = 1


def record_report(report: Report) -> dict[str, Any]:
    """The report as JSON data; its shape is `record_schema.SCHEMA`.

    Numbers are texts, quantities plain names such as dE/dw5. The first finding is the
    first thing to look at.
    """
    checked = report.checked
    sheet, judgement = checked.sheet, checked.judgement
    points = {mark.key: mark for mark in report.marks.marks}
    return {
        "format": VERSION,
        "network": report.title,
        "student": report.student,
        "code": report.code,
        "right": checked.is_right,
        "notation": sheet.notation,
        "values": [
            _value(key, judged, judgement.expected(key), points.get(key))
            for key, judged in judgement.cells.items()
        ],
        "findings": [_finding(finding) for finding in checked.diagnosis.findings],
        "arithmetic": [_arithmetic(line) for line in sheet.lines],
        "problems": [_problem(problem) for problem in sheet.problems],
        "caps": [
            {"name": plain_name(cap.key), "reason": cap.reason}
            for cap in judgement.caps
        ],
        "blank": [
            plain_name(mark.key)
            for key, mark in points.items()
            if key not in judgement.cells
        ],
        "earned": points_text(report.marks.earned),
        "possible": report.marks.possible,
    }


def _value(
    key: Key, judged: Judged, expected: Value | None, mark: Mark | None
) -> dict[str, Any]:
    return {
        "name": plain_name(key),
        "line": judged.entry.line,
        "text": judged.entry.text,
        "verdict": judged.verdict.value,
        "expected": None if expected is None else _number(expected),
        "parents": _names(judged.parents),
        "carries": _names(judged.carries),
        "credit": mark.credit.value if mark else None,
        "earned": points_text(mark.earned) if mark else "0",
        "possible": mark.possible if mark else 0,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    expected = finding.expected
    return {
        "kind": finding.kind,
        "cells": _names(finding.cells),
        "hypotheses": [_hypothesis(found) for found in finding.hypotheses],
        "parents": _names(finding.parents),
        "expected": None if expected is None else _number(expected),
    }


def _hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "mistakes": [
            {"name": mistake.name, "id": mistake.id, "kind": mistake.kind}
            for mistake in hypothesis.mistakes
        ],
        "scope": hypothesis.scope.kind,
        "explained": _names(hypothesis.explained),
        "broken": _names(hypothesis.broken),
        "step": plain_name(hypothesis.step),
        "right": _formula(hypothesis.right),
        "wrong": _formula(hypothesis.wrong),
        "numbers": _numbers(hypothesis.numbers),
        "value": None if hypothesis.value is None else _number(hypothesis.value),
    }


def _arithmetic(line: ArithmeticLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "left": line.left,
        "right": line.right,
        "how": line.how,
    }


def _problem(problem: SheetProblem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "kind": problem.kind,
        "got": problem.got,
        "candidates": list(problem.candidates),
    }


def _names(keys: Iterable[Key]) -> list[str]:
    return [plain_name(key) for key in keys]


def _formula(written: Written) -> str:
    return plain(written, plain_name)


def _numbers(numbers: Mapping[Key, Value]) -> dict[str, str]:
    return {plain_name(key): _number(value) for key, value in numbers.items()}


def _number(value: Value) -> str:
    return str(value)
