"""`explainer variants NETWORK`: a paper for each student."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.files import Refusal
from explainer.cli.options import formats, page_choices
from explainer.cli.refusing import check_formats, check_templates, refusing
from explainer.cli.worksheet import EXPORTS, PAGES, assignment_choices

if TYPE_CHECKING:
    from explainer.homework.variants.manifest import Manifest
    from explainer.homework.variants.roster import Student

# What a manifest keeps of a command, to make its papers again.
NOT_KEPT = frozenset(
    {"count", "salt", "roster", "shard", "jobs", "templates", "no_verify"}
)


def read_shard(
    context: click.Context, parameter: click.Parameter, text: str
) -> tuple[int, int]:
    """`2/4` as (2, 4)."""
    part, _, whole = (text or "1/1").partition("/")
    if part.isdecimal() and whole.isdecimal() and 1 <= int(part) <= int(whole):
        return int(part), int(whole)
    raise Refusal(f"--shard: got {text!r}; allowed: I/N such as 2/4, I from 1 to N")


@click.command()
@click.argument("network")
@click.option("--count", type=click.IntRange(1), help="How many papers.  [default: 30]")
@click.option(
    "--roster",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV with a column id, and others such as name and group: a paper a line.",
)
@click.option(
    "--seed", default="1", help="Other papers for another seed.  [default: 1]"
)
@click.option(
    "--salt",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file that you keep secret. Without it, whoever has the network file and"
    " this program can work out a student's paper and its key.",
)
@assignment_choices
@formats([*PAGES, *EXPORTS], "md")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into.  [default: output/NETWORK-variants]",
)
@click.option(
    "--shard",
    callback=read_shard,
    metavar="I/N",
    help="Only the I-th of N parts, each a run of its own.",
)
@click.option("--jobs", default=1, type=click.IntRange(1, 256), help="Processes.")
@page_choices
@click.option("--no-verify", is_flag=True, help="Skip the verification of the keys.")
def variants(network: str, output: Path | None, **given: Any) -> None:
    """Make a paper for each student: worksheet and key with numbers of their own.

    What may vary stands under [variants] in the network file; without it, inputs,
    weights and biases vary around their values. A paper depends on the seed, the salt,
    the network file and the student's id only. A run that was stopped goes on where it
    was. manifest.json and papers.jsonl say what was made. Each key is verified before
    its paper is written.
    """
    check_formats(given["to"], (*PAGES, *EXPORTS))
    check_templates(given["templates"])
    if given["count"] and given["roster"]:
        raise Refusal("--count: the roster says how many papers there are")
    with refusing(network, given["templates"]):
        folder = output or Path("output") / f"{Path(network).stem}-variants"
        _make(network, folder, given)


def _make(network: str, folder: Path, given: dict[str, Any]) -> None:
    from explainer.cli.locking import locked
    from explainer.cli.manifests import check_manifest, check_parts
    from explainer.cli.papers import prepare
    from explainer.cli.running import Run
    from explainer.homework.variants.register import register_name

    text, name = _read_source(network)
    students = _students(given)
    manifest = _manifest(text, name, given)
    templates = given["templates"]
    printer = prepare(manifest, _salt(given), templates, not given["no_verify"])
    if {*given["to"]} & {*EXPORTS}:
        gc.enable()  # Their papers leave cycles behind.
    part, whole = given["shard"]
    with locked(folder / register_name(part, whole)):
        check_parts(folder, whole)
        check_manifest(folder, manifest)
        Run(folder, printer, students, given["shard"], given["jobs"]).make()


def _read_source(network: str) -> tuple[str, str]:
    """The text of the network file, and its name."""
    from explainer.cli.choosing import load
    from explainer.examples import EXAMPLES, read_example

    load(network)  # Its problems are told before anything is written.
    path = Path(network)
    if path.is_file():
        return path.read_text("utf-8"), path.stem
    assert network in EXAMPLES
    return read_example(network), network


def _students(given: Mapping[str, Any]) -> Sequence[Student]:
    from explainer.homework.variants.roster import Numbered, decode, read_roster

    roster: Path | None = given["roster"]
    if roster is None:
        return Numbered(range(1, (given["count"] or 30) + 1))
    try:
        text, is_unicode = decode(roster.read_bytes())
    except OSError as error:
        raise Refusal(f"{roster}: cannot be read: {error.strerror}") from error
    students = read_roster(text, str(roster))
    if not is_unicode:
        _tell_guess(roster, students)
    return students


def _tell_guess(roster: Path, students: Sequence[Student]) -> None:
    """The encoding of an old file is a guess: a name shows whether it is right."""
    cells = (cell for student in students for cell in student.columns.values())
    strange = next((cell for cell in cells if not cell.isascii()), "")
    click.echo(
        f"{roster}: this is not UTF-8, and was read as Windows-1252. If {strange!r} is"
        " wrong, save the roster as UTF-8.",
        err=True,
    )


def _salt(given: Mapping[str, Any]) -> bytes:
    """What makes the draws secret, and another set of papers for another seed."""
    secret = given["salt"].read_bytes() if given["salt"] else b""
    return f"{given['seed']}\n".encode() + secret


def _manifest(text: str, name: str, given: Mapping[str, Any]) -> Manifest:
    from explainer.homework.variants.manifest import Manifest, program_version

    choices = {k: v for k, v in given.items() if k not in NOT_KEPT}
    # The salt is secret, its hash is not: another salt makes other papers.
    choices["salted"] = hashlib.sha256(_salt(given)).hexdigest()[:16]
    choices["templates"] = _hash_folder(given["templates"])
    return Manifest(program_version(), name, text, json.loads(json.dumps(choices)))


def _hash_folder(folder: Path | None) -> str | None:
    """What the user's own templates are known by."""
    if folder is None:
        return None
    from explainer.homework.variants.register import hash_content

    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            whole.update(f"{name}\n{hash_content(path.read_bytes())}\n".encode())
    return whole.hexdigest()[:16]
