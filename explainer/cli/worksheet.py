"""`explainer worksheet NETWORK`: the worksheet, the same with answers, and the key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.derive import refuse_unproved
from explainer.cli.files import Refusal, write_files
from explainer.cli.options import (
    formats,
    output_folder,
    page_choices,
    split_names,
    together,
)
from explainer.cli.publishing import make
from explainer.cli.refusing import check_formats, check_templates, refusing
from explainer.page.publishing.publication import SUFFIXES

if TYPE_CHECKING:
    from explainer.homework.exports.handout import Handout, QuizMaker
    from explainer.homework.worksheet.papers import Assignment, Papers
    from explainer.worked import WorkedDerivation

NAMES = {"blank": "worksheet", "answers": "answers", "key": "key"}
PAGES = {**SUFFIXES, "exam": ".exam.tex"}
EXPORTS = ("moodle", "canvas", "prairielearn", "csv")


# What a worksheet asks.
assignment_choices = together(
    click.option(
        "--print",
        "prints",
        default="blank,key",
        callback=split_names,
        metavar="PRINTS",
        help="blank: the worksheet. answers: results in their frames. key: everything."
        "  [default: blank,key]",
    ),
    click.option(
        "--blank",
        default="results",
        callback=split_names,
        metavar="WHAT",
        help="What is asked: results, gradients, updates, chains (all but the first),"
        " or names: dE/dw5,new_w5.  [default: results]",
    ),
    click.option(
        "--hide",
        default="working",
        help="working: everything. numbers: formulas stay. result: only the result is"
        " blank.  [default: working]",
    ),
    click.option(
        "--room",
        default="none",
        help="Room to write below each blank: none, lines, third, half or full (of a"
        " page).  [default: none]",
    ),
    click.option(
        "--points",
        default="",
        callback=split_names,
        metavar="KIND=N",
        help="Points by kind of quantity: gradient=2,parameter=1.  [default: 1]",
    ),
)


@click.command()
@click.argument("network")
@assignment_choices
@click.option("--name", default="", help="The student's name.  [default: a field]")
@click.option("--code", default="", help="A code, printed on every page.")
@formats([*PAGES, *EXPORTS], "md,tex")
@output_folder
@page_choices
@click.option("--no-verify", is_flag=True, help="Skip the verification of the key.")
def worksheet(
    network: str,
    prints: tuple[str, ...],
    to: tuple[str, ...],
    output: Path,
    **given: Any,
) -> None:
    """Make a worksheet of NETWORK and its key: the key with holes.

    What follows from a blank, and is not asked itself, is left out of the worksheet.
    The key is verified first.
    """
    check_formats(to, (*PAGES, *EXPORTS))
    check_templates(given["templates"])
    stem = str(output / Path(network).stem)
    with refusing(network, given["templates"]):
        assignment = read_assignment(given)
        _check_known("--print", "print", prints, tuple(NAMES))
        worked = work_out(network, given)
        files = {
            Path(f"{stem}{name}"): content
            for name, content in _write(worked, assignment, prints, to, given).items()
        }
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")


def _check_known(
    place: str, what: str, got: tuple[str, ...], known: tuple[str, ...]
) -> None:
    from explainer.network.problems import NetworkError, Problem, unknown

    strange = [word for word in got if word not in known]
    problems = [Problem(place, unknown(what, word, known)) for word in strange]
    if not got:
        problems = [
            Problem(place, f"nothing is asked for; allowed: {', '.join(known)}")
        ]
    if problems:
        raise NetworkError(problems, "command")


def read_assignment(given: Mapping[str, Any]) -> Assignment:
    """What the options ask for. Raises NetworkError with all problems of them."""
    from explainer.homework.worksheet.masking import HIDES
    from explainer.homework.worksheet.papers import ROOMS, Assignment
    from explainer.mathematics.rounding import KINDS
    from explainer.network.problems import NetworkError, Problem, unknown

    problems = []
    for place, got, known in (
        ("hide", given["hide"], [*HIDES]),
        ("room", given["room"], ROOMS),
    ):
        if got not in known:
            problems.append(Problem(f"--{place}", unknown(place, got, known)))
    points = {}
    for text in given["points"]:
        kind, _, count = text.partition("=")
        if kind not in KINDS:
            problems.append(
                Problem("--points", unknown("kind of quantity", kind, KINDS))
            )
        elif not count.isdecimal():
            problems.append(Problem("--points", f"got {text!r}; allowed: {kind}=2"))
        else:
            points[kind] = int(count)
    if problems:
        raise NetworkError(problems, "command")
    return Assignment(given["blank"], given["hide"], given["room"], points)


def work_out(network: str, given: Mapping[str, Any]) -> WorkedDerivation:
    """The derivation of a key, verified unless that is not wanted.

    A picture shows what its network computes, so papers have none.
    """
    from explainer import worked
    from explainer.cli.choosing import choose, load
    from explainer.cli.progress import watching

    with watching() as progress:
        derivation = worked.derive(
            choose(load(network), {**given, "pictures": "none"}),
            method=given["method"],
            detail=given["detail"],
            only=given["only"],
            verify=not given["no_verify"],
            progress=progress,
        )
        refuse_unproved(derivation)
    return derivation


def _write(
    worked: WorkedDerivation,
    assignment: Assignment,
    prints: tuple[str, ...],
    to: tuple[str, ...],
    given: Mapping[str, Any],
) -> Mapping[str, str | bytes]:
    from dataclasses import replace

    from explainer.homework.worksheet.papers import set_papers

    # The sections of a verification would tell answers.
    plain = replace(worked, verify=False)
    papers = set_papers(
        plain.document, plain.symbols, assignment, given["code"], given["name"]
    )
    files: dict[str, str | bytes] = {}
    for form in to:
        if form in PAGES:
            for name in prints:
                path = f"-{NAMES[name]}{PAGES[form]}"
                files[path] = print_page(plain, papers, name, form, given["templates"])
        else:
            files |= export(plain, papers, form)
    return files


def print_page(
    worked: WorkedDerivation,
    papers: Papers,
    name: str,
    form: str,
    templates: Path | None = None,
) -> str | bytes:
    """One print of the papers in one format."""
    from explainer.homework.worksheet.papers import EXAM
    from explainer.page.rendering import Renderer, render

    language = worked.spec.page.language
    if form == "exam":
        renderer = Renderer(EXAM, worked.spell, templates, language)
        return renderer.render(papers.with_solutions(name))
    document, runs = papers.part(name), worked.runs

    def print_in(form: str) -> str:
        return render(document, form, worked.spell, templates, language, runs)

    return make(form, print_in)


def export(
    worked: WorkedDerivation, papers: Papers, form: str
) -> Mapping[str, str | bytes]:
    """The papers for a course system."""
    from explainer.homework.exports.formats import EXPORTS as RECORDS

    name = papers.key.paper.name if papers.key.paper else ""
    handout = hand_out(worked, papers, form, {"name": name})
    return RECORDS[form].files_of(handout)


def hand_out(
    worked: WorkedDerivation,
    papers: Papers,
    form: str,
    student: Mapping[str, str],
    maker: QuizMaker | None = None,
) -> Handout:
    """The papers as exports see them; `maker` is that of their exercise, where there is
    one already."""
    from explainer.homework.exports.handout import Handout

    if worked.readings is None:
        raise Refusal("without numbers there is nothing to export")
    if worked.course is not None:
        raise Refusal(
            f"--to {form}: it asks for the numbers of one iteration; use --iterations 1"
        )
    return Handout(
        worked.spec.title,
        papers,
        worked.symbols,
        worked.readings,
        worked.rounding,
        maker or quiz_maker(worked),
        student,
    )


def quiz_maker(worked: WorkedDerivation) -> QuizMaker:
    """What all papers of an exercise have in common in their exports."""
    from explainer.homework.exports.handout import QuizMaker

    language = worked.spec.page.language
    return QuizMaker(worked.symbols.graph, worked.spell, language)
