"""Gradients against central differences in floats: quick, for many sets of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.gradient_check import (
    GradientCheck,
    goes_through_updates,
    sampled,
)
from explainer.mathematics.straight_code import FLOATS, Straight, compile_straight
from explainer.mathematics.written import Key, Name

# A power of 2: x + h and x - h lose no digit where x has few.
STEP = 2.0**-10
# Four points err by h^4 f^(5) / 30, about 3e-14, and by the last digits of the error.
TOLERANCE = 1e-8
LAST_DIGITS = 16 * 2.0**-52 / STEP
# At least so many digits of a gradient must be compared, or floats do not do.
LEAST = 1e-5


@dataclass(frozen=True)
class DifferenceCheck:
    """The gradients of one derivation; `places` says where a quantity stands in a list
    of numbers."""

    derivation: Derivation
    places: Mapping[Key, int]

    def check(self, numbers: Sequence[Decimal]) -> GradientCheck:
        """The gradients at these givens. Its failures are those that floats do not
        settle: they may stand at a kink, or be right to fewer digits than asked."""
        try:
            values = [*map(float, numbers)]
            gradients = self._gradients(values)
            for place, value in zip(
                self._held, gradients[len(self.compared) :], strict=True
            ):
                values[place] = value
            rows = [
                _compare(gradient, *slope(values))
                for slope, gradient in zip(self._slopes, gradients, strict=False)
            ]
        except (ArithmeticError, ValueError, TypeError):
            rows = [None] * len(self.compared)
        apart = [row for row in rows if row is not None]
        return GradientCheck(
            "differences",
            len(apart),
            len(self.derivation.gradients),
            Decimal(max(apart, default=0)),
            tuple(
                key for key, row in zip(self.compared, rows, strict=True) if row is None
            ),
            (),
        )

    @cached_property
    def compared(self) -> tuple[Key, ...]:
        derivation = self.derivation
        return sampled(
            tuple(
                key
                for key in derivation.gradients
                if not goes_through_updates(derivation, key)
            )
        )

    @cached_property
    def _gradients(self) -> Straight:
        """The gradients by the chain rule, all digits carried, and the computed
        quantities that they are asked of."""
        derivation = self.derivation
        wanted = [derivation.gradients[key] for key in self.compared]
        wanted += [key for key in self.compared if key in derivation.quantities]
        needed = needed_by(derivation, wanted)
        steps = {k: q.formula for k, q in derivation.quantities.items() if k in needed}
        return compile_straight(self.places, FLOATS, [*map(Name, wanted)], steps)

    @cached_property
    def _held(self) -> list[int]:
        known = self.derivation.quantities
        return [self.places[key] for key in self.compared if key in known]

    @cached_property
    def _slopes(self) -> list[Callable[[list[float]], tuple[float, float]]]:
        """For each gradient the slope of the error, from the forward pass alone, and
        the size of the error."""
        graph = self.derivation.graph
        steps = {key: quantity.formula for key, quantity in graph.quantities.items()}
        result = [Name(graph.objective)]
        forward = compile_straight(self.places, FLOATS, result, steps)
        found = []
        for key in self.compared:
            error = forward
            if key in steps:
                # A computed quantity is held, and what follows from it is computed.
                held = {k: formula for k, formula in steps.items() if k != key}
                error = compile_straight(self.places, FLOATS, result, held)
            found.append(_slope(error, self.places[key]))
        return found


def _slope(error: Straight, place: int) -> Callable[[list[float]], tuple[float, float]]:
    """dE/dx from E at x - 2h, x - h, x + h, x + 2h (Abramowitz and Stegun, 25.3.21)."""

    def slope(values: list[float]) -> tuple[float, float]:
        x = values[place]
        found: list[float] = []
        for step in (STEP, -STEP, 2 * STEP, -2 * STEP):
            values[place] = x + step
            found += error(values)
        values[place] = x
        one, minus_one, two, minus_two = found
        difference = 8 * (one - minus_one) - (two - minus_two)
        return difference / (12 * STEP), abs(one) + abs(minus_one)

    return slope


def _compare(gradient: float, slope: float, size: float) -> float | None:
    """How far they are apart, relative to the gradient; None where that is too far
    or cannot be told."""
    if gradient == slope == 0:
        # What an input of 0 is multiplied by has no influence at all.
        return 0.0
    apart, room = abs(gradient - slope), LAST_DIGITS * size
    larger = max(abs(gradient), abs(slope))
    if apart <= TOLERANCE * larger + room and LEAST * larger >= room:
        return apart / larger
    return None
