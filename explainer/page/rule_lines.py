"""Detail "full": each kind of local derivative is derived rule by rule where it first
appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainer.derivation.working import EQUAL, Equation, Side, slope_of
from explainer.mathematics.differentiation import explain_slope
from explainer.mathematics.written import Key, Name

if TYPE_CHECKING:
    from explainer.page.composing import Composer


def derive_slope(
    composer: Composer, key: Key, number: int
) -> tuple[tuple[Equation, ...], int | None]:
    """The rule-by-rule lines of a local derivative, or the step that already has
    them."""
    slope = slope_of(composer.derivation, key)
    if slope is None or composer.layout.detail != "full":
        return (), None
    upper, lower = key.of
    assert isinstance(upper, Key) and isinstance(lower, Key)
    quantity = composer.derivation.graph.quantities[upper]
    signature = (quantity.rule, slope.rule)
    if signature in composer.explained:
        return (), composer.explained[signature]
    composer.explained[signature] = number
    lines = explain_slope(quantity.formula, lower, slope.bridge, slope.value)
    sides = tuple(Side(EQUAL, line.written, line.rules) for line in lines)
    return (Equation(Name(key), sides),), None
