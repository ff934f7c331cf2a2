"""How many papers a second: the key and the worksheet of forward-backward in Markdown.

    python tests/benchmarks/variants.py [--count 1000]

In one run, one after the other: the program on one core and on two, with its files and
without; the same templates rendered from ready strings; SymPy's derivatives of the
whole error, with the numbers substituted; and writing the same bytes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sympy

from explainer.cli.files import append_line, write_files
from explainer.cli.papers import Paper, Printer, make_in_worker, prepare, start_worker
from explainer.derivation.deriving import Derivation
from explainer.examples import read_example
from explainer.homework.variants.making import Variant
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.roster import Numbered
from explainer.homework.worksheet.papers import Papers
from explainer.mathematics.algebra import to_sympy
from explainer.mathematics.written import Key, Written, names_in, substitute
from explainer.notation import plain_name
from explainer.page.formats import FORMATS
from explainer.page.rendering import Renderer
from explainer.worked import WorkedDerivation

EXAMPLE = "forward-backward"
PRINTS = ("key", "blank")
CHOICES: dict[str, Any] = {
    "to": ["md"],
    "prints": [*PRINTS],
    "blank": ["results"],
    "hide": "working",
    "room": "none",
    "points": [],
    "detail": "standard",
    "only": [],
    "show": [],
    **dict.fromkeys(
        "method matrices notation figures decimals mode carry updates order"
        " iterations language".split()
    ),
}
# Filters whose results are ready strings in the comparison with templates alone.
FILTERS = (
    "math",
    "lines",
    "say",
    "text",
    "word",
    "cell",
    "heading",
    "label",
    "step_title",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    manifest = Manifest("0", EXAMPLE, read_example(EXAMPLE), CHOICES)
    students = Numbered(range(1, count + 1))
    printer = prepare(manifest, b"benchmark", None)
    with timed("one core, keys and worksheets, from the first one", count):
        papers = [printer.make(student) for student in students]
    size = sum(len(text) for paper in papers for text in paper.files.values())
    with timed("one core, further ones", count):
        for student in Numbered(range(count + 1, 2 * count + 1)):
            printer.make(student)
    with timed("one core, with their files and the manifest", count):
        write_all(printer.make(student) for student in students)
    two = partial(in_two_processes, printer, students)
    with timed("two processes, further ones", count, warm=two):
        two()
    with timed("writing the same bytes", count):
        write_all(iter(papers))
    variants = [printer.exercise.make(student) for student in students[:20]]
    time_templates(printer, variants)
    time_rendering(printer, variants)
    time_sympy(printer, variants[0])
    print(f"{size / count / 1000:.1f} kB for each paper")
    measure_memory(printer, count)


@contextmanager
def timed(what: str, count: int, warm: Callable[[], object] = int) -> Iterator[None]:
    """Papers a second, by the clock and by the time of this process."""
    warm()
    clock, own = time.perf_counter(), time.process_time()
    yield
    clock, own = time.perf_counter() - clock, time.process_time() - own
    print(f"{count / clock:10.1f} /s  {count / own:10.1f} /s of its own  {what}")


def write_all(papers: Iterator[Paper]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers:
            files = {Path(folder, name): text for name, text in paper.files.items()}
            write_files(files)
            append_line(Path(folder, "papers.jsonl"), paper.line)


_pool: list[Any] = []


def in_two_processes(printer: Printer, students: Numbered) -> None:
    """The pool stays: its processes know their templates the second time."""
    if not _pool:
        _pool.append(get_context("spawn").Pool(2, start_worker, printer.origin))
    for _ in _pool[0].imap(make_in_worker, students, chunksize=8):
        pass


class ReadyRenderer(Renderer):
    """The same templates; whatever a filter gives is kept, as a ready string."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        filters = self.environment.filters
        for name in FILTERS:
            filters[name] = _remembering(filters[name])


def _remembering(work: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[object, Any] = {}

    def remembered(first: Any, *rest: Any) -> Any:
        # A template makes some of its words as it goes; these are texts.
        place = (first if isinstance(first, str) else id(first), *rest)
        if place not in known:
            known[place] = (work(first, *rest), first)
        return known[place][0]

    return remembered


def time_templates(printer: Printer, variants: list[Variant]) -> None:
    """(a) Jinja alone: every formula and sentence is a ready string."""
    worked, papers = work_out(printer, variants[0])
    renderer = ReadyRenderer(FORMATS["md"], worked.spell)
    documents = [papers.part(name) for name in PRINTS]
    for document in documents:
        assert renderer.render(document) == renderer.render(document)
    count = 50
    with timed("(a) the same templates from ready strings", count):
        for _ in range(count):
            for document in documents:
                renderer.render(document)


def work_out(printer: Printer, variant: Variant) -> tuple[WorkedDerivation, Papers]:
    return printer._work_out(variant)


def time_rendering(printer: Printer, variants: list[Variant]) -> None:
    """What a page costs that is not cooked."""
    with timed("    the same pages without the kitchen", len(variants)):
        for variant in variants:
            for name in PRINTS:
                printer.render(variant, name, "md")


def time_sympy(printer: Printer, variant: Variant) -> None:
    """(b) For each paper the derivative of the whole error by each parameter, and the
    numbers put in: no page yet."""
    derivation = printer.shapes[""].derivation
    givens = derivation.graph.givens
    symbols = {key: sympy.Symbol(plain_name(key), real=True) for key in givens}
    error = to_sympy(
        composed(derivation, derivation.graph.objective), symbols.__getitem__
    )
    numbers = {
        symbols[key]: sympy.Rational(str(variant.givens.get(key, given.value)))
        for key, given in givens.items()
    }
    count = 3
    with timed("(b) SymPy diff and subs, numbers only", count):
        for _ in range(count):
            for key in derivation.gradients:
                sympy.diff(error, symbols[key]).subs(numbers).evalf(15)


def composed(derivation: Derivation, key: Key) -> Written:
    """The error as one expression of what is given."""
    known = derivation.graph.quantities
    formula = known[key].formula
    inside = [used for used in names_in(formula) if used in known]
    return substitute(formula, {used: composed(derivation, used) for used in inside})


def measure_memory(printer: Printer, count: int) -> None:
    """What is left of so many papers more."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for student in Numbered(range(10**6, 10**6 + count)):
        printer.make(student)
    after, _ = tracemalloc.get_traced_memory()
    print(f"{(after - before) / count:.0f} bytes stay in memory for each further paper")


if __name__ == "__main__":
    main()
    for pool in _pool:
        pool.terminate()
