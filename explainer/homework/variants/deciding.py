"""What numbers decide about the lines they stand in, besides their digits: signs,
brackets, powers of ten, and where a line says = or about equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    getcontext,
)

from explainer.derivation.deriving import Derivation
from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.derivation.working import same_value, slope_of
from explainer.homework.variants.marking import USUAL_LENGTH
from explainer.mathematics.compiling import compile_roughly
from explainer.mathematics.numerals import is_scientific, split_scientific
from explainer.mathematics.written import (
    Call,
    Cases,
    Key,
    Name,
    Number,
    Written,
    names_in,
    substitute,
    walk,
)
from explainer.network.quantity import Quantity

# The digits of a first look, and how near two sides must be to be looked at again. Two
# sides with functions are equal only where these are exact here, too: e^0, ln 1.
LOOK = Context(
    prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[DivisionByZero, InvalidOperation]
)
NEAR = Decimal("1e-20")
# Beyond these a page has notes on very small and very large numbers.
FARTHEST = 100


@dataclass(slots=True)
class Printed:
    """The numbers of one paper as they are printed: the digits of each, and its form,
    which is 0, 1 for a negative number, or what is unusual about it."""

    digits: list[str]
    forms: list[object]


def print_numbers(numbers: Numbers) -> Printed | None:
    """None where a computed number is next to 0, or so far from 1, that the page has
    more to say about it."""
    digits: list[str] = []
    forms: list[object] = []
    for number in numbers.shown:
        text = str(number)
        form: object = 0
        if text[0] == "-":
            text, form = text[1:], 1
        if "E" in text or len(text) > USUAL_LENGTH or text.startswith("0.00000"):
            unusual = _unusual(number)
            if unusual is None:
                return None
            text, form = unusual
        digits.append(text)
        forms.append(form)
    if not all(numbers.shown) and not _are_true_zeros(numbers):
        return None
    return Printed(digits, forms)


def _are_true_zeros(numbers: Numbers) -> bool:
    """Whether what is printed as 0 is 0 in full precision, too."""
    reckoner = numbers.reckoner
    zeros = [place for place, number in enumerate(numbers.shown) if not number]
    if any(numbers.value[place] for place in zeros):
        return False
    if not reckoner.rounding.carry:
        return True
    full = reckoner.full(numbers.givens)
    return not any(full[reckoner.keys[place]].value for place in zeros)


def _unusual(number: Decimal) -> tuple[str, object] | None:
    if not number or abs(number.adjusted()) > FARTHEST:
        return None
    sign = "-" if number.is_signed() else "+"
    if is_scientific(number):
        digits, power = split_scientific(abs(number))
        return digits, f"{sign}E{power}"
    text = f"{abs(number):f}"
    return text, f"{sign}{len(text)}"


# From the numbers, and the value that the formula has at those that are printed, as far
# as it is known.
Relations = Callable[[Numbers, Decimal | None], int]


def decides_by_cases(derivation: Derivation, quantity: Quantity) -> bool:
    """Whether numbers choose between formulas, or have a note on what they chose."""
    slope = slope_of(derivation, quantity.key)
    has_cases = any(isinstance(part, Cases) for part in walk(quantity.formula))
    return has_cases or bool(slope and slope.kink)


def relations_of(reckoner: Reckoner, quantity: Quantity, last: Written) -> Relations:
    """Whether the numbers of a line are equal to its symbols (2), and its result to its
    numbers (1), as `working.work_out` decides.

    `last` is the symbolic side before the numbers. The formula has no cases. To be
    called in the context LOOK.
    """
    formula, place = quantity.formula, reckoner.places[quantity.key]
    used = tuple(reckoner.places[key] for key in quantity.uses)
    given = _Comparison(reckoner, formula, Name(quantity.key))
    bridge = _Comparison(reckoner, last, formula) if last != formula else None
    is_copy = isinstance(formula, Name | Number)
    has_calls = _has_calls(formula)

    def relations(numbers: Numbers, value: Decimal | None = None) -> int:
        exact, shown = numbers.exact, numbers.shown
        decided = 0
        is_exact = all([exact[one] for one in used])
        if is_exact and (bridge is None or bridge.is_equal(numbers)):
            decided = 2
        if is_copy:
            return decided
        result = shown[place]
        if is_exact and not has_calls:
            value = numbers.value[place]
        if value is not None and abs(value - result) > abs(result) * NEAR:
            return decided
        return decided + given.is_equal(numbers)

    return relations


class _Comparison:
    """Two expressions with the printed numbers put in: are they exactly equal?"""

    def __init__(self, reckoner: Reckoner, one: Written, other: Written) -> None:
        self.one, self.other = one, other
        self.keys = tuple({*names_in(one), *names_in(other)})
        self.places = reckoner.places
        self.left = compile_roughly(one, reckoner.places)
        self.right = compile_roughly(other, reckoner.places)
        self.has_calls = _has_calls(one) or _has_calls(other)

    def is_equal(self, numbers: Numbers) -> bool:
        """To be called in the context LOOK."""
        shown = numbers.shown
        try:
            left, right = self.left(shown), self.right(shown)
            if abs(left - right) > abs(right) * NEAR:
                return False
        except ArithmeticError:
            return self._is_same(numbers)
        if self.has_calls:
            return self._is_same(numbers)
        context = getcontext()
        context.clear_flags()
        left, right = self.left(shown), self.right(shown)
        if context.flags[Inexact]:
            return self._is_same(numbers)
        return left == right

    def _is_same(self, numbers: Numbers) -> bool:
        shown: dict[Key, Written] = {
            key: Number(numbers.shown[self.places[key]]) for key in self.keys
        }
        return same_value(substitute(self.one, shown), substitute(self.other, shown))


def _has_calls(written: Written) -> bool:
    return any(isinstance(part, Call) for part in walk(written))
