"""The papers of a run, made by this process or by several."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from explainer.cli.papers import Paper, Printer, prepare
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.roster import Student

# So many papers for each process are made at a time.
WAITING = 128


def work(printer: Printer, students: Iterator[Student], jobs: int) -> Iterator[Paper]:
    """The papers in the order of their students, by one process or several."""
    first = list(islice(students, 2))
    students = chain(first, students)
    if jobs == 1 or len(first) < 2:
        yield from map(printer.make, students)
        return
    context = get_context("spawn")
    with context.Pool(jobs, start_worker, printer.origin) as pool:
        # Some students at a time: the papers of a long list do not wait in memory.
        while some := list(islice(students, WAITING * jobs)):
            yield from pool.imap(make_in_worker, some, chunksize=8)


_printers: list[Printer] = []


def start_worker(
    manifest: Manifest, salt: bytes, templates: Path | None, verifies: bool
) -> None:
    """A process of its own: it makes its symbols once."""
    # Ctrl-C is for the program that waits for it; without that one it has no use.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _printers[:] = [prepare(manifest, salt, templates, verifies)]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def make_in_worker(student: Student) -> Paper:
    """The paper of a student, by the printer of this process."""
    return _printers[0].make(student)
