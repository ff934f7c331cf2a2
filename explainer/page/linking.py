"""Document -> a page with links: every number leads to the place that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from explainer.derivation.tracing import Chain, alone
from explainer.derivation.working import ABOUT, EQUAL, Equation
from explainer.mathematics.typesetting.boxes import Numeral
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.written import Key, Number, Written
from explainer.notation import plain_name
from explainer.page.anchors import Anchors, find_anchors, key_of
from explainer.page.document import Document, Heading, Picture, Step, Table, Words
from explainer.page.lines import Line
from explainer.page.pictures.drawing import NetworkDrawing
from explainer.page.pictures.lighting import name_lit
from explainer.page.rendering import Renderer
from explainer.page.templates import Ready

# The headings that the table of contents lists, after the title.
DEEPEST = 4
# The picture that stays in sight.
NETWORK = "network"


def write_linked(renderer: Renderer, document: Document) -> str:
    """The document as one page whose parts are linked to each other."""
    return write_part(document, open_page(renderer, document))


def write_part(part: Document, page: Page) -> str:
    """Some blocks of a page as they stand on it."""
    values = {"document": part, "page": page}
    return page.renderer.part(page.renderer.form.document, values)


def open_page(renderer: Renderer, document: Document) -> Page:
    """The page of a document, with its anchors, its steps counted, and its network."""
    numbers = tuple(accumulate(isinstance(b, Step) for b in document.blocks))
    named = (p for p in document.pictures if p.name == NETWORK)
    return Page(renderer, document, find_anchors(document), numbers, next(named, None))


@dataclass(frozen=True, slots=True)
class Page:
    """A document with its anchors, for the templates.

    `numbers` says how many steps there are up to each block; `network` is the picture
    in which the steps light their chains. Where the templates walk over some of the
    blocks only, `places` says where each of them stands.
    """

    renderer: Renderer
    document: Document
    anchors: Anchors
    numbers: tuple[int, ...]
    network: Picture | None
    places: tuple[int, ...] = ()

    def at(self, number: int) -> Place:
        """The block that is shown as that one, counted from 0."""
        return self._at(self.places[number] if self.places else number)

    def _at(self, place: int) -> Place:
        """The block at a place, with all that its numbers lead to."""

        def link(number: Numeral) -> str | None:
            anchor = self.anchors.origin(number, place)
            return anchor and f"#{anchor}"

        around = Surroundings(self.renderer.around.say, link, plain_name)
        return Place(self, place, self.renderer.within(around))

    @property
    def contents(self) -> list[Place]:
        """The headings after the title."""
        return [
            self._at(place)
            for place, block in enumerate(self.document.blocks)
            if isinstance(block, Heading) and 1 < block.level <= DEEPEST
        ]

    def lights(self, chain: Chain) -> Ready:
        """The parts of the network's picture that belong to a chain."""
        drawing = self.network.drawing if self.network else None
        lit = name_lit(drawing, chain) if isinstance(drawing, NetworkDrawing) else ()
        return Ready(" ".join(lit))


@dataclass(frozen=True, slots=True)
class Place:
    """One block of a page: its anchor, its level, and its words and formulas with
    links."""

    page: Page
    place: int
    renderer: Renderer

    @property
    def id(self) -> Ready:
        return Ready(self.page.anchors.blocks[self.place])

    @property
    def level(self) -> int:
        return self.page.anchors.levels[self.place]

    @property
    def number(self) -> int:
        """Which step of the page this is, counted from 1."""
        return self.page.numbers[self.place]

    @property
    def heading(self) -> Ready:
        block = self.page.document.blocks[self.place]
        assert isinstance(block, Heading)
        return self.renderer.heading(block)

    def say(self, words: Words) -> Ready:
        return self.renderer.say(words)

    def math(self, written: Written) -> Ready:
        return self.renderer.math(written)

    def cell(self, cell: Written | Words) -> Ready:
        return self.renderer.cell(cell)

    def lines(self, equation: Equation) -> list[Line]:
        return self.renderer.unbroken(equation)

    def result(self, step: Step) -> tuple[Ready, Ready | None, Ready | None]:
        """What a step finds, in short: its symbol and, if it is one number, the
        relation and the number."""
        equation = step.equations[-1]
        sides = [side.written for side in equation.sides]
        left = self.renderer.math(equation.left)
        if not sides or not isinstance(sides[-1], Number):
            return left, None, None
        about = any(side.relation == ABOUT for side in equation.sides)
        relation = ABOUT if about else EQUAL
        return left, Ready(relation), self.renderer.math(sides[-1])

    def keys(self, step: Step) -> Ready:
        """The plain names of what a step works out."""
        own = (step.key, *step.entries) if step.key else step.entries
        return _names(self.renderer, own)

    def lights(self, step: Step) -> Ready:
        """The parts of the network's picture that its numbers come through."""
        return self.page.lights(step.chain)

    def row_id(self, row: int) -> Ready | None:
        """The anchor of a row of what is given."""
        anchor = self.page.anchors.rows.get((self.place, row))
        return Ready(anchor) if anchor else None

    def row_key(self, table: Table, row: int) -> Ready:
        """The plain name of the quantity that a row is about."""
        key = key_of(table.rows[row][0])
        return _names(self.renderer, (key,) if key else ())

    def row_lights(self, table: Table, row: int) -> Ready:
        """Where that quantity is in the network's picture."""
        key = key_of(table.rows[row][0])
        return self.page.lights(alone(key) if key else Chain())


def _names(renderer: Renderer, keys: Iterable[Key]) -> Ready:
    names = dict.fromkeys(map(plain_name, keys))
    return Ready(renderer.form.escape(" ".join(names)))
