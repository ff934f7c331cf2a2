"""Injecting a mistake: the answers as they are when one step is done wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from explainer.homework.answers import Answers
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import in_order
from explainer.mathematics.written import Key, Written


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a mistake is made: everywhere, in one layer, in one unit, in one cell.

    `of` is the number of the layer, the name of the unit, or the cell itself.
    """

    kind: str = "everywhere"
    of: int | str | Key | None = None

    def holds(self, answers: Answers, key: Key) -> bool:
        match self.kind:
            case "layer":
                return answers.layer_of.get(key) == self.of
            case "unit":
                return answers.unit_of.get(key) == self.of
            case "cell":
                return key == self.of
        return True


EVERYWHERE = Scope()


def edits_of(
    answers: Answers, mistake: Mistake, scope: Scope = EVERYWHERE
) -> Mapping[Key, tuple[Written | None, ...]]:
    """The wrong formula for each way of each quantity that the mistake touches; None
    for a way that it leaves."""
    found: dict[Key, tuple[Written | None, ...]] = {}
    for key, ways in answers.ways.items():
        if not scope.holds(answers, key):
            continue
        quantity = answers.quantities[key]
        wrong = tuple(mistake.wrong(answers, quantity, way) for way in ways)
        if any(way is not None for way in wrong):
            found[key] = wrong
    return found


def inject(
    answers: Answers, mistake: Mistake, scope: Scope = EVERYWHERE
) -> Answers | None:
    """The answers with the mistake in them, and all that follows from it; None where it
    does not apply.

    The order of work changes where a mistake uses what comes later, such as weights
    that are updated already. Raises Circular where there is no such order.
    """
    edits = edits_of(answers, mistake, scope)
    if not edits:
        return None
    ways: dict[Key, tuple[Written, ...]] = {}
    quantities = dict(answers.quantities)
    for key, known in answers.ways.items():
        wrong = tuple(way for way in edits.get(key, ()) if way is not None)
        own = edits[key][0] if key in edits else None
        ways[key] = wrong or known
        quantities[key] = replace(quantities[key], formula=own or known[0])
    order = in_order({key: (quantities[key].formula,) for key in quantities})
    return replace(
        answers,
        quantities={key: quantities[key] for key in order},
        ways={key: ways[key] for key in order},
    )
