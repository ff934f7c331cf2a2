"""The functions a formula may call: one record each, for numbers, SymPy and every
printer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Exact = Callable[..., Fraction | None]


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it is computed, printed and differentiated.

    `exact` answers in fractions where the value is rational and None elsewhere.
    `derivative` is the outer derivative in x, as a rule of calculus states it; SymPy
    proves it in the tests. `latex` has `<0>`, `<1>` for the arguments.
    """

    name: str
    latex: str
    sympy: str
    decimal: Callable[..., Decimal]
    exact: Exact
    derivative: str | None = None


def tanh(x: Decimal) -> Decimal:
    """tanh x = (1 - e^{-2x}) / (1 + e^{-2x}), through |x| so that e^{-2|x}| stays
    small.

    >>> tanh(Decimal(0))
    Decimal('0')
    """
    small = (-2 * abs(x)).exp()
    value = (1 - small) / (1 + small)
    return value if x >= 0 else -value


def _only_at(point: int, value: int) -> Exact:
    """Rational at one rational point only (Lindemann): e^x at 0, ln x at 1."""
    return lambda x: Fraction(value) if x == point else None


def _root(x: Fraction) -> Fraction | None:
    if x < 0:
        return None
    top, bottom = _integer_root(x.numerator), _integer_root(x.denominator)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _integer_root(n: int) -> int | None:
    root = int(Decimal(n).sqrt())
    return next((r for r in (root - 1, root, root + 1) if r >= 0 and r * r == n), None)


FUNCTIONS: Mapping[str, Function] = {
    f.name: f
    for f in (
        Function("exp", "e^{<0>}", "exp", Decimal.exp, _only_at(0, 1), "exp(x)"),
        Function("log", r"\ln(<0>)", "log", Decimal.ln, _only_at(1, 0), "1 / x"),
        Function("tanh", r"\tanh(<0>)", "tanh", tanh, _only_at(0, 0), "1 - tanh(x)**2"),
        Function(
            "sqrt", r"\sqrt{<0>}", "sqrt", Decimal.sqrt, _root, "1 / (2 * sqrt(x))"
        ),
        Function("abs", r"\lvert <0> \rvert", "Abs", abs, abs),
        Function("max", r"\max(<0>, <1>)", "Max", max, max),
        Function("min", r"\min(<0>, <1>)", "Min", min, min),
    )
}
