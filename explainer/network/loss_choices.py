"""The loss that a file chooses, with its options and penalties."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.network.losses import LOSSES
from explainer.network.problems import Findings, unknown
from explainer.network.schema import LossTable, PenaltyTable
from explainer.network.spec import Entry, LossSpec, PenaltySpec

KEYS = tuple(LossTable.model_fields)


def choose_loss(table: LossTable, findings: Findings) -> LossSpec:
    """The loss of the file; what is wrong with its choices goes to `findings`."""
    record = LOSSES[table.name]
    if table.way is not None and not record.short:
        others = ", ".join(loss.name for loss in LOSSES.values() if loss.short)
        why = f"{record.name} has no short way; allowed with {others}"
        findings.add(("loss", "way"), why)
    base = "e" if table.log == "natural" else table.log
    if base != "e" and not record.logarithm:
        findings.add(("loss", "log"), f"{record.name} has no logarithm; leave it out")
    given = table.penalty
    listed = given if isinstance(given, list) else [given] if given else []
    penalties = tuple(
        _penalty(penalty, place if isinstance(given, list) else None, findings)
        for place, penalty in enumerate(listed)
    )
    return LossSpec(
        table.name,
        table.outputs or record.outputs,
        table.samples,
        table.times,
        base,
        table.way or "short",
        _options(table, findings),
        penalties,
    )


def _options(table: LossTable, findings: Findings) -> Mapping[str, Decimal]:
    record = LOSSES[table.name]
    known = [*record.options, *(["kink"] if record.kink else [])]
    low, high = record.kink_range
    options: dict[str, Decimal] = {}
    for name, value in (table.model_extra or {}).items():
        where = ("loss", name)
        if name not in known:
            findings.add(where, unknown("key", name, [*known, *KEYS]))
        elif isinstance(value, Fraction):
            findings.add(where, f'got "{value}"; an option is a decimal such as 0.25')
        elif name == "kink" and not low <= value <= high:
            why = f"got {value}; at the kink the slope lies between {low} and {high}"
            findings.add(where, why)
        elif name != "kink" and not record.options[name].allows(value):
            allowed = record.options[name].allowed
            findings.add(where, f"got {value}; allowed: {allowed}")
        else:
            options[name] = value
    return options


def _penalty(table: PenaltyTable, place: int | None, findings: Findings) -> PenaltySpec:
    where = ("loss", "penalty", *(() if place is None else (place,)))
    path = "loss.penalty" if place is None else f"loss.penalty[{place}]"
    if table.rate < 0:
        why = f"got {table.rate}; a penalty has a rate from 0 on"
        findings.add((*where, "rate"), why)
    half = table.half if table.half is not None else table.name == "l2"
    rate = Entry(table.rate, f"{path}.rate")
    return PenaltySpec(table.name, rate, half, table.by_samples, table.biases)
