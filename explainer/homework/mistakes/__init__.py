"""The catalogue of mistakes: one record each, in tables by the part of the work."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.homework.mistakes.batches import BATCHES
from explainer.homework.mistakes.conventions import CONVENTIONS
from explainer.homework.mistakes.forward import FORWARD
from explainer.homework.mistakes.gradients import GRADIENTS
from explainer.homework.mistakes.hidden import HIDDEN
from explainer.homework.mistakes.loss import LOSS
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.mistakes.seeds import SEEDS
from explainer.homework.mistakes.slopes import SLOPES
from explainer.homework.mistakes.updates import UPDATING

MISTAKES: Mapping[str, Mistake] = {
    mistake.name: mistake
    for table in (
        FORWARD,
        LOSS,
        SEEDS,
        SLOPES,
        GRADIENTS,
        HIDDEN,
        UPDATING,
        BATCHES,
        CONVENTIONS,
    )
    for mistake in table
}
