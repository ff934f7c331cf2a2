"""The papers of one run: drawn, worked out and printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from explainer.cli.choosing import choose
from explainer.cli.files import NotVerified
from explainer.cli.publishing import make
from explainer.cli.refusing import list_some
from explainer.cli.worksheet import (
    NAMES,
    PAGES,
    hand_out,
    print_page,
    quiz_maker,
    read_assignment,
)
from explainer.derivation.deriving import Derivation
from explainer.derivation.repeated_check import RepeatedCheck, check_run
from explainer.derivation.runs import Run, run_at, run_course
from explainer.homework.exports.formats import EXPORTS
from explainer.homework.exports.handout import Handout, QuizMaker
from explainer.homework.variants.cooking import Kitchen
from explainer.homework.variants.making import Exercise, Variant, make_checks
from explainer.homework.variants.manifest import Manifest, hash_text
from explainer.homework.variants.proofreading import Misprint
from explainer.homework.variants.register import Line, hash_content, write_line
from explainer.homework.variants.roster import Student
from explainer.homework.variants.shapes import Shape, make_shapes
from explainer.homework.variants.verifying import Verified, count, list_failures
from explainer.homework.worksheet.papers import Papers, set_papers
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name
from explainer.worked import Network, WorkedDerivation

Origin = tuple[Manifest, bytes, Path | None, bool]


@dataclass(frozen=True, slots=True)
class Paper:
    """The files of one paper by name, its line in the register, why it was drawn again
    how often, what of its key was verified, and which numbers and files differ from
    those of its line."""

    files: Mapping[str, str | bytes]
    line: str
    rejected: Mapping[str, int]
    verified: Verified = Verified()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Printer:
    """Makes the papers of one manifest. `origin` is all that another process needs to
    make the same ones. Each key is verified, unless that is not wanted."""

    manifest: Manifest
    salt: bytes
    templates: Path | None
    verifies: bool = True

    @property
    def origin(self) -> Origin:
        return self.manifest, self.salt, self.templates, self.verifies

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
            name: Kitchen(shape.reckoner, self._work_out, self.templates, self.verifies)
            for name, shape in self.shapes.items()
        }

    @cached_property
    def makers(self) -> dict[str, QuizMaker]:
        """What the exports of one shape have in common, by shape."""
        return {}

    def make(self, student: Student) -> Paper:
        """The paper of a student."""
        variant = self.exercise.make(student)
        verified = self.verify(variant)
        files = self._print(variant)
        line = write_line(variant, files, verified)
        return Paper(files, line, variant.rejected, verified)

    def again(self, line: Line) -> Paper:
        """The paper of a line of the register.

        Raises NetworkError for one that does not belong to this manifest.
        """
        variant = self.variant_of(line)
        verified = self.verify(variant)
        files = self._print(variant)
        differs = list(self.differences(variant, line))
        differs += [
            name
            for name, digest in line.files.items()
            if name not in files or hash_content(files[name]) != digest
        ]
        return Paper(files, "", {}, verified, tuple(differs))

    def variant_of(self, line: Line) -> Variant:
        """The numbers and the student of a line of the register.

        Raises NetworkError for one that does not belong to this manifest.
        """
        shape = self.shapes.get(line.activation)
        keys = {plain_name(key): key for key in shape.spreads} if shape else {}
        if shape is None or keys.keys() != line.given.keys():
            raise foreign(line, keys)
        givens = {keys[name]: value for name, value in line.given.items()}
        by_key = {name.casefold(): value for name, value in line.student.items()}
        student = Student(line.student["id"], by_key.get("name", ""), line.student)
        numbers = shape.reckoner.reckon(givens)
        return Variant(
            line.code, student, line.activation, givens, numbers, line.rejected
        )

    def points_of(self, line: Line) -> Mapping[Key, int]:
        """What the paper of a line asks, and for how many points."""
        _, papers = self._work_out(self.variant_of(line))
        return papers.points

    def differences(self, variant: Variant, line: Line) -> tuple[str, ...]:
        """Which numbers an earlier version found otherwise."""
        numbers = variant.numbers
        names = numbers.reckoner.names
        shown = dict(zip(names, map(str, numbers.printed), strict=True))
        return tuple(
            name for name, text in line.found.items() if shown.get(name) != text
        )

    def hand_out(self, variant: Variant, form: str) -> Handout:
        """The paper as the export of that format sees it."""
        worked, papers = self._work_out(variant)
        student = {**variant.student.columns, "id": variant.student.id}
        name = variant.activation
        if name not in self.makers:
            self.makers[name] = quiz_maker(worked)
        return hand_out(worked, papers, form, student, self.makers[name])

    def verify(self, variant: Variant) -> Verified:
        """What was verified of a key: its lines and its gradients, in every iteration
        that it prints.

        Raises NotVerified, with what is false.
        """
        if not self.verifies:
            return Verified()
        checks = [self.checks[variant.activation].check(variant.numbers)]
        later: list[Run] = []
        if self._has_course(self.shapes[variant.activation]):
            worked, _ = self._work_out(variant)
            later = [run for number, run in worked.runs.items() if number > 1]
            checks += map(check_run, later)
        if all(check.holds for check in checks):
            return count(checks)
        runs = [run_at(*self._start_of(variant)), *later]
        failures = [
            line
            for check, run in zip(checks, runs, strict=True)
            for line in list_failures(check, run)
        ]
        raise not_verified(variant.code, failures)

    @cached_property
    def checks(self) -> Mapping[str, RepeatedCheck]:
        """The verification of each shape."""
        return {
            name: RepeatedCheck(shape.reckoner) for name, shape in self.shapes.items()
        }

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
            try:
                found = kitchen.page(variant, part, form)
            except Misprint as error:
                raise not_verified(variant.code, [f"{part}: {error}"]) from error
            return str(self.render(variant, part, form)) if found is None else found

        return make(form, print_in)

    def render(self, variant: Variant, part: str, form: str) -> str | bytes:
        """One print, from a document of its own."""
        worked, papers = self._work_out(variant)
        return print_page(worked, papers, part, form, self.templates)

    def _work_out(self, variant: Variant) -> tuple[WorkedDerivation, Papers]:
        shape = self.shapes[variant.activation]
        run = run_at(*self._start_of(variant))
        optimizer = shape.spec.optimizer
        course = (
            run_course(
                run.derivation, run.rounding, optimizer.iterations, optimizer.show
            )
            if self._has_course(shape)
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

    def _start_of(
        self, variant: Variant
    ) -> tuple[Derivation, Rounding, int, Mapping[Key, Any]]:
        shape = self.shapes[variant.activation]
        numbers = {key: variant.givens[key] for key in shape.spreads}
        return shape.derivation, self.network.spec.rounding, 1, numbers

    def _has_course(self, shape: Shape) -> bool:
        return shape.spec.optimizer.iterations > 1 and bool(shape.derivation.updates)


def not_verified(code: str, failures: list[str]) -> NotVerified:
    head = f"the verification of paper {code} failed; nothing of it was written:"
    return NotVerified("\n".join([head, *failures]))


def foreign(line: Line, varied: Iterable[str]) -> NetworkError:
    message = (
        "the numbers of this paper are not those that the network in the manifest"
        f" varies: {list_some([*varied])}. Papers and manifest are of different runs;"
        " restore the one that belongs to the other."
    )
    return NetworkError([Problem(line.code, message)], "papers")


def prepare(
    manifest: Manifest, salt: bytes, templates: Path | None, verifies: bool = True
) -> Printer:
    """The printer of a manifest. Raises NetworkError for choices that cannot be."""
    printer = Printer(manifest, salt, templates, verifies)
    read_assignment(printer.choices)
    return printer
