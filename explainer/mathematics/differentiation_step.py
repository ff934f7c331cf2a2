"""What a rule of differentiation answers, and the names of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.mathematics.written import Written

RULES = (
    "constant",  # dc/dx = 0
    "variable",  # dx/dx = 1
    "constant_multiple",  # d(cu)/dx = c du/dx
    "sum",  # d(u + v)/dx = du/dx + dv/dx
    "product",  # d(uv)/dx = du/dx v + u dv/dx
    "quotient",  # d(u/v)/dx = (du/dx v - u dv/dx) / v^2
    "reciprocal",  # d(c/v)/dx = -(c dv/dx) / v^2
    "power",  # d(x^n)/dx = n x^(n-1)
    "exponential",  # d(e^x)/dx = e^x and d(c^x)/dx = c^x ln c
    "function",  # df(x)/dx = f'(x), from the table of functions
    "chain",  # df(u)/dx = f'(u) du/dx
    "cases",  # each side of a kink by itself
    "absolute",  # d|u|/dx = du/dx where u > 0, -du/dx where u < 0
    "arithmetic",  # 0 + a = a, 1 a = a, -(-a) = a
    "algebra",  # another form of the same expression
)


class DifferentiationError(ValueError):
    """No rule of this program differentiates the expression. The message names it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is written next, and the rules that lead to it."""

    written: Written
    rules: tuple[str, ...] = ()
