"""The key with holes, and the holes filled again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from explainer.derivation.deriving import Derivation
from explainer.derivation.working import ABOUT, EQUAL, Equation, Side
from explainer.mathematics.written import (
    Blank,
    Key,
    Name,
    Number,
    Written,
    rewrite,
    walk,
)
from explainer.page.document import (
    Block,
    Cite,
    Document,
    Heading,
    Paragraph,
    Picture,
    Room,
    Step,
    Table,
)
from explainer.page.pictures.drawing import NetworkDrawing
from explainer.page.rewriting import (
    mathematics_in,
    rewrite_block,
    rewrite_equation,
)


@dataclass(frozen=True, slots=True)
class Holes:
    """What is asked for, how much of its working is hidden, and what stands in a hole.

    `asked` become holes. What follows from them and is not asked itself is left out of
    the sheet: it would give the answer away. `hide` is one of HIDES. With `answered`
    the result stands in its hole. `room` is the space to write below each question.
    `missing` are the numbers of the steps that are left out.
    """

    asked: frozenset[Key]
    left_out: frozenset[Key] = frozenset()
    hide: str = "working"
    answered: bool = False
    room: str = "none"
    missing: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet, and what was taken out of its key.

    `places` has for each block of the document its place in the key, None for room to
    write; `removed` the blocks of the key that the sheet has no longer, or only with
    holes.
    """

    document: Document
    places: tuple[int | None, ...]
    removed: Mapping[int, Block]


def follow_from(derivation: Derivation, asked: frozenset[Key]) -> frozenset[Key]:
    """The quantities that are computed from those asked for, and not asked
    themselves."""
    found: set[Key] = set()
    for key, quantity in derivation.quantities.items():
        if key not in asked and any(k in asked or k in found for k in quantity.uses):
            found.add(key)
    return frozenset(found)


def mask(key: Document, holes: Holes) -> Sheet:
    """The sheet of a key. No number that is asked for, or follows from one, stands on
    it."""
    blocks: list[Block] = []
    places: list[int | None] = []
    removed: dict[int, Block] = {}
    gone = _emptied_sections(key.blocks, holes)
    for place, block in enumerate(key.blocks):
        masked = None if place in gone else mask_block(block, holes)
        if masked is None or masked != block or _tells(block, holes.asked):
            removed[place] = block
        if masked is None:
            continue
        blocks.append(masked)
        places.append(place)
        if isinstance(block, Step) and _is_asked(block, holes) and holes.room != "none":
            blocks.append(Room(holes.room))
            places.append(None)
    document = replace(key, blocks=tuple(blocks))
    return Sheet(document, tuple(places), removed)


def missing_steps(document: Document, holes: Holes) -> frozenset[int]:
    """The numbers of the steps that a sheet leaves out."""
    return frozenset(
        step.number
        for step in document.steps
        if not _is_asked(step, holes)
        and any(key in holes.left_out for key in _keys_of(step))
    )


def _without_dead_links(step: Step, missing: frozenset[int]) -> Step:
    """The step with citations of missing steps as mere numbers."""

    def unlink(value: object) -> object:
        match value:
            case Cite(number, "step") if number in missing:
                return number
            case tuple():
                return tuple(unlink(item) for item in value)
        return value

    reason = tuple(
        replace(words, values={k: unlink(v) for k, v in words.values.items()})
        for words in step.reason
    )
    return replace(step, reason=reason)


def with_solutions(sheet: Sheet) -> Document:
    """The sheet with the whole working of each step that is asked for, and nothing else
    that was taken out: for formats that hide solutions themselves."""
    blocks = (
        sheet.removed.get(place, block) if isinstance(block, Step) else block
        for place, block in zip(sheet.places, sheet.document.blocks, strict=True)
        if place is not None
    )
    return replace(sheet.document, blocks=tuple(blocks))


def fill(sheet: Sheet) -> Document:
    """The key of a sheet: `fill(mask(key)) == key`."""
    kept = {
        place: block
        for place, block in zip(sheet.places, sheet.document.blocks, strict=True)
        if place is not None
    }
    whole = {**kept, **sheet.removed}
    return replace(sheet.document, blocks=tuple(whole[p] for p in sorted(whole)))


