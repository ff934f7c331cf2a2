"""The closing section: what was verified, and what the rounding moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from explainer.derivation.deriving import Derivation
from explainer.derivation.form_check import FormCheck, check_forms
from explainer.derivation.gradient_check import GradientCheck, check_gradients
from explainer.derivation.matrix_check import MatrixCheck
from explainer.derivation.progress import Progress
from explainer.derivation.readings import Readings
from explainer.derivation.slope_check import SlopeCheck, check_slopes
from explainer.derivation.verification import LineCheck, check_lines
from explainer.derivation.working import Equation
from explainer.mathematics.evaluation import WORKING, as_decimal
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number
from explainer.page.document import Cite, Token

if TYPE_CHECKING:
    from explainer.page.composing import Composer


@dataclass(frozen=True, slots=True)
class Shift:
    """How far rounding moved a result: the quantity that it moved most, relative to
    its value."""

    key: Key
    shown: Decimal
    full: Decimal
    share: Decimal
    iteration: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was verified: slopes, printed lines, gradients, and how far the rounding
    moved them."""

    slopes: SlopeCheck
    forms: FormCheck
    lines: LineCheck
    gradients: GradientCheck
    shift: Shift | None
    matrices: MatrixCheck = MatrixCheck()

    @property
    def holds(self) -> bool:
        checks = (
            self.slopes,
            self.forms,
            self.lines,
            self.gradients,
            self.matrices,
        )
        return not any(check.failures for check in checks)


def prove(
    derivation: Derivation,
    readings: Readings,
    full: Readings,
    rounding: Rounding,
    printed: Mapping[Key, tuple[Equation, ...]],
    progress: Progress | None = None,
) -> Proof:
    """Check the slopes, every printed line and every gradient."""
    return Proof(
        check_slopes(derivation, progress),
        check_forms(derivation, full, printed, progress),
        check_lines(derivation, readings, rounding, tuple(printed), progress),
        check_gradients(derivation, full, progress),
        measure_shift(derivation, readings, full),
    )


def together(numbered: Mapping[int, Proof]) -> Proof:
    """The proofs of several iterations as one: counts added, the farthest deviation."""
    proofs = list(numbered.values())
    if len(proofs) == 1:
        return proofs[0]
    gradients = [proof.gradients for proof in proofs]
    shifts = [
        replace(proof.shift, iteration=number)
        for number, proof in numbered.items()
        if proof.shift
    ]
    return Proof(
        SlopeCheck(
            sum(proof.slopes.count for proof in proofs),
            tuple(rule for proof in proofs for rule in proof.slopes.failures),
        ),
        FormCheck(
            sum(proof.forms.count for proof in proofs),
            tuple(key for proof in proofs for key in proof.forms.failures),
        ),
        LineCheck(
            {
                name: sum(proof.lines.counts[name] for proof in proofs)
                for name in proofs[0].lines.counts
            },
            tuple(key for proof in proofs for key in proof.lines.failures),
        ),
        GradientCheck(
            gradients[0].road,
            sum(check.compared for check in gradients),
            sum(check.wanted for check in gradients),
            max(check.largest for check in gradients),
            tuple(key for check in gradients for key in check.failures),
            tuple(dict.fromkeys(key for check in gradients for key in check.kinks)),
        ),
        max(shifts, key=lambda shift: shift.share, default=None),
    )


def measure_shift(
    derivation: Derivation, readings: Readings, full: Readings
) -> Shift | None:
    """The gradient that the rounding moved most, None where nothing moved."""
    shifts = []
    for key in derivation.gradients.values():
        shown, exact = as_decimal(readings[key].shown), as_decimal(full[key].value)
        if shown != exact and exact:
            with localcontext(WORKING):
                share = abs(shown - exact) / abs(exact)
            shifts.append(Shift(key, shown, exact, share))
    return max(shifts, key=lambda shift: shift.share, default=None)


def say_proof(composer: Composer, proof: Proof) -> None:
    """Print the verification as a section."""
    composer.heading(2, "heading_verification")
    composer.say(
        "verified_slopes",
        count=proof.slopes.count,
        forms=proof.forms.count,
        holds=not (proof.slopes.failures or proof.forms.failures),
    )
    composer.say(
        "verified_lines",
        total=proof.lines.total,
        mode=Token(composer.rounding.mode),
        **proof.lines.counts,
    )
    for key in proof.lines.failures:
        composer.say(
            "false_line", this=Name(key), cite=Cite(composer.numbers.get(key, 0))
        )
    if proof.matrices.count:
        composer.say("verified_matrices", count=proof.matrices.count)
    check = proof.gradients
    composer.say(
        f"verified_gradients_{check.road}",
        compared=check.compared,
        wanted=check.wanted,
        largest=Number(two_figures(check.largest)),
        agree=not check.failures,
        kinks=tuple(Name(key) for key in check.kinks),
        objective=Name(composer.derivation.graph.objective),
    )
    _say_shift(composer, proof.shift)


def _say_shift(composer: Composer, shift: Shift | None) -> None:
    """How far the rounding in force moved the gradients."""
    if shift is None:
        composer.say("rounding_moved_nothing")
        return
    composer.say(
        "rounding_moved",
        this=Name(shift.key),
        iteration=shift.iteration,
        shown=Number(shift.shown),
        percent=Number(two_figures(shift.share * 100)),
        full=Number(figures(shift.full, 10)),
    )


def two_figures(value: Decimal) -> Decimal:
    return figures(value, 2)


def figures(value: Decimal, count: int) -> Decimal:
    """The value to so many significant figures, for a report."""
    return Decimal(f"{value:.{count - 1}E}") if value else Decimal(0)
