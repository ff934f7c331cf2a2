"""G: mistakes in the gradient of a weight or a bias, from the signal of its unit."""

from __future__ import annotations

from explainer.homework.answers import Answers, subject_of
from explainer.homework.mistakes.editing import (
    of_local,
    without_local,
)
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.mathematics.written import ZERO, Key, Name, Written
from explainer.network.quantity import Quantity

WEIGHT, BIAS = "slope_by_weight", "slope_by_bias"


def _source(answers: Answers, z: Key, weight: Key) -> Key | None:
    return next((x for w, x in answers.shape.sums[z].pairs if w == weight), None)


def sum_of_source(answers: Answers, z: Key, weight: Key) -> Written | None:
    """delta z_i for delta a_i."""
    source = _source(answers, z, weight)
    before = answers.shape.argument.get(source) if source else None
    return Name(before) if before else None


def source_beside(step: int) -> Edit:
    """delta a_i+1 for delta a_i."""

    def other(answers: Answers, z: Key, weight: Key) -> Written | None:
        pairs = answers.shape.sums[z].pairs
        weights = [w for w, _ in pairs]
        if len(pairs) < 2 or (step < 0 and len(pairs) < 3):
            return None
        return Name(pairs[(weights.index(weight) + step) % len(pairs)][1])

    return of_local(WEIGHT, other)


def weight_itself(answers: Answers, z: Key, weight: Key) -> Written | None:
    """delta w for delta a."""
    return Name(weight)


def own_output(answers: Answers, z: Key, weight: Key) -> Written | None:
    """delta_j a_j for delta_j a_i."""
    a = answers.shape.result.get(z)
    return Name(a) if a else None


def times_bias(answers: Answers, z: Key, bias: Key) -> Written | None:
    """delta b for delta."""
    return Name(bias)


def bias_constant(answers: Answers, z: Key, bias: Key) -> Written | None:
    """0, as if the bias were no variable."""
    return ZERO


def transposed(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """dE/dw_ij for dE/dw_ji."""
    subject = subject_of(quantity.key)
    other = answers.shape.transposed.get(subject)
    if quantity.key.kind != "derivative" or other is None:
        return None
    key = Key("derivative", (quantity.key.of[0], other))
    return answers.quantities[key].formula if key in answers.quantities else None


GRADIENTS = (
    Mistake("sum-for-source", "G1", "concept", of_local(WEIGHT, sum_of_source)),
    Mistake("next-source", "G2", "slip", source_beside(1)),
    Mistake("source-before", "G2", "slip", source_beside(-1)),
    Mistake("weight-for-source", "G3", "concept", of_local(WEIGHT, weight_itself)),
    Mistake("source-missing", "G4", "concept", without_local(WEIGHT)),
    Mistake("own-output-for-source", "G5", "concept", of_local(WEIGHT, own_output)),
    Mistake("gradient-times-bias", "G6", "concept", of_local(BIAS, times_bias)),
    Mistake("gradient-of-bias-zero", "G6", "concept", of_local(BIAS, bias_constant)),
    Mistake("gradients-transposed", "G7", "slip", transposed),
)
