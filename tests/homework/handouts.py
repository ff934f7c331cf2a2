"""The papers of built-in examples, as exports see them."""

from __future__ import annotations

from functools import cache

from explainer import Network, derive
from explainer.homework.exports.handout import Handout, QuizMaker
from explainer.homework.worksheet.papers import Assignment, set_papers

CASES = ["forward-backward", "mazur", "softmax-adam", "relu-homework", "recurrent"]
STUDENT = {"ID": "s/1", "Name": "=Ana <Ñ> \x0b王", "Group": "A/B"}


@cache
def hand_out(
    name: str, wanted: tuple[str, ...] = ("gradients", "updates"), method: str = "paths"
) -> Handout:
    network = Network.from_example(name)
    worked = derive(network, method=method, verify=False)
    papers = set_papers(worked.document, worked.symbols, Assignment(wanted), "K7A")
    assert worked.readings is not None
    return Handout(
        network.spec.title,
        papers,
        worked.symbols,
        worked.readings,
        worked.rounding,
        QuizMaker(worked.symbols.graph, worked.spell),
        STUDENT,
    )
