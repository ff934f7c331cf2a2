"""Which case of a formula holds, and what is left when none of its conditions does."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.mathematics.evaluation import Value, choose_branch, evaluate
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Negative,
    Written,
    rewrite,
)

# left < right, left = right and left > right as -1, 0 and 1.
ORDERS: Mapping[str, frozenset[int]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    "==": frozenset({0}),
    ">=": frozenset({0, 1}),
    ">": frozenset({1}),
    "!=": frozenset({-1, 1}),
}
SIGNS = {orders: sign for sign, orders in ORDERS.items()}


def last_condition(cases: Cases) -> Comparison | None:
    """The condition of the last case: what the other conditions leave of one
    comparison.

    `1 if z > 0 else 0` leaves z <= 0. None where the conditions compare different
    things.

    >>> from decimal import Decimal
    >>> from explainer.mathematics.written import Key, Name, Number
    >>> z, one = Name(Key("sum", ("h1",))), Number(Decimal(1))
    >>> tests = Comparison(z, "==", one), Comparison(z, ">", one)
    >>> last_condition(Cases(tests, (one, one, one))).sign
    '<'
    """
    first = cases.conditions[0]
    if any(condition.parts() != first.parts() for condition in cases.conditions):
        return None
    left = frozenset({-1, 0, 1}).difference(
        *(ORDERS[condition.sign] for condition in cases.conditions)
    )
    sign = SIGNS.get(left)
    return Comparison(first.left, sign, first.right) if sign else None


def take_branches(written: Written, values: Mapping[Key, Value]) -> Written:
    """The formula that holds around these values: each max, min, |x| and case decided.

    Away from kinks it has the same derivative, and no branches.
    """

    def change(part: Written) -> Written | None:
        if isinstance(part, Cases):
            return take_branches(choose_branch(part, values)[0], values)
        if isinstance(part, Call) and part.function in ("max", "min"):
            pick = max if part.function == "max" else min
            chosen = pick(part.arguments, key=lambda one: evaluate(one, values))
            return take_branches(chosen, values)
        if isinstance(part, Call) and part.function == "abs":
            inside = take_branches(part.arguments[0], values)
            return inside if evaluate(inside, values) >= 0 else Negative(inside)
        return None

    return rewrite(written, change)
