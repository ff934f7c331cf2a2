"""One student's paper as the exports see it: the worksheet, its key, its questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.homework.exports.asking import ask_questions
from explainer.homework.exports.quiz import Quiz
from explainer.homework.exports.typesetting import QuizRenderer, ready
from explainer.homework.worksheet.papers import Papers
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.page.document import Document, Step, Token, Words


@dataclass(frozen=True)
class Handout:
    """The papers of one variant, with all that an export may ask for.

    `title` is that of the network file, `spell` gives LaTeX symbols.
    """

    title: str
    papers: Papers
    derivation: Derivation
    readings: Readings
    rounding: Rounding
    spell: Callable[[Key], str]
    language: str = "en"

    @property
    def code(self) -> str:
        paper = self.papers.key.paper
        return paper.code if paper else ""

    @cached_property
    def quiz(self) -> Quiz:
        """Its questions. Raises NetworkError where a step asks for a matrix."""
        questions = ask_questions(
            self.papers.key, self.derivation, self.readings, self.rounding
        )
        paper = self.papers.key.paper
        return Quiz(self.code, self.title, questions, paper.name if paper else "")

    @cached_property
    def blank(self) -> Document:
        return self.papers.part("blank")

    def html(
        self, document: Document, hole: Callable[[Step], str] = lambda s: ""
    ) -> str:
        """A part of the worksheet or of the key, as HTML with LaTeX in it."""
        return QuizRenderer(self.spell, hole, language=self.language).render(document)

    def hint(self, mistake: str) -> str:
        """What a student may have done, in one sentence."""
        return self.say("mistake_hint", mistake=Token(mistake))

    def say(self, key: str, **values: object) -> str:
        """A sentence of the wording."""
        return str(self._renderer.say(Words(key, values)))

    def fill_template(self, name: str, **values: object) -> str:
        """A template by its path, filled. Texts in `values` are printed as they are."""
        return self._renderer.fill(name, {k: ready(v) for k, v in values.items()})

    @cached_property
    def _renderer(self) -> QuizRenderer:
        return QuizRenderer(self.spell, lambda step: "", language=self.language)
