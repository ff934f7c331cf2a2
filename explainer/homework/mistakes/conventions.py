"""Whole conventions: edits that belong together and are no mistake if the sheet is
right under them."""

from __future__ import annotations

from explainer.homework.mistakes.loss import (
    convention,
    factor_half,
    factor_two,
    logarithm,
    mean_for_sum,
    other_signal,
    seed_shared,
    sign,
    slope_of_logarithm,
    uses_other_signal,
    with_half,
    with_square,
    without_half,
)
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.mistakes.updates import added

TARGET_MINUS_OUTPUT = convention(sign, added)
NEGATIVE_SIGNAL = convention(other_signal, uses_other_signal)
WITHOUT_HALF = convention(without_half, with_square(factor_two, half=True))
WITH_HALF = convention(with_half, with_square(factor_half, half=False))
MEAN_OR_SUM = convention(mean_for_sum, seed_shared)
TO_BASE_10 = convention(logarithm("10"), slope_of_logarithm("10"))
TO_BASE_2 = convention(logarithm("2"), slope_of_logarithm("2"))

CONVENTIONS = (
    Mistake("error-is-t-minus-y", "D1+U1", "convention", TARGET_MINUS_OUTPUT),
    Mistake("signal-is-negative", "D1", "convention", NEGATIVE_SIGNAL),
    Mistake("loss-without-half", "L1+D2", "convention", WITHOUT_HALF),
    Mistake("loss-with-half", "L1+D3", "convention", WITH_HALF),
    Mistake("loss-is-mean-or-sum", "L2+D4", "convention", MEAN_OR_SUM),
    Mistake("loss-to-base-10", "L3", "convention", TO_BASE_10),
    Mistake("loss-to-base-2", "L3", "convention", TO_BASE_2),
)
