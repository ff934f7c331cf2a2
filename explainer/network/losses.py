"""The catalogue of losses: one record each, and how the errors of several outputs are
added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from explainer.mathematics.formula import read
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Number,
    Product,
    Quotient,
    Sum,
)
from explainer.network.quantity import Quantity, Slope


@dataclass(frozen=True, slots=True)
class Loss:
    """The error of one output y with target t, and its slope in y as it is taught.

    `working` holds the forms between the power rule and the taught slope.
    """

    name: str
    formula: str
    slope: str
    working: tuple[str, ...] = ()
    source: str = ""


LOSSES: Mapping[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "half-squared-error",
            "1/2 * (t - y)**2",
            "y - t",
            working=("2 * (1/2) * (t - y) * (-1)",),
            source="Rumelhart, Hinton, Williams 1986, equation 3",
        ),
        Loss(
            "squared-error",
            "(t - y)**2",
            "2 * (y - t)",
            working=("2 * (t - y) * (-1)",),
            source="Bishop, Pattern Recognition and Machine Learning, section 1.5.5",
        ),
    )
}

REDUCTIONS = ("sum", "mean")


def lose(loss: Loss, output: Key, target: Key, result: Key) -> Quantity:
    """The error of one output."""
    names = {"y": output, "t": target}
    slope = Slope(
        read(loss.slope, names),
        "slope_of_loss",
        working=tuple(read(form, names) for form in loss.working),
    )
    return Quantity(result, read(loss.formula, names), loss.name, {output: slope})


def add_losses(parts: tuple[Key, ...], reduction: str, result: Key) -> Quantity:
    """The total: the sum of the errors of the outputs, or their mean."""
    added = Sum(tuple(map(Name, parts)))
    if reduction == "sum":
        slope = Slope(ONE, "slope_of_total")
        return Quantity(result, added, "total_sum", dict.fromkeys(parts, slope))
    share = Quotient(ONE, Number(Decimal(len(parts))))
    slope = Slope(share, "slope_of_total")
    return Quantity(
        result, Product((share, added)), "total_mean", dict.fromkeys(parts, slope)
    )
