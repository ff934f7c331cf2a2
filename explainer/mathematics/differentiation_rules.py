"""The rules of differentiation: one for each kind of expression, applied once.

A rule answers with the next thing to write, in which the derivatives of the parts may
still be asked for, and with its own name.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from difflib import get_close_matches
from fractions import Fraction
from functools import singledispatch

from explainer.mathematics.differentiation_step import DifferentiationError, Step
from explainer.mathematics.evaluation import evaluate_exactly, is_rational
from explainer.mathematics.formula import read
from explainer.mathematics.functions import FUNCTIONS
from explainer.mathematics.kinks import KINKED
from explainer.mathematics.plain import plain
from explainer.mathematics.tidying import factors_of, is_one, is_zero
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Call,
    Cases,
    Derivative,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    names_in,
    product_of,
    substitute,
)

TWO = Number(Decimal(2))
ARGUMENT = Key("argument", ("x",))
DIGITS_OF_AN_EXPONENT = 50


def apply_rule(derivative: Derivative) -> Step:
    """One rule further: d(uv)/dx becomes du/dx v + u dv/dx.

    >>> x = Name(Key("input", ("x",)))
    >>> apply_rule(Derivative(Power(x, TWO), x)).rules
    ('power',)
    """
    body, variable = derivative.body, derivative.variable
    if is_constant(body, variable):
        return Step(ZERO, ("constant",))
    if body == variable:
        return Step(ONE, ("variable",))
    return _rule(body, variable)


def is_constant(written: Written, variable: Name) -> bool:
    """Whether the expression does not depend on the variable."""
    return variable.key not in names_in(written)


def _is_simple(written: Written, variable: Name) -> bool:
    """Whether a teacher differentiates it at sight: c, x, c x, x^n, e^x."""
    if is_constant(written, variable) or written == variable:
        return True
    match written:
        case Negative(body):
            return _is_simple(body, variable)
        case Product(factors):
            rest = [f for f in factors if not is_constant(f, variable)]
            return len(rest) == 1 and _is_simple(rest[0], variable)
        case Quotient(top, bottom):
            return is_constant(bottom, variable) and _is_simple(top, variable)
        case Power(base, exponent):
            return base == variable and is_constant(exponent, variable)
        case Call(function, arguments):
            known = function in FUNCTIONS and FUNCTIONS[function].derivative
            return bool(known) and arguments == (variable,)
    return False


def _at_once(written: Written, variable: Name) -> Step:
    """The derivative itself where it is seen at sight, else d/dx of the expression."""
    derivative = Derivative(written, variable)
    return apply_rule(derivative) if _is_simple(written, variable) else Step(derivative)


@singledispatch
def _rule(body: Written, variable: Name) -> Step:
    kind = type(body).__name__.lower()
    raise DifferentiationError(
        f"no rule differentiates a {kind} with respect to {_spell(variable.key)}"
    )


@_rule.register
def _(body: Negative, variable: Name) -> Step:
    inner = _at_once(body.body, variable)
    return Step(Negative(inner.written), ("constant_multiple", *inner.rules))


@_rule.register
def _(body: Sum, variable: Name) -> Step:
    rules = ["sum"]
    terms: list[Written] = []
    for term in body.terms:
        # The derivative of a difference is the difference of the derivatives.
        minus = isinstance(term, Negative)
        step = _at_once(term.body if isinstance(term, Negative) else term, variable)
        terms.append(Negative(step.written) if minus else step.written)
        rules += step.rules
    return Step(Sum(tuple(terms)), tuple(rules))


@_rule.register
def _(body: Product, variable: Name) -> Step:
    factors = body.factors
    depends = [i for i, f in enumerate(factors) if not is_constant(f, variable)]
    first, last = depends[0], depends[-1]
    if len(depends) < len(factors) and (first or last + 1 < len(factors)):
        inner = _at_once(product_of(factors[first : last + 1]), variable)
        whole = factors_of(inner.written)
        multiple = product_of(factors[:first] + whole + factors[last + 1 :])
        return Step(multiple, ("constant_multiple", *inner.rules))
    terms = tuple(
        Product((*factors[:i], Derivative(factors[i], variable), *factors[i + 1 :]))
        for i in depends
    )
    return Step(Sum(terms), ("product",))


@_rule.register
def _(body: Quotient, variable: Name) -> Step:
    top, bottom = body.top, body.bottom
    if is_constant(bottom, variable):
        inner = _at_once(top, variable)
        whole = Quotient(inner.written, bottom)
        return Step(whole, ("constant_multiple", *inner.rules))
    square, slope = Power(bottom, TWO), Derivative(bottom, variable)
    if is_constant(top, variable):
        above = slope if is_one(top) else Product((*factors_of(top), slope))
        return Step(Negative(Quotient(above, square)), ("reciprocal",))
    rise = Product((Derivative(top, variable), bottom))
    fall = Product((*factors_of(top), slope))
    return Step(Quotient(Sum((rise, Negative(fall))), square), ("quotient",))


@_rule.register
def _(body: Power, variable: Name) -> Step:
    base, exponent = body.base, body.exponent
    if is_constant(base, variable):
        return _exponential(body, variable)
    if not is_constant(exponent, variable):
        name = _spell(variable.key)
        raise DifferentiationError(
            f"no rule differentiates {_say(body)}: base and exponent both contain"
            f" {name}. One of them must be constant."
        )
    if is_zero(exponent):
        return Step(ZERO, ("power",))
    if is_one(exponent):
        return Step(Derivative(base, variable), ("power",))
    outer = (*factors_of(exponent), _lowered(base, exponent))
    return _chain(outer, base, variable, "power")


def _exponential(body: Power, variable: Name) -> Step:
    """d(c^u)/dx = c^u ln c du/dx, for c > 0."""
    base = body.base
    if is_rational(base) and evaluate_exactly(base, {}) <= 0:
        raise DifferentiationError(
            f"no rule differentiates {_say(body)}: the base of a power with"
            f" {_spell(variable.key)} in its exponent must be positive"
        )
    outer = (body, Call("log", (base,)))
    return _chain(outer, body.exponent, variable, "exponential")


def _lowered(base: Written, exponent: Written) -> Written:
    """u^(n-1), which is u itself for n = 2."""
    less = _less_one(exponent)
    return base if is_one(less) else Power(base, less)


def _less_one(exponent: Written) -> Written:
    match exponent:
        case Number(Decimal() as value):
            try:
                exact = Context(prec=DIGITS_OF_AN_EXPONENT, traps=[Inexact])
                return Number(exact.subtract(value, Decimal(1)))
            except Inexact:
                return Sum((exponent, Negative(ONE)))
    if not is_rational(exponent):
        return Sum((exponent, Negative(ONE)))
    less = evaluate_exactly(exponent, {}) - 1
    return Negative(_fraction(-less)) if less < 0 else _fraction(less)


def _fraction(value: Fraction) -> Written:
    top, bottom = (Number(Decimal(n)) for n in value.as_integer_ratio())
    return top if bottom == ONE else Quotient(top, bottom)


@_rule.register
def _(body: Call, variable: Name) -> Step:
    if body.function in KINKED:
        return KINKED[body.function](body.arguments, variable)
    record = FUNCTIONS.get(body.function)
    if record is None or record.derivative is None or len(body.arguments) != 1:
        raise _unknown_derivative(body.function)
    (inner,) = body.arguments
    outer = substitute(read(record.derivative, {"x": ARGUMENT}), {ARGUMENT: inner})
    rule = "exponential" if body.function == "exp" else "function"
    return _chain(factors_of(outer), inner, variable, rule)


def _chain(
    outer: tuple[Written, ...], inner: Written, variable: Name, rule: str
) -> Step:
    """df(u)/dx = f'(u) du/dx; where u is x itself, f'(x)."""
    if inner == variable:
        return Step(product_of(outer), (rule,))
    return Step(Product((*outer, Derivative(inner, variable))), (rule, "chain"))


@_rule.register
def _(body: Cases, variable: Name) -> Step:
    values = tuple(Derivative(value, variable) for value in body.values)
    return Step(Cases(body.conditions, values), ("cases",))


def _unknown_derivative(function: str) -> DifferentiationError:
    known = sorted({f.name for f in FUNCTIONS.values() if f.derivative} | set(KINKED))
    near = get_close_matches(function, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return DifferentiationError(
        f"no rule gives the derivative of {function!r}.{hint}"
        f" Known: {', '.join(known)}."
    )


def _spell(key: Key) -> str:
    return "_".join(map(str, key.of)) or key.kind


def _say(written: Written) -> str:
    return plain(written, _spell)
