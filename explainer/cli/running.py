"""A run: the papers of a class on their way into a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import click

from explainer.cli.files import append_line, write_files
from explainer.cli.manifests import keep_manifest
from explainer.cli.papers import Paper, Printer
from explainer.cli.progress import watching
from explainer.cli.refusing import counted, list_some
from explainer.cli.resuming import (
    Earlier,
    differing,
    find_earlier,
    finish,
)
from explainer.cli.workers import work
from explainer.derivation.progress import told
from explainer.homework.variants.register import part_of, read_line, register_name
from explainer.homework.variants.roster import Student, find_in
from explainer.homework.variants.shapes import count_papers
from explainer.homework.variants.verifying import Verified


@dataclass
class Run:
    """One part of the papers of a class, on its way into a folder."""

    folder: Path
    printer: Printer
    everybody: Sequence[Student]
    shard: tuple[int, int]
    jobs: int
    rejected: Counter[str] = field(default_factory=Counter)
    verified: Verified = field(default_factory=Verified)

    @cached_property
    def students(self) -> Sequence[Student]:
        """The I-th of N parts, one after the other: put together they are the whole."""
        part, whole = self.shard
        count = len(self.everybody)
        start, end = (count * place // whole for place in (part - 1, part))
        return self.everybody[start:end]

    @cached_property
    def earlier(self) -> Earlier:
        register = self.folder / register_name(*self.shard)
        with watching() as progress:
            return find_earlier(
                register, find_in(self.everybody), self.printer.verifies, progress
            )

    def make(self) -> None:
        kept = self.earlier.kept
        todo = (student for student in self.students if student.id not in kept)
        made = work(self.printer, todo, self.jobs)
        count = 0
        try:
            for student in _watched(self.students):
                if student.id in kept:
                    self._keep(student)
                else:
                    self._add(next(made), count)
                    count += 1
        except KeyboardInterrupt:
            click.echo(
                f"stopped after {count} papers; the same command goes on", err=True
            )
            raise
        finish(self.earlier)
        self._report(count)

    def _keep(self, student: Student) -> None:
        raw = self.earlier.raw(self.earlier.kept[student.id])
        append_line(part_of(self.earlier.register), raw.decode())
        line = read_line(raw)
        self.rejected.update(line.rejected)
        self.verified += line.verified

    def _add(self, paper: Paper, count: int) -> None:
        """Write what differs from the files that are there, then the line."""
        if not count:
            keep_manifest(self.folder, self.printer.manifest)
        write_files(differing(self.folder, paper.files), mark="new")
        append_line(part_of(self.earlier.register), paper.line)
        self.rejected.update(paper.rejected)
        self.verified += paper.verified

    def _report(self, count: int) -> None:
        there = len(self.students) - count
        more = f" ({there} were there)" if there else ""
        click.echo(f"wrote {counted(count, 'paper')} into {self.folder}{more}")
        others = self.earlier.others
        if others:
            click.echo(
                f"papers of students who are not in the roster stay: {len(others)}"
                f" ({list_some([*others])})"
            )
        self._report_repeats()
        if self.rejected:
            names = [f"{name} {n}" for name, n in sorted(self.rejected.items())]
            listed = ", ".join(names)
            click.echo(f"drawn again: {self.rejected.total()} ({listed})")
        if self.verified.keys:
            click.echo(_tell(self.verified, count))

    def _report_repeats(self) -> None:
        possible, count = count_papers(self.printer.shapes), len(self.everybody)
        # So many pairs of students would have the same paper, on average.
        if count * (count - 1) // 2 > possible:
            click.echo(
                f"{possible} different papers can be drawn for {count} students: some"
                " may have the same numbers. Let more vary in [variants]."
            )


def _watched(students: Sequence[Student]) -> Iterator[Student]:
    with watching() as progress:
        yield from told(students, "papers", progress)


def _tell(verified: Verified, made: int) -> str:
    """What was verified, in one sentence. How far a gradient was from its difference is
    known where all keys were made now: no register holds it."""
    exact, rounded, propagated = (f"{n:,}" for n in verified.lines.values())
    classes = f"{exact} exactly, {rounded} rounded, {propagated} within their digits"
    skipped = f" ({verified.skipped:,} not compared)" if verified.skipped else ""
    is_known = verified.largest and made == verified.keys
    farthest = f"; largest deviation {verified.largest:.0e}" if is_known else ""
    return (
        f"{counted(verified.keys, 'key')} verified:"
        f" {counted(sum(verified.lines.values()), 'line')} true"
        f" ({classes}), {verified.gradients:,} gradients by central differences"
        f"{skipped}{farthest}"
    )
