"""Document -> text, through Jinja templates: every word and every layout decision is
theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from explainer.derivation.runs import Run
from explainer.derivation.working import EQUAL, Equation, Side
from explainer.mathematics.latex import print_latex
from explainer.mathematics.plain import plain
from explainer.mathematics.svg import print_svg
from explainer.mathematics.typesetting.boxes import Box, row
from explainer.mathematics.typesetting.patterns import PatternError
from explainer.mathematics.typesetting.setting import Pieces, pieces, typeset
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.unicode_text import unicode_text
from explainer.mathematics.written import Written
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name
from explainer.page.breaking import nest
from explainer.page.document import (
    Cite,
    Document,
    Heading,
    Picture,
    Step,
    Token,
    Words,
)
from explainer.page.formats import FORMATS, SVG, Format
from explainer.page.lines import Line
from explainer.page.measure import break_rows, measure
from explainer.page.pictures.drawing import Label
from explainer.page.pictures.measuring import label_boxes
from explainer.page.templates import (
    MissingSentence,
    Ready,
    language_problem,
    make_environment,
)

# The width of a letter of text in digits, and the least room that mathematics is given.
READABLE = 0.95
NARROWEST = 18.0
NO_RUNS: Mapping[int, Run] = MappingProxyType({})


class Renderer:
    """Renders documents in one format and language; `folder` overrides single
    templates."""

    def __init__(
        self,
        form: Format,
        spell: Callable[[Any], str],
        folder: Path | None = None,
        language: str = "en",
        stem: str = "",
    ) -> None:
        self.form = form
        self.spell = spell
        self.language = language
        self.environment = make_environment(folder)
        self.environment.globals["language"] = Ready(language)
        # What stands before each block and at the end, for who wants to cut there.
        self.environment.globals["cuts"] = Ready("")
        self.environment.globals["stem"] = Ready(stem)
        self.environment.filters |= {
            "math": self.math,
            "lines": self.lines,
            "say": self.say,
            "text": self._text,
            "word": lambda key: self.say(Words(key)),
            "cell": self.cell,
            "heading": self.heading,
            "label": lambda step: Ready(step.label),
            "step_title": self.step_title,
            "say_plainly": self.say_plainly,
            "svg_label": self.svg_label,
            "svg_text": lambda text: Ready(escape(text)),
            "drawn": lambda picture: self._drawn(picture, folder),
        }
        self.inline: Any = self.environment.get_template(
            f"{form.folder}/inline.j2"
        ).module
        self.environment.globals["inline"] = self.inline
        self.wording: Any = self.environment.get_template(
            f"wording/{language}.j2"
        ).module
        self.around = Surroundings(self._phrase)

    def render(self, document: Document) -> str:
        """The document as text."""
        return self.part(self.form.document, {"document": document})

    def part(self, name: str, values: Mapping[str, object]) -> str:
        """One template of the format, filled."""
        return self.fill(f"{self.form.folder}/{name}.j2", values)

    def fill(self, path: str, values: Mapping[str, object]) -> str:
        """A template by its path, filled."""
        return self.environment.get_template(path).render(values, wording=self.wording)

    def within(self, around: Surroundings) -> Renderer:
        """The same renderer, for formulas in other surroundings."""
        here = copy(self)
        here.around = around
        return here

    def math(self, part: Written | Box) -> Ready:
        """Mathematics as the format prints it."""
        box = part if isinstance(part, Box) else typeset(part, self.spell)
        return self._print(box)

    def _print(self, box: Box) -> Ready:
        try:
            return Ready(self.form.printer(box, self.around))
        except PatternError as error:
            message = (
                f"the symbol {error.tex!r} uses {error.command!r}, which only LaTeX can"
                f" print: write the pattern without it, or leave out the format"
                f" {self.form.name}"
            )
            raise NetworkError([Problem("notation", message)]) from error

    def _phrase(self, key: str) -> str:
        """A word that stands inside a formula."""
        return self.say(Words(f"phrase_{key}"))

    def lines(self, equation: Equation, width: float) -> list[Line]:
        """The lines of an equation, none wider than `width` with its left side and
        reason."""
        reasons = [self._reason(side.rules) for side in equation.sides]
        beside = max((READABLE * len(reason) for reason in reasons), default=0.0)
        wide = self.form.measure or measure
        before = self._measured(typeset(equation.left, self.spell))
        room = max(width - wide(before) - beside, NARROWEST)
        found: list[Line] = []
        for side, boxes in self._sides(equation):
            reason = self._reason(side.rules)
            counts = break_rows([self._measured(box) for box in boxes], room, wide)
            for place, count in enumerate(counts):
                start = sum(counts[:place])
                math = self._print(row(*boxes[start : start + count]))
                last = place == len(counts) - 1
                sign = side.relation if place == 0 else None
                found.append(Line(math, sign, reason if last else Ready("")))
        return found

    def unbroken(self, equation: Equation) -> list[Line]:
        """The lines of an equation, one for each side, in pieces between which the
        reader's program may break them."""
        return [
            Line(
                self._print(row(*boxes)),
                side.relation,
                self._reason(side.rules),
                nest(list(map(self._print, boxes)), list(map(self._measured, boxes))),
            )
            for side, boxes in self._sides(equation)
        ]

    def _sides(self, equation: Equation) -> Iterator[tuple[Side, Pieces]]:
        """The sides that are printed, as boxes."""
        before = self._measured(typeset(equation.left, self.spell))
        for side in equation.sides:
            boxes = pieces(side.written, self.spell)
            whole = " ".join(map(self._measured, boxes))
            # The same symbol can stand in two roles, such as a local derivative that
            # is total.
            if side.relation != EQUAL or whole != before:
                yield side, boxes
                before = whole

    def _measured(self, box: Box) -> str:
        """The text by which a box is measured: its LaTeX, where a format says no
        other."""
        printer = self.form.printer if self.form.measure else print_latex
        return printer(box, self.around)

    def _reason(self, rules: tuple[str, ...]) -> Ready:
        return (
            self.say(Words("rules", {"rules": tuple(map(Token, rules))}))
            if rules
            else Ready("")
        )

    def heading(self, heading: Heading) -> Ready:
        """A heading: its mathematics has a plain form, for bookmarks that have no
        fonts."""
        return self.say(heading.words, self._math_in_heading)

    def say(
        self, words: Words, math: Callable[[Written], Ready] | None = None
    ) -> Ready:
        """A sentence of the language, with its values spelled in this format."""
        macro = getattr(self.wording, words.key, None)
        if macro is None:
            wording = f"wording/{self.language}.j2"
            raise MissingSentence(f"{wording} has no sentence {words.key!r}")
        values = {
            name: self._value(value, math or self._math)
            for name, value in words.values.items()
        }
        text = " ".join(str(macro(values)).split())
        letters = self.form.letters
        return Ready(text.translate(letters) if letters else text)

    def cell(self, cell: Written | Words) -> Ready:
        """A cell of a table."""
        return self.say(cell) if isinstance(cell, Words) else self._math(cell)

    def step_title(self, step: Step) -> Ready:
        """The title of a step: its label and its number."""
        values = {"number": step.number, "name": step.name, "points": step.points}
        return self.say(Words(f"{step.label}_title", values))

    def say_plainly(self, words: Words) -> Ready:
        """A sentence whose mathematics is plain text, for what is read aloud."""
        return self.say(words, lambda w: self._text(unicode_text(w, self.spell)))

    def svg_label(self, label: Label) -> Ready:
        """A label as the text of an SVG, in whatever format that stands."""
        boxes = label_boxes(self.spell, label.symbol, label.value)
        return Ready(print_svg(row(*boxes), self.around))

    def _drawn(self, picture: Picture, folder: Path | None) -> Ready:
        """A picture in SVG inside a page of this format, for formats that hold SVG but
        escape text in another way."""
        drawer = Renderer(SVG, self.spell, folder, self.language)
        return Ready(
            drawer.fill(f"{self.form.folder}/picture.j2", {"picture": picture})
        )

    def _math(self, written: Written) -> Ready:
        return Ready(self.inline.math(self.math(written)))

    def _math_in_heading(self, written: Written) -> Ready:
        text = self.form.escape(plain(written, plain_name))
        return Ready(self.inline.math_in_heading(self.math(written), Ready(text)))

    def _value(self, value: object, math: Callable[[Written], Ready]) -> object:
        match value:
            case Words():
                return self.say(value, math)
            case Written():
                return math(value)
            case Cite():
                return Ready(self.inline.cite(value.number, Ready(value.label)))
            case tuple():
                return tuple(self._value(item, math) for item in value)
            case Token():
                return value
            case str():
                return self._text(value)
        return value

    def _text(self, text: str) -> Ready:
        """Text of the user's, escaped."""
        return Ready(self.form.escape(text))


def render(
    document: Document,
    form: str,
    spell: Callable[[Any], str],
    folder: Path | None = None,
    language: str = "en",
    runs: Mapping[int, Run] = NO_RUNS,
    stem: str = "",
) -> str:
    """The document in the format called `form`; `runs` are what its numbers come from.
    Files of pictures beside the page begin with `stem`.

    Raises ValueError for a language without a wording, MissingSentence for one that is
    not complete.
    """
    problem = language_problem(language, folder)
    if problem:
        raise ValueError(problem)
    renderer = Renderer(FORMATS[form], spell, folder, language, stem)
    write = FORMATS[form].write
    return write(renderer, document, runs) if write else renderer.render(document)
