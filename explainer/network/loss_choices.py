"""The loss that a file chooses, its penalties, and which targets it can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from explainer.network.literals import read_number
from explainer.network.losses import BASES, LOSSES, NATURAL_LOGARITHM, Loss
from explainer.network.penalties import PENALTIES
from explainer.network.problems import Findings, Location, place_of, shown, unknown
from explainer.network.schema import LossTable, PenaltyTable
from explainer.network.spec import Entry, LossSpec, PenaltySpec

WHERE: Location = ("loss",)


def choose_loss(table: LossTable, findings: Findings) -> LossSpec:
    """The loss with its options; what it does not know goes to the findings."""
    record = LOSSES[table.name]
    options = _options(record, table, findings)
    _check_options(record, options, findings)
    return LossSpec(
        record.name,
        table.outputs or record.outputs,
        table.samples,
        table.times,
        _base(record, table, findings),
        table.way,
        options,
        _penalties(table, findings),
    )


def _options(
    record: Loss, table: LossTable, findings: Findings
) -> Mapping[str, Decimal]:
    known = [*record.options, *(["kink"] if record.kink else [])]
    options: dict[str, Decimal] = {}
    given: Mapping[str, object] = table.model_extra or {}
    for name, got in given.items():
        if name not in known:
            keys = [*known, *LossTable.model_fields]
            words = unknown(f"key of {record.name}", name, keys)
            findings.add((*WHERE, name), words)
            continue
        try:
            value = read_number(got)
        except ValueError as error:
            findings.add((*WHERE, name), str(error))
            continue
        if isinstance(value, Fraction):
            words = f'got "{value}"; an option is a decimal such as 0.25'
            findings.add((*WHERE, name), words)
        else:
            options[name] = value
    return options


def _check_options(
    record: Loss, options: Mapping[str, Decimal], findings: Findings
) -> None:
    for name, option in record.options.items():
        value = options.get(name, option.usual)
        if not option.allows(value):
            words = f"got {value}; allowed: {option.allowed}"
            findings.add((*WHERE, name), words)
    low, high = record.kink_range
    if "kink" in options and not low <= options["kink"] <= high:
        words = f"got {options['kink']}; allowed: a number from {low} to {high}"
        findings.add((*WHERE, "kink"), words)


def _base(record: Loss, table: LossTable, findings: Findings) -> str:
    where = (*WHERE, "log")
    if "log" in table.model_fields_set and not record.logarithm:
        findings.add(where, f"{record.name} has no logarithm; leave it out")
    elif isinstance(table.log, str) and table.log in NATURAL_LOGARITHM:
        return "e"
    elif type(table.log) is int and str(table.log) in BASES:
        return str(table.log)
    else:
        findings.add(where, f'got {shown(table.log)}; allowed: "natural", 2 or 10')
    return "e"


def _penalties(table: LossTable, findings: Findings) -> tuple[PenaltySpec, ...]:
    where: Location = (*WHERE, "penalty")
    if table.penalty is None:
        return ()
    if isinstance(table.penalty, PenaltyTable):
        return (_penalty(table.penalty, where, findings),)
    return tuple(
        _penalty(penalty, (*where, place), findings)
        for place, penalty in enumerate(table.penalty)
    )


def _penalty(table: PenaltyTable, where: Location, findings: Findings) -> PenaltySpec:
    place = (*where, "rate")
    if table.rate < 0:
        findings.add(place, f"got {table.rate}; the rate of a penalty is 0 or above")
    return PenaltySpec(
        table.name,
        Entry(table.rate, place_of(place)),
        PENALTIES[table.name].half if table.half is None else table.half,
        table.by_samples,
        table.biases,
    )


def target_problem(loss: Loss, value: Decimal | Fraction) -> str | None:
    """Why this is no target of the loss, None if it is one.

    >>> target_problem(LOSSES["hinge"], Decimal(0))
    'got 0; a target of hinge is -1 or 1'
    """
    least, most = loss.least, loss.most
    if least is None or most is None:
        return None
    if value in (least, most) or (not loss.ends_only and least < value < most):
        return None
    allowed = f"{least} or {most}" if loss.ends_only else f"from {least} to {most}"
    return f"got {value}; a target of {loss.name} is {allowed}"


def targets_problem(loss: Loss, values: Sequence[Decimal | Fraction]) -> str | None:
    """Why dE/dz = y - t does not hold after softmax with these targets, None if it
    does.

    >>> targets_problem(LOSSES["categorical-cross-entropy"], [Decimal(1), Decimal(1)])
    'the targets add up to 2; those of categorical-cross-entropy add up to 1'
    """
    total = sum((Fraction(value) for value in values), Fraction(0))
    if not loss.distribution or total == 1:
        return None
    return f"the targets add up to {total}; those of {loss.name} add up to 1"
