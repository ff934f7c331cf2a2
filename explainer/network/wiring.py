"""The wiring of the layers: who feeds whom, by which weight, and with which bias."""

from __future__ import annotations

from dataclasses import dataclass, field

from explainer.network.layers import LAYERS
from explainer.network.layers.reading import Grid, LayerReading
from explainer.network.network_file import NetworkFile
from explainer.network.problems import Findings
from explainer.network.spec import LayerSpec
from explainer.network.values import Use


@dataclass(slots=True)
class Wiring:
    """The layers wired so far, and every use of a name in them, layer by layer.

    `before` are the units of the layer before, `None` where they could not be made out,
    and `grid` how they stand in rows and columns; `earlier` are all that may feed a
    unit.
    """

    before: tuple[str, ...] | None
    earlier: tuple[str, ...]
    grid: Grid | None = None
    layers: list[LayerSpec] = field(default_factory=list)
    units: list[Use] = field(default_factory=list)
    parameters: list[Use] = field(default_factory=list)
    is_complete: bool = True


def wire(
    file: NetworkFile, inputs: tuple[str, ...], grid: Grid | None, findings: Findings
) -> Wiring:
    """The layers of the file, wired one after the other."""
    is_known = not any(map(findings.is_damaged, ("inputs", "samples", "steps")))
    wiring = Wiring(inputs if is_known else None, inputs, grid, is_complete=is_known)
    for index, table in enumerate(file.layers):
        read = LAYERS[table.kind].read(
            LayerReading(
                index,
                len(file.layers),
                table,
                wiring.before,
                wiring.earlier,
                findings,
                wiring.grid,
                wiring.is_complete,
            )
        )
        wiring.layers.append(read.spec)
        wiring.units += read.units
        wiring.parameters += read.parameters
        wiring.before, wiring.grid = read.names, read.grid
        wiring.earlier += tuple(unit.name for unit in read.spec.units)
        wiring.is_complete &= wiring.before is not None
    return wiring
