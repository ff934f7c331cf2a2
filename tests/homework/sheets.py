"""Sheets as students would write them: random networks, numbers carried and rounded in
several ways, with or without a mistake."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.derivation.deriving import derive_graph
from explainer.homework.answers import Answers, answer_key
from explainer.homework.entry import Entry
from explainer.homework.examiner import Examiner
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.mathematics.written import Key, Name, Negative, Number
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.network.problems import NetworkError
from explainer.network.quantity import Graph

SHAPES = ((2, 2, 2), (3, 2, 1), (2, 3, 2), (2, 2, 2, 1), (1, 1))
# Activations of the hidden layers and of the last one, and the loss.
COMBINATIONS = (
    ("sigmoid", "sigmoid", "half-squared-error"),
    ("tanh", "sigmoid", "half-squared-error"),
    ("sigmoid", "sigmoid", "squared-error"),
    ("sigmoid", "tanh", "mean-squared-error"),
    ("relu", "identity", "half-squared-error"),
    ("leaky-relu", "sigmoid", "binary-cross-entropy"),
    ("tanh", "softmax", "categorical-cross-entropy"),
)


def nice(chance: random.Random, low: int = 5, high: int = 95) -> str:
    """A number such as 0.35 or -0.6, never 0 or 1: they hide mistakes."""
    sign = "-" if chance.random() < 0.35 else ""
    return f"{sign}0.{chance.randrange(low, high):02d}"


def network_text(
    shape: tuple[int, ...],
    combination: tuple[str, str, str],
    chance: random.Random,
    training: str = "",
) -> str:
    """A network file with random numbers."""
    hidden, last, loss = combination
    names = [f"x{i}" for i in range(1, shape[0] + 1)]
    lines = ["[inputs]", *(f"{name} = {nice(chance)}" for name in names)]
    for number, (before, count) in enumerate(zip(shape, shape[1:], strict=False), 1):
        is_last = number == len(shape) - 1
        name = last if is_last else hidden
        units = [f"{'o' if is_last else f'h{number}_'}{i + 1}" for i in range(count)]
        rows = [[nice(chance) for _ in range(before)] for _ in range(count)]
        matrix = ", ".join(f"[{', '.join(row)}]" for row in rows)
        biases = ", ".join(nice(chance) for _ in range(count))
        quoted = ", ".join(f'"{unit}"' for unit in units)
        lines += ["[[layers]]", f'activation = "{name}"', f"units = [{quoted}]"]
        lines += [f"bias = [{biases}]", f"weights = [{matrix}]"]
    targets = [nice(chance) for _ in units]
    if "entropy" in loss:
        shares = [f"0.{chance.randrange(10, 45)}" for _ in units]
        if last == "softmax":
            shares[0] = str(1 - sum(map(Decimal, shares[1:])))
        targets = shares
    pairs = zip(units, targets, strict=True)
    lines += ["[targets]", *(f"{unit} = {target}" for unit, target in pairs)]
    rate = f"0.{chance.randrange(10, 90)}"
    lines += [f'[loss]\nname = "{loss}"', f"[training]\nlearning_rate = {rate}"]
    return "\n".join(lines) + f"\n{training}\n"


def random_answers(
    shape: tuple[int, ...],
    combination: tuple[str, str, str],
    chance: random.Random,
) -> Answers:
    text = network_text(shape, combination, chance)
    return answer_key(build(read_network(text)))


def asked(answers: Answers, method: str = "signals") -> tuple[Key, ...]:
    """What a sheet of one method asks: everything but what is only copied."""
    graph: Graph = answers.graph
    derivation = derive_graph(graph, method)
    return tuple(
        key
        for key in answers.quantities
        if key in derivation.quantities
        and key not in derivation.again
        and not _is_copied(answers, key)
    )


def _is_copied(answers: Answers, key: Key) -> bool:
    formula = answers.quantities[key].formula
    if isinstance(formula, Negative):
        formula = formula.body
    return isinstance(formula, Name | Number) and key.kind in ("local", "derivative")


@dataclass(frozen=True)
class Style:
    """How a student writes numbers: how many digits, cut off or rounded, and whether
    the written number is used in the next line."""

    count: int
    unit: str = "decimals"
    mode: str = "half-up"
    carry: str = "full"

    @property
    def rounding(self) -> Rounding:
        carried = frozenset(KINDS) if self.carry == "shown" else frozenset[str]()
        return Rounding(Digits(self.count, self.unit), self.mode, carried)


STYLES = tuple(
    Style(count, unit, mode, carry)
    for count, unit in (
        (2, "decimals"),
        (3, "decimals"),
        (4, "decimals"),
        (3, "figures"),
        (4, "figures"),
    )
    for mode in ("half-up", "truncate")
    for carry in ("full", "shown")
)


def write_sheet(
    answers: Answers, keys: tuple[Key, ...], style: Style
) -> Mapping[Key, Entry] | None:
    """The sheet with these cells filled; None where a rule has no value."""
    rounding = style.rounding
    try:
        readings = answers.read(rounding)
    except NetworkError:
        return None
    return {
        key: entry(key, as_decimal(readings[key].value), style, line)
        for line, key in enumerate(keys, 1)
    }


def entry(key: Key, value: Decimal, style: Style, line: int = 0) -> Entry:
    """A value as it is written down, with all the zeros at its end."""
    digits = Digits(style.count, style.unit)
    place = digits.last_place(value)
    mode = {"half-up": "ROUND_HALF_UP", "truncate": "ROUND_DOWN"}[style.mode]
    typed = value.quantize(place, rounding=mode)
    return Entry(key, str(typed), typed, place / 2, line)


def examiners(
    seed: int, count: int = 1, every: int = 1
) -> Iterator[tuple[str, Examiner, random.Random]]:
    """Random networks of every shape and combination, or of every n-th one."""
    kinds = [
        (shape, combination)
        for shape in SHAPES
        for combination in COMBINATIONS
        if "softmax" not in combination or shape[-1] > 1
    ]
    for shape, combination in kinds[seed % every :: every]:
        for number in range(count):
            name = f"{'-'.join(map(str, shape))} {' '.join(combination)} {number}"
            chance = random.Random(f"{seed} {name}")
            answers = random_answers(shape, combination, chance)
            yield name, Examiner(answers), chance
