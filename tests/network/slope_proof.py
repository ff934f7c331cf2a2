"""The slope of an activation is the derivative of its formula, by SymPy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from explainer.mathematics.algebra import rational, symbol, to_sympy
from explainer.network.activations import A, Activation, write

# Where SymPy's slope is compared: both signs, near 0 and far, no short decimal.
POINTS = tuple(
    sign * Decimal(point)
    for point in (
        "0.0137",
        "0.371",
        "0.83",
        "1.213",
        "1.7319",
        "2.413",
        "4.837",
        "9.71",
    )
    for sign in (1, -1)
)
DIGITS = 30
AGREE = Decimal("1e-20")


class SlopeError(ValueError):
    """SymPy's derivative of a formula is not the slope that was derived."""


def prove_slope(
    activation: Activation, options: Mapping[str, Decimal] | None = None
) -> None:
    """SymPy differentiates the formula again; it must have the slope of the record.

    They are equal by algebra, or at points of both signs to 20 digits. Raises
    SlopeError.
    """
    z = symbol("z")
    formula = write(activation.formula, activation, options or {})
    value = to_sympy(formula, lambda key: z)
    slope = to_sympy(
        write(activation.slope, activation, options or {}),
        lambda key: value if key == A else z,
    )
    values = (value.subs(z, rational(point)).evalf(DIGITS) for point in POINTS)
    if not any(number.is_extended_real and number.is_finite for number in values):
        raise SlopeError(f"{activation.name}: the formula has no value at any z tried")
    difference = value.diff(z) - slope
    if difference == 0 or difference.expand() == 0:
        return
    for point in POINTS:
        apart, size = (
            form.subs(z, rational(point)).doit().evalf(DIGITS)
            for form in (difference, slope)
        )
        if not (apart.is_number and apart.is_extended_real and apart.is_finite):
            continue
        if abs(apart) > AGREE * max(1, abs(size)):
            raise SlopeError(
                f"{activation.name}: at z = {point} SymPy's derivative differs from"
                f" the slope by {apart.evalf(3)}"
            )
