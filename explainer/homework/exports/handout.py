"""One student's paper as the exports see it: the worksheet, its key, its questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from explainer.derivation.deriving import Derivation
from explainer.derivation.readings import Readings
from explainer.homework.exports.asking import ask_questions
from explainer.homework.exports.quiz import Quiz
from explainer.homework.exports.typesetting import Hole, QuizRenderer, ready
from explainer.homework.exports.wrong_numbers import InjectedMistakes
from explainer.homework.worksheet.papers import Papers
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph
from explainer.page.document import Document, Token, Words


class QuizMaker:
    """What all papers of one exercise have in common: how they are written, and which
    mistakes can be made in them. `spell` gives LaTeX symbols."""

    def __init__(
        self, graph: Graph, spell: Callable[[Key], str], language: str = "en"
    ) -> None:
        self.renderer = QuizRenderer(spell, language=language)
        self.mistakes = InjectedMistakes(graph)


@dataclass(frozen=True)
class Handout:
    """The papers of one variant, with all that an export may ask for.

    `title` is that of the network file, `student` has the columns of the roster.
    """

    title: str
    papers: Papers
    derivation: Derivation
    readings: Readings
    rounding: Rounding
    maker: QuizMaker
    student: Mapping[str, str]

    @property
    def code(self) -> str:
        paper = self.papers.key.paper
        return paper.code if paper else ""

    @cached_property
    def quiz(self) -> Quiz:
        """Its questions. Raises NetworkError where a step asks for a matrix."""
        questions = ask_questions(
            self.papers.key,
            self.derivation,
            self.readings,
            self.rounding,
            self.maker.mistakes,
        )
        return Quiz(self.code, self.title, questions, self.student)

    @cached_property
    def blank(self) -> Document:
        return self.papers.part("blank")

    def html(self, document: Document, hole: Hole = lambda step: "") -> str:
        """A part of the worksheet or of the key, as HTML with LaTeX in it."""
        return self.maker.renderer.render_with(document, hole)

    def hint(self, mistake: str) -> str:
        """What a student may have done, in one sentence."""
        return self.say("mistake_hint", mistake=Token(mistake))

    def say(self, key: str, **values: object) -> str:
        """A sentence of the wording."""
        return str(self.maker.renderer.say(Words(key, values)))

    def fill_template(self, name: str, **values: object) -> str:
        """A template by its path, filled. Texts in `values` are printed as they are."""
        ready_values = {name: ready(value) for name, value in values.items()}
        return self.maker.renderer.fill(name, ready_values)
