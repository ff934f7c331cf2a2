"""Each key is verified as it is made: what was verified is counted, and what is false
is named with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.derivation.gradient_check import differences_at
from explainer.derivation.repeated_check import Check
from explainer.derivation.runs import Run
from explainer.derivation.verification import EXACT, FALSE, PROPAGATED, ROUNDED
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.plain import plain
from explainer.mathematics.written import Number, substitute
from explainer.notation import plain_name

TRUE = (EXACT, ROUNDED, PROPAGATED)


@dataclass(frozen=True, slots=True)
class Verified:
    """How much of how many keys was verified. `lines` counts them by class; `skipped`
    are gradients that no difference can tell, such as at a kink; `largest` is how far
    a gradient is from its difference at most, relative to the gradient."""

    keys: int = 0
    lines: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(TRUE, 0))
    gradients: int = 0
    skipped: int = 0
    largest: Decimal = Decimal(0)

    def __add__(self, other: Verified) -> Verified:
        return Verified(
            self.keys + other.keys,
            {name: self.lines[name] + other.lines[name] for name in TRUE},
            self.gradients + other.gradients,
            self.skipped + other.skipped,
            max(self.largest, other.largest),
        )

    def to_json(self) -> dict[str, int]:
        """What is the same on every machine."""
        return {**self.lines, "gradients": self.gradients, "skipped": self.skipped}

    @classmethod
    def from_json(cls, data: Mapping[str, int]) -> Verified:
        """What was verified of one key."""
        lines = {name: data[name] for name in TRUE}
        return cls(1, lines, data["gradients"], data["skipped"])


def count(checks: list[Check]) -> Verified:
    """What was verified of one key: all its iterations."""
    gradients = [check.gradients for check in checks]
    return Verified(
        1,
        {name: sum(check.lines.counts[name] for check in checks) for name in TRUE},
        sum(check.compared for check in gradients),
        sum(check.wanted - check.compared for check in gradients),
        max(check.largest for check in gradients),
    )


def list_failures(check: Check, run: Run) -> Iterator[str]:
    """Each line and each gradient that did not verify, with its numbers."""
    readings, quantities = run.readings, run.derivation.quantities
    for key in check.lines.failures:
        formula = quantities[key].formula
        numbers = {used: Number(readings[used].shown) for used in quantities[key].uses}
        sides = (formula, substitute(formula, numbers), Number(readings[key].shown))
        words = " = ".join(plain(side, plain_name) for side in sides)
        yield f"line: {plain_name(key)} = {words} is {FALSE}"
    if check.gradients.failures:
        others = differences_at(run.derivation.graph, check.gradients.failures)
        for key, other in others.items():
            gradient = run.derivation.gradients[key]
            value = as_decimal(run.full[gradient].value)
            yield (
                f"gradient: {plain_name(gradient)} is {value:.20g}, and"
                f" {other:.20g} by central differences"
            )
