"""The pages of one shape, cooked once: text with places for numbers, served to every
paper.

The page is cut into its blocks. A block is rendered by the ordinary templates once for
each form that numbers give it, and remembered with marks in the place of digits; every
later paper fills in its digits. What a paper has that is not foreseen here is rendered
as every page is without this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Protocol

from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.homework.variants.deciding import print_numbers
from explainer.homework.variants.making import Variant
from explainer.homework.variants.marking import (
    SEAM,
    CuttingRenderer,
    Template,
    Uncut,
    mark_block,
    mark_of,
    read_template,
)
from explainer.homework.variants.parts import (
    Form,
    Part,
    Serving,
    compile_values,
    find_forms,
    find_parts,
    keys_in,
)
from explainer.homework.variants.proofreading import proofread
from explainer.homework.worksheet.masking import Sheet
from explainer.homework.worksheet.papers import Papers
from explainer.mathematics.written import Key
from explainer.network.spec import Spec
from explainer.page.document import Document
from explainer.page.formats import FORMATS
from explainer.page.linking import Page, open_page, write_part

# A block may have very many forms; memory has an end.
MOST_FORMS = 4000


class Worked(Protocol):
    """What a page needs to know of the derivation behind it."""

    @property
    def course(self) -> object: ...
    @property
    def detail(self) -> str: ...
    @property
    def spec(self) -> Spec: ...
    @property
    def spell(self) -> Callable[[Key], str]: ...


WorkOut = Callable[[Variant], tuple[Worked, Papers]]


class CookedPage:
    """One print of one shape in one format: text, and places of parts in it."""

    def __init__(
        self,
        renderer: CuttingRenderer,
        papers: Papers,
        name: str,
        parts: Mapping[int, Part],
        proofreads: bool = True,
    ) -> None:
        self.renderer = renderer
        self.papers = papers
        self.name = name
        self.parts = parts
        self.proofreads = proofreads
        self.templates: dict[int, dict[Form, Template]] = {p: {} for p in parts}
        self.content: list[Template | int] = []
        self.whole = papers.sheet(name)
        for place, text in self._cut(papers.key):
            if place in parts:
                self.content.append(place)
                continue
            if place >= 0 and text and any(keys_in(papers.key.blocks[place])):
                raise Uncut("a block of numbers that is not composed again")
            self.content.append(read_template(text, True))

    def _cut(self, key: Document) -> list[tuple[int, str]]:
        """The text before the first block, of each block, and after the last one."""
        sheet = replace(self.papers, key=key).sheet(self.name)
        return self._cut_sheet(sheet, range(len(key.blocks)))

    @cached_property
    def _linked(self) -> Page:
        """The page that links lead through. Each quantity has one number on it, so that
        its digits in another paper lead to the same places."""
        page = open_page(self.renderer, self.whole.document)
        return replace(page, anchors=replace(page.anchors, by_digits=False))

    def _write(self, sheet: Sheet, origins: Sequence[int]) -> str:
        """The text of a sheet; `origins` are the places of its blocks in the key."""
        if not self.renderer.form.linked:
            return self.renderer.render(sheet.document)
        here = {place: number for number, place in enumerate(self.whole.places)}
        places = tuple(0 if p is None else here[origins[p]] for p in sheet.places)
        return write_part(sheet.document, replace(self._linked, places=places))

    def _cut_sheet(self, sheet: Sheet, origins: Sequence[int]) -> list[tuple[int, str]]:
        texts = self._write(sheet, origins).split(SEAM)
        if len(texts) != len(sheet.places) + 2:
            raise Uncut("templates that cannot be cut")
        head, *blocks, foot = texts
        place = -1
        found = [(place, head)]
        for number, text in zip(sheet.places, blocks, strict=True):
            if number is None:
                # Room to write belongs to the block above it.
                found[-1] = (place, found[-1][1] + text)
            else:
                place = number
                found.append((place, text))
        return [*found, (-1, foot)]

    def fill(self, serving: Serving, forms: Mapping[int, Form], own: list[str]) -> str:
        """The page of a paper; `own` are its code, its student's name and id."""
        ends = [*map(self.renderer.form.escape, own)]
        texts = [*serving.printed.digits, *ends]
        belongs = [*serving.belongs, *ends] if self.proofreads else texts
        filled: list[str] = []
        for item in self.content:
            found: Template | None
            if isinstance(item, int):
                found = self.templates[item].get(forms[item])
                if found is not None and not found.has_room:
                    found = self.templates[item].get(self._tight(item, forms, serving))
                if found is None:
                    self._learn(serving, forms)
                    return self.fill(serving, forms, own)
            else:
                found = item
            chosen = found.choose(texts)
            if self.proofreads and chosen != found.belongs(belongs):
                proofread(chosen, found.belongs(belongs))
            pieces = found.pieces[:]
            pieces[1::2] = chosen
            filled += pieces
        return "".join(filled)

    def _tight(self, place: int, forms: Mapping[int, Form], serving: Serving) -> Form:
        """The form of a part whose lines break in other places for shorter or longer
        numbers."""
        return forms[place], self.parts[place].choose(serving.lengths)

    def _learn(self, serving: Serving, forms: Mapping[int, Form]) -> None:
        """Make all templates that this paper needs and the page has not."""
        new = [
            item
            for item in self.content
            if isinstance(item, int) and not self._knows(item, forms, serving)
        ]
        for place, template in zip(new, self._make(new, serving), strict=True):
            templates = self.templates[place]
            if len(templates) > MOST_FORMS:
                templates.clear()
            templates[forms[place]] = template
            if not template.has_room:
                templates[self._tight(place, forms, serving)] = template

    def _knows(self, place: int, forms: Mapping[int, Form], serving: Serving) -> bool:
        found = self.templates[place].get(forms[place])
        return found is not None and (
            found.has_room
            or self._tight(place, forms, serving) in self.templates[place]
        )

    def _make(self, parts: list[int], serving: Serving) -> list[Template]:
        """The templates of some parts, by one rendering of each with marks and as it
        is, after the title of the page."""
        blocks = [self.papers.key.blocks[0]]
        for part in parts:
            block = serving.blocks.get(part)
            if block is None:
                block = serving.blocks[part] = self.parts[part].compose(serving)
            blocks += [mark_block(block, serving.numbers.reckoner.places), block]
        key = replace(self.papers.key, blocks=tuple(blocks))
        sheet = replace(self.papers, key=key).sheet(self.name)
        origins = [0, *(part for part in parts for _ in range(2))]
        texts = dict(self._cut_sheet(sheet, origins))
        printed = dict(zip(sheet.places, sheet.document.blocks, strict=True))
        made = []
        for place in range(1, len(blocks), 2):
            has_room = self.renderer.has_room(printed.get(place))
            template = read_template(texts.get(place, ""), has_room)
            if template.fill(serving.printed.digits) != texts.get(place + 1, ""):
                raise Uncut("a block whose form is not known from its numbers")
            made.append(template)
        return made


