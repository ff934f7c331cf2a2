"""The objective of a graph: the losses of outputs, time steps and samples, added up,
and penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Sum,
)
from explainer.network.construction import Construction
from explainer.network.losses import LOSSES, add_losses, lose
from explainer.network.penalties import PENALTIES, factor_of, penalize
from explainer.network.quantity import At, Given, Quantity, Slope
from explainer.network.short_ways import LastLayer, lose_from_sums
from explainer.network.softmax import is_softmax
from explainer.network.spec import LayerSpec, LossSpec, Spec


@dataclass(slots=True)
class Objective:
    """What is differentiated, and what it adds up.

    `samples` are the losses of the single samples; `data_loss` is the loss without
    penalties, where there are any.
    """

    key: Key
    parts: dict[Key, tuple[Key, ...]] = field(default_factory=dict)
    samples: tuple[Key, ...] = ()
    data_loss: Key | None = None


def build_objective(spec: Spec, construction: Construction) -> Objective:
    """The total loss of all samples, with its penalties; without a loss an output."""
    last = construction.axes[-1]
    if spec.loss is None:
        name = spec.objective or spec.layers[-1].units[-1].name
        return Objective(Key("activation", (name,), last))
    objective = Objective(Key("total"))
    samples: dict[At, list[Key]] = {}
    for sample in spec.samples:
        if sample.targets:
            key = _lose_outputs(spec, spec.loss, sample.at, construction, objective)
            samples.setdefault(_without_time(sample.at), []).append(key)
    totals = [
        _add(at, keys, "times", spec.loss.times, construction, objective)
        for at, keys in samples.items()
    ]
    objective.key = _add(
        (), totals, "samples", spec.loss.samples, construction, objective
    )
    objective.samples = tuple(totals) if len(totals) > 1 else ()
    if spec.loss.penalties:
        _penalize(spec, spec.loss, construction, objective)
    return objective


def _without_time(at: At) -> At:
    return tuple(place for place in at if place[0] != "time")


def _lose_outputs(
    spec: Spec,
    choice: LossSpec,
    at: At,
    construction: Construction,
    objective: Objective,
) -> Key:
    """The loss at one place: of its single output, or added up over its outputs."""
    loss, layer = LOSSES[choice.name], spec.layers[-1]
    names = [unit.name for unit in layer.units]
    if takes_short_way(choice, layer):
        last = LastLayer(loss, choice, layer, at, construction.quantities)
        errors = lose_from_sums(last)
    else:
        errors = tuple(
            lose(
                loss,
                Key("activation", (name,), at),
                Key("target", (name,), at),
                Key("loss", () if len(names) == 1 else (name,), at),
                choice.options,
                choice.base,
            )
            for name in names
        )
    parts = tuple(construction.add(error) for error in errors)
    return _add(
        at, parts, "total", choice.outputs or loss.outputs, construction, objective
    )


def takes_short_way(choice: LossSpec, layer: LayerSpec) -> bool:
    """Whether the loss is taken through its activation at once: dE/dz = y - t."""
    loss = LOSSES[choice.name]
    adds = (choice.outputs or loss.outputs) == "sum" or not is_softmax(layer.activation)
    return choice.way == "short" and layer.activation.name in loss.short and adds


def _add(
    at: At,
    parts: Sequence[Key],
    what: str,
    reduction: str,
    construction: Construction,
    objective: Objective,
) -> Key:
    """The errors of outputs, time steps or samples, added or averaged."""
    if len(parts) == 1:
        return parts[0]
    total = add_losses(tuple(parts), reduction, Key("total", (), at))
    construction.add(replace(total, rule=f"{what}_{reduction}"))
    objective.parts[total.key] = tuple(parts)
    return total.key


def _penalize(
    spec: Spec, choice: LossSpec, construction: Construction, objective: Objective
) -> None:
    """J = E + R: the loss of the data, and a penalty for large parameters."""
    data_loss, penalties = objective.key, []
    for number, penalty in enumerate(choice.penalties, 1):
        of = () if len(choice.penalties) == 1 else (str(number),)
        rate = Key("regularization", of)
        construction.givens.append(Given(rate, penalty.rate.value, penalty.rate.path))
        keys = tuple(_penalized(spec, penalty.biases))
        count = len(objective.samples) or 1
        quantity = penalize(
            PENALTIES[penalty.name],
            keys,
            rate,
            factor_of(penalty.half, count if penalty.by_samples else None),
            Key("penalty", of),
        )
        penalties.append(construction.add(quantity))
    parts = (data_loss, *penalties)
    whole = Sum(tuple(map(Name, parts)))
    slopes = dict.fromkeys(parts, Slope(ONE, "slope_of_total"))
    key = construction.add(Quantity(Key("penalized"), whole, "penalized", slopes))
    objective.key, objective.data_loss = key, data_loss
    objective.parts[key] = parts


def _penalized(spec: Spec, biases: bool) -> list[Key]:
    keys: list[Key] = []
    for layer in spec.layers:
        units = layer.summing_units
        keys += [Key("weight", (w,)) for unit in units for w in unit.weights]
        if biases:
            keys += [Key("bias", (unit.bias,)) for unit in units if unit.bias]
    return list(dict.fromkeys(keys))
