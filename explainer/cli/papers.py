"""The papers of one run: drawn, worked out and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from explainer.cli.choosing import choose
from explainer.cli.publishing import make
from explainer.cli.worksheet import (
    NAMES,
    PAGES,
    hand_out,
    print_page,
    quiz_maker,
    read_assignment,
)
from explainer.derivation.runs import run_at, run_course
from explainer.homework.exports.formats import EXPORTS
from explainer.homework.exports.handout import Handout, QuizMaker
from explainer.homework.variants.cooking import Kitchen
from explainer.homework.variants.making import Exercise, Variant, make_checks
from explainer.homework.variants.manifest import (
    Line,
    Manifest,
    hash_text,
    write_line,
)
from explainer.homework.variants.roster import Student
from explainer.homework.variants.shapes import Shape, make_shapes
from explainer.homework.worksheet.papers import Papers, set_papers
from explainer.mathematics.written import Key
from explainer.notation import plain_name
from explainer.worked import Network, WorkedDerivation

Origin = tuple[Manifest, bytes, Path | None]


@dataclass(frozen=True, slots=True)
class Paper:
    """The files of one paper by name, its line in the manifest, why it was drawn again
    how often, and which numbers differ from those of an earlier version."""

    files: Mapping[str, str | bytes]
    line: str
    rejected: Mapping[str, int]
    differs: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True)
class Printer:
    """Makes the papers of one manifest. `origin` is all that another process needs to
    make the same ones."""

    manifest: Manifest
    salt: bytes
    templates: Path | None

    @property
    def origin(self) -> Origin:
        return self.manifest, self.salt, self.templates

    @cached_property
    def choices(self) -> dict[str, Any]:
        lists = ("to", "prints", "blank", "points", "only", "show")
        fixed = {"templates": self.templates, "pictures": "none"}
        found = {**self.manifest.choices, **fixed}
        return {k: tuple(v) if k in lists else v for k, v in found.items()}

    @cached_property
    def network(self) -> Network:
        read = Network.from_text(self.manifest.text, self.manifest.source)
        return choose(read, self.choices)

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        spec = self.network.spec
        method = self.choices["method"] or spec.page.method
        return make_shapes(spec, method, self.choices["only"])

    @cached_property
    def exercise(self) -> Exercise:
        return Exercise(
            self.shapes,
            make_checks(self.shapes),
            hash_text(self.manifest.text),
            self.salt,
        )

    @cached_property
    def kitchens(self) -> Mapping[str, Kitchen]:
        """The cooked pages by shape."""
        return {
            name: Kitchen(shape.reckoner, self._work_out, self.templates)
            for name, shape in self.shapes.items()
        }

    @cached_property
    def makers(self) -> dict[str, QuizMaker]:
        """What the exports of one shape have in common, by shape."""
        return {}

    def make(self, student: Student) -> Paper:
        """The paper of a student."""
        variant = self.exercise.make(student)
        return Paper(self._print(variant), write_line(variant), variant.rejected)

    def again(self, line: Line) -> Paper:
        """The paper of a line of the manifest."""
        variant = self.variant_of(line)
        differs = self.differences(variant, line)
        return Paper(self._print(variant), "", {}, differs, self.manifest.version)

    def variant_of(self, line: Line) -> Variant:
        """The numbers and the student of a line of the manifest."""
        shape = self.shapes[line.activation]
        keys = {plain_name(key): key for key in shape.spreads}
        givens = {keys[name]: value for name, value in line.given.items()}
        columns = {k: v for k, v in line.student.items()}
        by_key = {name.casefold(): value for name, value in columns.items()}
        student = Student(line.student["id"], by_key.get("name", ""), columns)
        numbers = shape.reckoner.reckon(givens)
        return Variant(
            line.code, student, line.activation, givens, numbers, line.rejected
        )

    def differences(self, variant: Variant, line: Line) -> tuple[str, ...]:
        """Which numbers an earlier version found otherwise."""
        numbers = variant.numbers
        names = numbers.reckoner.names
        shown = dict(zip(names, map(str, numbers.printed), strict=True))
        return tuple(
            name for name, text in line.found.items() if shown.get(name, text) != text
        )

    def hand_out(self, variant: Variant, form: str) -> Handout:
        """The paper as the export of that format sees it."""
        worked, papers = self._work_out(variant)
        student = {**variant.student.columns, "id": variant.student.id}
        name = variant.activation
        if name not in self.makers:
            self.makers[name] = quiz_maker(worked)
        return hand_out(worked, papers, form, student, self.makers[name])

    def _print(self, variant: Variant) -> Mapping[str, str | bytes]:
        files: dict[str, str | bytes] = {}
        for form in self.choices["to"]:
            if form in PAGES:
                for part in self.choices["prints"]:
                    name = f"{variant.code}-{NAMES[part]}{PAGES[form]}"
                    files[name] = self._page(variant, part, form)
            else:
                found = EXPORTS[form].files_of(self.hand_out(variant, form))
                files |= {f"{variant.code}{end}": text for end, text in found.items()}
        return files

    def _page(self, variant: Variant, part: str, form: str) -> str | bytes:
        """One print, cooked where its format is: a PDF is made of such a text."""
        if form == "exam":
            return self.render(variant, part, form)
        kitchen = self.kitchens[variant.activation]

        def print_in(form: str) -> str:
            found = kitchen.page(variant, part, form)
            return str(self.render(variant, part, form)) if found is None else found

        return make(form, print_in)

    def render(self, variant: Variant, part: str, form: str) -> str | bytes:
        """One print, from a document of its own."""
        worked, papers = self._work_out(variant)
        return print_page(worked, papers, part, form, self.templates)

    def _work_out(self, variant: Variant) -> tuple[WorkedDerivation, Papers]:
        shape = self.shapes[variant.activation]
        rounding = self.network.spec.rounding
        run = run_at(shape.derivation, rounding, 1, _numbers(shape, variant))
        optimizer = shape.spec.optimizer
        several = optimizer.iterations > 1 and bool(shape.derivation.updates)
        course = (
            run_course(run.derivation, rounding, optimizer.iterations, optimizer.show)
            if several
            else None
        )
        worked = WorkedDerivation(
            shape.spec, run.derivation, run, self.choices["detail"], False, course
        )
        papers = set_papers(
            worked.document,
            worked.symbols,
            read_assignment(self.choices),
            variant.code,
            variant.student.name,
            variant.student.id,
        )
        return worked, papers


def _numbers(shape: Shape, variant: Variant) -> Mapping[Key, Any]:
    return {key: variant.givens[key] for key in shape.spreads}


def prepare(manifest: Manifest, salt: bytes, templates: Path | None) -> Printer:
    """The printer of a manifest. Raises NetworkError for choices that cannot be."""
    printer = Printer(manifest, salt, templates)
    read_assignment(printer.choices)
    return printer


_printers: list[Printer] = []


def start_worker(*origin: Any) -> None:
    """A process of its own: it makes its symbols once."""
    _printers[:] = [prepare(*origin)]


def make_in_worker(student: Student) -> Paper:
    return _printers[0].make(student)
