"""Batch normalisation: y = gamma (x - mean) / sqrt(variance + epsilon) + beta."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Quotient,
    Sum,
    product_of,
    sum_of,
)
from explainer.network.activations import ACTIVATIONS
from explainer.network.construction import Construction
from explainer.network.forms import Name as NameForm
from explainer.network.forms import Number as NumberForm
from explainer.network.forms import one_of
from explainer.network.layers.reading import LayerReading, ReadLayer
from explainer.network.layers.tables import Bias, LayerTable
from explainer.network.problems import NetworkError, Problem, counted
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.values import Use, read_entry

TWO = Number(Decimal(2))


class NormalisationTable(LayerTable):
    """A layer that gives each unit before it the mean 0 and the variance 1."""

    kind: Annotated[str, one_of("kind of layer", ["batch-normalisation"])] = Field(
        description="The kind of layer."
    )
    units: list[NameForm] | None = Field(
        default=None, description="The names of the units, one for each unit before."
    )
    epsilon: NumberForm = Field(
        default=Decimal("0.00001"),
        description="What is added to the variance, above 0.",
    )
    scale: Bias | None = Field(
        default=None,
        description="gamma: a name and value for each unit, in any form of a bias."
        " Absent: none.",
    )
    shift: Bias | None = Field(
        default=None,
        description="beta: a name and value for each unit, in any form of a bias."
        " Absent: none.",
    )


def read_normalisation(reading: LayerReading) -> ReadLayer:
    """One unit for each unit before, with its gamma and beta."""
    table, findings = reading.table, reading.findings
    before = reading.before or ()
    given = table.units or [f"n{reading.index + 1}_{j + 1}" for j in range(len(before))]
    home = reading.place("units") if table.units else reading.place()
    if reading.before and len(given) != len(before):
        findings.add(
            home,
            f"units names {counted(len(given), 'unit')}, but the layer before has"
            f" {counted(len(before), 'unit')}: {', '.join(before)}",
        )
    epsilon = table.epsilon
    if epsilon <= 0 or isinstance(epsilon, Fraction):
        why = "allowed: a decimal above 0, such as 0.00001"
        findings.add(reading.place("epsilon"), f"got {epsilon}; {why}")
    gammas = _parameters(reading, "scale", "a weight", given)
    betas = _parameters(reading, "shift", "a bias", given)
    specs = tuple(
        UnitSpec(name, ((source, _name(gamma)),), _name(beta))
        for name, source, gamma, beta in zip(given, before, gammas, betas, strict=False)
    )
    facts = {"epsilon": str(epsilon), "has_scale": int(any(gammas))}
    spec = LayerSpec(
        specs, ACTIVATIONS["identity"], kind="batch-normalisation", facts=facts
    )
    units = [
        Use(name, "a unit", (*home, j) if table.units else home)
        for j, name in enumerate(given)
    ]
    made = [f"{what}_{x}" for x in before for what in ("mean", "variance", "hat")]
    units += [Use(name, "a part of the layer", reading.place("kind")) for name in made]
    parameters = [use for use in dict.fromkeys([*gammas, *betas]) if use]
    is_known = reading.before is not None and not findings.is_damaged(*home)
    return ReadLayer(
        spec, tuple(units), tuple(parameters), tuple(given) if is_known else None
    )


def _name(use: Use | None) -> str | None:
    return use.name if use else None


def _parameters(
    reading: LayerReading, key: str, role: str, units: list[str]
) -> list[Use | None]:
    """gamma or beta of each unit: one for all, one each, or none."""
    given: Any = getattr(reading.table, key)
    where = reading.place(key)
    greek = {"scale": "gamma", "shift": "beta"}[key] + str(reading.index + 1)
    uses: list[Use]
    if given is None or given == {}:
        return [None] * len(units)
    if isinstance(given, dict):
        uses = [Use(name, role, (*where, name), v) for name, v in given.items()]
    elif isinstance(given, list):
        uses = [
            read_entry(entry, Use(f"{greek}_{j + 1}", role, (*where, j)))
            for j, entry in enumerate(given)
        ]
    else:
        uses = [read_entry(given, Use(greek, role, where))]
    if len(uses) == 1 and not isinstance(given, list):
        return [uses[0]] * len(units)
    if len(uses) != len(units) and reading.before:
        got, need = counted(len(uses), "value"), counted(len(units), "unit")
        reading.findings.add(where, f"{got} for {need}: {', '.join(units)}")
    return [*uses, *[None] * (len(units) - len(uses))]


def build_normalisation(layer: LayerSpec, construction: Construction) -> None:
    """Mean and variance over all samples (and time steps), then each place by them.

    Raises NetworkError where there is one sample only: its variance is 0.
    """
    count = len({dict(at).get("sample", 1) for at in construction.axes})
    if count < 2:
        why = "batch normalisation needs at least 2 samples that are used together"
        raise NetworkError((Problem("samples", f"{why}; there is 1"),))
    for unit in layer.units:
        _normalise(unit, Decimal(layer.facts["epsilon"]), construction)
    for at in construction.axes:
        construction.leave(at, layer.units)


def _normalise(unit: UnitSpec, epsilon: Decimal, construction: Construction) -> None:
    """mean, variance = 1/N sum (x - mean)², then for each place y = gamma x^ + beta."""
    ((source, gamma),) = unit.inputs
    xs = {at: construction.outputs[at][source] for at in construction.axes}
    count = Number(Decimal(len(xs)))
    mean = construction.define(
        Key("value", (f"mean_{source}",)),
        Quotient(sum_of(tuple(map(Name, xs.values()))), count),
        "layer_mean",
    )
    apart = {at: Sum((Name(x), Negative(Name(mean)))) for at, x in xs.items()}
    squares = tuple(Power(difference, TWO) for difference in apart.values())
    variance = construction.define(
        Key("value", (f"variance_{source}",)),
        Quotient(sum_of(squares), count),
        "layer_variance",
    )
    root = Call("sqrt", (Sum((Name(variance), Number(epsilon))),))
    for at in construction.axes:
        hat = Key("value", (f"hat_{source}",), at)
        construction.define(hat, Quotient(apart[at], root), "layer_normalised")
        factors = (Name(Key("weight", (gamma,))),) if gamma else ()
        term = product_of((*factors, Name(hat)))
        shift = (Name(Key("bias", (unit.bias,))),) if unit.bias else ()
        output = Key("activation", (unit.name,), at)
        construction.define(output, sum_of((term, *shift)), "layer_scaled")
