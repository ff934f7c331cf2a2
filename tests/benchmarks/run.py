"""Times side by side, in one run: `python tests/benchmarks/run.py`.

Ratios, not seconds, are what compares between machines.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable

from explainer import Network, derive
from explainer.derivation.deriving import derive_graph
from explainer.derivation.readings import read_numbers
from explainer.derivation.working import work_out

ROUNDS = 9
FLOOR = [sys.executable, "-c", "import sympy, jinja2"]
DERIVE = [sys.executable, "-m", "explainer", "derive", "forward-backward", "-o"]
SHAPES = ((2, 2, 2), (4, 6, 6, 3), (10, 20, 10, 5))


def time_process(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare_processes() -> None:
    """Whole processes in turn, so that a busy machine slows all of them alike."""
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "import sympy, jinja2": FLOOR,
            "derive --no-verify": [*DERIVE, folder, "--no-verify"],
            "derive": [*DERIVE, folder],
        }
        for command in commands.values():
            time_process(command)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(time_process(command))
    floor = times["import sympy, jinja2"]
    print(f"whole process, median of {ROUNDS}, ratio to importing sympy and jinja2")
    for name, seconds in times.items():
        ratio = statistics.median(a / b for a, b in zip(seconds, floor, strict=True))
        print(f"  {name:<22} {statistics.median(seconds):6.2f} s   x {ratio:.2f}")


def network_text(shape: tuple[int, ...]) -> str:
    """A network of sigmoid layers with weights that are all different."""
    inputs = "\n".join(f"i{k} = 0.{k + 1}" for k in range(shape[0]))
    layers = []
    for below, units in zip(shape, shape[1:], strict=False):
        rows = [
            [f"0.{1 + (7 * j + 3 * k) % 9}{1 + (j + k) % 9}" for k in range(below)]
            for j in range(units)
        ]
        matrix = ", ".join(f"[{', '.join(row)}]" for row in rows)
        layers.append(
            f'[[layers]]\nactivation = "sigmoid"\nbias = 0.1\nweights = [{matrix}]'
        )
    targets = "\n".join(f"o{k + 1} = 0.5" for k in range(shape[-1]))
    return (
        f"[inputs]\n{inputs}\n" + "\n".join(layers) + f"\n[targets]\n{targets}\n"
        '[loss]\nname = "half-squared-error"\n[training]\nlearning_rate = 0.5\n'
    )


def rate(work: Callable[[], int]) -> float:
    """Steps a second: the best of three."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        steps = work()
        best = max(best, steps / (time.perf_counter() - start))
    return best


def measure_shape(shape: tuple[int, ...]) -> None:
    """Derive, evaluate and write the lines of one network, by signals."""
    network = Network.from_text(network_text(shape))
    graph, rounding = network.graph, network.spec.rounding
    derivation = derive_graph(graph, "signals")
    readings = read_numbers(derivation, rounding)
    quantities = derivation.quantities.values()

    def write_lines() -> int:
        return len([work_out(derivation, q, readings) for q in quantities])

    rates = (
        rate(lambda: len(derive_graph(graph, "signals").quantities)),
        rate(lambda: len(read_numbers(derivation, rounding))),
        rate(write_lines),
    )
    tracemalloc.start()
    derive(network, method="signals", verify=False).document  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    columns = " | ".join(f"{value:9,.0f}" for value in rates)
    name = "-".join(map(str, shape))
    print(f"  {name:<12} {len(quantities):5} steps  {columns} | {peak:6.1f} MiB")


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    compare_processes()
    print("steps a second: symbols | numbers | lines of working | peak memory of all")
    for shape in SHAPES:
        measure_shape(shape)
