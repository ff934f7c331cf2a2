"""The verification of one derivation at many sets of numbers, without SymPy.

Lines and gradients are computed by `straight_code`, which shares nothing with what
found the numbers. What that does not settle, such as a line within the uncertainty of
its digits or a gradient next to a kink, goes the way of `verification` and
`gradient_check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, DivisionByZero, InvalidOperation, localcontext
from functools import cached_property

from explainer.derivation.deriving import Derivation, printed_keys
from explainer.derivation.difference_check import DifferenceCheck
from explainer.derivation.gradient_check import GradientCheck, check_differences
from explainer.derivation.line_verdicts import Verdict, to_14_digits, verdict_on
from explainer.derivation.readings import rounding_kind
from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.derivation.runs import Run, run_at
from explainer.derivation.verification import (
    CLASSES,
    EXACT,
    FALSE,
    PROPAGATED,
    ROUNDED,
    LineCheck,
    by_walking,
    check_lines,
    judge,
)
from explainer.mathematics.rounding import KINDS, Rounding
from explainer.mathematics.straight_code import (
    DECIMALS,
    MACHINE,
    Straight,
    compile_straight,
)
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Power,
    Quotient,
    Written,
    walk,
)

# Sums and products of printed numbers are exact in so many digits.
EXACTLY = Context(prec=60, traps=[DivisionByZero, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Check:
    """What was verified of one paper: its lines, and its gradients by central
    differences."""

    lines: LineCheck
    gradients: GradientCheck

    @property
    def holds(self) -> bool:
        return not (self.lines.failures or self.gradients.failures)


@dataclass(frozen=True)
class RepeatedCheck:
    """Verifies the numbers that a reckoner finds, paper after paper."""

    reckoner: Reckoner

    @property
    def derivation(self) -> Derivation:
        return self.reckoner.derivation

    @property
    def rounding(self) -> Rounding:
        return self.reckoner.rounding

    def check(self, numbers: Numbers) -> Check:
        """The lines that a key prints, and its gradients in full precision."""
        return Check(self.lines_of(numbers), self.gradients_of(numbers))

    def lines_of(self, numbers: Numbers) -> LineCheck:
        """Each line from its printed numbers, in the classes of `verification`."""
        verdicts = self.look_at(numbers)
        for place, verdict in enumerate(verdicts):
            if verdict is None or verdict == FALSE:
                verdicts[place] = judge(
                    self.derivation,
                    numbers.readings,
                    self.rounding,
                    self.keys[place],
                    by_walking,
                )
        counts = Counter(verdicts)
        pairs = zip(self.keys, verdicts, strict=True)
        return LineCheck(
            {name: counts[name] for name in CLASSES},
            tuple(key for key, verdict in pairs if verdict == FALSE),
        )

    def look_at(self, numbers: Numbers) -> list[str | None]:
        """The class of each line at a first look; None where it does not tell. False
        are here those that are not exactly true or rounded, and may be within the
        uncertainty of their numbers all the same."""
        shown = numbers.shown
        if self.rounding.exact:
            return [None] * len(self.keys)
        try:
            with localcontext(EXACTLY):
                values = self._straight(shown)
                verdicts = [
                    verdict(value, shown[place])
                    for (verdict, place), value in zip(self._lines, values, strict=True)
                ]
                if FALSE in verdicts and self.rounding.carry != {*KINDS}:
                    self._propagate(numbers, verdicts)
        except (ArithmeticError, ValueError):
            return [None] * len(self.keys)
        return verdicts

    def _propagate(self, numbers: Numbers, verdicts: list[str | None]) -> None:
        """A line is within the uncertainty of its printed numbers where numbers that
        are printed like these, the carried ones, give a result that is printed so."""
        carried, shown = numbers.carried, numbers.shown
        values = self._straight(carried)
        true = (EXACT, ROUNDED)
        for place, before in enumerate(verdicts):
            if before != FALSE:
                continue
            verdict, result = self._lines[place]
            if verdict(values[place], shown[result]) in true and all(
                self._printed[used](carried[used], shown[used]) in true
                for used in self._uses[place]
            ):
                verdicts[place] = PROPAGATED

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The quantities whose lines a key prints."""
        return tuple(k for k in printed_keys(self.derivation) if k in self._formulas)

    @cached_property
    def _formulas(self) -> dict[Key, Written]:
        return {k: q.formula for k, q in self.derivation.quantities.items()}

    @property
    def _places(self) -> Mapping[Key, int]:
        return self.reckoner.places

    @cached_property
    def _straight(self) -> Straight:
        formulas = [self._formulas[key] for key in self.keys]
        return compile_straight(self._places, DECIMALS, formulas)

    @cached_property
    def _uses(self) -> list[Sequence[int]]:
        quantities = self.derivation.quantities
        return [[self._places[k] for k in quantities[key].uses] for key in self.keys]

    @cached_property
    def _printed(self) -> list[Verdict]:
        """The verdict on a number at each place and on how it is printed."""
        return [verdict_on(self.rounding, self._kind(k), False) for k in self._places]

    def _kind(self, key: Key) -> str:
        """The kind by whose digits it is printed: for a copy that of the other."""
        formula = self._formulas.get(key)
        if isinstance(formula, Name):
            return self._kind(formula.key)
        return rounding_kind(key, self.derivation.graph)

    @cached_property
    def _lines(self) -> list[tuple[Verdict, int]]:
        """The verdict on the value of each line, and the place of its result."""
        found = []
        for key in self.keys:
            parts = [*walk(self._formulas[key])]
            divides = any(isinstance(part, Quotient | Power) for part in parts)
            verdict = verdict_on(self.rounding, self._kind(key), divides)
            if any(isinstance(p, Call) and p.function in MACHINE for p in parts):
                verdict = to_14_digits(verdict)
            found.append((verdict, self._places[key]))
        return found

    def gradients_of(self, numbers: Numbers) -> GradientCheck:
        """Each gradient in full precision against central differences of the error."""
        quick = self._differences.check(numbers.value)
        if not quick.failures:
            return quick
        run = run_at(self.derivation, self.rounding, 1, numbers.givens)
        slow = check_differences(run.derivation, run.full, quick.failures)
        return GradientCheck(
            "differences",
            quick.compared + slow.compared,
            quick.wanted,
            max(quick.largest, slow.largest),
            slow.failures,
            slow.kinks,
        )

    @cached_property
    def _differences(self) -> DifferenceCheck:
        return DifferenceCheck(self.derivation, self._places)


def check_run(run: Run) -> Check:
    """One iteration: its lines and its gradients, without SymPy."""
    derivation = run.derivation
    keys = [key for key in printed_keys(derivation) if key in derivation.quantities]
    return Check(
        check_lines(derivation, run.readings, run.rounding, keys, work_out=by_walking),
        check_differences(derivation, run.full, tuple(derivation.gradients)),
    )
