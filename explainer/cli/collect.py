"""`explainer collect FOLDER`: the papers of a class in one file for a course system."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from explainer.cli.files import Refusal, writing_whole
from explainer.cli.options import formats
from explainer.cli.refusing import check_formats, counted, refusing

if TYPE_CHECKING:
    from explainer.cli.papers import Printer
    from explainer.homework.exports.handout import Handout
    from explainer.homework.variants.register import Line

COLLECTED = ("moodle", "canvas", "csv")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@formats(COLLECTED, "csv")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into.  [default: FOLDER]",
)
def collect(folder: Path, to: tuple[str, ...], output: Path | None) -> None:
    """Put the papers of a class into one file: FOLDER is what `explainer variants`
    wrote, all shards of it.

    moodle: a question bank, with a category for each group of the roster. canvas: a
    package with a quiz for each paper. csv: a table of all answers, with the students.
    """
    from explainer.homework.exports.formats import COLLECTIONS

    check_formats(to, COLLECTED)
    # A paper leaves cycles behind; memory is for one of them, not for all.
    gc.enable()
    records = [COLLECTIONS[form] for form in dict.fromkeys(to)]
    paths = [(output or folder) / f"class{record.suffix}" for record in records]
    with refusing(str(folder)):
        papers = _hand_outs(_printer_of(folder), find_lists(folder), to[0])
        with writing_whole(paths) as files, ExitStack() as stack:
            collections = [
                stack.enter_context(closing(record.begin(file)))
                for record, file in zip(records, files, strict=True)
            ]
            count = 0
            for handout in papers:
                count += 1
                for collection in collections:
                    collection.add(handout)
    for path in paths:
        click.echo(f"wrote {path}: {counted(count, 'paper')}")


def _printer_of(folder: Path) -> Printer:
    """The printer of the papers of a folder."""
    from explainer.cli.manifests import read_manifest
    from explainer.cli.papers import prepare
    from explainer.homework.variants.manifest import MANIFEST

    path = folder / MANIFEST
    if not path.is_file():
        raise Refusal(f"{path}: no such file; `explainer variants` writes it")
    return prepare(read_manifest(path), b"", None, False)


def find_lists(folder: Path) -> Sequence[Path]:
    """The lists of papers of a folder, every shard. Raises Refusal where one is missing
    or was cut off: the file of a class is complete, or it is not there."""
    from explainer.homework.variants.register import PART, find_registers, shard_of

    lists = find_registers(folder)
    for path in lists:
        if path.name.endswith(PART) or not _is_whole(path):
            raise Refusal(f"{path}: its run was stopped; run `variants` again first")
    if not lists:
        raise Refusal(f"{folder}: no papers; run `explainer variants` first")
    shards = [shard_of(path) for path in lists]
    wholes = {whole for _, whole in shards}
    if len(wholes) > 1:
        raise Refusal(f"{folder}: papers of shards and of a whole; keep one of them")
    (whole,) = wholes
    missing = sorted({*range(1, whole + 1)} - {part for part, _ in shards})
    if missing:
        names = ", ".join(f"--shard {part}/{whole}" for part in missing[:10])
        raise Refusal(f"{folder}: parts are missing; run {names} of `variants` first")
    return lists


def _is_whole(path: Path) -> bool:
    """Whether the last line of a list of papers is a whole one."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _hand_outs(printer: Printer, lists: Sequence[Path], form: str) -> Iterator[Handout]:
    """The papers one after the other, as exports see them."""
    from explainer.cli.progress import watching

    with watching() as progress:
        for number, line in enumerate(_lines(lists), 1):
            variant = printer.variant_of(line)
            if printer.differences(variant, line):
                raise Refusal(
                    f"{line.code}: this version of the program finds other numbers than"
                    f" version {printer.manifest.version} did, which made the papers"
                )
            yield printer.hand_out(variant, form)
            if progress:
                progress("papers", number, 0)


def _lines(lists: Sequence[Path]) -> Iterator[Line]:
    from explainer.homework.variants.register import read_lines

    return chain.from_iterable(map(read_lines, lists))
