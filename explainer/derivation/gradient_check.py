"""The gradients once more, by a road that shares nothing with the chain of factors."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from explainer.derivation.comparing import relative_distance
from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.progress import Progress, told
from explainer.derivation.readings import Readings
from explainer.mathematics.algebra import differentiate_numerically, symbol, to_sympy
from explainer.mathematics.cases import take_branches
from explainer.mathematics.evaluation import (
    WORKING,
    as_decimal,
    evaluate,
    holds,
)
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph

MOST_COMPOSED = 20
# Beyond, SymPy takes longer to differentiate the whole than a reader waits.
LARGEST_COMPOSED = 60
MOST_DIFFERENCES = 200
DIGITS = 40
STEP = Decimal("1e-16")
# Central differences err by h²·f'''/6, about 1e-32, and by 1e-34 in the subtraction.
TOLERANCE = Decimal("1e-18")
SMALLEST = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """How many gradients were compared on which road, and how far apart they are at
    most.

    `road` is "composed" (SymPy differentiates the composed loss) or "differences".
    `kinks` are the quantities that stand at a kink, where the derivative is a
    convention: gradients that pass through them are not compared. `largest` is
    relative to the gradient.
    """

    road: str
    compared: int
    wanted: int
    largest: Decimal
    failures: tuple[Key, ...]
    kinks: tuple[Key, ...]


def check_gradients(
    derivation: Derivation, full: Readings, progress: Progress | None = None
) -> GradientCheck:
    """The full-precision gradients against SymPy on the composed loss, or differences.

    `full` are the readings under `rounding.FULL`. Up to 20 wanted gradients SymPy
    composes the loss into one expression and differentiates it; up to 200, and for a
    seeded sample of 200 beyond, the loss is computed at h = 1e-16 to both sides.
    """
    wanted = tuple(derivation.gradients)
    small = len(derivation.graph.quantities) <= LARGEST_COMPOSED
    composed = small and len(wanted) <= MOST_COMPOSED
    return _compare(derivation, full, wanted, composed, progress)


def check_differences(
    derivation: Derivation, full: Readings, wanted: tuple[Key, ...]
) -> GradientCheck:
    """The gradients by some quantities against central differences, without SymPy."""
    return _compare(derivation, full, wanted, False, None)


def _compare(
    derivation: Derivation,
    full: Readings,
    wanted: tuple[Key, ...],
    composed: bool,
    progress: Progress | None,
) -> GradientCheck:
    kinks = at_kinks(derivation.graph, full)
    smooth = tuple(
        key
        for key in wanted
        if not _passes(derivation.graph, key, kinks)
        and not goes_through_updates(derivation, key)
    )
    compared = sampled(smooth)
    road = _composed_slopes if composed else differences_at
    other = road(derivation.graph, compared, progress)
    apart = {
        key: relative_distance(
            as_decimal(full[derivation.gradients[key]].value), other[key], SMALLEST
        )
        for key in compared
    }
    return GradientCheck(
        "composed" if composed else "differences",
        len(compared),
        len(wanted),
        max(apart.values(), default=Decimal(0)),
        tuple(key for key, distance in apart.items() if distance > TOLERANCE),
        kinks,
    )


def at_kinks(graph: Graph, readings: Readings) -> tuple[Key, ...]:
    """The quantities whose slope is a convention at these numbers, such as a ReLU at
    0."""
    values = {key: as_decimal(reading.carried) for key, reading in readings.items()}
    found = []
    for quantity in graph.quantities.values():
        for slope in quantity.slopes.values():
            if slope.kink and holds(slope.kink, values):
                found.append(quantity.key)
    return tuple(dict.fromkeys(found))


def goes_through_updates(derivation: Derivation, key: Key) -> bool:
    """Whether the error came back to it through weights that were updated already."""
    if not derivation.graph.goes_back_updated:
        return False
    return any(
        k.kind == "new" for k in needed_by(derivation, [derivation.gradients[key]])
    )


def _passes(graph: Graph, key: Key, kinks: tuple[Key, ...]) -> bool:
    """Whether a change of `key` reaches one of the quantities at a kink."""
    reached = {key}
    for quantity in graph.quantities.values():
        if reached.intersection(quantity.uses):
            reached.add(quantity.key)
    return bool(reached.intersection(kinks))


def sampled(wanted: tuple[Key, ...]) -> tuple[Key, ...]:
    if len(wanted) <= MOST_DIFFERENCES:
        return wanted
    return tuple(random.Random(len(wanted)).sample(wanted, MOST_DIFFERENCES))


def compose(
    graph: Graph, values: Mapping[Key, Decimal], held: Key | None = None
) -> tuple[object, Mapping[Key, object]]:
    """The objective as one SymPy expression, and the symbols of the given numbers.

    The branches that hold at the values are taken, so that it can be differentiated
    without them. `held` is a computed quantity that stands as a symbol of its own. The
    symbols are numbered: a user's weight may be called exp.
    """
    free = [*graph.givens, *([held] if held else [])]
    symbols = {key: symbol(f"q{number}") for number, key in enumerate(free)}
    expressions: dict[Key, object] = dict(symbols)
    for quantity in graph.quantities.values():
        if quantity.key != held:
            formula = take_branches(quantity.formula, values)
            expressions[quantity.key] = to_sympy(formula, expressions.__getitem__)
    return expressions[graph.objective], symbols


def _composed_slopes(
    graph: Graph, keys: tuple[Key, ...], progress: Progress | None = None
) -> Mapping[Key, Decimal]:
    values = _forward(graph, {})
    groups = [tuple(key for key in keys if key in graph.givens)]
    groups += [(key,) for key in keys if key not in graph.givens]
    found: dict[Key, Decimal] = {}
    for group in told([*filter(None, groups)], "gradients", progress):
        held = group[0] if group[0] in graph.quantities else None
        objective, symbols = compose(graph, values, held)
        numbers = {name: values[key] for key, name in symbols.items()}
        variables = [symbols[key] for key in group]
        slopes = differentiate_numerically(objective, variables, numbers, DIGITS)
        found |= dict(zip(group, slopes, strict=True))
    return found


def differences_at(
    graph: Graph, keys: tuple[Key, ...], progress: Progress | None = None
) -> Mapping[Key, Decimal]:
    """The slope of the objective in each of these quantities, from two forward
    passes."""
    values = _forward(graph, {})
    found = {}
    for key in told(keys, "gradients", progress):
        above, below = (
            _forward(graph, {key: values[key] + step})[graph.objective]
            for step in (STEP, -STEP)
        )
        with localcontext(WORKING):
            found[key] = (above - below) / (2 * STEP)
    return found


def _forward(graph: Graph, held: Mapping[Key, Decimal]) -> Mapping[Key, Decimal]:
    """The forward pass in full precision, with some quantities held at other values."""
    values = {key: as_decimal(given.value) for key, given in graph.givens.items()}
    values |= held
    for quantity in graph.quantities.values():
        if quantity.key not in held:
            values[quantity.key] = evaluate(quantity.formula, values)
    return values
