"""How many papers a second: the key and the worksheet of forward-backward.

    python tests/benchmarks/variants.py [--count 1000] [--rounds 5]

In one run, and in turn, so that a busy machine is busy for all of them: the program
with its verification and without, with its files, in HTML, in two processes; the same
templates rendered from ready strings; and writing the same bytes. Each line has the
median, and its ratio to the ready strings. Once: SymPy's derivatives of the whole
error with the numbers substituted, and what stays in memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import sympy

from explainer.cli.files import append_line, write_files
from explainer.cli.papers import Paper, Printer, prepare
from explainer.cli.workers import make_in_worker, start_worker
from explainer.derivation.deriving import Derivation
from explainer.examples import read_example
from explainer.homework.variants.making import Variant
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.roster import Numbered, Student
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    count, rounds = given.count, given.rounds
    students = Numbered(range(1, count + 1))
    for verifies in (False, True):
        name = "with verification" if verifies else "without verification"
        printer = set_printer("md", verifies)
        with timed(f"from the first paper, {name}", count):
            papers = [printer.make(student) for student in students]
    printer = compare(papers, count, rounds)
    variants = [printer.exercise.make(student) for student in students[:10]]
    time_rendering(printer, variants)
    time_sympy(printer, variants[0])
    size = sum(len(text) for paper in papers for text in paper.files.values())
    print(f"{size / count / 1000:.1f} kB for each paper")
    measure_memory(printer, count)


def set_printer(form: str, verifies: bool = True) -> Printer:
    choices = {**CHOICES, "to": [form]}
    manifest = Manifest("0", EXAMPLE, read_example(EXAMPLE), choices)
    return prepare(manifest, b"benchmark", None, verifies)


def compare(papers: list[Paper], count: int, rounds: int) -> Printer:
    """Each job in turn, `rounds` times, after one time that does not count. Answers the
    printer that verifies, which knows its templates then."""
    plain, checked = set_printer("md", False), set_printer("md")
    page = set_printer("html")
    tenth = max(1, count // 10)
    ready, pages = ready_templates(plain), max(1, count // 50)
    jobs: dict[str, tuple[int, Callable[[Numbered], object]]] = {
        "(a) the same templates from ready strings": (
            pages,
            lambda s: [*map(ready, s)],
        ),
        "one core, without verification": (count, lambda s: [*map(plain.make, s)]),
        "one core, with verification": (count, lambda s: [*map(checked.make, s)]),
        "    and with its files": (count, lambda s: write_all(map(checked.make, s))),
        "two processes, without verification": (count, Workers(plain)),
        "two processes, with verification": (count, Workers(checked)),
        "one core, HTML, with verification": (tenth, lambda s: [*map(page.make, s)]),
        "(c) writing the same bytes": (count, lambda s: write_all(iter(papers))),
    }
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, (number, work) in jobs.items():
            start = count * (turn + 1) + 1
            clock = time.perf_counter()
            work(Numbered(range(start, start + number)))
            found[name].append(number / (time.perf_counter() - clock))
    medians = {name: median(speeds[1:]) for name, speeds in found.items()}
    first = next(iter(medians.values()))
    for name, speed in medians.items():
        print(f"{speed:10.1f} /s  {speed / first:6.2f} x (a)  {name}")
    return checked


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Papers a second, by the clock and by the time of this process."""
    clock, own = time.perf_counter(), time.process_time()
    yield
    clock, own = time.perf_counter() - clock, time.process_time() - own
    print(f"{count / clock:10.1f} /s  {count / own:10.1f} /s of its own  {what}")


def write_all(papers: Iterable[Paper]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers:
            files = {Path(folder, name): text for name, text in paper.files.items()}
            write_files(files)
            append_line(Path(folder, "papers.jsonl"), paper.line)


class Workers:
    """Two processes that stay: they know their templates the second time."""

    def __init__(self, printer: Printer) -> None:
        self.pool = get_context("spawn").Pool(2, start_worker, printer.origin)
        POOLS.append(self.pool)

    def __call__(self, students: Numbered) -> None:
        for _ in self.pool.imap(make_in_worker, students, chunksize=8):
            pass


POOLS: list[Any] = []


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


def ready_templates(printer: Printer) -> Callable[[object], None]:
    """(a) Jinja alone: every formula and sentence is a ready string."""
    worked, papers = work_out(printer, printer.exercise.make(Student("1")))
    renderer = ReadyRenderer(FORMATS["md"], worked.spell)
    documents = [papers.part(name) for name in PRINTS]

    def render(student: object) -> None:
        for document in documents:
            renderer.render(document)

    render(None)
    return render


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
    for pool in POOLS:
        pool.terminate()