def give_points(document: Document, points: Mapping[Key, int]) -> Document:
    """The document with the points of each step that is asked for."""
    blocks = tuple(
        replace(block, points=sum(points.get(key, 0) for key in _keys_of(block)))
        if isinstance(block, Step) and any(key in points for key in _keys_of(block))
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def _keys_of(step: Step) -> tuple[Key, ...]:
    return step.entries or ((step.key,) if step.key else ())


def _is_asked(step: Step, holes: Holes) -> bool:
    return any(key in holes.asked for key in _keys_of(step))


def mask_block(block: Block, holes: Holes) -> Block | None:
    """A block of the key with holes; None where it is left out."""
    change = _hole_maker(holes)
    if isinstance(block, Picture) and isinstance(block.drawing, NetworkDrawing):
        # Frames to write the numbers into.
        return rewrite_block(block, change)
    if isinstance(block, Step):
        block = _without_dead_links(block, holes.missing)
        if _is_asked(block, holes):
            last = _mask_working(block.equations[-1], _keys_of(block), holes)
            block = replace(block, equations=(last,), notes=())
        elif any(key in holes.left_out for key in _keys_of(block)):
            return None
    elif _tells(block, holes.left_out):
        return None
    elif isinstance(block, Paragraph) and _names(block, holes.left_out):
        return None
    elif not isinstance(block, Table) and _tells(block, holes.asked):
        # A sentence about a result, such as "the error became smaller".
        return None
    return rewrite_block(block, change)


def _mask_working(equation: Equation, keys: tuple[Key, ...], holes: Holes) -> Equation:
    """The line with its working hidden, its last side a hole.

    Where a hidden side was only about equal, so is what follows it.
    """
    *working, result = equation.sides
    kept: list[Side] = []
    relation = EQUAL
    for side in (*working, result):
        relation = side.relation if relation == EQUAL else ABOUT
        if side is result or HIDES[holes.hide](side.written):
            kept.append(replace(side, relation=relation, rules=()))
            relation = EQUAL
    if not holes.answered:
        # The sign = would tell that the result is exact.
        kept[-1] = replace(kept[-1], relation=ABOUT)
    *kept, result = kept
    result = replace(result, written=_owned(result.written, keys))
    masked = replace(equation, sides=(*kept, result))
    return rewrite_equation(masked, _hole_maker(holes))


def _owned(result: Written, keys: tuple[Key, ...]) -> Written:
    """The result with its numbers as those of the step: where a quantity is another
    one, its number is that of the other."""
    if sum(isinstance(part, Number) for part in walk(result)) != len(keys):
        return result
    own = iter(keys)

    def change(part: Written) -> Written | None:
        return Number(part.value, next(own)) if isinstance(part, Number) else None

    return rewrite(result, change)


def _hole_maker(holes: Holes) -> Callable[[Written], Written | None]:
    secret = holes.asked | holes.left_out

    def change(part: Written) -> Written | None:
        if isinstance(part, Number) and part.of in secret:
            assert part.of is not None
            return Blank(part.of, part if holes.answered else None)
        return None

    return change


def _has_numbers(written: Written) -> bool:
    """Whether a side of a line has numbers of quantities in it."""
    parts = mathematics_in(Equation(written, ()))
    return any(isinstance(part, Number) and part.of is not None for part in parts)


# Which sides of a line stay on the sheet, by how much is hidden.
HIDES: Mapping[str, Callable[[Written], bool]] = {
    "working": lambda written: False,
    "numbers": lambda written: not _has_numbers(written),
    "result": lambda written: True,
}


def _tells(block: Block, keys: frozenset[Key]) -> bool:
    """Whether a number of one of these quantities stands in the block."""
    return any(
        isinstance(part, Number) and part.of in keys for part in mathematics_in(block)
    )


def _names(block: Block, keys: frozenset[Key]) -> bool:
    """Whether the block speaks of one of these quantities."""
    parts = mathematics_in(block)
    return any(isinstance(part, Name) and part.key in keys for part in parts)


def _emptied_sections(blocks: Sequence[Block], holes: Holes) -> frozenset[int]:
    """The places of sections whose steps are all left out."""
    found: set[int] = set()
    for start, end in _sections(blocks):
        steps = [b for b in blocks[start:end] if isinstance(b, Step)]
        if steps and all(mask_block(step, holes) is None for step in steps):
            found.update(range(start, end))
    return frozenset(found)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Each heading with everything up to the next one of its level or above."""
    for start, block in enumerate(blocks):
        if isinstance(block, Heading):
            end = start + 1
            while end < len(blocks):
                other = blocks[end]
                if isinstance(other, Heading) and other.level <= block.level:
                    break
                end += 1
            yield start, end
