"""Lines of working of matrix equations: symbols, printed numbers, result."""

from __future__ import annotations

from explainer.derivation.matrix_view import View, Views
from explainer.derivation.working import (
    ABOUT,
    EQUAL,
    Equation,
    Side,
    same_value,
)
from explainer.mathematics.evaluation import as_decimal, choose_branch
from explainer.mathematics.matrices import (
    Grid,
    Matrix,
    entries_of,
    with_matrices,
)
from explainer.mathematics.written import (
    Call,
    Cases,
    Key,
    Name,
    Written,
    names_in,
    substitute,
)
from explainer.page.composing import Composer, shown_value

# Entries with their formulas need more room than numbers.
MOST_FORMULAS = 3


def work_out_view(composer: Composer, views: Views, view: View) -> Equation:
    if view.formula is None:
        return Equation(Name(view.key), tuple(_by_entries(composer, views, view)))
    sides = [Side(EQUAL, form) for form in (*view.forms, view.formula)]
    if composer.readings is None:
        return Equation(Name(view.key), tuple(sides))
    used = names_in(view.formula)
    grids = {
        key: printed_numbers(composer, views.grids[key])
        for key in used
        if key in views.grids
    }
    plain = {key: shown_value(composer, key) for key in used if key not in views.grids}
    numbers = substitute(with_matrices(view.formula, grids), plain)
    exact = all(
        composer.readings[key].is_exact
        for used_key in used
        for key in _scalars(views, used_key)
    )
    sides.append(Side(EQUAL if exact else ABOUT, numbers))
    found = entries_of(numbers, {})
    rows = found if isinstance(found, tuple) else ((found,),)
    sides += _result(composer, view, rows)
    return Equation(Name(view.key), _distinct(sides))


def _by_entries(composer: Composer, views: Views, view: View) -> list[Side]:
    """Each entry with its own formula: symbols, numbers, result."""
    quantities = composer.derivation.quantities
    formulas = tuple(
        tuple(quantities[key].formula for key in row) for row in view.entries
    )
    sides = []
    if view.rule == "activation":
        before = view.key.of[0] if view.key.kind == "new" else view.key
        assert isinstance(before, Key)
        kind = before.kind.replace("activation", "sum")
        argument = Key(kind, before.of)
        if view.key.kind == "new":
            argument = Key("new", (argument,))
        sides.append(Side(EQUAL, Call("f", (Name(argument),))))
    cases = any(isinstance(f, Cases) for row in formulas for f in row)
    wide = len(formulas[0]) > MOST_FORMULAS
    if not cases and not wide:
        sides.append(Side(EQUAL, Matrix(formulas)))
    if composer.readings is None:
        return sides
    numbers = tuple(tuple(_entry(composer, key) for key in row) for row in view.entries)
    used = [used for key in view.quantities for used in quantities[key].uses]
    exact = all(composer.readings[key].is_exact for key in used)
    if not wide:
        sides.append(Side(EQUAL if exact else ABOUT, Matrix(numbers)))
        return [*_distinct([*sides, *_result(composer, view, numbers)])]
    (result,) = _result(composer, view, numbers)
    relation = EQUAL if exact and result.relation == EQUAL else ABOUT
    return [*sides, Side(relation, result.written)]


def _entry(composer: Composer, key: Key) -> Written:
    """The formula of an entry with its printed numbers; the case that holds."""
    assert composer.readings is not None
    formula = composer.derivation.quantities[key].formula
    used = names_in(formula)
    shown = {name: shown_value(composer, name) for name in used}
    if isinstance(formula, Cases):
        carried = {name: as_decimal(composer.readings[name].carried) for name in used}
        formula = choose_branch(formula, carried)[0]
    return substitute(formula, shown)


def _result(composer: Composer, view: View, numbers: Grid) -> list[Side]:
    result = tuple(
        tuple(shown_value(composer, key) for key in row) for row in view.entries
    )
    pairs = zip(sum(numbers, ()), sum(result, ()), strict=True)
    relation = EQUAL if all(same_value(*pair) for pair in pairs) else ABOUT
    scalar = view.key == view.entries[0][0]
    return [Side(relation, result[0][0] if scalar else Matrix(result))]


def _distinct(sides: list[Side]) -> tuple[Side, ...]:
    """The sides without one that is written like the side before it."""
    kept: list[Side] = []
    for side in sides:
        if not kept or str(kept[-1].written) != str(side.written):
            kept.append(side)
    return tuple(kept)


def printed_numbers(composer: Composer, grid: Grid) -> Grid:
    return tuple(
        tuple(
            shown_value(composer, entry.key) if isinstance(entry, Name) else entry
            for entry in row
        )
        for row in grid
    )


def _scalars(views: Views, key: Key) -> list[Key]:
    """The quantities behind a symbol of an equation."""
    if key not in views.grids:
        return [key]
    rows = views.grids[key]
    return [entry.key for row in rows for entry in row if isinstance(entry, Name)]
