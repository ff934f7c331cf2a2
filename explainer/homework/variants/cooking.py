"""A page cooked once for all papers of a shape: its words and layout stand, and a slot
is left for the digits of each number.

What a block looks like depends on the shape of its numbers (their signs, digits and
powers of ten) and on the signs = and about equal. For each such look the block is
rendered once, by the ordinary renderer. A paper fills the slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.derivation.working import work_out
from explainer.homework.renumbering import renumber
from explainer.homework.variants.numbers import Values
from explainer.homework.variants.quick import TooHard
from explainer.homework.variants.relations import (
    Relations,
    SideFinder,
    find_sides,
    is_copied,
)
from explainer.mathematics.latex import print_latex
from explainer.mathematics.numerals import numeral
from explainer.mathematics.typesetting.boxes import Box
from explainer.mathematics.written import Key, Number
from explainer.page.document import (
    Block,
    Document,
    Paragraph,
    Picture,
    Step,
    Words,
)
from explainer.page.formats import Format
from explainer.page.rendering import Renderer
from explainer.page.rewriting import mathematics_in
from explainer.page.templates import Ready
from explainer.page.tutorial import ERRORS

# Private characters: in no page of words and numbers.
CUT, OPEN, CLOSE, CODE, NAME = "\ue000\ue001\ue002\ue003\ue004"
SHAPES = str.maketrans("123456789", "000000000")
Look = tuple[Any, ...]
Filled = tuple[str, tuple[int, ...]]
Mask = Callable[[Block], Block | None]


class SlotRenderer(Renderer):
    """Renders blocks with slots for the digits of quantities, and cuts between."""

    def __init__(self, form: Format, slots: Mapping[Key, int], **options: Any) -> None:
        super().__init__(form, **options)
        self.environment.globals["cuts"] = Ready(CUT)
        self.slots = slots
        self.marking = replace(self.around, spell_number=self._mark)

    def _print(self, box: Box) -> Ready:
        return Ready(print_latex(box, self.marking))

    def _mark(self, value: Decimal | Fraction, of: Key | None) -> str:
        text = numeral(value)
        if of is None or of not in self.slots:
            return text
        sign = "-" if text.startswith("-") else ""
        return f"{sign}{OPEN}{self.slots[of]}{CLOSE}"

    def cut(self, document: Document) -> list[str]:
        """The head, each block, and the foot."""
        return self.render(document).split(CUT)


@dataclass(frozen=True, slots=True)
class Digits:
    """The numbers of one paper as they are printed: without their sign, and their
    shapes: sign, and a 0 for each digit."""

    bare: tuple[str, ...]
    shapes: tuple[str, ...]


def spell(shown: Values) -> Digits:
    """The numbers as texts."""
    texts = [numeral(value) for value in shown]
    return Digits(
        tuple(text.removeprefix("-") for text in texts),
        tuple(text.translate(SHAPES) for text in texts),
    )


@dataclass(slots=True)
class CookedBlock:
    """One block in all the looks that were met. `source` is what it is made of: itself
    with the numbers of some paper."""

    source: Block
    slots: tuple[int, ...]
    finder: int | None
    trend: bool
    looks: dict[Look, Filled] = field(default_factory=dict)


@dataclass(frozen=True)
class Cook:
    """Prints one part of the papers of a shape: the key, or a worksheet.

    `mask` makes a block of that part from a block of the key; None leaves it out.
    """

    renderer: SlotRenderer
    derivation: Derivation
    document: Document
    mask: Mask
    brief: bool
    blocks: tuple[CookedBlock, ...]
    foot: str

    def fill(
        self,
        digits: Digits,
        relations: Sequence[Relations | None],
        trend: str,
        read: Callable[[], Readings],
        code: str,
        name: str,
    ) -> str:
        """The page of one paper; `read` gives its readings where a look is new."""
        texts: list[str] = []
        shapes, bare = digits.shapes, digits.bare
        for block in self.blocks:
            look: Look = tuple([shapes[slot] for slot in block.slots])
            if block.finder is not None:
                look = (*look, relations[block.finder])
            elif block.trend:
                look = (*look, trend)
            filled = block.looks.get(look)
            if filled is None:
                filled = block.looks[look] = self._render(block, read(), trend)
            text, places = filled
            texts.append(text % tuple([bare[slot] for slot in places]))
        page = "".join(texts) + self.foot
        escape = self.renderer.form.escape
        return page.replace(CODE, escape(code)).replace(NAME, escape(name))

    def _render(self, block: CookedBlock, readings: Readings, trend: str) -> Filled:
        source = _with_numbers(block, self.derivation, readings, self.brief, trend)
        masked = self.mask(source)
        if masked is None:
            return "", ()
        if block is self.blocks[0]:
            page = replace(self.document, blocks=(masked,))
            head, text, _ = self.renderer.cut(page)
            return _as_template(head + text)
        # A page begins with another block: the first one is laid out differently.
        page = replace(self.document, blocks=(self.document.blocks[0], masked))
        return _as_template(self.renderer.cut(page)[-2])


def _as_template(text: str) -> Filled:
    """The text with `%s` for each slot, and the slots in their order."""
    first, *rest = text.replace("%", "%%").split(OPEN)
    places = []
    for part in rest:
        slot, _, after = part.partition(CLOSE)
        places.append(int(slot))
        first += f"%s{after}"
    return first, tuple(places)


def _with_numbers(
    block: CookedBlock,
    derivation: Derivation,
    readings: Readings,
    brief: bool,
    trend: str,
) -> Block:
    """The block as it is with other numbers."""
    changed = renumber(block.source, derivation, readings, brief)
    if block.trend and isinstance(changed, Paragraph):
        (words,) = changed.words
        return replace(changed, words=(Words(trend, words.values),))
    return changed


def prepare_finders(
    document: Document, derivation: Derivation, slots: Mapping[Key, int]
) -> Mapping[Key, SideFinder]:
    """For each step of the page the finder of its signs. Raises TooHard."""
    found = {}
    for step in document.steps:
        known = step.key in derivation.quantities and not step.entries
        if not known or step.notes or step.iteration != 1 or step.key is None:
            raise TooHard("a step of a matrix, with a note, or of another iteration")
        quantity = derivation.quantities[step.key]
        if not is_copied(quantity.formula):
            last = work_out(derivation, quantity, None).sides[-1].written
            found[step.key] = find_sides(quantity.formula, last, step.key, slots)
    return found


def prepare_cook(
    renderer: SlotRenderer,
    derivation: Derivation,
    document: Document,
    places: Sequence[int | None],
    key: Document,
    mask: Mask,
    finders: Mapping[Key, int],
    brief: bool,
) -> Cook:
    """The cook of one part. `places` says where in the key each of its blocks stands.

    Raises TooHard for pictures, whose text is laid out by its numbers.
    """
    parts = renderer.cut(document)
    blocks = []
    for place, block in zip(places, document.blocks, strict=True):
        if isinstance(block, Picture):
            raise TooHard("a picture")
        source = block if place is None else key.blocks[place]
        blocks.append(_prepare(source, mask, finders, renderer.slots))
    return Cook(renderer, derivation, document, mask, brief, tuple(blocks), parts[-1])


def _prepare(
    source: Block, mask: Mask, finders: Mapping[Key, int], slots: Mapping[Key, int]
) -> CookedBlock:
    masked = mask(source)
    keys = [
        part.of
        for part in (mathematics_in(masked) if masked else ())
        if isinstance(part, Number) and part.of in slots
    ]
    used = tuple(dict.fromkeys(slots[key] for key in keys if key is not None))
    is_step = isinstance(source, Step) and source.key is not None
    finder = finders.get(source.key) if is_step else None  # type: ignore[union-attr, arg-type]
    trend = isinstance(source, Paragraph) and source.words[0].key in ERRORS
    return CookedBlock(source, used, finder, trend)
