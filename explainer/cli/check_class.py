"""The sheets of a class, one after the other: reports, marks, and what is frequent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.files import Refusal, write_files

if TYPE_CHECKING:
    from explainer.cli.keys import AnswerKeys, Paper
    from explainer.cli.reports import Printer
    from explainer.homework.report.classroom import Classroom, Result
    from explainer.homework.report.marking import Marking
    from explainer.homework.report.submissions import Submission

UNSAFE = re.compile(r"[^\w.@+-]+")


def check_class(
    source: str,
    keys: AnswerKeys,
    marking: Marking,
    to: tuple[str, ...],
    output: Path | None,
    given: Mapping[str, Any],
) -> None:
    """Check all sheets of a folder or a table.

    One that cannot be checked is listed, and stops no other one.
    """
    from explainer.cli.progress import watching
    from explainer.derivation.progress import told
    from explainer.homework.report.classroom import Classroom

    sheets = _list(source)
    folder = output or Path("output")
    if Path(source).is_dir() and folder.resolve() == Path(source).resolve():
        raise Refusal(
            f"{source}: the reports would stand among the sheets; choose another"
            " folder with -o"
        )
    classroom = Classroom()
    run = _Run(keys, marking, to, folder, given["templates"])
    with watching() as progress:
        for sheet in told(sheets, "sheets", progress):
            classroom.add(run.check(_open(sheet)))
    run.finish(classroom, Path(source).resolve().stem)


def _list(source: str) -> Sequence[Submission | Path]:
    """The sheets of a table, or the paths of those of a folder: they are read one by
    one."""
    from explainer.cli.check import read_text
    from explainer.homework.report.submissions import list_folder, read_table

    path = Path(source)
    found: Sequence[Submission | Path]
    found = list_folder(path) if path.is_dir() else read_table(read_text(source))
    if not found:
        what = "no file" if path.is_dir() else "no row with a student"
        raise Refusal(f"{source}: {what} in it")
    return found


def _open(sheet: Submission | Path) -> Submission:
    from explainer.homework.report.submissions import read_path

    return read_path(sheet) if isinstance(sheet, Path) else sheet


@dataclass
class _Run:
    keys: AnswerKeys
    marking: Marking
    to: tuple[str, ...]
    folder: Path
    templates: Path | None
    printers: dict[int, Printer] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    title: str = ""

    def check(self, submission: Submission) -> Result:
        """The result of one sheet; its report is written."""
        from jinja2 import TemplateError

        from explainer.cli.keys import UnknownPaper
        from explainer.homework.report.classroom import failed
        from explainer.page.templates import MissingSentence

        code = submission.code or self.keys.code_in(submission.student)
        if submission.text is None:
            return failed(submission.student, code, {})
        try:
            return self._check(submission, submission.text, self.keys.paper(code))
        except UnknownPaper:
            return failed(submission.student, code, {})
        except (Refusal, TemplateError, MissingSentence):
            # These are no fault of the sheet: no other one would fare better.
            raise
        except Exception:
            # Whatever stands on one sheet, the others are checked.
            return failed(submission.student, code, {})

    def _check(self, submission: Submission, text: str, paper: Paper) -> Result:
        from explainer.cli.reports import make_report
        from explainer.homework.report.classroom import summarize

        # Who handed in a paper is said by a table; in a folder, the paper says it.
        theirs = paper.student.get("id") in (None, submission.student)
        own = paper.student and (theirs or not submission.code)
        whose = "" if own else submission.student
        report = make_report(text, paper, self.marking, whose)
        self.title = report.title
        printer = self._printer(paper)
        name = self._name(submission)
        files = {
            self.folder / "reports" / f"{name}{_suffix(form)}": printer.write(
                report, form
            )
            for form in self.to
        }
        write_files(files)
        return summarize(report, paper.student if own else {"id": whose})

    def _printer(self, paper: Paper) -> Printer:
        from explainer.cli.reports import Printer

        place = id(paper.checker)
        if place not in self.printers:
            spell = paper.checker.spell
            self.printers[place] = Printer(spell, self.keys.language, self.templates)
        return self.printers[place]

    def _name(self, submission: Submission) -> str:
        """A file name for a student, different from all others."""
        safe = UNSAFE.sub("-", submission.student).strip(".-") or "sheet"
        name, number = safe, 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{safe}-{number}"
        self.taken.add(name.casefold())
        return name

    def finish(self, classroom: Classroom, stem: str) -> None:
        """The files of the whole class, and what they say in short."""
        from explainer.homework.report.classroom import compose_class, record_class
        from explainer.homework.report.gradebooks import GRADEBOOKS, write_marks

        results = classroom.results
        files: dict[Path, str] = {self.folder / "marks.csv": write_marks(results)}
        for name, write in GRADEBOOKS.items():
            files[self.folder / f"marks-{name}.csv"] = write(results, stem)
        page = compose_class(self.title, classroom)
        for form in self.to:
            if form == "json":
                data = record_class(self.title, classroom)
                text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
            elif self.printers:
                text = next(iter(self.printers.values())).page(page, form)
            else:
                continue
            files[self.folder / f"class{_suffix(form)}"] = text
        write_files(files)
        _tell(results, files)


def _suffix(form: str) -> str:
    from explainer.cli.check import SUFFIXES

    return SUFFIXES[form]


def _tell(results: Iterable[Result], files: Iterable[Path]) -> None:
    found = list(results)
    by_hand = [result for result in found if result.trouble]
    click.echo(f"checked {len(found)} sheets; {len(by_hand)} to look at by hand")
    for path in files:
        click.echo(f"wrote {path}")
