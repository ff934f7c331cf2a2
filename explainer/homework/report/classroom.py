"""A class: who has how many points, which mistakes are frequent, and where they
start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.homework.judging import BAD
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.report.composing import Report
from explainer.homework.report.findings import hint, points_text
from explainer.homework.report.marking import Credit
from explainer.mathematics.written import Key, Name
from explainer.notation import plain_name
from explainer.page.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    Table,
    Words,
)

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """What a class needs to know of one sheet.

    `mistakes` are those that alone explain something, each with the first value that it
    explains; `perhaps` are those of ties, and
    `unexplained` says that something has no explanation. `trouble` is why a sheet
    should be looked at by hand: "empty", "unread", "failed", or "".
    """

    student: str
    code: str
    earned: Decimal
    possible: int
    right: bool
    written: tuple[Key, ...] = ()
    wrong: tuple[Key, ...] = ()
    blank: tuple[Key, ...] = ()
    first: Key | None = None
    mistakes: Mapping[Mistake, Key] = field(default_factory=dict)
    perhaps: Mapping[Mistake, Key] = field(default_factory=dict)
    unexplained: bool = False
    trouble: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def summarize(report: Report, columns: Mapping[str, str] | None = None) -> Result:
    """What the class needs to know of a report."""
    checked, marks = report.checked, report.marks
    cells = checked.judgement.cells
    findings = checked.diagnosis.findings
    sure, perhaps = dict[Mistake, Key](), dict[Mistake, Key]()
    for finding in findings:
        kept = sure if len(finding.hypotheses) == 1 else perhaps
        for hypothesis in finding.hypotheses:
            for mistake in map(_listed, hypothesis.mistakes):
                kept.setdefault(mistake, finding.first)
    lost = len(checked.sheet.problems)
    return Result(
        report.student,
        report.code,
        marks.earned,
        marks.possible,
        checked.is_right,
        tuple(cells),
        tuple(key for key, judged in cells.items() if judged.verdict in BAD),
        tuple(mark.key for mark in marks.marks if mark.credit is Credit.BLANK),
        findings[0].first if findings else None,
        sure,
        {m: key for m, key in perhaps.items() if m not in sure},
        any(finding.kind == "unexplained" for finding in findings),
        "empty" if not cells else "unread" if lost > len(cells) else "",
        columns or {},
    )


def _listed(mistake: Mistake) -> Mistake:
    """A generic edit as the table lists it: whichever step it is in."""
    return mistake if " " not in mistake.name else _short(mistake)


def _short(mistake: Mistake) -> Mistake:
    return Mistake(mistake.name.split()[0], mistake.id, mistake.kind, _no_edit)


def _no_edit(*_: object) -> None:
    return None


def failed(student: str, code: str, columns: Mapping[str, str]) -> Result:
    """The result of a sheet that could not be checked."""
    return Result(student, code, Decimal(0), 0, False, trouble=FAILED, columns=columns)


@dataclass(slots=True)
class Classroom:
    """The results of a class, counted as they come."""

    results: list[Result] = field(default_factory=list)
    sure: Counter[Mistake] = field(default_factory=Counter)
    perhaps: Counter[Mistake] = field(default_factory=Counter)
    written: Counter[Key] = field(default_factory=Counter)
    wrong: Counter[Key] = field(default_factory=Counter)
    blank: Counter[Key] = field(default_factory=Counter)
    first: Counter[Key] = field(default_factory=Counter)
    places: dict[Mistake, Counter[Key]] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        self.results.append(result)
        self.sure.update(result.mistakes.keys())
        self.perhaps.update(result.perhaps.keys())
        for found in (result.mistakes, result.perhaps):
            for mistake, key in found.items():
                self.places.setdefault(mistake, Counter())[key] += 1
        self.written.update(result.written)
        self.wrong.update(result.wrong)
        self.blank.update(result.blank)
        if result.first is not None:
            self.first[result.first] += 1

    @property
    def mean(self) -> Decimal | None:
        """The mean share of the points, in percent."""
        shares = [
            100 * result.earned / result.possible
            for result in self.results
            if result.possible
        ]
        return sum(shares, Decimal(0)) / len(shares) if shares else None

    def mistakes(self) -> list[Mistake]:
        """All mistakes, the most frequent one first."""
        found = [*self.sure, *(m for m in self.perhaps if m not in self.sure)]
        return sorted(found, key=lambda m: (-self.sure[m], -self.perhaps[m], m.name))

    def steps(self) -> list[Key]:
        """The steps where something is wrong; that with most first mistakes first."""
        found = [*dict.fromkeys((*self.first, *self.wrong))]
        return sorted(found, key=lambda key: (-self.first[key], -self.wrong[key]))


def compose_class(title: str, classroom: Classroom) -> Document:
    """The page for the teacher."""
    heading = Words("class_title", {"title": title})
    blocks: list[Block] = [Heading(1, heading), Paragraph(tuple(_counts(classroom)))]
    for kind, rows in (
        ("mistakes", tuple(_mistake_rows(classroom))),
        ("steps", tuple(_step_rows(classroom))),
        ("by_hand", tuple(_trouble_rows(classroom))),
    ):
        if rows:
            blocks.append(Heading(2, Words(f"class_{kind}")))
            columns = (Words(f"column_class_{name}") for name in COLUMNS[kind])
            caption = Words(f"class_{kind}_caption")
            blocks.append(Table(caption, tuple(columns), rows))
    return Document(heading, tuple(blocks))


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "mistakes": ("students", "perhaps", "step", "mistake"),
    "steps": ("step", "first", "wrong", "written", "blank"),
    "by_hand": ("student", "reason"),
}


def _counts(classroom: Classroom) -> Iterator[Words]:
    results = classroom.results
    counts = {
        "count": len(results),
        "right": sum(result.right for result in results),
        "unexplained": sum(result.unexplained for result in results),
    }
    yield Words("class_counts", counts)
    if classroom.mean is not None:
        yield Words("class_mean", {"percent": round(classroom.mean)})
    if counts["unexplained"]:
        yield Words("class_unexplained", counts)


def _number(count: int) -> Words:
    return Words("report_count", {"number": count})


def _mistake_rows(classroom: Classroom) -> Iterator[tuple[Name | Words, ...]]:
    for mistake in classroom.mistakes():
        ((place, _),) = classroom.places[mistake].most_common(1)
        yield (
            _number(classroom.sure[mistake]),
            _number(classroom.perhaps[mistake]),
            Name(place),
            hint(mistake),
        )


def _step_rows(classroom: Classroom) -> Iterator[tuple[Name | Words, ...]]:
    for key in classroom.steps():
        counters = (
            classroom.first,
            classroom.wrong,
            classroom.written,
            classroom.blank,
        )
        yield (Name(key), *(_number(counter[key]) for counter in counters))


def _trouble_rows(classroom: Classroom) -> Iterator[tuple[Words, ...]]:
    for result in classroom.results:
        if result.trouble:
            who = {"text": result.student or result.code}
            yield Words("report_text", who), Words(f"class_{result.trouble}")


def _record_result(result: Result) -> dict[str, object]:
    return {
        "student": result.student,
        "code": result.code,
        "earned": points_text(result.earned),
        "possible": result.possible,
        "right": result.right,
        "first": plain_name(result.first) if result.first else None,
        "mistakes": [mistake.name for mistake in result.mistakes],
        "perhaps": [mistake.name for mistake in result.perhaps],
        "trouble": result.trouble,
    }


def record_class(title: str, classroom: Classroom) -> dict[str, object]:
    """The class as JSON data: marks, mistakes and steps, the most frequent first."""
    return {
        "network": title,
        "students": [_record_result(result) for result in classroom.results],
        "mistakes": [
            {
                "name": mistake.name,
                "id": mistake.id,
                "students": classroom.sure[mistake],
                "perhaps": classroom.perhaps[mistake],
                "steps": {
                    plain_name(key): count
                    for key, count in classroom.places[mistake].most_common()
                },
            }
            for mistake in classroom.mistakes()
        ],
        "steps": [
            {
                "name": plain_name(key),
                "first": classroom.first[key],
                "wrong": classroom.wrong[key],
                "written": classroom.written[key],
                "blank": classroom.blank[key],
            }
            for key in classroom.steps()
        ],
    }
