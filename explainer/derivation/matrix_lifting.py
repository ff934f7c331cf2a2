"""From the formulas of all entries to the one equation of matrices that says the
same."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.mathematics.matrices import Grid, Hadamard
from explainer.mathematics.written import (
    Key,
    Name,
    Negative,
    Number,
    Product,
    Sum,
    Written,
    names_in,
    product_of,
)


def lift(formulas: Grid, named: Mapping[Grid, Key]) -> Written | None:
    """w_ij - n g_ij for all i and j is W - n G. None where there is no such equation.

    >>> w, v, g, h = (Name(Key("weight", (name,))) for name in "wvgh")
    >>> named = {((w, v),): Key("W"), ((g, h),): Key("G")}
    >>> lift(((Sum((w, Negative(g))), Sum((v, Negative(h)))),), named)
    Sum(terms=(Name(key=Key(kind='W', of=(), at=())), \
Negative(body=Name(key=Key(kind='G', of=(), at=())))))
    """
    first = formulas[0][0]
    flat = [formula for row in formulas for formula in row]
    if isinstance(first, Name) and formulas in named:
        return Name(named[formulas])
    if isinstance(first, Name | Number):
        return first if all(formula == first for formula in flat) else None
    widths = {(type(formula), len(formula.parts())) for formula in flat}
    if len(widths) > 1 or not isinstance(first, Sum | Product | Negative):
        return first if all(formula == first for formula in flat) else None
    parts = []
    for place in range(len(first.parts())):
        inner = tuple(tuple(f.parts()[place] for f in row) for row in formulas)
        part = lift(inner, named)
        if part is None:
            return None
        parts.append(part)
    return _joined(first, parts, {*named.values()})


def _joined(first: Written, parts: list[Written], matrices: set[Key]) -> Written | None:
    wide = [any(key in matrices for key in names_in(part)) for part in parts]
    if isinstance(first, Sum) and any(wide) and not all(wide):
        return None
    if isinstance(first, Product) and sum(wide) > 1:
        scalars = [p for p, w in zip(parts, wide, strict=True) if not w]
        body = Hadamard(tuple(p for p, w in zip(parts, wide, strict=True) if w))
        return product_of((*scalars, body))
    return first.with_parts(tuple(parts))
