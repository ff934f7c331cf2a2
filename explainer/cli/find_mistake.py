"""`explainer find-mistake NETWORK`: a derivation with one mistake, and its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.files import Refusal, write_files
from explainer.cli.options import formats, output_folder, page_choices
from explainer.cli.publishing import make
from explainer.cli.refusing import check_formats, check_templates, refusing
from explainer.cli.worksheet import work_out
from explainer.page.publishing.publication import SUFFIXES

if TYPE_CHECKING:
    from explainer.homework.finding.spoiling import Spoiled
    from explainer.page.document import Document
    from explainer.worked import WorkedDerivation

# A notebook would compute the right number, and stop.
PAGES = {name: suffix for name, suffix in SUFFIXES.items() if name != "ipynb"}


@click.command("find-mistake")
@click.argument("network")
@click.option(
    "--seed",
    default="1",
    help="Chooses the mistake and its step; the same seed the same ones.  [default: 1]",
)
@click.option("--mistake", help="The mistake, such as target-minus-output.")
@click.option("--step", help="The quantity whose step is wrong, such as dE/dw5.")
@click.option("--name", default="", help="The student's name.  [default: a field]")
@click.option("--code", default="", help="A code, printed on every page.")
@formats(PAGES, "md,tex")
@output_folder
@page_choices
def find_mistake(network: str, to: tuple[str, ...], output: Path, **given: Any) -> None:
    """Work out NETWORK with one mistake of the catalogue in one step.

    Everything after the mistake follows from it. The key says where it is and what was
    done, and gives the right numbers.
    """
    check_formats(to, PAGES)
    check_templates(given["templates"])
    with refusing(network, given["templates"]):
        worked = work_out(network, {**given, "no_verify": True})
        if worked.symbols.method == "matrix":
            raise Refusal("--method: a matrix has no single step; use signals or paths")
        spoiled = _choose(worked, given)
        documents = _compose(worked, spoiled, given)
        stem = output / Path(network).stem
        files = {
            Path(f"{stem}-{part}{PAGES[form]}"): _print(worked, page, form, given)
            for form in to
            for part, page in documents.items()
        }
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")


def _choose(worked: WorkedDerivation, given: Mapping[str, Any]) -> Spoiled:
    """A mistake that changes a printed number of its step, and has a step."""
    from explainer.homework.finding.spoiling import choose_place, find_places

    on_page = {step.key for step in worked.document.steps}
    places = [
        place
        for place in find_places(worked.symbols)
        if place.key in on_page and _is_seen(worked, place)
    ]
    return choose_place(places, given["seed"], given["mistake"], given["step"])


def _is_seen(worked: WorkedDerivation, place: Spoiled) -> bool:
    """Whether the printed number of the step changes, and every later one exists."""
    from explainer.network.problems import NetworkError

    try:
        wrong = with_mistake(worked, place).readings
    except NetworkError:
        return False
    assert wrong is not None and worked.readings is not None
    return wrong[place.key].shown != worked.readings[place.key].shown


def with_mistake(worked: WorkedDerivation, place: Spoiled) -> WorkedDerivation:
    """The derivation as its author wrote it."""
    from explainer.derivation.runs import run_at

    run = run_at(place.derivation, worked.rounding, 1, {})
    return replace(worked, symbols=place.derivation, run=run, verify=False, course=None)


def _compose(
    worked: WorkedDerivation, spoiled: Spoiled, given: Mapping[str, Any]
) -> dict[str, Document]:
    from explainer.homework.finding.papers import Version, write_page, write_solution
    from explainer.page.document import Paper

    spoilt = with_mistake(worked, spoiled)
    assert spoilt.readings and spoilt.full and worked.readings
    wrong = Version(spoilt.symbols, spoilt.readings)
    right = Version(worked.symbols, worked.readings)
    paper = Paper("find", given["code"], given["name"])
    document = replace(worked, course=None).document
    brief = given["detail"] == "brief"
    page = write_page(document, spoiled, wrong, spoilt.full, brief)
    page = replace(page, paper=paper)
    title = worked.spec.title
    key = write_solution(title, spoiled, right, wrong, page, given["code"])
    return {"find": page, "find-key": key}


def _print(
    worked: WorkedDerivation, page: Document, form: str, given: Mapping[str, Any]
) -> str | bytes:
    from explainer.page.rendering import render

    language = worked.spec.page.language

    def print_in(form: str) -> str:
        return render(page, form, worked.spell, given["templates"], language)

    return make(form, print_in)
