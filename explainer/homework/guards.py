"""Own values from which no credit should follow: impossible ones, and those that make
the rest trivial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.homework.answers import bare
from explainer.homework.own_values import OwnValues
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key

SATURATED = Decimal("1e-6")


@dataclass(frozen=True, slots=True)
class Cap:
    """An own value, and why it caps the credit of what follows: "impossible", "zero" or
    "saturated"."""

    key: Key
    reason: str


# Least and greatest value of what a rule can give; the typed range must meet it.
POSSIBLE: Mapping[str, tuple[int | None, int | None]] = {
    "sigmoid": (0, 1),
    "softmax": (0, 1),
    "hard-sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, None),
    "softplus": (0, None),
    "half-squared-error": (0, None),
    "squared-error": (0, None),
    "mean-squared-error": (0, None),
    "half-mean-squared-error": (0, None),
    "binary-cross-entropy": (0, None),
    "categorical-cross-entropy": (0, None),
    "huber": (0, None),
    "absolute-error": (0, None),
    "hinge": (0, None),
}


def find_caps(own: OwnValues) -> tuple[Cap, ...]:
    """The caps of a sheet, in the order of work."""
    found = []
    for slot in sorted(own.entries):
        reason = _reason(own, slot)
        if slot >= own.examiner.first and reason:
            found.append(Cap(own.examiner.keys[slot], reason))
    return tuple(found)


def _reason(own: OwnValues, slot: int) -> str:
    key = own.examiner.keys[slot]
    quantity = own.examiner.answers.quantities.get(key)
    if quantity is None:
        return ""
    low, high = own.ranges[slot]
    least, most = POSSIBLE.get(quantity.rule, (None, None))
    if (least is not None and high < least) or (most is not None and low > most):
        return "impossible"
    value = as_decimal(own.entries[slot].value)
    truth = own.right(slot)
    if truth is None:
        return ""
    if not value and not low <= truth <= high and bare(key) == key:
        return "zero"
    if quantity.rule == "slope_of_activation" and abs(value) < SATURATED <= abs(truth):
        return "saturated"
    return ""
