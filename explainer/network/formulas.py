"""A computational graph in a file: formulas in place of layers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from explainer.mathematics.differentiation import DifferentiationError
from explainer.mathematics.formula import FormulaError, read
from explainer.mathematics.written import Key, Written, names_in
from explainer.network.construction import slopes_of
from explainer.network.network_file import NetworkFile
from explainer.network.problems import Findings
from explainer.network.values import Use


@dataclass(frozen=True, slots=True)
class FormulaGraph:
    """The formulas of a file, every one of them as a use of its name, and the
    parameters that they use."""

    formulas: Mapping[str, Written] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    parameters: tuple[Use, ...] = ()


def read_formulas(
    file: NetworkFile, inputs: Iterable[str], findings: Findings
) -> FormulaGraph:
    """Each formula may use the inputs, the parameters and earlier formulas."""
    if not file.formulas:
        return FormulaGraph()
    for other in ("layers", "samples", "steps"):
        if getattr(file, other):
            why = "formulas stand in place of layers and samples; leave one of them out"
            findings.add((other,), why)
    known = {name: Key("value", (name,)) for name in inputs}
    known |= {name: Key("weight", (name,)) for name in file.parameters}
    found: dict[str, Written] = {}
    for name, text in file.formulas.items():
        where = ("formulas", name)
        try:
            found[name] = read(text, known)
            slopes_of(found[name])
        except (FormulaError, DifferentiationError) as error:
            findings.add(where, _later(str(error), file.formulas))
        known[name] = Key("value", (name,))
    used = {str(k.of[0]) for f in found.values() for k in names_in(f)}
    parameters = tuple(
        Use(name, "a weight", ("parameters", name))
        for name in file.parameters
        if name in used
    )
    uses = tuple(Use(n, "a formula", ("formulas", n)) for n in file.formulas)
    return FormulaGraph(found, (*uses, *parameters), parameters)


def _later(message: str, formulas: Mapping[str, str]) -> str:
    """The reader's message, with what to do about a formula that comes too late."""
    unknown = re.search("called '([A-Za-z0-9_]+)'", message)
    if unknown is None or unknown[1] not in formulas:
        return message
    return f"{message} A formula uses what stands above it: move {unknown[1]} up."
