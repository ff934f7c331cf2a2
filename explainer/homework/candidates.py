"""A mistake tried on a sheet: which wrong values it explains, and which right ones it
would break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from explainer.homework.examiner import Edits, Examiner, Step
from explainer.homework.injecting import EVERYWHERE, Scope
from explainer.homework.judging import Judgement
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.own_values import OwnValues
from explainer.homework.ranges import Range

WIDTH: Mapping[str, int] = {"everywhere": 3, "layer": 2, "unit": 1, "cell": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Mistakes in a scope, with the cells that they explain and would break."""

    mistakes: tuple[Mistake, ...]
    scope: Scope
    edits: Edits
    explained: frozenset[int]
    broken: frozenset[int]

    def score(self, open_cells: frozenset[int]) -> int:
        return len(self.explained & open_cells) - len(self.broken)


class Trial:
    """The cells of one judged sheet, on which mistakes are tried.

    To be used in the context `ranges.CONTEXT`.
    """

    def __init__(self, examiner: Examiner, judgement: Judgement) -> None:
        self.examiner = examiner
        self.own: OwnValues = judgement.own
        self.bad = judgement.bad
        self._follows: dict[tuple[int, int], bool] = {}

    def on(
        self, mistakes: tuple[Mistake, ...], edits: Edits, scope: Scope = EVERYWHERE
    ) -> Candidate | None:
        """The candidate; None where it explains nothing."""
        cells = {c for slot in edits for c in self.own.touched.get(slot, ())}
        bad = cells & self.bad
        if not bad:
            return None
        known: dict[int, Range] = {}
        explained = frozenset(c for c in bad if self._explains(c, edits, known))
        if not explained:
            return None
        broken = frozenset(c for c in cells - bad if self._breaks(c, edits, known))
        return Candidate(mistakes, scope, edits, explained, broken)

    def _explains(self, cell: int, edits: Edits, known: dict[int, Range]) -> bool:
        return any(
            self.own.fits(cell, step, edits, known) for step in self.edited(cell, edits)
        )

    def _breaks(self, cell: int, edits: Edits, known: dict[int, Range]) -> bool:
        if any(
            self._follows_as_is(cell, place, step)
            for place, step in self._unedited(cell, edits)
            if not self._is_touched(step, edits)
        ):
            return False
        return all(
            self.own.fits(cell, step, edits, known) is False
            for step in self.edited(cell, edits)
        )

    def edited(self, cell: int, edits: Edits) -> Iterator[Step]:
        """The steps of a cell that the edits change, themselves or in a blank."""
        yield from (step for step in edits.get(cell, ()) if step is not None)
        for _, step in self._unedited(cell, edits):
            if self._is_touched(step, edits):
                yield step

    def _unedited(self, cell: int, edits: Edits) -> Iterator[tuple[int, Step]]:
        """The steps of a cell that the edits leave as they are, with their places."""
        wrong = edits.get(cell, ())
        for place, step in enumerate(self.examiner.ways[cell]):
            edited = place < len(wrong) and wrong[place] is not None
            if not edited and step in self.own.steps[cell]:
                yield place, step

    def _is_touched(self, step: Step, edits: Edits) -> bool:
        reach = self.own.reach
        return any(
            not edits.keys().isdisjoint(reach[used])
            for used in step.uses
            if used in reach
        )

    def _follows_as_is(self, cell: int, place: int, step: Step) -> bool:
        if (cell, place) not in self._follows:
            self._follows[cell, place] = self.own.fits(cell, step) is not False
        return self._follows[cell, place]

    def scoped(self, whole: Candidate) -> Iterator[Candidate]:
        """The candidate everywhere, and where it breaks cells, in narrower scopes."""
        yield whole
        if not whole.broken:
            return
        touching = [
            slot
            for slot in whole.edits
            if any(c in whole.explained for c in self.own.touched.get(slot, ()))
        ]
        for scope in self._scopes(touching):
            edits = {
                slot: steps
                for slot, steps in whole.edits.items()
                if self._holds(scope, slot)
            }
            if len(edits) < len(whole.edits) or scope.kind == "cell":
                candidate = self.on(whole.mistakes, edits, scope)
                if candidate:
                    yield candidate

    def _scopes(self, slots: Sequence[int]) -> Iterator[Scope]:
        examiner = self.examiner
        yield from (
            Scope("layer", n) for n in dict.fromkeys(map(examiner.layer, slots))
        )
        units = dict.fromkeys(map(examiner.unit, slots))
        yield from (Scope("unit", name) for name in units if name)
        yield from (Scope("cell", examiner.keys[slot]) for slot in slots)

    def _holds(self, scope: Scope, slot: int) -> bool:
        return scope.holds(self.examiner.answers, self.examiner.keys[slot])
