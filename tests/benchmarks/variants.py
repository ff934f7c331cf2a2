"""How fast papers are made: keys with their worksheets a second, side by side.

    python tests/benchmarks/variants.py [COUNT]

Forward-backward, full worked key and worksheet in Markdown. Compared in one run with
(a) the same templates rendered for each paper, (b) SymPy's diff and subs for each
paper's gradients, (c) writing the same bytes. Each line is a rate and its ratio.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import sympy

from explainer.cli.papers import Printer, make_in_worker, prepare, start_worker
from explainer.examples import read_example
from explainer.homework.variants.manifest import Manifest
from explainer.homework.variants.roster import Student
from explainer.mathematics.algebra import rational
from explainer.mathematics.evaluation import as_decimal

ABSENT = (
    "method matrices notation figures decimals mode carry updates order iterations"
    " language output"
).split()
CHOICES: dict[str, Any] = {
    "to": ["md"],
    "prints": ["blank", "key"],
    "blank": ["results"],
    "hide": "working",
    "room": "none",
    "points": [],
    "detail": "standard",
    "only": [],
    "show": [],
    "pictures": "none",
    **dict.fromkeys(ABSENT),
}
EXAMPLE = "forward-backward"


def rate(work: Callable[[Any], object], items: Iterable[Any]) -> float:
    """Papers a second."""
    listed = list(items)
    start = time.perf_counter()
    for item in listed:
        work(item)
    return len(listed) / (time.perf_counter() - start)


def students(first: int, count: int) -> list[Student]:
    return [Student(str(number)) for number in range(first, first + count)]


def set_printer() -> Printer:
    manifest = Manifest("benchmark", EXAMPLE, read_example(EXAMPLE), CHOICES)
    return prepare(manifest, b"benchmark", None)


def gradients_by_sympy() -> Callable[[dict[str, Decimal]], object]:
    """diff of the composed loss by each weight, and subs of the numbers."""
    names = "i1 i2 w1 w2 w3 w4 b1 w5 w6 w7 w8 b2 t1 t2"
    s = dict(zip(names.split(), sympy.symbols(names), strict=True))

    def sigmoid(z: Any) -> Any:
        return 1 / (1 + sympy.exp(-z))

    h1 = sigmoid(s["i1"] * s["w1"] + s["i2"] * s["w3"] + s["b1"])
    h2 = sigmoid(s["i1"] * s["w2"] + s["i2"] * s["w4"] + s["b1"])
    o1 = sigmoid(h1 * s["w5"] + h2 * s["w6"] + s["b2"])
    o2 = sigmoid(h1 * s["w7"] + h2 * s["w8"] + s["b2"])
    loss = ((s["t1"] - o1) ** 2 + (s["t2"] - o2) ** 2) / 2
    wanted = [s[f"w{number}"] for number in range(1, 9)] + [s["b1"], s["b2"]]

    def gradients(numbers: dict[str, Decimal]) -> object:
        values = {s[name]: rational(value) for name, value in numbers.items()}
        return [loss.diff(symbol).subs(values).evalf() for symbol in wanted]

    return gradients


def main(count: int) -> None:
    printer = set_printer()
    for student in students(0, 400):
        printer.make(student)  # Most looks of the blocks are met by then.
    filled = rate(printer.make, students(1000, count))
    numbers = rate(printer.exercise.make, students(1000, count))
    made = [printer.exercise.make(student) for student in students(1000, 20)]
    rendered = rate(printer._print_in_full, made)
    by_sympy = gradients_by_sympy()
    plain = [
        {str(key.of[0]): as_decimal(v) for key, v in variant.givens.items() if key.of}
        | {"t1": Decimal("0.05"), "t2": Decimal("0.95")}
        for variant in made[:3]
    ]
    wanted = set("i1 i2 w1 w2 w3 w4 b1 w5 w6 w7 w8 b2 t1 t2".split())
    kept = [{k: v for k, v in each.items() if k in wanted} for each in plain]
    sympy_rate = rate(by_sympy, kept)
    papers = [printer.make(student) for student in students(1000, 200)]
    with tempfile.TemporaryDirectory() as folder:

        def write(paper: Any) -> None:
            for name, text in paper.files.items():
                Path(folder, name).write_text(text, "utf-8")

        written = rate(write, papers)
    start = time.perf_counter()
    with ProcessPoolExecutor(2, None, start_worker, printer.origin) as pool:
        for _ in pool.map(make_in_worker, students(1000, 4 * count), chunksize=50):
            pass
    both = 4 * count / (time.perf_counter() - start)
    print(f"papers a second (key and worksheet), {count} papers")
    rows = {
        "one process": filled,
        "two processes, with their start": both,
        "numbers only, one process": numbers,
        "(a) rendered by the same templates": rendered,
        "(b) SymPy diff and subs, gradients only": sympy_rate,
        "(c) writing the same bytes": written,
    }
    for name, value in rows.items():
        print(f"{name:<42} {value:9.1f}   x {filled / value:8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
