"""The key by which sheets are checked: a network, or the papers of a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from explainer.cli.files import Refusal
from explainer.cli.refusing import list_some
from explainer.homework.variants.codes import ask_which, fold

if TYPE_CHECKING:
    from explainer.cli.papers import Printer
    from explainer.homework.report.checking import Checker, Policy
    from explainer.homework.variants.register import Line
    from explainer.mathematics.evaluation import Value
    from explainer.mathematics.written import Key


class UnknownPaper(Refusal):
    """No paper has the code, or there is none."""


@dataclass(frozen=True)
class Paper:
    """What one sheet is checked against: the checker of its shape, the numbers given,
    the points printed beside what is asked, and whose paper it is.

    Where nothing was printed there are no such points: the marking says what counts.
    """

    checker: Checker
    givens: Mapping[Key, Value] = field(default_factory=dict)
    points: Mapping[Key, int] | None = None
    code: str = ""
    student: Mapping[str, str] = field(default_factory=dict)


class AnswerKeys:
    """The papers by their codes; without codes there is one for everybody."""

    def __init__(
        self, source: str, policy: Policy, language: str | None = None
    ) -> None:
        self.source, self.policy = source, policy
        self.printer: Printer | None = None
        self.lines: Mapping[str, Line] = {}
        self._checkers: dict[str, Checker] = {}
        self._points: dict[str, Mapping[Key, int]] = {}
        if Path(source).is_dir():
            self.printer, self.lines = _read_papers(Path(source))
        else:
            self._checkers[""] = _of_network(source, policy)
        self.language = language or self._first().spec.page.language

    def _first(self) -> Checker:
        if self.printer is None:
            return self._checkers[""]
        return self._checker(next(iter(self.printer.shapes)))

    def _checker(self, shape: str) -> Checker:
        from explainer.homework.report.checking import Checker

        if shape not in self._checkers:
            assert self.printer is not None
            found = self.printer.shapes[shape]
            graph = found.derivation.graph
            self._checkers[shape] = Checker(found.spec, graph, self.policy)
        return self._checkers[shape]

    def paper(self, code: str) -> Paper:
        """The paper of a code. Raises UnknownPaper where there is none."""
        from explainer.cli.papers import foreign

        if self.printer is None:
            return Paper(self._checkers[""], code=code)
        line = self.lines.get(fold(code))
        if line is None:
            codes = [line.code for line in self.lines.values()]
            near = ask_which(code, codes)
            missing = f"no paper has the code {code!r}.{near}" if code else "which one?"
            known = list_some(codes) or "no papers"
            raise UnknownPaper(f"--code: {missing} {self.source} has {known}.")
        if line.activation not in self.printer.shapes:
            raise foreign(line, self.printer.shapes)
        checker = self._checker(line.activation)
        by_name = {plain: key for key, plain in checker.names.plain.items()}
        if not by_name.keys() >= line.given.keys():
            raise foreign(line, by_name)
        givens = {by_name[name]: value for name, value in line.given.items()}
        if line.activation not in self._points:
            # The numbers do not matter for it: papers of one shape ask the same.
            self._points[line.activation] = self.printer.points_of(line)
        points = self._points[line.activation]
        return Paper(checker, givens, points, line.code, line.student)

    def code_in(self, name: str) -> str:
        """The code in the name of a file: `3RW7-ZP43-V493 ada.txt` is of that paper."""
        folded = fold(name)
        found = [line.code for code, line in self.lines.items() if code in folded]
        if len(found) == 1:
            return found[0]
        # Some systems keep the names of files in another normal form.
        wanted = normalize("NFC", name)
        students = [
            line.code for line in self.lines.values() if line.student["id"] == wanted
        ]
        return students[0] if len(students) == 1 else ""


def _of_network(source: str, policy: Policy) -> Checker:
    from explainer.cli.choosing import load
    from explainer.homework.report.checking import Checker

    network = load(source)
    return Checker(network.spec, network.graph, policy)


def _read_papers(folder: Path) -> tuple[Printer, Mapping[str, Line]]:
    """The printer and the papers of a folder that `explainer variants` wrote."""
    from explainer.cli.manifests import read_manifest
    from explainer.cli.papers import prepare
    from explainer.homework.variants.manifest import MANIFEST
    from explainer.homework.variants.register import read_folder

    path = folder / MANIFEST
    if not path.is_file():
        raise Refusal(
            f"{folder}: no {MANIFEST} in it. The key is a network file, an example, or"
            " a folder that `explainer variants` wrote."
        )
    printer = prepare(read_manifest(path), b"", None)
    return printer, {fold(line.code): line for line in read_folder(folder)}


def read_points(texts: tuple[str, ...]) -> dict[str, int]:
    """`gradient=2,…` as points by kind. Raises Refusal with what is allowed."""
    from explainer.mathematics.rounding import KINDS
    from explainer.network.problems import unknown

    found: dict[str, Any] = {}
    for text in texts:
        kind, _, count = text.partition("=")
        if kind not in KINDS:
            raise Refusal(f"--points: {unknown('kind of quantity', kind, KINDS)}")
        if not count.isdecimal():
            raise Refusal(f"--points: got {text!r}; allowed: {kind}=2")
        found[kind] = int(count)
    return found
