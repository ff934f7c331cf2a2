"""The numbers of a paper, quickly: 28 digits where 50 are not needed.

A printed digit is taken only where it cannot differ from that of the 50-digit value.
Where it could, `Doubtful` is raised, and the paper is worked out with all digits.
(Ziv 1991, "Fast evaluation of elementary mathematical functions with correctly rounded
last bit": few digits first, more where the rounding is in doubt.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import (
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    localcontext,
)
from fractions import Fraction
from functools import cached_property, singledispatch

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Value, rounding_kind
from explainer.homework.variants.numbers import Numbers, Values
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.rounding import MODES, Rounding
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
)
from explainer.notation import plain_name

Quick = Callable[[Values], Decimal]
# Of these digits a rule may lose some; so many of a printed unit stay certain.
DIGITS, DOUBT = 28, Decimal("1e-9")
HALF, NEAR_ONE = Decimal("0.5"), 1 - DOUBT
LARGEST_POWER = 20


class Doubtful(ArithmeticError):
    """A printed digit, or a sign between two sides, is not certain with few digits."""


class TooHard(ValueError):
    """A formula that is not computed quickly: one with cases, say."""


CONTEXT = Context(prec=DIGITS, traps=[DivisionByZero, InvalidOperation])


@singledispatch
def compile_quickly(written: Written, slots: Mapping[Key, int]) -> Quick:
    """The formula as a function of a list of numbers, in the current context.

    Raises TooHard.
    """
    raise TooHard(type(written).__name__)


@compile_quickly.register
def _(written: Number, slots: Mapping[Key, int]) -> Quick:
    if isinstance(written.value, Fraction):
        raise TooHard("a fraction")
    value = written.value
    return lambda values: value


@compile_quickly.register
def _(written: Name, slots: Mapping[Key, int]) -> Quick:
    slot = slots[written.key]
    return lambda values: values[slot]


@compile_quickly.register
def _(written: Negative, slots: Mapping[Key, int]) -> Quick:
    body = compile_quickly(written.body, slots)
    return lambda values: -body(values)


@compile_quickly.register
def _(written: Sum, slots: Mapping[Key, int]) -> Quick:
    first, *rest = (compile_quickly(term, slots) for term in written.terms)

    def add(values: Values) -> Decimal:
        total = first(values)
        for term in rest:
            total += term(values)
        return total

    return add


@compile_quickly.register
def _(written: Product, slots: Mapping[Key, int]) -> Quick:
    names = [f.key for f in written.factors if isinstance(f, Name)]
    if len(names) == len(written.factors):
        return _multiply_slots([slots[key] for key in names])
    first, *rest = (compile_quickly(factor, slots) for factor in written.factors)

    def multiply(values: Values) -> Decimal:
        total = first(values)
        for factor in rest:
            total *= factor(values)
        return total

    return multiply


def _multiply_slots(places: list[int]) -> Quick:
    if len(places) == 2:
        one, other = places
        return lambda values: values[one] * values[other]
    first, *rest = places

    def multiply(values: Values) -> Decimal:
        total = values[first]
        for place in rest:
            total *= values[place]
        return total

    return multiply


@compile_quickly.register
def _(written: Quotient, slots: Mapping[Key, int]) -> Quick:
    top, bottom = (compile_quickly(part, slots) for part in written.parts())
    return lambda values: top(values) / bottom(values)


@compile_quickly.register
def _(written: Power, slots: Mapping[Key, int]) -> Quick:
    exponent = written.exponent
    if not isinstance(exponent, Number) or exponent.value not in range(LARGEST_POWER):
        raise TooHard("a power")
    base, count = compile_quickly(written.base, slots), int(exponent.value)

    def raise_to(values: Values) -> Decimal:
        value = base(values)
        total = Decimal(1)
        for _ in range(count):
            total *= value
        return total

    return raise_to


@compile_quickly.register
def _(written: Call, slots: Mapping[Key, int]) -> Quick:
    known = CALLABLE.get(written.function)
    if known is None or len(written.arguments) != 1:
        raise TooHard(written.function)
    function = known.decimal
    argument = compile_quickly(written.arguments[0], slots)
    return lambda values: function(argument(values))


@dataclass(frozen=True, slots=True)
class QuickStep:
    """One quantity: its slot, its formula, how it is printed, and whether the next step
    uses the printed number."""

    slot: int
    compute: Quick
    last_place: Decimal | None
    figures: int
    kind: str
    carries: bool

    def unit(self, value: Decimal) -> Decimal:
        """One unit of the last place printed."""
        if self.last_place is not None:
            return self.last_place
        return Decimal(1).scaleb(value.adjusted() + 1 - self.figures)

    def print(self, value: Decimal, inexact: bool, rounding: Rounding) -> Decimal:
        """The value as printed. Raises Doubtful."""
        if not inexact:
            return rounding.shown(value, self.kind)
        unit = self.last_place or self.unit(value)
        printed = value.quantize(unit, rounding=MODES[rounding.mode])
        rest = abs(value - printed) / unit
        # Beside a number of so few digits, beside the middle of two, beside the end.
        if not printed or rest < DOUBT or abs(rest - HALF) < DOUBT or rest > NEAR_ONE:
            raise Doubtful
        if self.figures and printed.adjusted() != value.adjusted():
            raise Doubtful
        return printed


@dataclass(frozen=True)
class QuickNumbers:
    """The numbers of all quantities of a shape: where they stand in a list, and how
    they are computed one after the other."""

    derivation: Derivation
    slots: Mapping[Key, int]
    start: tuple[Decimal, ...]
    steps: tuple[QuickStep, ...]
    rounding: Rounding

    @cached_property
    def names(self) -> tuple[tuple[str, int], ...]:
        """The plain names of what is computed, with their slots."""
        givens = self.derivation.graph.givens
        return tuple(
            (plain_name(key), slot)
            for key, slot in self.slots.items()
            if key not in givens
        )

    def read(self, givens: Mapping[Key, Value]) -> Numbers:
        """The numbers of a paper. Raises Doubtful where they need all digits, and where
        one is 0 as printed: then a note may belong to it."""
        carried = list(self.start)
        for key, value in givens.items():
            carried[self.slots[key]] = as_decimal(value)
        shown = list(carried)
        with localcontext(CONTEXT) as context:
            flags, rounding = context.flags, self.rounding
            for step in self.steps:
                flags[Inexact] = False
                value = step.compute(carried)
                printed = step.print(value, bool(flags[Inexact]), rounding)
                if not printed:
                    raise Doubtful
                shown[step.slot] = printed
                carried[step.slot] = printed if step.carries else value
        return Numbers(self.derivation, self.slots, carried, shown, self.names)


def prepare_numbers(derivation: Derivation, rounding: Rounding) -> QuickNumbers:
    """The steps of a shape, compiled once. Raises TooHard where a formula has cases,
    fractions or powers that are not computed quickly."""
    if rounding.exact:
        raise TooHard("fractions")
    slots: dict[Key, int] = {}
    start: list[Decimal] = []
    steps: list[QuickStep] = []
    for given in derivation.graph.givens.values():
        slots[given.key] = len(start)
        start.append(as_decimal(given.value))
    for key, quantity in derivation.quantities.items():
        formula = quantity.formula
        if isinstance(formula, Name):
            slots[key] = slots[formula.key]
            continue
        slots[key] = len(start)
        if isinstance(formula, Number):
            start.append(as_decimal(formula.value))
            continue
        start.append(Decimal(0))
        kind = rounding_kind(key, derivation.graph)
        digits = rounding.digits_of(kind)
        decimals = digits.unit == "decimals"
        steps.append(
            QuickStep(
                slots[key],
                compile_quickly(formula, slots),
                Decimal(1).scaleb(-digits.count) if decimals else None,
                0 if decimals else digits.count,
                kind,
                kind in rounding.carry,
            )
        )
    return QuickNumbers(derivation, slots, tuple(start), tuple(steps), rounding)
