"""`explainer variants NETWORK`: a paper for each student."""

from __future__ import annotations

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.files import Refusal, append_line, write_files
from explainer.cli.options import formats, page_choices
from explainer.cli.refusing import check_formats, check_templates, refusing
from explainer.cli.worksheet import EXPORTS, PAGES, assignment_choices

if TYPE_CHECKING:
    from explainer.cli.papers import Paper, Printer
    from explainer.homework.variants.manifest import Manifest
    from explainer.homework.variants.roster import Student

# So many papers for each process are made at a time.
WAITING = 128
# What a manifest keeps of a command, to make its papers again.
NOT_KEPT = frozenset({"count", "salt", "roster", "shard", "jobs", "templates"})


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
def variants(network: str, output: Path | None, **given: Any) -> None:
    """Make a paper for each student: worksheet and key with numbers of their own.

    What may vary stands under [variants] in the network file; without it, inputs,
    weights and biases vary around their values. A paper depends on the seed, the salt,
    the network file and the student's id only. A run that was stopped goes on where it
    was. manifest.json and papers.jsonl say what was made.
    """
    check_formats(given["to"], (*PAGES, *EXPORTS))
    check_templates(given["templates"])
    if given["count"] and given["roster"]:
        raise Refusal("--count: the roster says how many papers there are")
    with refusing(network, given["templates"]):
        folder = output or Path("output") / f"{Path(network).stem}-variants"
        _make(network, folder, given)


def _make(network: str, folder: Path, given: dict[str, Any]) -> None:
    from explainer.cli.papers import prepare
    from explainer.homework.variants.manifest import MANIFEST, mend

    text, name = _read_source(network)
    students = _shard(_students(given), given["shard"])
    manifest = _manifest(text, name, given)
    salt = _salt(given)
    _keep_manifest(folder / MANIFEST, manifest)
    papers = folder / _papers_name(given["shard"])
    mend(papers)
    rejected: Counter[str] = Counter()
    done = _count_done(papers, students, rejected)
    if {*given["to"]} & {*EXPORTS}:
        gc.enable()  # Their papers leave cycles behind.
    printer = prepare(manifest, salt, given["templates"])
    made = _work(printer, islice(students, done, None), given["jobs"])
    for paper in _watched(made, len(students), done):
        write_files({folder / path: content for path, content in paper.files.items()})
        append_line(papers, paper.line)
        rejected.update(paper.rejected)
    _report(folder, len(students), done, rejected)


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
    from explainer.homework.variants.roster import Numbered, read_roster

    roster: Path | None = given["roster"]
    if roster is None:
        return Numbered(range(1, (given["count"] or 30) + 1))
    try:
        text = roster.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(f"{roster}: this is not a text file in UTF-8") from error
    return read_roster(text, str(roster))


def _shard(students: Sequence[Student], shard: tuple[int, int]) -> Sequence[Student]:
    """The I-th of N parts, one after the other: put together they are the whole."""
    part, whole = shard
    start, end = (len(students) * place // whole for place in (part - 1, part))
    return students[start:end]


def _papers_name(shard: tuple[int, int]) -> str:
    part, whole = shard
    width = len(str(whole))
    return f"papers-{part:0{width}}-of-{whole}.jsonl" if whole > 1 else "papers.jsonl"


def _salt(given: Mapping[str, Any]) -> bytes:
    """What makes the draws secret, and another set of papers for another seed."""
    secret = given["salt"].read_bytes() if given["salt"] else b""
    return f"{given['seed']}\n".encode() + secret


def _manifest(text: str, name: str, given: Mapping[str, Any]) -> Manifest:
    from importlib.metadata import PackageNotFoundError, version

    from explainer.homework.variants.manifest import Manifest

    try:
        number = version("backprop-explainer")
    except PackageNotFoundError:
        number = "unknown"
    choices = {k: v for k, v in given.items() if k not in NOT_KEPT}
    # The salt is secret, its hash is not: another salt makes other papers.
    choices["salted"] = hashlib.sha256(_salt(given)).hexdigest()[:16]
    return Manifest(number, name, text, json.loads(json.dumps(choices)))


def _keep_manifest(path: Path, manifest: Manifest) -> None:
    """Write the manifest, or go on with the same one."""
    text = manifest.to_json()
    if path.is_file():
        if path.read_text("utf-8") == text:
            return
        # A run that failed before its first paper is no run.
        if any(papers.stat().st_size for papers in path.parent.glob("papers*.jsonl")):
            raise Refusal(
                f"{path.parent}: this folder has papers of another network file, or"
                " made with other choices, another seed or salt. Choose another folder"
                " with -o."
            )
    write_files({path: text})


def _count_done(
    papers: Path, students: Sequence[Student], rejected: Counter[str]
) -> int:
    """How many papers are there: they belong to the first students."""
    from explainer.homework.variants.manifest import read_lines

    done = 0
    for done, line in enumerate(read_lines(papers), 1):
        if done > len(students):
            raise Refusal(f"{papers}: it has more papers than are asked for")
        student = students[done - 1]
        if line.student["id"] != student.id:
            raise Refusal(
                f"{papers}: it begins with the paper of {line.student['id']!r}, the"
                f" roster with {student.id!r}. Choose another folder with -o."
            )
        rejected.update(line.rejected)
    return done


def _work(printer: Printer, students: Iterator[Student], jobs: int) -> Iterator[Paper]:
    """The papers in their order, by one process or several."""
    first = list(islice(students, 2))
    students = chain(first, students)
    if jobs == 1 or len(first) < 2:
        yield from map(printer.make, students)
        return
    from multiprocessing import get_context

    from explainer.cli.papers import make_in_worker, start_worker

    context = get_context("spawn")
    with context.Pool(jobs, start_worker, printer.origin) as pool:
        # Some students at a time: the papers of a long list do not wait in memory.
        while some := list(islice(students, WAITING * jobs)):
            yield from pool.imap(make_in_worker, some, chunksize=8)


def _watched(papers: Iterable[Paper], count: int, done: int) -> Iterator[Paper]:
    from explainer.cli.progress import watching

    with watching() as progress:
        for number, paper in enumerate(papers, done + 1):
            yield paper
            if progress:
                progress("papers", number, count)


def _report(folder: Path, count: int, done: int, rejected: Counter[str]) -> None:
    more = f" ({done} were there)" if done else ""
    click.echo(f"wrote {count - done} papers into {folder}{more}")
    if rejected:
        listed = ", ".join(f"{name} {n}" for name, n in sorted(rejected.items()))
        click.echo(f"drawn again: {rejected.total()} ({listed})")
