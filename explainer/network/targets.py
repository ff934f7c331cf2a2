"""What the loss asks of a file: targets in its domain, or an output to be
differentiated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explainer.network.loss_choices import target_problem, targets_problem
from explainer.network.losses import LOSSES
from explainer.network.network_file import NetworkFile
from explainer.network.objectives import takes_short_way
from explainer.network.problems import Findings, nearest, unknown
from explainer.network.samples import HOMES, Place, places_of
from explainer.network.softmax import is_softmax
from explainer.network.spec import LossSpec, Value
from explainer.network.wiring import Wiring


def _outputs(wiring: Wiring) -> tuple[str, ...] | None:
    """The units of the last layer, if all of them could be read."""
    return wiring.before if wiring.layers else None


def check_loss(
    file: NetworkFile, loss: LossSpec | None, wiring: Wiring, findings: Findings
) -> None:
    """A loss compares every output with its target; training makes it smaller."""
    places = list(places_of(file))
    given = [place for place in places if place.table.targets is not None]
    asking = ["targets"] if given else []
    asking += ["training"] if file.training and not file.formulas else []
    if file.loss is None and asking and not findings.is_damaged("loss"):
        need = " and ".join(f"[{table}]" for table in asking)
        verb = "needs" if len(asking) == 1 else "need"
        findings.add(
            ("loss",), f"missing; {need} {verb} a loss. Known: {', '.join(LOSSES)}."
        )
    if file.loss and file.formulas:
        why = "formulas have no loss of their own: write it as a formula"
        findings.add(("loss",), why)
        return
    outputs = _outputs(wiring)
    if outputs is None or any(map(findings.is_damaged, ("targets", *HOMES[1:]))):
        return
    for place in given:
        _check_targets(place, outputs, findings)
        _check_domain(place, loss, findings)
    if loss:
        _check_missing(places, given, outputs, findings)
        _check_turns(file, places, findings)
        _check_short_way(file, loss, wiring, given, findings)


def _check_missing(
    places: Sequence[Place],
    given: Sequence[Place],
    outputs: Sequence[str],
    findings: Findings,
) -> None:
    """Every sample has targets; of the time steps of a sample one has, at least."""
    samples = {dict(place.at).get("sample") for place in places}
    for sample in sorted(samples - {dict(p.at).get("sample") for p in given}, key=str):
        first = next(p for p in places if dict(p.at).get("sample") == sample)
        which = f"each unit of the last layer: {', '.join(outputs)}"
        findings.add(
            (*first.where, "targets"), f"missing; the loss needs a target for {which}"
        )


def _check_turns(
    file: NetworkFile, places: Sequence[Place], findings: Findings
) -> None:
    """Samples that take turns are computed by one graph: with targets at the same
    steps."""
    if file.training is None or file.training.samples != "one-by-one":
        return
    steps: dict[int, list[int]] = {}
    for place in places:
        at = dict(place.at)
        if place.table.targets is not None:
            steps.setdefault(at.get("sample", 1), []).append(at.get("time", 1))
    first = next(iter(steps.values()), [])
    for sample, found in steps.items():
        if found != first:
            why = "with one-by-one, all samples have targets at the same time steps"
            findings.add(("samples", sample - 1, "steps"), why)


def _check_domain(place: Place, loss: LossSpec | None, findings: Findings) -> None:
    """The targets lie where the loss is defined."""
    for name, value in (place.table.targets or {}).items():
        problem = target_problem(LOSSES[loss.name], value) if loss else None
        if problem:
            findings.add((*place.where, "targets", name), problem)


def _check_short_way(
    file: NetworkFile,
    loss: LossSpec,
    wiring: Wiring,
    places: Sequence[Place],
    findings: Findings,
) -> None:
    """dE/dz = y - t: after a softmax the targets add up to 1, and there is no
    derivative with respect to an output on the way."""
    layer = wiring.layers[-1]
    if not takes_short_way(loss, layer):
        return
    for place in places:
        values = tuple((place.table.targets or {}).values())
        problem = targets_problem(LOSSES[loss.name], values)
        if problem and is_softmax(layer.activation):
            way = 'or take the long way: way = "long" in [loss]'
            findings.add((*place.where, "targets"), f"{problem}, {way}")
    outputs = {unit.name for unit in layer.units}
    asked = (
        [file.gradients_of] if isinstance(file.gradients_of, str) else file.gradients_of
    )
    for name in outputs.intersection(asked):
        why = f"the short way of {loss.name} passes by the output {name}"
        findings.add(("gradients_of",), f'{why}; write way = "long" in [loss]')


def _check_targets(place: Place, outputs: Sequence[str], findings: Findings) -> None:
    targets: Mapping[str, Value] = place.table.targets or {}
    missing = [name for name in outputs if name not in targets]
    meant: set[str | None] = set()
    for name in targets:
        if name not in outputs:
            where = (*place.where, "targets", name)
            findings.add(where, unknown("unit of the last layer", name, outputs))
            # A target under a misspelled name is not missing, too.
            meant.add(nearest(name, missing))
    for name in missing:
        if name not in meant:
            why = "every unit of the last layer has a target"
            findings.add((*place.where, "targets", name), f"missing; {why}")


def choose_objective(
    file: NetworkFile, wiring: Wiring, findings: Findings
) -> str | None:
    """The unit whose output is differentiated where there is no loss."""
    if file.formulas:
        return _formula(file, findings)
    outputs, where = _outputs(wiring), ("objective",)
    if file.loss is not None or findings.is_damaged("loss") or outputs is None:
        if file.loss is not None and file.objective is not None:
            findings.add(
                where, "with a loss, the loss is differentiated; leave one of them out"
            )
        return None
    if file.objective is None:
        asks_for_loss = (
            any(place.table.targets for place in places_of(file)) or file.training
        )
        if len(outputs) > 1 and not asks_for_loss:
            findings.add(
                where,
                "missing; without a loss one output is differentiated."
                f" Allowed: {', '.join(outputs)}",
            )
        return outputs[0] if outputs else None
    if file.objective not in outputs:
        findings.add(where, unknown("unit of the last layer", file.objective, outputs))
    return file.objective


def _formula(file: NetworkFile, findings: Findings) -> str:
    """The formula that is differentiated: the last one where none is named."""
    if file.objective is None:
        return list(file.formulas)[-1]
    if file.objective not in file.formulas:
        message = unknown("formula", file.objective, list(file.formulas))
        findings.add(("objective",), message)
    return file.objective
