"""Reports on the terminal and in files."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.homework.report.composing import Report, compose_report
from explainer.homework.report.marking import Marking, mark
from explainer.homework.report.record import record_report
from explainer.page.document import Document

if TYPE_CHECKING:
    from explainer.cli.keys import Paper
    from explainer.page.rendering import Renderer
    from explainer.page.terminal import TerminalRenderer

Spell = Callable[[Any], str]


def make_report(text: str, paper: Paper, marking: Marking, student: str = "") -> Report:
    """The report on one sheet."""
    checker = paper.checker
    checked = checker.check(text, paper.givens)
    marks = mark(checker, checked, marking, paper.points)
    whose = student or paper.student.get("name") or paper.student.get("id", "")
    return Report(checker.spec.title, checked, marks, whose, paper.code)


class Printer:
    """Prints reports of one notation; templates are prepared once."""

    def __init__(self, spell: Spell, language: str, templates: Path | None) -> None:
        self.spell, self.language, self.templates = spell, language, templates
        self._renderers: dict[str, Renderer] = {}

    def write(self, report: Report, form: str) -> str:
        """The report as a text in a format: text, json or a format of pages."""
        if form == "json":
            data = record_report(report)
            return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
        return self.page(compose_report(report), form)

    def page(self, document: Document, form: str) -> str:
        """A document in a format."""
        if form == "text":
            return _without_markup(self._terminal.render(document))
        renderer = self._renderer(form)
        write = renderer.form.write
        return write(renderer, document, {}) if write else renderer.render(document)

    def _renderer(self, form: str) -> Renderer:
        from explainer.page.formats import FORMATS
        from explainer.page.rendering import Renderer

        if form not in self._renderers:
            self._renderers[form] = Renderer(
                FORMATS[form], self.spell, self.templates, self.language
            )
        return self._renderers[form]

    @cached_property
    def _terminal(self) -> TerminalRenderer:
        from explainer.page.terminal import WIDTH, TerminalRenderer

        return TerminalRenderer(self.spell, WIDTH, self.templates, self.language)


def _without_markup(text: str) -> str:
    from rich.text import Text

    return Text.from_markup(text, emoji=False).plain.strip("\n") + "\n"


def print_text(
    report: Report, spell: Spell, language: str, templates: Path | None
) -> None:
    """The report on the terminal, in its width; colours in a terminal only."""
    from rich.console import Console

    from explainer.page.terminal import TerminalRenderer

    console = Console(highlight=False)
    renderer = TerminalRenderer(spell, console.width, templates, language)
    text = renderer.render(compose_report(report))
    console.print(text.strip("\n"), soft_wrap=True, emoji=False)
