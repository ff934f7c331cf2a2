"""The worksheet is the key with holes, and tells no answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer import Network, derive
from explainer.examples import EXAMPLES
from explainer.homework.worksheet.asking import CHOICES, ask
from explainer.homework.worksheet.masking import HIDES, fill, mask
from explainer.homework.worksheet.papers import (
    EXAM,
    PRINTS,
    ROOMS,
    Assignment,
    Papers,
    set_papers,
)
from explainer.mathematics.written import Blank, Number
from explainer.network.problems import NetworkError
from explainer.page.document import Document, Step
from explainer.page.rendering import Renderer, render
from explainer.page.rewriting import mathematics_in
from explainer.worked import WorkedDerivation


def worked(name: str, method: str = "paths") -> WorkedDerivation:
    return derive(Network.from_example(name), method=method, verify=False)


def papers(derivation: WorkedDerivation, **choices: object) -> Papers:
    assignment = replace(Assignment(), **choices)  # type: ignore[arg-type]
    return set_papers(derivation.document, derivation.symbols, assignment, "K7", "Ana")


def numbers_on(document: Document) -> set[object]:
    return {
        part.of
        for block in document.blocks
        for part in mathematics_in(block)
        if isinstance(part, Number)
    }


CASES = [
    (name, method)
    for name in ("forward-backward", "softmax-adam", "han-kamber", "recurrent")
    for method in ("paths", "signals")
] + [("han-kamber", "matrix"), ("relu-homework", "matrix")]
DERIVATIONS = {case: worked(*case) for case in CASES}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_sheet_filled_is_the_key(data: st.DataObject) -> None:
    derivation = DERIVATIONS[data.draw(st.sampled_from(CASES))]
    names = [derivation[n].name for n in derivation.names if derivation[n].step]
    words = st.sampled_from([*CHOICES, *names])
    wanted = data.draw(st.lists(words, min_size=1, max_size=6))
    hide = data.draw(st.sampled_from(sorted(HIDES)))
    room = data.draw(st.sampled_from(ROOMS))
    made = papers(derivation, wanted=tuple(wanted), hide=hide, room=room)
    sheet = mask(made.key, made.holes)
    assert fill(sheet) == made.key
    secret = made.holes.asked | made.holes.left_out
    assert not numbers_on(sheet.document) & secret
    asked = {key for b in sheet.document.blocks for key in blanks_in(b)}
    # A matrix is asked by its entries.
    assert derivation.readings is not None
    assert asked >= made.holes.asked & derivation.readings.keys()


def blanks_in(block: object) -> set[object]:
    parts = mathematics_in(block)  # type: ignore[arg-type]
    return {part.of for part in parts if isinstance(part, Blank)}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("method", ["paths", "signals", "matrix"])
def test_every_example_has_its_papers(name: str, method: str) -> None:
    if name == "computational-graph" and method == "matrix":
        with pytest.raises(NetworkError):
            worked(name, method)
        return
    derivation = worked(name, method)
    made = papers(derivation, wanted=("gradients",))
    sheet = mask(made.key, made.holes)
    assert fill(sheet) == made.key
    for step in sheet.document.steps:
        keys = {*step.entries, step.key} & made.holes.asked
        assert bool(keys) == bool(step.points)
        assert keys <= blanks_in(step), step.number
    for part in PRINTS:
        for form in ("md", "tex"):
            assert render(made.part(part), form, derivation.spell)


def test_a_sheet_prints_no_answer() -> None:
    derivation = worked("forward-backward")
    made = papers(derivation, wanted=("gradients",))
    page = render(made.part("blank"), "md", derivation.spell)
    key = render(made.part("key"), "md", derivation.spell)
    assert derivation.readings is not None
    shown = {key: abs(r.shown) for key, r in derivation.readings.items()}
    counts = Counter(shown.values())
    alone = [
        gradient
        for gradient in derivation.symbols.gradients.values()
        # Another quantity may have the same number, or its negative.
        if counts[shown[gradient]] == 1
    ]
    assert len(alone) > 5
    for gradient in alone:
        assert str(shown[gradient]) in key
        assert str(shown[gradient]) not in page
    assert "new" not in page.partition("backward pass")[2]


def test_answers_stand_in_frames() -> None:
    derivation = worked("forward-backward")
    made = papers(derivation, wanted=("dE/dw5",))
    page = render(made.part("answers"), "md", derivation.spell)
    assert r"&\approx \boxed{0.08020}" in page
    assert r"\boxed{\phantom" in render(made.part("blank"), "md", derivation.spell)


def test_a_hidden_rounding_makes_the_frame_about_equal() -> None:
    derivation = worked("tanh-neuron")
    made = papers(derivation, wanted=("gradients",))
    step = next(s for s in made.part("answers").steps if s.points)
    assert [side.relation for side in step.equations[-1].sides] == ["approx"]


def test_points_are_counted_by_kind() -> None:
    derivation = worked("forward-backward")
    made = papers(derivation, wanted=("gradients", "updates"), points={"gradient": 3})
    points = [step.points for step in made.key.steps if step.points is not None]
    assert sorted(set(points)) == [1, 3]
    assert made.key.paper is not None
    assert made.key.paper.points == sum(points) == 40


def test_the_first_chain_is_the_model() -> None:
    derivation = worked("forward-backward")
    asked = ask(derivation.document, derivation.symbols, ("chains",))
    assert derivation["dE/dw5"].key not in asked
    assert {derivation[f"dE/dw{n}"].key for n in (1, 2, 3, 4, 6, 7, 8)} <= asked


def test_an_unknown_name_is_refused() -> None:
    derivation = worked("forward-backward")
    with pytest.raises(NetworkError, match="Did you mean 'dE/dw5'"):
        ask(derivation.document, derivation.symbols, ("dE/dw5x",))
    with pytest.raises(NetworkError, match="no step of this page"):
        ask(worked("computational-graph").document, derivation.symbols, ("updates",))


def test_the_exam_class_has_question_and_solution() -> None:
    derivation = worked("forward-backward")
    made = papers(derivation, wanted=("gradients",), room="lines")
    renderer = Renderer(EXAM, derivation.spell)
    blank = renderer.render(made.with_solutions("blank"))
    key = renderer.render(made.with_solutions("key"))
    assert blank.count(r"\question[1]") == key.count(r"\question[1]") == 10
    assert "answers]{exam}" in key
    assert "answers" not in blank.splitlines()[0]
    assert key.count(r"\begin{solutionorbox}") == 10


def test_steps_keep_their_numbers() -> None:
    derivation = worked("forward-backward")
    made = papers(derivation, wanted=("gradients",))
    kept = {step.number: step.key for step in made.part("blank").steps}
    assert kept.items() <= {s.number: s.key for s in made.key.steps}.items()
    assert isinstance(made.part("blank").blocks[-1], Step)
