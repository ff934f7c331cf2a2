"""Detail "full": each kind of local derivative is derived rule by rule where it first
appears."""

from __future__ import annotations

from explainer.derivation.deriving import Derivation
from explainer.derivation.working import EQUAL, Equation, Side, slope_of
from explainer.mathematics.differentiation import explain_slope
from explainer.mathematics.written import (
    Key,
    Name,
    Number,
    Written,
    names_in,
    walk,
)


def slope_signature(derivation: Derivation, key: Key) -> tuple[str, ...] | None:
    """What makes two local derivatives of one kind: their rules and their constants.

    The constants tell a leaky ReLU with alpha = 0.1 from one with 0.2. None for a
    quantity that is no local derivative.
    """
    slope = slope_of(derivation, key)
    if slope is None:
        return None
    quantity = derivation.graph.quantities[_pair(key)[0]]
    numbers = [*_constants_in(quantity.formula), *_constants_in(slope.value)]
    if slope.rule == "slope_of_formula":
        # Each formula is another one, and so is each of its slopes.
        return (quantity.rule, *map(repr, key.of))
    return (quantity.rule, slope.rule, *numbers)


def rule_lines(derivation: Derivation, key: Key) -> tuple[Equation, ...]:
    """A local derivative from its formula to its taught form, one rule after
    another."""
    slope = slope_of(derivation, key)
    if slope is None:
        return ()
    upper, lower = _pair(key)
    formula = derivation.graph.quantities[upper].formula
    if lower not in names_in(formula):
        # A loss and its activation taken together: the forms on the way are the proof.
        return ()
    lines = explain_slope(formula, lower, slope.bridge, slope.value)
    sides = tuple(Side(EQUAL, line.written, line.rules) for line in lines)
    return (Equation(Name(key), sides),)


def _pair(key: Key) -> tuple[Key, Key]:
    upper, lower = key.of
    assert isinstance(upper, Key) and isinstance(lower, Key)
    return upper, lower


def _constants_in(written: Written) -> list[str]:
    return [str(part.value) for part in walk(written) if isinstance(part, Number)]
