"""`explainer rebuild CODE`: a paper of a class again."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from explainer.cli.files import Refusal, write_files
from explainer.cli.options import output_folder
from explainer.cli.refusing import refusing


@click.command()
@click.argument("code")
@click.option(
    "--manifest",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="The folder of the papers, or its manifest.json.",
)
@output_folder
def rebuild(code: str, manifest: Path, output: Path) -> None:
    """Make the paper CODE again, byte for byte, from the numbers in its manifest."""
    from explainer.cli.papers import prepare
    from explainer.homework.variants.drawing import read_code
    from explainer.homework.variants.manifest import MANIFEST, Manifest, read_lines

    path = manifest / MANIFEST if manifest.is_dir() else manifest
    wanted = read_code(code)
    if wanted is None:
        raise Refusal(f"{code}: this is no code of a paper; a character is wrong")
    if not path.is_file():
        raise Refusal(
            f"{path}: no such file; --manifest names the folder of the papers"
        )
    with refusing(str(path)):
        found = Manifest.from_json(path.read_text("utf-8"), str(path))
        lines = (
            line
            for papers in sorted(path.parent.glob("papers*.jsonl"))
            for line in read_lines(papers)
            if line.code == wanted
        )
        line = next(islice(lines, 1), None)
        if line is None:
            raise Refusal(f"{wanted}: no paper of {path.parent} has this code")
        paper = prepare(found, b"", None).again(line)
    write_files({output / name: content for name, content in paper.files.items()})
    for name in paper.files:
        click.echo(f"wrote {output / name}")
    if paper.differs:
        raise Refusal(
            f"{wanted}: this version of the program ({paper.version}) finds other"
            f" numbers than version {found.version} did: {', '.join(paper.differs)}"
        )
