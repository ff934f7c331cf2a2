"""A mistake as a small edit of the derivation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from explainer.homework.answers import Answers, bare
from explainer.mathematics.written import Key, Name, Written, names_in, substitute
from explainer.network.quantity import Quantity

Edit = Callable[[Answers, Quantity, Written], Written | None]
# A concept is misunderstood, a slip just happens, a convention is a choice of its own.
Kind = Literal["concept", "slip", "convention"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a student may do instead: `edit` answers the wrong formula of a quantity, or
    None where the mistake does not apply.

    The edit gets each way in which the quantity may be computed. `id` is the entry of
    the catalogue: several mistakes have one id where they are forms of one.
    """

    name: str
    id: str
    kind: Kind
    edit: Edit

    def wrong(
        self, answers: Answers, quantity: Quantity, way: Written
    ) -> Written | None:
        """The wrong formula for one way of a quantity, None where it stays.

        A mistake in the forward pass is made again in the forward pass after the
        update.
        """
        before = bare(quantity.key)
        if quantity.key == before or before not in answers.graph.quantities:
            wrong = self.edit(answers, quantity, way)
        else:
            wrong = self._after_update(answers, before, way)
        return None if wrong is None or wrong == way else wrong

    def _after_update(
        self, answers: Answers, before: Key, way: Written
    ) -> Written | None:
        old = {key: Name(bare(key)) for key in names_in(way) if key.kind == "new"}
        quantity = answers.quantities[before]
        wrong = self.edit(answers, quantity, substitute(way, old))
        if wrong is None:
            return None
        news = {key: Key("new", (key,)) for key in names_in(wrong)}
        return substitute(
            wrong, {k: Name(n) for k, n in news.items() if n in answers.quantities}
        )
