"""The program's own pages, read back: each step's result, with its key and digits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explainer.examples import EXAMPLES
from explainer.homework.sheets import names_of, read_sheet
from explainer.mathematics.written import Key
from explainer.notation import NOTATIONS
from explainer.worked import Network, WorkedDerivation, derive, render, with_choices


def worked(example: str, notation: str, method: str) -> WorkedDerivation:
    network = Network.from_example(example)
    chosen = network.spec.notation
    if notation != chosen.base:
        chosen = replace(chosen, base=notation, patterns={})
        network = with_choices(network, notation=chosen)
    return derive(network, method=method, verify=False)


def printed(derivation: WorkedDerivation) -> dict[Key, object]:
    """The result of each step of the first iteration; the others are counted on."""
    assert derivation.readings is not None
    found: dict[Key, object] = {}
    for step in derivation.document.steps:
        if step.key is not None and step.key not in found:
            found[step.key] = derivation.readings[step.key].shown
    return found


@pytest.mark.parametrize("method", ["paths", "signals"])
@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_page_is_read_back(example: str, notation: str, method: str) -> None:
    derivation = worked(example, notation, method)
    names = names_of([derivation.symbols], derivation.notation)
    wanted = printed(derivation)
    assert wanted
    own = Network.from_example(example).spec.notation.base
    # LaTeX has the same mathematics between other marks.
    for form in ("md", "tex") if notation == own else ("md",):
        sheet = read_sheet(render(derivation, form), names)
        got = {key: sheet.entries[key].value for key in wanted if key in sheet.entries}
        assert got == wanted
        digits = {key: str(sheet.entries[key].value) for key in wanted}
        assert digits == {key: str(value) for key, value in wanted.items()}
        assert sheet.problems == ()
        assert sheet.notation == notation
        assert all(line.holds for line in sheet.lines)


def test_a_later_iteration_is_kept_beside_the_first() -> None:
    derivation = worked("logistic-regression", "net-out", "signals")
    assert derivation.course is not None
    names = names_of([derivation.symbols], derivation.notation)
    sheet = read_sheet(render(derivation, "md"), names)
    for number in derivation.spec.optimizer.show[1:]:
        run = derivation.course.runs[number]
        for step in derivation.document.steps:
            assert step.key is not None
            got = sheet.later[number][step.key].value
            assert got == run.readings[step.key].shown
