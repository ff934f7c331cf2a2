"""All that depends on a network alone, prepared once for a class of sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from explainer.homework.answers import Answers, trivial
from explainer.homework.injecting import edits_of
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ranges import ZERO, Bounding, Range, compile_range
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key, Written, names_in


@dataclass(frozen=True, slots=True)
class Step:
    """One formula: its range from a list of ranges, and the slots that it uses.

    A `trivial` formula copies a number, and needs no rounding of its own.
    """

    written: Written
    bound: Bounding
    uses: tuple[int, ...]
    trivial: bool


Edits = Mapping[int, tuple[Step | None, ...]]


class Examiner:
    """The answers of one network with every formula compiled.

    Quantities have slots: the givens first, then the others in the order of work. The
    numbers of the givens are those of the network; another variant of the same network
    gives its own to `judge`.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        keys = (*answers.graph.givens, *answers.quantities)
        self.keys = keys
        self.slots: Mapping[Key, int] = {key: slot for slot, key in enumerate(keys)}
        self.first = len(answers.graph.givens)
        self.ways: tuple[tuple[Step, ...], ...] = tuple(
            tuple(map(self.step, answers.ways.get(key, ()))) for key in keys
        )
        self.aliases: Mapping[int, Step] = {
            self.slots[key]: self.step(way) for key, way in answers.aliases.items()
        }
        self._edits: dict[str, Edits] = {}
        self._generic: dict[str, tuple[Mistake, ...]] = {}
        self._pairs: dict[tuple[str, str], Edits] = {}
        self._truths: dict[tuple[Range, ...], tuple[Range | None, ...]] = {}

    def step(self, written: Written) -> Step:
        uses = tuple(self.slots[key] for key in names_in(written))
        bound = compile_range(written, self.slots)
        return Step(written, bound, uses, trivial(written))

    def edits(self, mistake: Mistake) -> Edits:
        """The compiled wrong formulas of a mistake, everywhere."""
        if mistake.name not in self._edits:
            self._edits[mistake.name] = {
                self.slots[key]: tuple(self.step(w) if w else None for w in ways)
                for key, ways in edits_of(self.answers, mistake).items()
            }
        return self._edits[mistake.name]

    def generic(
        self, rule: str, make: Callable[[Answers, str], tuple[Mistake, ...]]
    ) -> tuple[Mistake, ...]:
        """The generic edits of one rule, made once."""
        if rule not in self._generic:
            self._generic[rule] = make(self.answers, rule)
        return self._generic[rule]

    def composed(self, one: str, other: str, compose: Callable[[], Edits]) -> Edits:
        """The edits of two mistakes together, made once."""
        if (one, other) not in self._pairs:
            self._pairs[one, other] = compose()
        return self._pairs[one, other]

    @cached_property
    def givens(self) -> tuple[Range, ...]:
        """The numbers of the network file."""
        values = (given.value for given in self.answers.graph.givens.values())
        return tuple((v, v) for v in map(as_decimal, values))

    def truths(self, givens: tuple[Range, ...]) -> tuple[Range | None, ...]:
        """The right number of every slot, as a range without width; None where a rule
        has no value. To be called in the context `ranges.CONTEXT`."""
        if givens not in self._truths:
            self._truths.clear()
            found: list[Range] = [*givens]
            known: list[Range | None] = [*givens]
            for steps in self.ways[self.first :]:
                step = steps[0]
                try:
                    if any(known[used] is None for used in step.uses):
                        raise ArithmeticError
                    value: Range | None = step.bound(found)
                except ArithmeticError:
                    value = None
                known.append(value)
                found.append(value or (ZERO, ZERO))
            self._truths[givens] = tuple(known)
        return self._truths[givens]

    def layer(self, slot: int) -> int | None:
        return self.answers.layer_of.get(self.keys[slot])

    def unit(self, slot: int) -> str | None:
        return self.answers.unit_of.get(self.keys[slot])
