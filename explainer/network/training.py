"""Training as the file asks for it: the optimizer, its givens, and what is handed on
from one iteration to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from explainer.mathematics.written import Key
from explainer.network.optimizer_steps import (
    check_options,
    givens_of,
    next_givens,
    optimize,
)
from explainer.network.optimizers import OPTIMIZERS, OTHER_NAMES
from explainer.network.problems import Findings
from explainer.network.quantity import Given, Quantity, Update
from explainer.network.schema import TrainingTable
from explainer.network.spec import OptimizerSpec, Spec
from explainer.network.values import Use


@dataclass(frozen=True, slots=True)
class Training:
    """How parameters are updated; nothing where they are not."""

    update: Update | None = None
    givens: tuple[Given, ...] = ()
    following: Mapping[Key, Key] = field(default_factory=dict)


def choose_optimizer(
    table: TrainingTable | None,
    parameters: Sequence[Use],
    samples: int,
    findings: Findings,
) -> OptimizerSpec:
    """The optimizer of the file; what is wrong with its options goes to `findings`."""
    if table is None:
        return OptimizerSpec()
    if not table.learning_rate > 0:
        got = f"got {table.learning_rate}; a learning rate is above zero"
        findings.add(("training", "learning_rate"), got)
    choice = table.optimizer
    name = choice if isinstance(choice, str) else choice.name
    name = OTHER_NAMES.get(name, name)
    given = {} if isinstance(choice, str) else dict(choice.model_extra or {})
    known = [use.name for use in parameters]
    options = {key: _decimal(value) for key, value in given.items()}
    for location, message in check_options(OPTIMIZERS[name], options, known):
        findings.add(("training", "optimizer", *location), message)
    iterations = _count_iterations(table, samples, findings)
    for place, number in enumerate(table.show):
        if number > iterations:
            why = f"got {number}; there {_count(iterations)}"
            findings.add(("training", "show", place), why)
    return OptimizerSpec(
        name,
        options,
        iterations,
        tuple(sorted({*table.show})),
        table.samples == "one-by-one",
    )


def _count(iterations: int) -> str:
    return "is 1 iteration" if iterations == 1 else f"are {iterations} iterations"


def _count_iterations(table: TrainingTable, samples: int, findings: Findings) -> int:
    """How many updates: with one after each sample, an epoch has as many as samples."""
    each = samples if table.samples == "one-by-one" else 1
    if table.iterations and table.epochs:
        why = "iterations and epochs are both given; leave one of them out"
        findings.add(("training", "epochs"), why)
    return table.iterations or (table.epochs or 1) * each


def _decimal(value: object) -> Any:
    """Whole numbers of the file as Decimals, wherever they stand."""
    if isinstance(value, Mapping):
        return {key: _decimal(inner) for key, inner in value.items()}
    whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if whole else value  # type: ignore[arg-type]


def train(spec: Spec, trained: Sequence[Key]) -> Training:
    """The update of every trained parameter by the optimizer of the file."""
    if spec.learning_rate is None:
        return Training()
    optimizer, options = OPTIMIZERS[spec.optimizer.name], spec.optimizer.options

    def update(parameter: Key, gradient: Key) -> tuple[Quantity, ...]:
        return optimize(optimizer, options, parameter, gradient, Key("learning_rate"))

    following: dict[Key, Key] = {}
    for key in trained:
        following |= next_givens(optimizer, key)
    givens = givens_of(optimizer, options, trained) if trained else ()
    return Training(update, givens, following)
