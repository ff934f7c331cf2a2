"""Several iterations on a page: those shown in full, the others as tables, and the
course of the error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.runs import Course, Run
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.page.composing import Composer, Equations, shown_value
from explainer.page.document import Words
from explainer.page.pictures.showing import show_course
from explainer.page.proof import Proof

Verify = Callable[[Run, Mapping[Key, Equations]], Proof]


def write_course(
    composer: Composer,
    course: Course,
    show: Collection[int],
    write: Callable[[Composer], None],
    verify: Verify | None,
) -> Mapping[int, Proof]:
    """Each iteration in full or as its table; then the error and the parameters after
    the last one. Answers the proofs of those in full."""
    proofs: dict[int, Proof] = {}
    last = composer
    for number, run in course.runs.items():
        last = last.continued(run.derivation, run.readings, run.full, number)
        if number in show:
            _introduce(last)
            write(last)
            if verify:
                proofs[number] = verify(run, last.equations)
            composer.equations |= last.equations
        last.heading(2, "heading_results")
        write_table(last)
    _write_errors(composer, course)
    _write_last(composer, course)
    composer.numbers |= last.numbers
    return proofs


def _introduce(composer: Composer) -> None:
    """From the second iteration on: the givens are the results of the one before."""
    graph = composer.derivation.graph
    if composer.iteration == 1 and not graph.turns:
        return
    composer.heading(2, "heading_iteration")
    turn = (composer.iteration or 1) - 1
    composer.say(
        "iteration_intro",
        first=composer.iteration == 1,
        sample=turn % len(graph.turns) + 1 if graph.turns else None,
    )
    changed = [
        key
        for key, given in graph.givens.items()
        if given.path is None or (graph.turns and key.kind in ("input", "target"))
    ]
    rows = [(Name(key), shown_value(composer, key)) for key in changed]
    composer.table(Words("caption_changed"), ("symbol", "value"), rows, given=True)


def _write_errors(composer: Composer, course: Course) -> None:
    """The error after so many updates."""
    turns = composer.derivation.graph.turns
    objective = Name(composer.derivation.graph.objective)
    composer.heading(2, "heading_course", objective=objective)
    rows = []
    errors: dict[int, Decimal | Fraction] = {}
    for updates, error in course.errors.items():
        if turns and updates == course.count:
            # The error of a sample is known before its update; no other one follows.
            continue
        sample = (Number(Decimal(updates % len(turns) + 1)),) if turns else ()
        number = updates + 1 if turns else updates
        rows.append((Number(Decimal(number)), *sample, Number(error)))
        errors[number] = error
    columns = ("iteration", "sample", "error") if turns else ("updates", "error")
    words = Words("caption_course", {"objective": objective, "turns": bool(turns)})
    composer.table(words, columns, rows)
    show_course(composer, errors, "iterations" if turns else "updates")


def _write_last(composer: Composer, course: Course) -> None:
    """Every parameter at the start and after the last update."""
    composer.heading(2, "heading_after", count=course.count)
    rows = []
    for key in composer.derivation.updates:
        kind = "parameter"
        value = _printed(course.last[key], composer.rounding, kind)
        rows.append((Name(key), shown_value(composer, key), value))
    composer.table(Words("caption_after"), ("parameter", "old", "last"), rows)


def _printed(value: object, rounding: Rounding, kind: str) -> Number:
    assert not isinstance(value, str)
    if rounding.exact or kind in rounding.carry:
        return Number(value)  # type: ignore[arg-type]
    return Number(rounding.shown(as_decimal(value), kind))  # type: ignore[arg-type]


def write_table(composer: Composer) -> None:
    """Every quantity whose gradient was asked: its value, its gradient, its new
    value."""
    derivation = composer.derivation
    if composer.readings is None:
        return
    rows = []
    for key, gradient in derivation.gradients.items():
        row = (Name(key), shown_value(composer, key), shown_value(composer, gradient))
        after = derivation.updates.get(key)
        last = shown_value(composer, after) if after else Words("not_updated")
        rows.append((*row, last) if derivation.updates else row)
    columns = (
        ("parameter", "old", "gradient", "new")
        if derivation.updates
        else ("parameter", "old", "gradient")
    )
    composer.table(
        Words(
            "caption_results",
            {
                "objective": Name(derivation.graph.objective),
                "updated": bool(derivation.updates),
            },
        ),
        columns,
        rows,
    )
