"""Which signs stand between the sides of a step, = or about equal, found quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, DivisionByZero, Inexact, InvalidOperation

from explainer.derivation.working import same_value
from explainer.homework.variants.numbers import Values
from explainer.homework.variants.quick import Quick, TooHard, compile_quickly
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Number,
    Written,
    names_in,
    substitute,
    walk,
)

# Products of printed numbers stay exact within so many digits.
EXACT = Context(prec=300, traps=[DivisionByZero, InvalidOperation])
# Functions that are rational at 0 only.
RATIONAL_AT_ZERO = frozenset({"exp", "tanh", "sin", "cos"})
Relations = tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class SideFinder:
    """For one step: whether its numbers are exactly equal to its symbols, and its
    result to its numbers. `last` is the symbolic side before the numbers."""

    formula: Written
    last: Written
    uses: tuple[int, ...]
    names: Mapping[Key, int]
    result: int
    values: tuple[Quick, Quick] | None
    arguments: tuple[Quick, ...]

    def find(self, carried: Values, shown: Values, context: Context) -> Relations:
        """To be called in the context EXACT."""
        exact = all(shown[slot] == carried[slot] for slot in self.uses)
        if self.values is None:
            return self._find_with_functions(exact, shown, context)
        formula, last = self.values
        context.flags[Inexact] = False
        value = formula(shown)
        if exact and last is not formula:
            exact = last(shown) == value
        if context.flags[Inexact]:
            return self._walk(shown)
        return exact, value == shown[self.result]

    def _find_with_functions(
        self, exact: bool, shown: Values, context: Context
    ) -> Relations:
        """Functions of a number that is not 0 are irrational: nothing is equal to
        them."""
        zero = any(not shown[slot] for slot in self.uses)
        if zero or not all(argument(shown) for argument in self.arguments):
            return self._walk(shown)
        return exact and self.last == self.formula, False

    def _walk(self, shown: Values) -> Relations:
        """The same as the lines of working are made."""
        numbers = {key: Number(shown[slot]) for key, slot in self.names.items()}
        put_in = substitute(self.formula, numbers)
        exact = True
        if self.last != self.formula:
            exact = same_value(substitute(self.last, numbers), put_in)
        return exact, same_value(put_in, Number(shown[self.result]))


def find_sides(
    formula: Written, last: Written, result: Key, slots: Mapping[Key, int]
) -> SideFinder:
    """The finder of a step. Raises TooHard."""
    names = {key: slots[key] for key in (*names_in(formula), *names_in(last))}
    uses = tuple(slots[key] for key in names_in(formula))
    calls = [p for p in (*walk(formula), *walk(last)) if isinstance(p, Call)]
    values: tuple[Quick, Quick] | None = None
    arguments: tuple[Quick, ...] = ()
    if calls:
        if any(call.function not in RATIONAL_AT_ZERO for call in calls):
            raise TooHard("a function that is rational at many points")
        arguments = tuple(compile_quickly(c.arguments[0], slots) for c in calls)
    else:
        whole = compile_quickly(formula, slots)
        values = whole, whole if last == formula else compile_quickly(last, slots)
    return SideFinder(formula, last, uses, names, slots[result], values, arguments)


def is_copied(formula: Written) -> bool:
    """Whether a quantity is another one, or a constant: it has one side of numbers."""
    return isinstance(formula, Name | Number)
