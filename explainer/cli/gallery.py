"""`explainer gallery`: every built-in example in every format that people read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

from explainer.cli.derive import GENERAL, GENERAL_LINE, refuse_unproved
from explainer.cli.files import write_files

TO = ("md", "tex", "html")
FOLDER = Path("output") / "gallery"
Files = Mapping[str, str]


@click.command()
@click.option(
    "-o",
    "--output",
    default=FOLDER,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into.  [default: output/gallery]",
)
@click.option(
    "--jobs",
    default=os.cpu_count() or 1,
    type=click.IntRange(1, 256),
    help="Processes.  [default: one a core]",
)
def gallery(output: Path, jobs: int) -> None:
    """Write the built-in examples, verified, with their pictures, and an index."""
    from explainer.cli.progress import watching

    files: dict[str, str] = {}
    names = example_names()
    with watching() as progress, ProcessPoolExecutor(jobs) as pool:
        for done, found in enumerate(pool.map(make_example, names), 1):
            files |= found
            if progress:
                progress("examples", done, len(names))
    files |= make_catalogue()
    files["README.md"] = make_index(files)
    write_files({output / name: text for name, text in files.items()})
    click.echo(f"wrote {len(files)} files into {output}")


def example_names() -> tuple[str, ...]:
    """The examples and the general derivation."""
    from explainer.examples import EXAMPLES

    return (*EXAMPLES, GENERAL)


def make_example(name: str) -> Files:
    """The pages and pictures of one example. Raises NotVerified for one that does not
    verify: the built-in ones all do."""
    if name == GENERAL:
        return _make_general()
    from explainer import worked

    derivation = worked.derive(worked.Network.from_example(name))
    refuse_unproved(derivation)
    pages = {
        f"{name}.{form}": worked.render(derivation, form, stem=name) for form in TO
    }
    pictures = worked.pictures(derivation)
    return pages | {f"{name}-{shown}.svg": text for shown, text in pictures.items()}


def _make_general() -> Files:
    from explainer.derivation.general import spell_general
    from explainer.page.general_document import compose_general
    from explainer.page.rendering import render

    document, proofs = compose_general(True)
    assert all(proof.holds for proof in proofs)
    return {f"{GENERAL}.{form}": render(document, form, spell_general) for form in TO}


def make_catalogue() -> Files:
    """The catalogue, from the records."""
    from explainer.page.catalogue import compose_catalogue, spell_catalogue
    from explainer.page.rendering import render

    document = compose_catalogue()
    return {
        f"catalogue.{form}": render(document, form, spell_catalogue)
        for form in ("md", "html")
    }


def make_index(files: Files) -> str:
    """The index: each example with its picture and its pages."""
    from explainer.examples import EXAMPLES
    from explainer.page.templates import Ready, make_environment

    titles = {**EXAMPLES, GENERAL: GENERAL_LINE, "catalogue": "All records"}
    entries = []
    for name, title in titles.items():
        picture = f"{name}-network.svg"
        entries.append(
            {
                "name": Ready(name),
                "title": Ready(title),
                "picture": Ready(picture) if picture in files else None,
                "pages": [
                    {"form": Ready(form), "path": Ready(f"{name}.{form}")}
                    for form in TO
                    if f"{name}.{form}" in files
                ],
            }
        )
    template = make_environment(None).get_template("gallery/index.j2")
    return template.render(entries=entries)
