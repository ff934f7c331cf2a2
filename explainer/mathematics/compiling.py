"""Written mathematics as a Python function of a list of numbers, for many evaluations
of one formula.

The function does what `evaluation.evaluate` does, operation by operation and with the
same digits, so that its value is the same to the last digit. A formula without
functions is computed with 50 digits. One with functions is computed with 120, and every
operation in which digits can cancel is watched; where too many do, `evaluate` itself
is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import partial

from explainer.mathematics.compiled_operations import (
    MOST_LOST,
    SETTLED_DIGITS,
    Compiled,
    Frame,
    compile_part,
    compile_test,
)
from explainer.mathematics.evaluation import (
    DIGITS,
    WORKING,
    evaluate,
)
from explainer.mathematics.quick_functions import QUICK, ROUGH
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Number,
    Power,
    Sum,
    Written,
    names_in,
    walk,
)

FEWEST_LOST = 4


# A first try: 65 digits stay right, and the value is taken where they decide on 50.
QUICK_DIGITS, QUICK_LOST = 75, 10
A_LITTLE_LESS, A_LITTLE_MORE = Decimal(f"0.{'9' * 62}"), Decimal(f"1.{'0' * 61}1")


def compile_written(written: Written, slots: Mapping[Key, int]) -> Compiled:
    """The formula as a function of a list; `slots` says where in it a quantity stands.

    It is to be called in the context `evaluation.WORKING`. It raises ArithmeticError
    where `evaluate` does.

    >>> from decimal import localcontext
    >>> from explainer.mathematics.written import Name, Product
    >>> x, y = Key("input", ("x",)), Key("input", ("y",))
    >>> product = compile_written(Product((Name(x), Name(y))), {x: 0, y: 1})
    >>> with localcontext(WORKING):
    ...     product([Decimal("0.5"), Decimal("0.3")])
    Decimal('0.15')
    """
    by_walking = _walking(written, slots)
    parts = tuple(walk(written))
    if any(isinstance(p, Number) and isinstance(p.value, Fraction) for p in parts):
        return by_walking
    has_calls = any(isinstance(part, Call) for part in parts)
    if has_calls:
        most_lost = MOST_LOST // _watched(written)
        if most_lost < FEWEST_LOST:
            return by_walking
        compute = compile_part(written, Frame(slots, most_lost))
        settle = partial(_settled, compute, by_walking)
        few = QUICK_LOST // _watched(written)
        if few < 1 or not _are_quick(parts):
            return settle
        quick = compile_part(written, Frame(slots, few, QUICK))
        return partial(_quickly_settled, quick, settle)
    compute = compile_part(written, Frame(slots))
    if any(isinstance(part, Power) for part in parts):
        return partial(_or_by_walking, compute, by_walking)
    return compute


def compile_roughly(written: Written, slots: Mapping[Key, int]) -> Compiled:
    """The formula as a function of a list, with no care for digits that cancel and 14
    digits of a function, in the context that it is called in: for a first look.

    >>> from decimal import Context, localcontext
    >>> from explainer.mathematics.written import Name
    >>> x = Key("input", ("x",))
    >>> with localcontext(Context(prec=5)):
    ...     +compile_roughly(Call("exp", (Name(x),)), {x: 0})([Decimal(1)])
    Decimal('2.7183')
    """
    return compile_part(written, Frame(slots, functions=ROUGH))


def compile_choice(
    cases: Cases, slots: Mapping[Key, int]
) -> Callable[[list[Decimal]], int]:
    """Which of the values is the one: the index of the first condition that holds."""
    frame = Frame(slots)
    conditions = tuple(compile_test(condition, frame) for condition in cases.conditions)

    def choose(values: list[Decimal]) -> int:
        for index, holds in enumerate(conditions):
            if holds(values):
                return index
        return len(conditions)

    return choose


def _walking(written: Written, slots: Mapping[Key, int]) -> Compiled:
    used = tuple((key, slots[key]) for key in names_in(written))
    return lambda values: evaluate(written, {key: values[slot] for key, slot in used})


def _watched(written: Written) -> int:
    """The most operations in which digits can be lost, on one way from a number up."""
    below = max(map(_watched, written.parts()), default=0)
    return below + isinstance(written, Sum | Power | Call | Comparison)


def _settled(compute: Compiled, by_walking: Compiled, values: list[Decimal]) -> Decimal:
    context = getcontext()
    context.prec = SETTLED_DIGITS
    try:
        value = compute(values)
    except ArithmeticError:
        return by_walking(values)
    finally:
        context.prec = DIGITS
    return WORKING.plus(value) if value else value


def _quickly_settled(
    compute: Compiled, settle: Compiled, values: list[Decimal]
) -> Decimal:
    """The value, where numbers a little below and above it are rounded to the same one.

    Ziv, Fast evaluation of elementary mathematical functions with correctly rounded
    last bit, ACM TOMS 17 (1991): few digits first, more where they do not decide.
    """
    context = getcontext()
    context.prec = QUICK_DIGITS
    try:
        value = compute(values)
        low, high = value * A_LITTLE_LESS, value * A_LITTLE_MORE
    except ArithmeticError:
        return settle(values)
    finally:
        context.prec = DIGITS
    settled = value and WORKING.plus(low) == WORKING.plus(high)
    return WORKING.plus(value) if settled else settle(values)


def _are_quick(parts: tuple[Written, ...]) -> bool:
    return any(isinstance(part, Call) and part.function in QUICK for part in parts)


def _or_by_walking(
    compute: Compiled, by_walking: Compiled, values: list[Decimal]
) -> Decimal:
    try:
        return compute(values)
    except ArithmeticError:
        return by_walking(values)
