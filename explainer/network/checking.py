"""What the tables of a network file mean together: the checked network."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from explainer.network.choices import check_exact, choose_notation, choose_rounding
from explainer.network.losses import LOSSES
from explainer.network.problems import Findings, Location, nearest, place_of, unknown
from explainer.network.schema import ERROR_SIGNALS, NetworkFile
from explainer.network.spec import Entry, LossSpec, PageSpec, Spec, Value
from explainer.network.values import Use, check_names, gather_values, names_are_lost
from explainer.network.wiring import Wiring, wire

ALL_INPUTS = "inputs"
GROUPS = {"weights": "a weight", "biases": "a bias"}


def check(file: NetworkFile, findings: Findings, source: str) -> Spec:
    """The network of the file. It holds only if no problem was found."""
    wiring = wire(file, findings)
    _check_not_empty(file, findings)
    inputs = [Use(name, "an input", ("inputs", name)) for name in file.inputs]
    _check_texts(file, findings)
    names = [*inputs, *wiring.units, *wiring.parameters]
    check_names(names, findings)
    _check_loss(file, wiring, findings)
    _check_fractions(file, wiring, findings)
    if file.rounding.exact:
        check_exact(wiring.layers, _loss(file), findings)
    lost = findings.is_damaged("inputs") or names_are_lost(findings)
    known = None if lost else {use.name: None for use in names}
    return Spec(
        title=file.title or source,
        description=file.description,
        inputs=_entries("inputs", file.inputs),
        layers=tuple(wiring.layers),
        parameters=gather_values(file.parameters, tuple(wiring.parameters), findings),
        targets=_entries("targets", file.targets or {}),
        loss=_loss(file),
        objective=_objective(file, wiring, findings),
        learning_rate=_learning_rate(file),
        frozen=_frozen(file, wiring, findings),
        gradients_of=_gradients_of(file, wiring, findings),
        error_signal=ERROR_SIGNALS[file.conventions.error_signal],
        factor_order=file.conventions.factor_order,
        rounding=choose_rounding(file.rounding, findings),
        notation=choose_notation(file.notation, known, findings),
        page=PageSpec(
            file.page.method,
            file.page.updates,
            file.page.order,
            file.page.parameters,
        ),
    )


def _check_texts(file: NetworkFile, findings: Findings) -> None:
    """No page can print a control character, or one that turns the writing around."""
    for place in ("title", "description"):
        text = getattr(file, place) or ""
        strange = [sign for sign in text if unicodedata.category(sign)[0] == "C"]
        if strange:
            got = f"U+{ord(strange[0]):04X}"
            findings.add((place,), f"the control character {got} cannot be printed")


def _check_not_empty(file: NetworkFile, findings: Findings) -> None:
    if not file.inputs:
        findings.add(("inputs",), "the network has no inputs; at least one is needed")
    if not file.layers:
        findings.add(("layers",), "the network has no layers; at least one is needed")


def _entries(table: str, values: Mapping[str, Value]) -> dict[str, Entry]:
    return {
        name: Entry(value, place_of((table, name))) for name, value in values.items()
    }


def _loss(file: NetworkFile) -> LossSpec | None:
    return LossSpec(file.loss.name, file.loss.outputs) if file.loss else None


def _learning_rate(file: NetworkFile) -> Entry | None:
    if file.training is None:
        return None
    return Entry(file.training.learning_rate, "training.learning_rate")


def _outputs(wiring: Wiring) -> tuple[str, ...] | None:
    """The units of the last layer, if all of them could be read."""
    return wiring.before if wiring.layers else None


def _check_loss(file: NetworkFile, wiring: Wiring, findings: Findings) -> None:
    """A loss compares every output with its target; training makes it smaller."""
    if file.loss is None:
        asking = [t for t in ("targets", "training") if getattr(file, t) is not None]
        if asking and not findings.is_damaged("loss"):
            need = " and ".join(f"[{table}]" for table in asking)
            verb = "needs" if len(asking) == 1 else "need"
            findings.add(
                ("loss",), f"missing; {need} {verb} a loss. Known: {', '.join(LOSSES)}."
            )
    elif file.training and not file.training.learning_rate > 0:
        rate = file.training.learning_rate
        findings.add(
            ("training", "learning_rate"), f"got {rate}; a learning rate is above zero"
        )
    outputs = _outputs(wiring)
    if outputs is None or findings.is_damaged("targets"):
        return
    if file.loss and file.targets is None:
        which = f"each unit of the last layer: {', '.join(outputs)}"
        findings.add(("targets",), f"missing; the loss needs a target for {which}")
    elif file.targets is not None:
        _check_targets(file.targets, outputs, findings)


def _check_targets(
    targets: Mapping[str, Value], outputs: Sequence[str], findings: Findings
) -> None:
    missing = [name for name in outputs if name not in targets]
    meant: set[str | None] = set()
    for name in targets:
        if name not in outputs:
            what = "unit of the last layer"
            findings.add(("targets", name), unknown(what, name, outputs))
            # A target under a misspelled name is not missing, too.
            meant.add(nearest(name, missing))
    for name in missing:
        if name not in meant:
            why = "every unit of the last layer has a target"
            findings.add(("targets", name), f"missing; {why}")


def _objective(file: NetworkFile, wiring: Wiring, findings: Findings) -> str | None:
    """The unit whose output is differentiated where there is no loss."""
    outputs, where = _outputs(wiring), ("objective",)
    if file.loss is not None or findings.is_damaged("loss") or outputs is None:
        if file.loss is not None and file.objective is not None:
            findings.add(
                where, "with a loss, the loss is differentiated; leave one of them out"
            )
        return None
    if file.objective is None:
        asks_for_loss = file.targets is not None or file.training is not None
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


def _listed(names: str | list[str], *where: str) -> Iterator[tuple[Location, str]]:
    """The names in a list with their places; one name may stand without the list."""
    if isinstance(names, str):
        yield where, names
    else:
        for place, name in enumerate(names):
            yield (*where, place), name


def _frozen(file: NetworkFile, wiring: Wiring, findings: Findings) -> frozenset[str]:
    """The parameters that are not updated; "weights" and "biases" are all of a kind."""
    if file.training is None:
        return frozenset()
    known = list(dict.fromkeys(use.name for use in wiring.parameters))
    frozen: set[str] = set()
    for where, name in _listed(file.training.frozen, "training", "frozen"):
        if name in known:
            frozen.add(name)
        elif name in GROUPS:
            role = GROUPS[name]
            frozen |= {use.name for use in wiring.parameters if use.role == role}
        elif not names_are_lost(findings):
            findings.add(where, unknown("weight or bias", name, [*known, *GROUPS]))
    return frozenset(frozen)


def _gradients_of(
    file: NetworkFile, wiring: Wiring, findings: Findings
) -> tuple[str, ...]:
    """The inputs, and the units whose output is meant, that a gradient is asked of."""
    units = [unit.name for layer in wiring.layers for unit in layer.units]
    asked: list[str] = []
    for where, name in _listed(file.gradients_of, "gradients_of"):
        if name in file.inputs or name in units:
            asked.append(name)
        elif name == ALL_INPUTS:
            asked += file.inputs
        elif not findings.is_damaged("inputs") and not names_are_lost(findings):
            known = [*file.inputs, *units, ALL_INPUTS]
            findings.add(where, unknown("input or unit", name, known))
    return tuple(dict.fromkeys(asked))


def _check_fractions(file: NetworkFile, wiring: Wiring, findings: Findings) -> None:
    """A fraction such as 1/3 has no last digit: it asks for exact numbers."""
    if file.rounding.exact or findings.is_damaged("rounding", "exact"):
        return
    for where, value in _numbers(file, wiring):
        if isinstance(value, Fraction):
            findings.add(
                where,
                f'"{value}" is a fraction; allowed with [rounding] exact = true,'
                " otherwise write a decimal",
            )


def _numbers(
    file: NetworkFile, wiring: Wiring
) -> Iterator[tuple[Location, Value | None]]:
    """Every number of the network with its place."""
    for table in ("inputs", "parameters", "targets"):
        for name, value in (getattr(file, table) or {}).items():
            yield (table, name), value
    for use in wiring.parameters:
        yield use.location, use.value
    if file.training:
        yield ("training", "learning_rate"), file.training.learning_rate
