"""What the tables of a network file mean together: the checked network."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction

from explainer.network.choices import check_exact, choose_notation, choose_rounding
from explainer.network.formulas import read_formulas
from explainer.network.loss_choices import choose_loss
from explainer.network.network_file import NetworkFile
from explainer.network.problems import Findings, Location, unknown
from explainer.network.samples import grid_of, numbers_of, read_samples
from explainer.network.schema import BACK_THROUGH, ERROR_SIGNALS
from explainer.network.spec import (
    Entry,
    LossSpec,
    NotationSpec,
    PageSpec,
    Sample,
    Spec,
    Value,
)
from explainer.network.targets import check_loss, choose_objective
from explainer.network.training import choose_optimizer
from explainer.network.values import Use, check_names, gather_values, names_are_lost
from explainer.network.variation import choose_variation
from explainer.network.wiring import Wiring, wire

ALL_INPUTS = "inputs"
GROUPS = {"weights": "a weight", "biases": "a bias"}


def check(file: NetworkFile, findings: Findings, source: str) -> Spec:
    """The network of the file. It holds only if no problem was found."""
    samples = read_samples(file, findings)
    wiring = wire(file, tuple(samples[0].inputs), grid_of(file), findings)
    _check_not_empty(file, samples[0], findings)
    _check_texts(file, findings)
    graph = read_formulas(file, samples[0].inputs, findings)
    own = (*wiring.units, *wiring.parameters, *graph.uses)
    names = [*_input_uses(file, samples[0]), *own]
    check_names(names, findings)
    loss = _loss(file, wiring, findings)
    _check_fractions(file, wiring, findings)
    if file.rounding.exact:
        check_exact(wiring.layers, loss, findings)
    parameters = (*wiring.parameters, *graph.parameters)
    varied = [*samples[0].inputs, *dict.fromkeys(use.name for use in parameters)]
    return Spec(
        title=file.title or source,
        description=file.description,
        samples=samples,
        layers=tuple(wiring.layers),
        parameters=gather_values(file.parameters, parameters, findings),
        formulas=graph.formulas,
        loss=loss,
        objective=choose_objective(file, wiring, findings),
        learning_rate=_learning_rate(file),
        frozen=_frozen(file, parameters, findings),
        gradients_of=_gradients_of(file, samples[0], wiring, findings),
        optimizer=choose_optimizer(
            file.training, parameters, len(file.samples) or 1, findings
        ),
        error_signal=ERROR_SIGNALS[file.conventions.error_signal],
        goes_back_updated=BACK_THROUGH[file.conventions.back_through],
        factor_order=file.conventions.factor_order,
        rounding=choose_rounding(file.rounding, findings),
        notation=_notation(file, names, findings),
        page=PageSpec(**file.page.model_dump(), matrices=file.conventions.matrices),
        variation=choose_variation(file.variants, varied, loss, findings),
    )


def _loss(file: NetworkFile, wiring: Wiring, findings: Findings) -> LossSpec | None:
    loss = choose_loss(file.loss, findings) if file.loss else None
    check_loss(file, loss, wiring, findings)
    return loss


def _notation(
    file: NetworkFile, names: Sequence[Use], findings: Findings
) -> NotationSpec:
    """The notation; symbols are for names of the file, if all of them could be read."""
    lost = findings.is_damaged("inputs") or names_are_lost(findings)
    known = None if lost else {use.name: None for use in names}
    return choose_notation(file.notation, known, findings)


def _check_texts(file: NetworkFile, findings: Findings) -> None:
    """No page can print a control character, or one that turns the writing around."""
    for place in ("title", "description"):
        text = getattr(file, place) or ""
        strange = [sign for sign in text if unicodedata.category(sign)[0] == "C"]
        if strange:
            got = f"U+{ord(strange[0]):04X}"
            findings.add((place,), f"the control character {got} cannot be printed")


def _check_not_empty(file: NetworkFile, sample: Sample, findings: Findings) -> None:
    if findings.is_damaged("formulas"):
        return
    if not file.formulas and not sample.inputs:
        findings.add(("inputs",), "the network has no inputs; at least one is needed")
    if not file.formulas and not file.layers:
        why = "the network has no layers; at least one is needed"
        findings.add(("layers",), f"{why}, or formulas in [formulas]")


def _input_uses(file: NetworkFile, sample: Sample) -> list[Use]:
    """The inputs as uses of their names, where the first sample has them."""
    home: Location = ("inputs",)
    if file.samples:
        home = (
            "samples",
            0,
            *(("steps", 0) if file.samples[0].steps else ()),
            "inputs",
        )
    elif file.steps:
        home = ("steps", 0, "inputs")
    return [Use(name, "an input", (*home, name)) for name in sample.inputs]


def _learning_rate(file: NetworkFile) -> Entry | None:
    if file.training is None:
        return None
    return Entry(file.training.learning_rate, "training.learning_rate")


def _listed(names: str | list[str], *where: str) -> Iterator[tuple[Location, str]]:
    """The names in a list with their places; one name may stand without the list."""
    if isinstance(names, str):
        yield where, names
    else:
        for place, name in enumerate(names):
            yield (*where, place), name


def _frozen(
    file: NetworkFile, parameters: Sequence[Use], findings: Findings
) -> frozenset[str]:
    """The parameters that are not updated; "weights" and "biases" are all of a kind."""
    if file.training is None:
        return frozenset()
    known = list(dict.fromkeys(use.name for use in parameters))
    frozen: set[str] = set()
    for where, name in _listed(file.training.frozen, "training", "frozen"):
        if name in known:
            frozen.add(name)
        elif name in GROUPS:
            role = GROUPS[name]
            frozen |= {use.name for use in parameters if use.role == role}
        elif not names_are_lost(findings):
            findings.add(where, unknown("weight or bias", name, [*known, *GROUPS]))
    return frozenset(frozen)


def _gradients_of(
    file: NetworkFile, sample: Sample, wiring: Wiring, findings: Findings
) -> tuple[str, ...]:
    """The inputs, and the units whose output is meant, that a gradient is asked of."""
    units = [unit.name for layer in wiring.layers for unit in layer.units]
    units += file.formulas
    asked: list[str] = []
    for where, name in _listed(file.gradients_of, "gradients_of"):
        if name in sample.inputs or name in units:
            asked.append(name)
        elif name == ALL_INPUTS:
            asked += sample.inputs
        elif not findings.is_damaged("inputs") and not names_are_lost(findings):
            known = [*sample.inputs, *units, ALL_INPUTS]
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
    for name, value in file.parameters.items():
        yield ("parameters", name), value
    yield from numbers_of(file)
    for use in wiring.parameters:
        yield use.location, use.value
    if file.training:
        yield ("training", "learning_rate"), file.training.learning_rate
