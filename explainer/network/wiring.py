"""The wiring of the layers: who feeds whom, by which weight, and with which bias."""

from __future__ import annotations

from dataclasses import dataclass, field

from explainer.network.choices import choose_activation
from explainer.network.problems import Findings, unknown
from explainer.network.schema import NetworkFile
from explainer.network.spec import LayerSpec, UnitSpec
from explainer.network.units import LayerReader, Unit
from explainer.network.values import Use


@dataclass(slots=True)
class Wiring:
    """The layers wired so far, and every use of a name in them, layer by layer.

    `before` are the units of the layer before, `None` where they could not be made out;
    `earlier` are all that may feed a unit.
    """

    before: tuple[str, ...] | None
    earlier: tuple[str, ...]
    layers: list[LayerSpec] = field(default_factory=list)
    units: list[Use] = field(default_factory=list)
    parameters: list[Use] = field(default_factory=list)
    is_complete: bool = True


def wire(file: NetworkFile, findings: Findings) -> Wiring:
    """The layers of the file, wired one after the other."""
    inputs = tuple(file.inputs)
    is_known = not findings.is_damaged("inputs")
    wiring = Wiring(inputs if is_known else None, inputs, is_complete=is_known)
    for index in range(len(file.layers)):
        _wire_layer(index, file, wiring, findings)
    return wiring


def _wire_layer(
    index: int, file: NetworkFile, wiring: Wiring, findings: Findings
) -> None:
    table = file.layers[index]
    # Where there is nothing before, that is the problem, and not the number of weights.
    before = wiring.before or None
    reader = LayerReader(index, len(file.layers), table, before, findings)
    units = reader.units()
    biases = reader.biases([unit.use.name for unit in units])
    specs = tuple(
        UnitSpec(
            unit.use.name,
            _inputs(unit, wiring, findings),
            None if bias is None else bias.name,
        )
        for unit, bias in zip(units, biases, strict=False)
    )
    where = ("layers", index, "activation")
    activation, options = choose_activation(table.activation, where, findings)
    wiring.layers.append(LayerSpec(specs, activation, options))
    wiring.units += [unit.use for unit in units]
    wiring.parameters += [weight for unit in units for weight in unit.weights]
    wiring.parameters += [bias for bias in dict.fromkeys(biases) if bias is not None]
    names = tuple(unit.name for unit in specs)
    wiring.before = names if reader.knows_its_units() else None
    wiring.earlier += names
    wiring.is_complete &= wiring.before is not None


def _inputs(
    unit: Unit, wiring: Wiring, findings: Findings
) -> tuple[tuple[str, str], ...]:
    """What feeds a unit: by default all units of the layer before, in their order."""
    where = (*unit.use.location, "from")
    if unit.sources is not None and not unit.sources:
        findings.add(where, f"{unit.use.name} has no sources; name at least one")
    for source in unit.sources or ():
        if source not in wiring.earlier and wiring.is_complete:
            what = "input or unit of an earlier layer"
            findings.add((*where, source), unknown(what, source, wiring.earlier))
    sources = unit.sources if unit.sources is not None else wiring.before or ()
    names = (weight.name for weight in unit.weights)
    return tuple(zip(sources, names, strict=False))