@dataclass
class Kitchen:
    """The cooked pages of one shape. With `proofreads` the numbers on each page are
    compared with those of its paper; page() raises Misprint where they differ."""

    reckoner: Reckoner
    work_out: WorkOut
    templates: Path | None = None
    proofreads: bool = True
    pages: dict[tuple[str, str, bool], CookedPage | None] = field(default_factory=dict)
    parts: Mapping[int, Part] = field(default_factory=dict)
    last: tuple[Variant, Serving | None, Mapping[int, Form]] | None = None

    def page(self, variant: Variant, name: str, form: str) -> str | None:
        """One print in one format; None for what is to be rendered in the usual way."""
        record = FORMATS.get(form)
        if record is None or (record.write and not record.linked):
            return None
        chosen = (name, form, bool(variant.student.name))
        if chosen not in self.pages:
            self.pages[chosen] = self._cook(variant, name, form)
        page = self.pages[chosen]
        if page is None:
            return None
        serving, forms = self._serve(variant)
        if serving is None:
            return None
        try:
            student = variant.student
            return page.fill(serving, forms, [variant.code, student.name, student.id])
        except Uncut:
            return None

    def _serve(self, variant: Variant) -> tuple[Serving | None, Mapping[int, Form]]:
        """The prints of one paper share what its numbers decide."""
        if self.last is None or self.last[0] is not variant:
            printed = print_numbers(variant.numbers)
            numbers = variant.numbers
            serving = (
                Serving(numbers, printed, self._values(numbers)) if printed else None
            )
            forms = find_forms(self.parts, serving) if serving else {}
            self.last = variant, serving, forms
        return self.last[1:]

    @cached_property
    def _values(self) -> Callable[[Numbers], Sequence[Decimal]]:
        return compile_values(self.parts, self.reckoner)

    def _cook(self, variant: Variant, part: str, form: str) -> CookedPage | None:
        count = len(self.reckoner.keys)
        student = variant.student
        name = mark_of(count + 1) if student.name else ""
        marked = replace(student, name=name, id=mark_of(count + 2))
        worked, papers = self.work_out(
            replace(variant, code=mark_of(count), student=marked)
        )
        if worked.course is not None or self.reckoner.rounding.exact:
            return None
        try:
            if not self.parts:
                brief = worked.detail == "brief"
                readings = variant.numbers.readings
                blocks = papers.key.blocks
                self.parts = find_parts(blocks, self.reckoner, brief, readings)
                self.last = None
            language = worked.spec.page.language
            renderer = CuttingRenderer(
                FORMATS[form], worked.spell, self.templates, language
            )
            return CookedPage(renderer, papers, part, self.parts, self.proofreads)
        except (Uncut, KeyError):
            return None
