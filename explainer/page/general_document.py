"""The general derivation as a document: equations (1) to (15), each with what SymPy
proved."""

from __future__ import annotations

from explainer.derivation.general import COST, GENERAL, GeneralEquation, unit, weight
from explainer.derivation.general_proof import Proof, prove
from explainer.derivation.working import EQUAL, Equation, Side
from explainer.mathematics.written import Key, Name
from explainer.page.document import (
    Block,
    Cite,
    Document,
    Heading,
    Paragraph,
    Step,
    Token,
    Words,
)

# The sections of the article this derivation follows, each before the equation named.
SECTIONS = {
    1: "general_neuron",
    2: "general_unit",
    6: "general_signal",
    12: "general_bias",
}


def compose_general(verify: bool = True) -> tuple[Document, tuple[Proof, ...]]:
    """The document, and the proofs that it speaks of (none without verification)."""
    title = Words("general_title")
    proofs = {e.number: prove(e) for e in GENERAL} if verify else {}
    blocks: list[Block] = [
        Heading(1, title),
        Paragraph((Words("general_intro", _symbols()),)),
    ]
    for equation in GENERAL:
        if equation.number in SECTIONS:
            blocks.append(Heading(2, Words(f"heading_{SECTIONS[equation.number]}")))
        blocks.append(_step(equation, proofs.get(equation.number)))
    if verify:
        count = sum(proof.instances for proof in proofs.values())
        holds = all(proof.holds for proof in proofs.values())
        blocks.append(Heading(2, Words("heading_verification")))
        blocks.append(
            Paragraph((Words("general_verified", {"count": count, "holds": holds}),))
        )
    return Document(title, tuple(blocks)), tuple(proofs.values())


def _symbols() -> dict[str, object]:
    """The symbols that the introduction speaks of."""
    index = {name: Name(Key("index", (name,))) for name in ("l", "j", "k", "L")}
    return {
        "layer": index["l"],
        "unit": index["j"],
        "source": index["k"],
        "last": index["L"],
        "width": Name(Key("width", ("l",))),
        "sum": unit("z", "j", "l"),
        "activation": unit("a", "j", "l"),
        "bias": unit("b", "j", "l"),
        "weight": weight("j", "k", "l"),
        "cost": COST,
        "rate": Name(Key("learning_rate")),
    }


def _step(equation: GeneralEquation, proof: Proof | None) -> Step:
    cites = tuple(Cite(number, "equation") for number in equation.uses)
    reason = [Words(equation.rule, {"cites": cites})]
    if equation.scope != "neuron":
        reason.append(Words("general_scope", {"scope": Token(equation.scope)}))
    if proof is not None and proof.instances:
        kind = Token("definition" if equation.definition else "equation")
        reason.append(Words("general_proved", {"count": proof.instances, "of": kind}))
    sides = tuple(Side(EQUAL, side) for side in equation.sides)
    line = Equation(equation.left, sides)
    return Step(equation.number, None, tuple(reason), (line,), label="equation")
