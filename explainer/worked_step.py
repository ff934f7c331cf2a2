"""One step of a worked derivation, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from explainer.notation import plain_name
from explainer.page.document import Document, Step
from explainer.page.rendering import render

if TYPE_CHECKING:
    from explainer.worked import WorkedDerivation


@dataclass(frozen=True, repr=False)
class WorkedStep:
    """One step. In Jupyter it displays itself with its reason and lines of working."""

    derivation: WorkedDerivation
    block: Step

    @property
    def number(self) -> int:
        return self.block.number

    @property
    def iteration(self) -> int:
        """Whose numbers it shows; 1 where there is one iteration only."""
        return self.block.iteration

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names of the quantities that it works out: one, or the entries of
        a matrix."""
        keys = self.block.entries or ((self.block.key,) if self.block.key else ())
        return tuple(map(plain_name, keys))

    def __repr__(self) -> str:
        return f"step {self.number}: {', '.join(self.names)}"

    def _repr_markdown_(self) -> str:
        document = Document(self.derivation.document.title, (self.block,))
        spell, language = self.derivation.spell, self.derivation.spec.page.language
        return render(document, "md", spell, language=language).strip("\n")
