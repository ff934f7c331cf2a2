"""Two expressions are proved equal by SymPy, or shown to differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sympy

from explainer.mathematics.algebra import rational, symbol, to_sympy
from explainer.mathematics.formula import read
from explainer.mathematics.kinks import KINKED
from explainer.mathematics.written import (
    Call,
    Cases,
    Key,
    Name,
    Written,
    walk,
)

NAMES = {name: Key("input", (name,)) for name in "abcntxyz"}
X, Y = Name(NAMES["x"]), Name(NAMES["y"])
# Both signs, inside and outside of -1 to 1, and no kink of a formula in these tests.
POINTS = ("-1.37", "-0.41", "0.29", "1.73", "6.31")
DIGITS = 50
CLOSE = Decimal("1e-30")


def written(text: str) -> Written:
    return read(text, NAMES)


def spell(key: Key) -> str:
    return str(key.of[0])


def algebra(form: Written) -> Any:
    return to_sympy(form, lambda key: symbol(spell(key)))


def has_kink(form: Written) -> bool:
    return any(
        isinstance(part, Cases) or isinstance(part, Call) and part.function in KINKED
        for part in walk(form)
    )


def assert_equal(one: Written, other: Written) -> None:
    """Equal for all arguments by algebra; beside the kinks, exactly at points."""
    difference = algebra(one) - algebra(other)
    if has_kink(one) or has_kink(other):
        assert_zero_at_points(difference)
    else:
        assert sympy.simplify(difference) == 0, f"{one}\n{other}"


def assert_zero_at_points(difference: Any) -> None:
    names = sorted(difference.free_symbols, key=str)
    for place in range(len(POINTS)):
        # Each name has another point.
        numbers = {
            name: rational(Decimal(POINTS[(place + i) % len(POINTS)]))
            for i, name in enumerate(names)
        }
        value = difference.subs(numbers).doit()
        assert abs(value.evalf(DIGITS)) < CLOSE, (difference, numbers)
