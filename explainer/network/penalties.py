"""The catalogue of penalties on large parameters: one record each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.evaluation import evaluate_exactly
from explainer.mathematics.formula import read
from explainer.mathematics.tidying import factors_of
from explainer.mathematics.written import (
    ONE,
    Cases,
    Comparison,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Written,
    product_of,
    sum_of,
)
from explainer.network.quantity import Quantity, Slope

W = "w"
ZERO, TWO = Number(Decimal(0)), Number(Decimal(2))


@dataclass(frozen=True, slots=True)
class Penalty:
    """The penalty on one parameter w, to be multiplied by the rate lambda.

    Its slope is `multiple` times `direction`; the direction is w itself, or its sign
    where there is a `kink` at 0. With `half` the file usually has lambda / 2.
    """

    name: str
    formula: str
    multiple: int
    kink: bool = False
    half: bool = False
    source: str = ""


PENALTIES: Mapping[str, Penalty] = {
    penalty.name: penalty
    for penalty in (
        Penalty(
            "l2",
            "w**2",
            2,
            half=True,
            source="Deep Learning, section 7.1.1",
        ),
        Penalty(
            "l1",
            "abs(w)",
            1,
            kink=True,
            source="Deep Learning, section 7.1.2; slope 0 at 0 as in PyTorch",
        ),
    )
}


def factor_of(half: bool, samples: int | None = None) -> Written:
    """What the rate is multiplied by: 1, 1/2, 1/N or 1/(2N).

    >>> factor_of(half=True)
    Quotient(top=Number(value=Decimal('1')), bottom=Number(value=Decimal('2')))
    """
    bottom: tuple[Written, ...] = (TWO,) if half else ()
    if samples is not None:
        bottom += (Number(Decimal(samples)),)
    return Quotient(ONE, product_of(bottom)) if bottom else ONE


def penalize(
    penalty: Penalty,
    parameters: tuple[Key, ...],
    rate: Key,
    factor: Written,
    result: Key,
) -> Quantity:
    """lambda/2 (w1^2 + w2^2), and its slope for each parameter, lambda w1.

    `factor` is a number such as 1/2 that stands beside the rate.
    """
    if not parameters:
        raise ValueError("a penalty needs at least one parameter")
    front = _beside(rate, factor)
    terms = tuple(read(penalty.formula, {W: key}) for key in parameters)
    slopes = {key: _slope(penalty, key, rate, factor) for key in parameters}
    formula = Product((*factors_of(front), sum_of(terms)))
    return Quantity(result, formula, penalty.name, slopes)


def _beside(rate: Key, factor: Written) -> Written:
    """lambda times the factor: lambda, lambda / 2, 2 lambda."""
    match factor:
        case Number(value) if value == 1:
            return Name(rate)
        case Quotient(Number(value), bottom) if value == 1:
            return Quotient(Name(rate), bottom)
    return Product((factor, Name(rate)))


def _slope(penalty: Penalty, key: Key, rate: Key, factor: Written) -> Slope:
    front = _beside(rate, _times(penalty.multiple, factor))
    name = Name(key)
    if penalty.kink:
        sides = (Comparison(name, ">", ZERO), Comparison(name, "<", ZERO))
        value: Written = Cases(sides, (front, Negative(front), ZERO))
        return Slope(value, "slope_of_penalty", kink=Comparison(name, "==", ZERO))
    multiple = Number(Decimal(penalty.multiple))
    working = Product((*factors_of(_beside(rate, factor)), multiple, name))
    value = Product((*factors_of(front), name))
    return Slope(value, "slope_of_penalty", working=(working,))


def _times(multiple: int, factor: Written) -> Written:
    """The product as a number in lowest terms: 2 times 1/(2N) is 1/N."""
    product: Fraction = multiple * evaluate_exactly(factor, {})
    top, bottom = (Number(Decimal(n)) for n in product.as_integer_ratio())
    return top if bottom == ONE else Quotient(top, bottom)
