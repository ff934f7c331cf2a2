"""Differentiation as it is written on the board: line after line, each with its rules.

SymPy says in the tests that every line equals the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

from explainer.mathematics.differentiation_rules import apply_rule
from explainer.mathematics.differentiation_step import DifferentiationError, Step
from explainer.mathematics.plain import plain
from explainer.mathematics.tidying import clear, factors_of, terms_of, tidy
from explainer.mathematics.written import (
    Derivative,
    Key,
    Name,
    Product,
    Sum,
    Written,
    walk,
)

__all__ = ["DifferentiationError", "RuleLine", "differentiate", "explain_slope"]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The whole expression on this line, and the rules that led to it.

    The names of the rules are those of `differentiation_step.RULES`, in the order in
    which they were used.
    """

    written: Written
    rules: tuple[str, ...]


def differentiate(written: Written, variable: Key) -> tuple[RuleLine, ...]:
    """d/dx of the expression, line by line, to a line without derivatives.

    Each line equals the one before, except at a kink, where no derivative exists: there
    max and min take the slope of their first argument and |u| takes 0. Raises
    DifferentiationError.

    >>> from explainer.mathematics.formula import read
    >>> t, y = Key("target", ("t",)), Key("output", ("y",))
    >>> error = read("1/2 * (t - y)**2", {"t": t, "y": y})
    >>> for line in differentiate(error, y):
    ...     print(plain(line.written, lambda key: key.of[0]), *line.rules)
    d/dy ((1/2)*(t - y)**2)
    (1/2)*(d/dy ((t - y)**2)) constant_multiple
    (1/2)*2*(t - y)*(d/dy (t - y)) power chain
    (1/2)*2*(t - y)*(0 - 1) sum constant variable
    (1/2)*2*(t - y)*(-1) arithmetic
    """
    lines = [RuleLine(Derivative(written, Name(variable)), ())]
    while has_derivative(lines[-1].written):
        lines.append(_next_line(lines[-1].written))
    tidied = tidy(lines[-1].written)
    if is_same_on_paper(tidied, lines[-1].written):
        return (*lines[:-1], RuleLine(tidied, lines[-1].rules))
    return (*lines, RuleLine(tidied, ("arithmetic",)))


def explain_slope(
    formula: Written, variable: Key, bridge: tuple[Written, ...], slope: Written
) -> tuple[RuleLine, ...]:
    """The lines of the derivative, then by algebra from its last form to the slope.

    A form that is on the line before already is not written twice.
    """
    lines = list(differentiate(formula, variable))
    for form in (*bridge, slope):
        if not is_same_on_paper(form, lines[-1].written):
            lines.append(RuleLine(form, ("algebra",)))
    return tuple(lines)


def is_same_on_paper(one: Written, other: Written) -> bool:
    """Whether two expressions print alike, as the number -1 and minus the number 1."""
    return one == other or plain(one, repr) == plain(other, repr)


def has_derivative(written: Written) -> bool:
    """Whether a derivative is still to be taken."""
    return any(isinstance(part, Derivative) for part in walk(written))


def _next_line(written: Written) -> RuleLine:
    cleared = clear(written)
    step = _advance(cleared)
    arithmetic = () if cleared == written else ("arithmetic",)
    return RuleLine(step.written, tuple(dict.fromkeys((*arithmetic, *step.rules))))


def _advance(written: Written) -> Step:
    """Every derivative on the line is taken one rule further."""
    if isinstance(written, Derivative):
        return apply_rule(written)
    parts = written.parts()
    if not parts:
        return Step(written)
    steps = tuple(map(_advance, parts))
    new = tuple(step.written for step in steps)
    rules = tuple(rule for step in steps for rule in step.rules)
    return Step(written.with_parts(_joined(written, new)), rules)


def _joined(whole: Written, new: tuple[Written, ...]) -> tuple[Written, ...]:
    """A product in a derivative's place joins the product around it, a sum its sum."""
    join = {Product: factors_of, Sum: terms_of}.get(type(whole))
    if join is None:
        return new
    pairs = zip(whole.parts(), new, strict=True)
    return tuple(
        inner
        for old, part in pairs
        for inner in (join(part) if isinstance(old, Derivative) else (part,))
    )
