"""All cooked pages of a shape, and the numbers that go into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import localcontext
from functools import partial

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings, Value, read_numbers
from explainer.derivation.updates import new
from explainer.homework.variants.cooking import (
    CODE,
    NAME,
    Cook,
    SlotRenderer,
    prepare_cook,
    prepare_finders,
    spell,
)
from explainer.homework.variants.numbers import Numbers
from explainer.homework.variants.quick import QuickNumbers, TooHard
from explainer.homework.variants.relations import EXACT, SideFinder
from explainer.homework.worksheet.masking import mask, mask_block
from explainer.homework.worksheet.papers import Papers
from explainer.mathematics.latex import print_latex
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.page.document import Block, Document
from explainer.page.formats import Format
from explainer.page.tutorial import error_trend


@dataclass(frozen=True)
class Kitchen:
    """The pages of one shape, by part and format; each is the same to the byte as the
    ordinary way of printing makes it."""

    derivation: Derivation
    rounding: Rounding
    quick: QuickNumbers
    finders: tuple[SideFinder, ...]
    cooks: Mapping[tuple[str, str], Cook]

    def print(
        self, numbers: Numbers, givens: Mapping[Key, Value], code: str, name: str
    ) -> Mapping[tuple[str, str], str]:
        """Every page of one paper, by part and format."""
        digits = spell(numbers.shown)
        with localcontext(EXACT) as context:
            relations = [
                finder.find(numbers.carried, numbers.shown, context)
                for finder in self.finders
            ]
        trend = self._trend(numbers)
        read = _once(partial(read_numbers, self.derivation, self.rounding, givens))
        return {
            part: cook.fill(digits, relations, trend, read, code, name)
            for part, cook in self.cooks.items()
        }

    def _trend(self, numbers: Numbers) -> str:
        before = self.derivation.graph.objective
        slots = self.quick.slots
        if new(before) not in slots:
            return ""
        old, fresh = (numbers.shown[slots[key]] for key in (before, new(before)))
        return error_trend(old, fresh)


def _once(read: Callable[[], Readings]) -> Callable[[], Readings]:
    """What is asked for several times is read once."""
    found: list[Readings] = []

    def readings() -> Readings:
        if not found:
            found.append(read())
        return found[0]

    return readings


def furnish(
    derivation: Derivation,
    quick: QuickNumbers,
    papers: Papers,
    prints: tuple[str, ...],
    forms: tuple[Format, ...],
    brief: bool,
    options: Mapping[str, object],
) -> Kitchen:
    """A kitchen, from the papers of some variant. `options` are those of a Renderer.

    Raises TooHard where the pages of this shape are not cooked: matrices, pictures,
    notes, cases, exact fractions, or a format that is not written in LaTeX.
    """
    if any(form.printer is not print_latex or form.write for form in forms):
        raise TooHard("a format without LaTeX")
    key = _without_owner(papers.part("key"))
    by_key = prepare_finders(key, derivation, quick.slots)
    places = {step: place for place, step in enumerate(by_key)}
    cooks = {}
    for form in forms:
        renderer = SlotRenderer(form, quick.slots, **options)
        for part in prints:
            document, kept, cover = _part(papers, key, part)
            cooks[part, form.name] = prepare_cook(
                renderer, derivation, document, kept, key, cover, places, brief
            )
    return Kitchen(derivation, quick.rounding, quick, tuple(by_key.values()), cooks)


def _part(
    papers: Papers, key: Document, part: str
) -> tuple[Document, tuple[int | None, ...], Callable[[Block], Block | None]]:
    """A part of the papers, where its blocks stand in the key, and what hides a block
    of it."""
    if part == "key":
        return key, tuple(range(len(key.blocks))), lambda block: block
    holes = papers.holes_of(part)
    sheet = mask(key, holes)
    assert sheet.document.paper is not None
    document = replace(sheet.document, paper=replace(sheet.document.paper, part=part))
    return document, sheet.places, partial(mask_block, holes=holes)


def _without_owner(document: Document) -> Document:
    assert document.paper is not None
    name = NAME if document.paper.name else ""
    return replace(document, paper=replace(document.paper, code=CODE, name=name))
