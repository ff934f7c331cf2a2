"""The parts of a page that depend on numbers: what decides about their form, and how
they are composed for a paper."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cached_property
from operator import itemgetter

from explainer.derivation.readings import Readings
from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.derivation.updates import new
from explainer.derivation.working import Equation, work_out
from explainer.homework.variants.deciding import (
    LOOK,
    Printed,
    Relations,
    decides_by_cases,
    relations_of,
)
from explainer.homework.variants.marking import Uncut
from explainer.homework.variants.proofreading import digits_of
from explainer.mathematics.straight_code import DECIMALS, compile_straight
from explainer.mathematics.written import (
    Key,
    Name,
    Number,
    Written,
    names_in,
    rewrite,
)
from explainer.network.quantity import Quantity
from explainer.page.document import Block, Paragraph, Step, Table
from explainer.page.notes import notes_on
from explainer.page.rewriting import (
    mathematics_in,
    rewrite_block,
    rewrite_equation,
    rewrite_words,
)
from explainer.page.tutorial import ERRORS, compare_errors

Form = Hashable


@dataclass
class Serving:
    """One paper on its way: its numbers, as they are printed, the values of formulas at
    the printed numbers, and the blocks that were composed for it."""

    numbers: Numbers
    printed: Printed
    values: Sequence[Decimal] = ()
    blocks: dict[int, Block] = field(default_factory=dict)

    @cached_property
    def full(self) -> Readings:
        numbers = self.numbers
        if not numbers.reckoner.rounding.carry:
            return numbers.readings
        return numbers.reckoner.full(numbers.givens)

    @cached_property
    def belongs(self) -> list[str]:
        """The digits of each number, from the number itself."""
        return [digits_of(number) for number in self.numbers.shown]

    @cached_property
    def lengths(self) -> list[object]:
        """What decides how wide each number is printed."""
        return [(len(text), "." in text) for text in self.printed.digits]


class Part:
    """A block of the page that depends on numbers."""

    def __init__(self, block: Block, keys: Sequence[Key], reckoner: Reckoner) -> None:
        self.block = block
        self.reckoner = reckoner
        places = sorted({reckoner.places[key] for key in keys})
        self.choose = itemgetter(*places) if places else tuple

    def form(self, serving: Serving) -> Form:
        """What decides about the block besides digits. In the context LOOK."""
        return self.choose(serving.printed.forms)

    def compose(self, serving: Serving) -> Block:
        """The block with the numbers of this paper."""
        shown, places = serving.numbers.shown, self.reckoner.places

        def change(part: Written) -> Written | None:
            if isinstance(part, Number) and part.of is not None:
                return Number(shown[places[part.of]], part.of)
            return None

        return rewrite_block(self.block, change)


class ErrorPart(Part):
    """The paragraph that compares the error before and after."""

    def __init__(self, block: Paragraph, objective: Key, reckoner: Reckoner) -> None:
        super().__init__(block, (objective, new(objective)), reckoner)
        self.objective = objective
        self.pair = [reckoner.places[key] for key in (objective, new(objective))]

    def form(self, serving: Serving) -> Form:
        old, fresh = (serving.numbers.shown[place] for place in self.pair)
        return (old > fresh) - (old < fresh), super().form(serving)

    def compose(self, serving: Serving) -> Block:
        old, fresh = (serving.numbers.shown[place] for place in self.pair)
        return Paragraph((compare_errors(self.objective, old, fresh),))


class StepPart(Part):
    """A step: its last line is worked out again for each paper."""

    def __init__(
        self,
        step: Step,
        quantity: Quantity,
        reckoner: Reckoner,
        brief: bool,
        readings: Readings,
    ) -> None:
        super().__init__(step, (*names_in(quantity.formula), quantity.key), reckoner)
        self.step = step
        self.quantity = quantity
        self.brief = brief
        self.bridged = self._find_bridged(readings)
        self.relations: Relations | None = None
        # Which of the values of a serving is that of this step.
        self.number = 0
        if not decides_by_cases(reckoner.derivation, quantity):
            line = work_out(
                reckoner.derivation, quantity, None, self.brief, self.bridged
            )
            last = line.sides[-1].written
            self.relations = relations_of(reckoner, quantity, last)

    def _find_bridged(self, readings: Readings) -> bool:
        derivation = self.reckoner.derivation
        for bridged in (False, True):
            line = work_out(derivation, self.quantity, readings, self.brief, bridged)
            if line == self.step.equations[-1]:
                self.sources = _find_sources(line, self.step.equations[-1])
                return bridged
        raise Uncut("a line that is not worked out in the usual way")

    def form(self, serving: Serving) -> Form:
        forms = super().form(serving)
        if self.relations is not None:
            value = serving.values[self.number] if serving.values else None
            return self.relations(serving.numbers, value), forms
        return _without_digits(self.compose(serving)), forms

    def compose(self, serving: Serving) -> Step:
        derivation, quantity = self.reckoner.derivation, self.quantity
        readings = serving.numbers.readings
        line = work_out(derivation, quantity, readings, self.brief, self.bridged)
        if self.sources:
            line = rewrite_equation(line, self._from_sources)
        # Where no case is decided, and no number is 0 or far from 1, there is no note.
        notes = (
            notes_on(derivation, readings, serving.full, quantity.key)
            if self.relations is None
            else ()
        )
        lines = (*self.step.equations[:-1], line)
        return replace(self.step, equations=lines, notes=notes)

    def _from_sources(self, part: Written) -> Written | None:
        if isinstance(part, Number) and part.of in self.sources:
            return Number(part.value, self.sources[part.of])
        return None


def _find_sources(line: Equation, printed: Equation) -> Mapping[Key | None, Key | None]:
    """Whose number stands on a page, where it is not that of the quantity used: a brief
    page has no step for dz/dw = x, and its number is that of x."""
    pairs = zip(mathematics_in(line), mathematics_in(printed), strict=True)
    return {
        one.of: other.of
        for one, other in pairs
        if isinstance(one, Number) and isinstance(other, Number) and one.of != other.of
    }


def _without_digits(step: Step) -> str:
    """The last line and the notes of a step, with symbols in the place of numbers."""
    sides = [
        (s.relation, rewrite(s.written, _symbol)) for s in step.equations[-1].sides
    ]
    return repr((sides, [rewrite_words(words, _symbol) for words in step.notes]))


def _symbol(part: Written) -> Written | None:
    return Name(part.of) if isinstance(part, Number) and part.of else None


def find_parts(
    blocks: Sequence[Block], reckoner: Reckoner, brief: bool, readings: Readings
) -> Mapping[int, Part]:
    """The parts of a page, by the places of its blocks. Raises Uncut."""
    found: dict[int, Part] = {}
    for place, block in enumerate(blocks):
        keys = list(keys_in(block))
        match block:
            case Step(key=Key() as key, entries=()):
                quantity = reckoner.derivation.quantities[key]
                found[place] = StepPart(block, quantity, reckoner, brief, readings)
            case Step():
                raise Uncut("a step of several quantities")
            case Paragraph() if keys and block.words[0].key in ERRORS:
                objective = reckoner.derivation.graph.objective
                found[place] = ErrorPart(block, objective, reckoner)
            case Table() if keys:
                found[place] = Part(block, keys, reckoner)
    return found


def keys_in(block: Block) -> Iterator[Key]:
    """The quantities whose numbers stand in a block."""
    for part in mathematics_in(block):
        if isinstance(part, Number) and part.of is not None:
            yield part.of


def compile_values(
    parts: Mapping[int, Part], reckoner: Reckoner
) -> Callable[[Numbers], Sequence[Decimal]]:
    """The values of the formulas of all steps at the printed numbers of a paper; none
    where one of them has no value there."""
    steps = [p for p in parts.values() if isinstance(p, StepPart) and p.relations]
    for number, step in enumerate(steps):
        step.number = number
    formulas = [step.quantity.formula for step in steps]
    straight = compile_straight(reckoner.places, DECIMALS, formulas)

    def values(numbers: Numbers) -> Sequence[Decimal]:
        try:
            with localcontext(LOOK):
                return straight(numbers.shown)
        except (ArithmeticError, ValueError):
            return ()

    return values


def find_forms(parts: Mapping[int, Part], serving: Serving) -> Mapping[int, Form]:
    with localcontext(LOOK):
        return {place: part.form(serving) for place, part in parts.items()}
