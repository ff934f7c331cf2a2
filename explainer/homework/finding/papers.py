"""The key of a page with a mistake."""

from __future__ import annotations

from dataclasses import dataclass

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.working import Equation, work_out
from explainer.homework.finding.spoiling import Spoiled, carries_on
from explainer.mathematics.written import Key, Name, Number
from explainer.page.document import (
    Block,
    Cite,
    Document,
    Heading,
    Paper,
    Paragraph,
    Step,
    Table,
    Token,
    Words,
)


@dataclass(frozen=True, slots=True)
class Version:
    """One of two versions of a derivation, the right or the wrong one."""

    derivation: Derivation
    readings: Readings


def write_solution(
    title: str,
    spoiled: Spoiled,
    right: Version,
    wrong: Version,
    page: Document,
    code: str = "",
) -> Document:
    """The key: where the mistake is, what was done, the right line, and the right
    numbers of all that it changed."""
    key = spoiled.key
    number = next(step.number for step in page.steps if step.key == key)
    where = Words("finding_where", {"cite": Cite(number), "this": Name(key)})
    done = Words("mistake_hint", {"mistake": Token(spoiled.mistake.name)})
    heading = Words("finding_title", {"title": title})
    blocks: list[Block] = [
        Heading(1, heading),
        Paragraph((where, done)),
        Step(
            number,
            key,
            (Words("finding_lines"),),
            (_line(wrong, key), _line(right, key)),
        ),
    ]
    rows = tuple(
        (
            Name(changed),
            Number(wrong.readings[changed].shown, changed),
            Number(right.readings[changed].shown, changed),
        )
        for changed in _changed(spoiled, page)
        if right.readings[changed].shown != wrong.readings[changed].shown
    )
    if rows:
        header = tuple(Words(f"column_{n}") for n in ("symbol", "on_page", "right"))
        blocks.append(Table(Words("caption_carried"), header, rows))
    return Document(heading, tuple(blocks), Paper("find-key", code))


def _line(version: Version, key: Key) -> Equation:
    derivation = version.derivation
    return work_out(derivation, derivation.quantities[key], version.readings)


def _changed(spoiled: Spoiled, page: Document) -> list[Key]:
    """The quantities on the page that come after the mistake, in its order."""
    after = carries_on(spoiled)
    return [step.key for step in page.steps if step.key in after and step.key]
