"""`explainer check SHEET --key NETWORK`: a sheet, or those of a class, checked."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.files import Refusal, write_files
from explainer.cli.options import split_names
from explainer.cli.refusing import (
    check_formats,
    check_language,
    check_templates,
    refusing,
)
from explainer.page.formats import FORMATS

if TYPE_CHECKING:
    from explainer.cli.keys import AnswerKeys, Paper
    from explainer.homework.report.composing import Report
    from explainer.homework.report.marking import Marking

TEXT, JSON = "text", "json"
# A report has no numbers to compute with, and so no notebook.
PAGES = {form.name: form.suffix for form in FORMATS.values() if form.name != "ipynb"}
SUFFIXES = {TEXT: ".txt", JSON: ".json", **PAGES}
FOLLOWS = ("full", "half", "none")


@click.command(
    epilog="Exit codes: 0 checked, and everything is right; 1 checked, and something is"
    " wrong or missing; 2 wrong input. For a class: 0 when it was checked."
)
@click.argument("sheet")
@click.option(
    "--key",
    required=True,
    metavar="NETWORK",
    help="A network file, a built-in example, or a folder that `explainer variants`"
    " wrote.",
)
@click.option("--code", default="", help="The code of the paper, with such a folder.")
@click.option(
    "--to",
    default="",
    callback=split_names,
    metavar="FORMATS",
    help=f"Formats: {', '.join(SUFFIXES)}.  [default: text; md for a class]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder to write into.  [default: the terminal; for a class: output]",
)
@click.option("--student", default="", help="Whose sheet it is.")
@click.option("--decimals", type=click.IntRange(0, 30), help="Decimals asked for.")
@click.option(
    "--figures", type=click.IntRange(1, 30), help="Significant figures asked for."
)
@click.option("--comma", is_flag=True, help="0,5 is one half.")
@click.option(
    "--no-truncation", is_flag=True, help="Digits that are cut off are not right."
)
@click.option(
    "--points",
    default="",
    callback=split_names,
    metavar="KIND=N",
    help="Points of a step by kind: gradient=2,signal=1,sum=0.  [default: those on the"
    " papers of a folder; else 1 each for sums, activations, losses, gradients and new"
    " parameters]",
)
@click.option(
    "--follow-through",
    type=click.Choice(FOLLOWS),
    default="full",
    help="Credit for what follows correctly from an earlier mistake.  [default: full]",
)
@click.option(
    "--skipped",
    type=click.Choice(("count", "blank")),
    default="count",
    help="count: a step that is not on the sheet has the credit of what was worked out"
    " with it. blank: it has none.  [default: count]",
)
@click.option("--language", metavar="CODE", help="The language of the report.")
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of templates that replace built-in ones.",
)
def check(sheet: str, to: tuple[str, ...], output: Path | None, **given: Any) -> None:
    """Check SHEET: what a student worked out by hand.

    SHEET is a file (TOML, CSV, text, Markdown, LaTeX), or - for standard input. Each
    value is checked with the student's own values before it. The report says where the
    first mistake is, and what it is.

    A folder of sheets, or a CSV file with the columns student, name and value, is a
    class: reports, marks for Moodle and Canvas, and a table of mistakes.
    """
    if to:
        check_formats(to, SUFFIXES)
    check_templates(given["templates"])
    if given["language"]:
        check_language(given["language"], given["templates"])
    with refusing(given["key"], given["templates"]):
        keys = _keys(given)
        marking = _marking(given)
        if _is_class(sheet):
            from explainer.cli.check_class import check_class

            check_class(sheet, keys, marking, to or ("md",), output, given)
            return
        report, paper = _check_one(sheet, keys, marking, given)
        if output is None:
            _show(report, paper, to or (TEXT,), keys, given)
        else:
            _write(report, paper, to or ("md",), output, keys, {"sheet": sheet} | given)
    sys.exit(0 if report.checked.is_right else 1)


def _keys(given: Mapping[str, Any]) -> AnswerKeys:
    from explainer.cli.keys import AnswerKeys
    from explainer.homework.report.checking import Policy
    from explainer.mathematics.rounding import Digits

    decimals, figures = given["decimals"], given["figures"]
    if decimals is not None and figures is not None:
        raise Refusal("--figures: digits are counted one way: not with --decimals")
    digits = None
    if decimals is not None:
        digits = Digits(decimals, "decimals")
    elif figures is not None:
        digits = Digits(figures, "figures")
    policy = Policy(digits, not given["no_truncation"], given["comma"])
    return AnswerKeys(given["key"], policy, given["language"])


def _marking(given: Mapping[str, Any]) -> Marking:
    from explainer.cli.keys import read_points
    from explainer.homework.report.marking import FOLLOW_THROUGH, Marking

    points = read_points(given["points"])
    follow_through = FOLLOW_THROUGH[given["follow_through"]]
    return Marking(points, follow_through, given["skipped"] == "count")


def _is_class(sheet: str) -> bool:
    from explainer.homework.report.submissions import is_class_table

    path = Path(sheet)
    if path.is_dir():
        return True
    return path.suffix.lower() == ".csv" and is_class_table(read_text(sheet))


def read_text(sheet: str) -> str:
    """The text of a sheet, whatever program saved it."""
    from explainer.homework.report.submissions import is_text
    from explainer.homework.sheets import decode

    try:
        data = sys.stdin.buffer.read() if sheet == "-" else Path(sheet).read_bytes()
    except OSError as error:
        raise Refusal(f"{sheet}: cannot be read: {error.strerror}") from error
    if not is_text(data):
        raise Refusal(
            f"{sheet}: this is no text. A sheet is a text file: TOML, CSV, Markdown,"
            " LaTeX, or plain lines such as out_h1 = 0.5933"
        )
    return decode(data)


def _check_one(
    sheet: str, keys: AnswerKeys, marking: Marking, given: Mapping[str, Any]
) -> tuple[Report, Paper]:
    from explainer.cli.reports import make_report

    text = read_text(sheet)
    code = given["code"] or keys.code_in(Path(sheet).stem)
    paper = keys.paper(code)
    return make_report(text, paper, marking, given["student"]), paper


def _show(
    report: Report,
    paper: Paper,
    to: tuple[str, ...],
    keys: AnswerKeys,
    given: Mapping[str, Any],
) -> None:
    """The report on standard output."""
    from explainer.cli.reports import Printer, print_text

    if len(to) > 1:
        raise Refusal("--to: one format fits on the terminal; several need -o DIR")
    (form,) = to
    if form == TEXT:
        print_text(report, paper.checker.spell, keys.language, given["templates"])
    else:
        printer = Printer(paper.checker.spell, keys.language, given["templates"])
        click.echo(printer.write(report, form), nl=False)


def _write(
    report: Report,
    paper: Paper,
    to: tuple[str, ...],
    output: Path,
    keys: AnswerKeys,
    given: Mapping[str, Any],
) -> None:
    from explainer.cli.reports import Printer

    printer = Printer(paper.checker.spell, keys.language, given["templates"])
    sheet = given["sheet"]
    stem = "sheet" if sheet == "-" else Path(sheet).stem
    files = {
        output / f"{stem}-report{SUFFIXES[form]}": printer.write(report, form)
        for form in to
    }
    if any(path.resolve() == Path(sheet).resolve() for path in files):
        raise Refusal(f"{sheet}: the report would replace it; choose another folder")
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")
