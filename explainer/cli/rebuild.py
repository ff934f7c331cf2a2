"""`explainer rebuild CODE`: a paper of a class again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer.cli.files import Refusal, write_files
from explainer.cli.options import output_folder
from explainer.cli.refusing import list_some, refusing

if TYPE_CHECKING:
    from explainer.homework.variants.register import Line


@click.command()
@click.argument("code")
@click.option(
    "--manifest",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="The folder of the papers, or its manifest.json.",
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of templates, if the papers were made with one.",
)
@output_folder
def rebuild(code: str, manifest: Path, templates: Path | None, output: Path) -> None:
    """Make the paper CODE again, byte for byte, from the numbers in its manifest."""
    from explainer.cli.manifests import read_manifest
    from explainer.cli.papers import prepare
    from explainer.homework.variants.manifest import MANIFEST, program_version

    path = manifest / MANIFEST if manifest.is_dir() else manifest
    if not path.is_file():
        raise Refusal(
            f"{path}: no such file; --manifest names the folder of the papers"
        )
    with refusing(str(path), templates):
        found = read_manifest(path)
        line = _find_line(code, path.parent)
        paper = prepare(found, b"", templates).again(line)
    write_files({output / name: content for name, content in paper.files.items()})
    for name in paper.files:
        click.echo(f"wrote {output / name}")
    if paper.differs:
        raise Refusal(
            f"{line.code}: this version of the program ({program_version()}) makes"
            f" another paper than version {found.version} did. What differs:"
            f" {list_some(paper.differs)}"
        )


def _find_line(code: str, folder: Path) -> Line:
    from explainer.homework.variants.codes import ask_which, read_code
    from explainer.homework.variants.register import read_folder

    wanted = read_code(code)
    found = None
    codes = []
    for line in read_folder(folder):
        codes.append(line.code)
        if line.code == wanted:
            found = line
    if found is not None:
        return found
    if wanted is None:
        problem = f"{code}: this is no code of a paper; a character is wrong."
    else:
        problem = f"{wanted}: no paper of {folder} has this code."
    raise Refusal(f"{problem}{ask_which(code, codes)}")
