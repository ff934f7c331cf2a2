"""The activation that a file chooses for a layer: from the catalogue, or its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from keyword import iskeyword

from explainer.mathematics.differentiation import DifferentiationError
from explainer.mathematics.formula import FormulaError
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.written import Comparison
from explainer.network.activation_formula import from_formula
from explainer.network.activations import (
    ACTIVATIONS,
    Activation,
    kink_of,
    points_of,
    slopes_beside,
)
from explainer.network.problems import Findings, Location, shown, unknown
from explainer.network.schema import ActivationTable
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import Value

OWN_NAME = "[A-Za-z][A-Za-z0-9-]*"
CONSTANT = "[A-Za-z][A-Za-z0-9_]*"
LONGEST_NAME = 30
# In the place of an activation that could not be read; the file is refused anyway.
STAND_IN = ACTIVATIONS["identity"]


def choose_activation(
    choice: str | ActivationTable, where: Location, findings: Findings
) -> tuple[Activation, Mapping[str, Decimal]]:
    """The activation, and the options that the file chooses for it."""
    if not isinstance(choice, ActivationTable):
        return LAYER_ACTIVATIONS[choice], {}
    if choice.formula is not None:
        return _own_activation(choice, choice.formula, where, findings)
    if choice.name not in LAYER_ACTIVATIONS:
        words = unknown("activation", choice.name, LAYER_ACTIVATIONS)
        own = "A new name needs a formula of its own, such as formula = 'z / 2'."
        findings.add((*where, "name"), f"{words} {own}")
        return STAND_IN, {}
    record = LAYER_ACTIVATIONS[choice.name]
    known = [*record.options, *(["kink"] if record.kink else [])]
    options = _decimals(choice, where, findings)
    for name in options:
        if name not in known:
            what = f"option of {record.name}"
            findings.add((*where, name), unknown(what, name, known))
    given = choice.model_extra or {}
    options = {
        name: value
        for name, value in options.items()
        if name in known and isinstance(given[name], Decimal)
    }
    _check_options(record, options, where, findings)
    return record, options


def _decimals(
    table: ActivationTable, where: Location, findings: Findings
) -> dict[str, Decimal]:
    """The other keys of the table; a fraction among them becomes a problem and 1."""
    options: dict[str, Decimal] = {}
    given: Mapping[str, Value] = table.model_extra or {}
    for name, value in given.items():
        if isinstance(value, Fraction):
            words = f'got "{value}"; an option is a decimal such as 0.25'
            findings.add((*where, name), words)
        options[name] = value if isinstance(value, Decimal) else Decimal(1)
    return options


def _own_activation(
    table: ActivationTable, formula: str, where: Location, findings: Findings
) -> tuple[Activation, Mapping[str, Decimal]]:
    """The activation whose formula stands in the file, with its constants."""
    if table.name in ACTIVATIONS:
        findings.add(
            (*where, "formula"),
            f"{table.name!r} is in the catalogue already; leave the formula out, or"
            " give it a name of its own",
        )
        return STAND_IN, {}
    if len(table.name) > LONGEST_NAME or not re.fullmatch(OWN_NAME, table.name):
        findings.add(
            (*where, "name"),
            f"got {shown(table.name)}; allowed: at most {LONGEST_NAME} letters, digits"
            " and hyphens, beginning with a letter",
        )
    constants = _constants(table, formula, where, findings)
    try:
        return from_formula(table.name, formula, constants), constants
    except (FormulaError, DifferentiationError) as error:
        findings.add((*where, "formula"), str(error))
    return STAND_IN, {}


def _constants(
    table: ActivationTable, formula: str, where: Location, findings: Findings
) -> dict[str, Decimal]:
    """The constants of a formula of the file, without those that cannot be one."""
    constants = _decimals(table, where, findings)
    problems = {name: _constant_problem(name, formula) for name in constants}
    for name, problem in problems.items():
        if problem:
            findings.add((*where, name), problem)
    return {name: constants[name] for name in constants if not problems[name]}


def _constant_problem(name: str, formula: str) -> str | None:
    if name == "kink":
        return "the slope at a kink can be chosen for the catalogue's activations only"
    taken = name in ("z", *CALLABLE) or iskeyword(name)
    if taken or not re.fullmatch(CONSTANT, name):
        return f"a constant cannot be called {shown(name)}"
    if not re.search(rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])", formula):
        return f"the formula has no {name} in it"
    return None


def _check_options(
    record: Activation,
    options: Mapping[str, Decimal],
    where: Location,
    findings: Findings,
) -> None:
    for name, value in options.items():
        option = record.options.get(name)
        if option and not option.allows(value):
            findings.add((*where, name), f"got {value}; allowed: {option.allowed}")
            return
    if "kink" not in options:
        return
    kink = kink_of(record, options)
    if kink is None:
        said = ", ".join(
            f"{name} = {options.get(name, option.usual)}"
            for name, option in record.options.items()
        )
        findings.add((*where, "kink"), f"{record.name} with {said} has no kink")
        return
    low, high = _slopes_beside_kink(record, kink, options)
    if not low <= options["kink"] <= high:
        findings.add(
            (*where, "kink"),
            f"got {options['kink']}; the slope at the kink lies between the slopes"
            f" on its two sides, {low} and {high}",
        )


def _slopes_beside_kink(
    record: Activation, kink: Comparison, options: Mapping[str, Decimal]
) -> tuple[Decimal, Decimal]:
    """The least and the greatest slope on the sides of the kink, wherever it is."""
    slopes = [
        slope
        for point in points_of(kink)
        for slope in slopes_beside(record, options, point)
    ]
    return min(slopes), max(slopes)
