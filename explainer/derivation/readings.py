"""Numbers for a derivation: the reading of every quantity, under a rounding rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.deriving import Derivation
from explainer.mathematics.evaluation import (
    NoExactValue,
    as_decimal,
    choose_branch,
    evaluate,
    evaluate_exactly,
)
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Cases, Key, Name, Number
from explainer.network.problems import NetworkError, Problem
from explainer.network.quantity import Graph, Quantity
from explainer.notation import plain_name

Value = Decimal | Fraction
# Beyond these no page can show a number, and no reader wants it.
FARTHEST_EXPONENT = 10_000
LONGEST_FRACTION = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """The number of one quantity: as computed, as the next step uses it, and as
    printed.

    `path` is the place in the network file of a given number, None for a computed one.
    `kind` is the kind by whose digits it is printed: a quantity that is another one is
    printed with the digits of that one.
    """

    value: Value
    carried: Value
    shown: Value
    path: str | None = None
    kind: str = "given"

    @property
    def is_exact(self) -> bool:
        """Whether the printed number is the very number that the next step uses."""
        return self.shown == self.carried


Readings = Mapping[Key, Reading]


def read_numbers(
    derivation: Derivation,
    rounding: Rounding,
    givens: Mapping[Key, Value] | None = None,
) -> Readings:
    """The readings of all quantities, in order. `givens` replaces numbers of the file.

    Raises NetworkError where a rule has no value at these numbers, such as a logarithm
    of 0.
    """
    readings: dict[Key, Reading] = {}
    carried: dict[Key, Value] = {}
    for given in derivation.graph.givens.values():
        value = (givens or {}).get(given.key, given.value)
        value = Fraction(value) if rounding.exact else as_decimal(value)
        shown = value
        if given.path is None and isinstance(value, Decimal):
            # What an earlier iteration computed has more digits than are printed.
            shown = rounding.shown(value, rounding_kind(given.key, derivation.graph))
        readings[given.key] = Reading(value, value, shown, given.path)
        carried[given.key] = value
    for quantity in derivation.quantities.values():
        try:
            reading = _copied(quantity, readings, rounding) or _read(
                quantity, carried, rounding, derivation.graph
            )
        except NetworkError as error:
            raise _with_hint(error, quantity, readings) from error
        readings[quantity.key] = reading
        carried[quantity.key] = reading.carried
    return readings


def _with_hint(
    error: NetworkError, quantity: Quantity, readings: Mapping[Key, Reading]
) -> NetworkError:
    """What may help where a rule has no value, if its operands were rounded."""
    if all(readings[key].carried == readings[key].value for key in quantity.uses):
        return error
    hint = " More digits, or carrying full precision, may help."
    return NetworkError([Problem(p.place, p.message + hint) for p in error.problems])


def _copied(
    quantity: Quantity, readings: Mapping[Key, Reading], rounding: Rounding
) -> Reading | None:
    """A quantity that is another one, or a constant of its rule, is not rounded again.

    dz/dw = x has the digits of x, and the slope 0.01 of a leaky ReLU stays 0.01.
    """
    formula = quantity.formula
    if isinstance(formula, Cases):
        values = {key: as_decimal(readings[key].carried) for key in quantity.uses}
        try:
            formula, _ = choose_branch(formula, values)
        except ArithmeticError as error:
            raise _undefined(quantity, error) from error
    if isinstance(formula, Number):
        value = Fraction(formula.value) if rounding.exact else formula.value
        return Reading(value, value, value)
    if isinstance(formula, Name):
        return replace(readings[formula.key], path=None)
    return None


def _read(
    quantity: Quantity, carried: Mapping[Key, Value], rounding: Rounding, graph: Graph
) -> Reading:
    kind = rounding_kind(quantity.key, graph)
    try:
        if rounding.exact:
            exact = evaluate_exactly(quantity.formula, carried)
            _refuse_long(quantity, exact)
            return Reading(exact, exact, exact, kind=kind)
        value = evaluate(quantity.formula, carried)
    except NoExactValue as error:
        raise _no_value(
            quantity, "it is not rational: exact numbers are not possible"
        ) from error
    except ArithmeticError as error:
        raise _undefined(quantity, error) from error
    if value and abs(value.adjusted()) > FARTHEST_EXPONENT:
        side = "large" if value.adjusted() > 0 else "small"
        raise _no_value(quantity, f"the number is too {side} to be written")
    shown = rounding.shown(value, kind)
    carried_on = shown if kind in rounding.carry else value
    return Reading(value, carried_on, shown, kind=kind)


def _refuse_long(quantity: Quantity, value: Fraction) -> None:
    if max(abs(value.numerator), value.denominator) >= 10**LONGEST_FRACTION:
        reason = f"its fraction has more than {LONGEST_FRACTION} digits; use decimals"
        raise _no_value(quantity, reason)


def rounding_kind(key: Key, graph: Graph) -> str:
    """The kind by which the rounding rule knows a quantity: one of `rounding.KINDS`."""
    inner = key.of[0] if key.of else None
    match key.kind:
        case "new" if isinstance(inner, Key):
            return rounding_kind(inner, graph)
        case "weight" | "bias":
            return "parameter"
        case "total" | "penalty" | "penalized":
            return "loss"
        case "corrected" | "decayed":
            return "state"
        case "local":
            return "derivative"
        case "path":
            return "gradient"
        case "derivative":
            return "gradient" if key.of[1] in graph.wanted else "derivative"
    return key.kind


def _no_value(quantity: Quantity, reason: str) -> NetworkError:
    place = plain_name(quantity.key)
    return NetworkError(
        (Problem(place, f"the rule {quantity.rule!r} has no value here: {reason}."),)
    )


def _undefined(quantity: Quantity, error: ArithmeticError) -> NetworkError:
    step = "; the update goes too far: try a smaller learning rate"
    return _no_value(quantity, _reason(error) + step * (quantity.key.kind == "new"))


def _reason(error: ArithmeticError) -> str:
    name = type(error).__name__
    known = {
        "DivisionByZero": "a divisor is 0",
        "ZeroDivisionError": "a divisor is 0",
        "Unbounded": "a logarithm of 0, or 0 to a negative power",
        "InvalidOperation": "a logarithm or a root of a number outside its domain",
        "Overflow": "the number is too large to be written",
        "LostDigits": "the number is so small that all its digits cancel",
    }
    return known.get(name, name)
