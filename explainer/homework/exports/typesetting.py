"""The worksheet as HTML for course systems: formulas stay LaTeX between \\( and \\)."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from explainer.mathematics.latex import print_latex
from explainer.mathematics.typesetting.boxes import Box
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.written import Key
from explainer.page.document import Block, Document, Step
from explainer.page.formats import Format
from explainer.page.rendering import Renderer
from explainer.page.templates import Ready


def print_escaped(box: Box, around: Surroundings) -> str:
    """LaTeX as text of an HTML page."""
    return html.escape(print_latex(box, around), quote=False)


QUIZ = Format("quiz", ".html", "quiz", html.escape, print_escaped)
Hole = Callable[[Step], str]


class QuizRenderer(Renderer):
    """Renders worksheets whose holes are filled by `hole`."""

    def __init__(self, spell: Callable[[Key], str], **options: Any) -> None:
        super().__init__(QUIZ, spell, **options)

    def render_with(self, document: Document, hole: Hole) -> str:
        """The document, with what `hole` says in the holes."""
        self.environment.filters["hole"] = lambda step: Ready(hole(step))
        return self.render(document)


def ready(value: object) -> object:
    """Every text in a value is ready to print: code, or HTML."""
    match value:
        case str():
            return Ready(value)
        case dict():
            return {ready(key): ready(item) for key, item in value.items()}
        case list() | tuple():
            return [ready(item) for item in value]
    return value


def parts_of(document: Document) -> Iterator[tuple[Document, Step | None]]:
    """The document in parts: each step that is asked for alone, and what stands between
    two of them together."""
    waiting: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Step) and block.points is not None:
            if waiting:
                yield replace(document, blocks=tuple(waiting), paper=None), None
                waiting = []
            yield replace(document, blocks=(block,), paper=None), block
        else:
            waiting.append(block)
    if waiting:
        yield replace(document, blocks=tuple(waiting), paper=None), None
