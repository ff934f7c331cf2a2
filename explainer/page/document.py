"""The document: a small closed set of blocks. Words are keys; the templates hold the
sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from explainer.derivation.tracing import Chain
from explainer.derivation.working import Equation
from explainer.mathematics.written import Key, Written
from explainer.page.pictures.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Cite:
    """A reference to a step, or to an equation of the general derivation, by its
    number."""

    number: int
    label: str = "step"


class Token(str):
    """A word of the program's own, such as a rule's name: chosen by, never printed as
    it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence by its key in the wording templates, and the values it speaks of.

    Values are mathematics, citations, counts, text of the user's, tokens, other words,
    or tuples of these.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    words: Words
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of sentences."""

    words: tuple[Words, ...]
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; a cell is mathematics or words. `given` says that its
    numbers are not computed on the page before."""

    caption: Words
    header: tuple[Words, ...]
    rows: tuple[tuple[Written | Words, ...], ...]
    kind: str = "table"
    given: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered step: its reason, its lines of working, and notes on these numbers.

    `entries` are the quantities that a step of a whole matrix works out, `chain` the
    part of the network that its numbers come through. `iteration` says whose numbers
    they are. `points` is what the step counts on a worksheet that asks for it.
    """

    number: int
    key: Key | None
    reason: tuple[Words, ...]
    equations: tuple[Equation, ...]
    notes: tuple[Words, ...] = ()
    label: str = "step"
    kind: str = "step"
    name: str = ""
    entries: tuple[Key, ...] = ()
    points: int | None = None
    iteration: int = 1
    chain: Chain = Chain()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its caption, and its alternative: what it shows, in words.

    `name` tells it from the other pictures of the page, and names its file.
    """

    name: str
    drawing: Drawing
    caption: Words
    alternative: Words
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class Room:
    """Empty room to write in: a few lines, or a third, a half or all of a page."""

    size: str
    kind: str = "room"


@dataclass(frozen=True, slots=True)
class Paper:
    """What makes a page a paper of homework: whose it is, and what it is.

    `code` is printed on every page, so that a paper can be made again. `name` is the
    student's, empty for a field to write it into; where a format has no letters for it,
    `id` stands in its place. `points` are those of the whole
    paper. `part` is one of blank, answers, key. `room` is what is left to write in.
    Some steps may be `given` on a worksheet, and some left out, so that their numbers
    are `gaps`.
    """

    part: str
    code: str = ""
    name: str = ""
    points: int = 0
    room: str = "none"
    given: bool = False
    gaps: bool = False
    id: str = ""


Block = Heading | Paragraph | Table | Step | Picture | Room


def without_empty_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks without headings that nothing stands under: a quantity that was needed
    earlier has its step there."""
    kept: list[Block] = []
    for block in reversed(blocks):
        after = kept[-1] if kept else None
        empty = after is None or (
            isinstance(after, Heading)
            and isinstance(block, Heading)
            and after.level <= block.level
        )
        if not (isinstance(block, Heading) and empty):
            kept.append(block)
    return tuple(reversed(kept))


@dataclass(frozen=True, slots=True)
class Document:
    """A finished page: its title and its blocks in order."""

    title: Words
    blocks: tuple[Block, ...]
    paper: Paper | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Step))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Picture))
