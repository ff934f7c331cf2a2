"""Numbers in which a mistake does not show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from explainer.examples import read_example
from explainer.homework.answers import answer_key
from explainer.homework.clashes import Clash, Clashes
from explainer.homework.examiner import Examiner
from explainer.mathematics.rounding import Digits, Rounding
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.notation import plain_name
from tests.homework.sheets import asked

FOUR = Rounding(Digits(4, "decimals"))
SIX = Rounding(Digits(6))


@pytest.fixture(scope="module")
def clashes() -> Clashes:
    return Clashes(Examiner(answer_key(build(read_network(read_example("mazur"))))))


def found(
    clashes: Clashes, rounding: Rounding = SIX, **givens: str
) -> tuple[set[str], set[frozenset[str]]]:
    """The mistakes that do not show, and the groups that look the same."""
    names = {plain_name(key): key for key in clashes.examiner.keys}
    keys = asked(clashes.examiner.answers)
    changed = {names[name]: Decimal(text) for name, text in givens.items()}
    groups: tuple[Clash, ...] = clashes.among(keys, rounding, changed)
    hidden = {m.name for c in groups if c.is_right for m in c.mistakes}
    alike = {frozenset(m.name for m in c.mistakes) for c in groups if not c.is_right}
    return hidden, alike


def test_two_outputs_and_a_half(clashes: Clashes) -> None:
    """With two outputs 1/2 is 1/n: the pair of the catalogue that is one algebra."""
    _, alike = found(clashes)
    assert any({"half-kept", "mean-kept-or-dropped"} <= group for group in alike)


@pytest.mark.parametrize(
    ("mistake", "givens"),
    [
        ("weights-back-transposed", {"w7": "0.45"}),
        ("rate-missing", {"eta": "1"}),
        ("weights-transposed", {"w3": "0.20", "w7": "0.45"}),
    ],
)
def test_numbers_that_hide_a_mistake(
    clashes: Clashes, mistake: str, givens: dict[str, str]
) -> None:
    hidden, _ = found(clashes, SIX, **givens)
    usual, _ = found(clashes)
    assert mistake in hidden
    assert mistake not in usual


def test_few_digits_hide_more(clashes: Clashes) -> None:
    exact, _ = found(clashes)
    coarse, _ = found(clashes, Rounding(Digits(2, "decimals")))
    assert exact < coarse
