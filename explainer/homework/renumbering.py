"""A block of a page as it is with other numbers."""

from __future__ import annotations

from dataclasses import replace

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.working import work_out
from explainer.mathematics.written import Number, Written
from explainer.page.document import Block, Step
from explainer.page.rewriting import rewrite_block


def renumber(
    block: Block, derivation: Derivation, readings: Readings, brief: bool
) -> Block:
    """The block with the numbers of these readings; the working of a step is done
    again, so that its signs = and about equal are right."""
    if isinstance(block, Step) and block.key in derivation.quantities:
        assert block.key is not None
        quantity = derivation.quantities[block.key]
        bridged = _is_bridged(block, derivation, brief)
        line = work_out(derivation, quantity, readings, brief, bridged)
        return replace(block, equations=(*block.equations[:-1], line))

    def change(part: Written) -> Written | None:
        if isinstance(part, Number) and part.of is not None and part.of in readings:
            return Number(readings[part.of].shown, part.of)
        return None

    return rewrite_block(block, change)


def _is_bridged(step: Step, derivation: Derivation, brief: bool) -> bool:
    """Whether the step shows the way from calculus to the slope as it is taught."""
    assert step.key is not None
    quantity = derivation.quantities[step.key]
    bridged = work_out(derivation, quantity, None, brief, True).sides
    plain = work_out(derivation, quantity, None, brief, False).sides
    return bridged != plain and step.equations[-1].sides[: len(bridged)] == bridged
