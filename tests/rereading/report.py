"""The verdicts on a page: one for each pair of neighbouring sides.

=         the two sides are exactly equal
rounded   the right side is the left one, rounded to the right one's last place
propagated  the sides differ by no more than the printed digits leave open
symbolic  as above, with the numbers that the page itself gave to the symbols
weak      an approximation sign between numbers that are exactly equal
loose     `=` between a formula and numbers that agree only as far as is printed
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

TRUE = ("equal", "rounded", "propagated", "symbolic")
FALSE = ("unequal", "loose", "contradiction", "unreadable")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about two neighbouring sides."""

    kind: str
    step: int | None
    line: int
    left: str
    relation: str
    right: str
    reason: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", step {self.step}" if self.step else "")
        reason = f" ({self.reason})" if self.reason else ""
        return f"{place}: {self.kind}: {self.left} {self.relation} {self.right}{reason}"


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts on a page, in its order."""

    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(verdict.kind for verdict in self.verdicts)

    @property
    def failures(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.kind in FALSE]

    @property
    def weak(self) -> list[Verdict]:
        """Lines with an approximation sign between sides that are exactly equal."""
        return [verdict for verdict in self.verdicts if verdict.kind == "weak"]

    @property
    def unknown(self) -> list[Verdict]:
        """Lines that could not be judged: a symbol without a number, a sum sign."""
        return [verdict for verdict in self.verdicts if verdict.kind == "unknown"]
