"""The page as a Jupyter notebook: its blocks as Markdown cells, and after each step a
code cell that computes it again and asserts what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from explainer.derivation.runs import Run
from explainer.mathematics.function_code import function_code
from explainer.mathematics.python_code import BUILT_IN
from explainer.mathematics.rounding import MODES, Digits
from explainer.mathematics.written import Key
from explainer.page.document import Block, Document, Heading, Step
from explainer.page.notebook_code import Assignment, Program
from explainer.page.rendering import Renderer
from explainer.page.templates import Ready

METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it is called, its kind (markdown or code), and its text."""

    name: str
    kind: str
    text: str


def write_notebook(
    renderer: Renderer, document: Document, runs: Mapping[int, Run]
) -> str:
    """The notebook in nbformat 4.5, the same text on every machine.

    Without numbers, so without runs, it has Markdown cells only.
    """
    program = Program(document, runs) if runs else None
    cells = [_cell(cell) for cell in _Writer(renderer, document, program).cells()]
    notebook = {
        "cells": cells,
        "metadata": METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(cell: Cell) -> dict[str, object]:
    data: dict[str, object] = {
        "cell_type": cell.kind,
        "id": cell.name,
        "metadata": {},
        "source": cell.text.splitlines(keepends=True),
    }
    if cell.kind == "code":
        data |= {"execution_count": None, "outputs": []}
    return data


@dataclass(slots=True)
class _Writer:
    """Walks the blocks of a document once."""

    renderer: Renderer
    document: Document
    program: Program | None
    waiting: list[Block] = field(default_factory=list)
    texts: int = 0
    iteration: int | None = None
    defined: set[Key] = field(default_factory=set)

    def cells(self) -> Iterator[Cell]:
        for block in self.document.blocks:
            if isinstance(block, Step):
                yield from self._step(block)
                continue
            if isinstance(block, Heading) and block.level <= 2:
                yield from self._text()
            self.waiting.append(block)
        yield from self._text()

    def _text(self) -> Iterator[Cell]:
        """The blocks that wait, as one cell."""
        if self.waiting:
            self.texts += 1
            yield Cell(f"text-{self.texts}", "markdown", self._markdown(self.waiting))
            self.waiting.clear()

    def _markdown(self, blocks: Iterable[Block]) -> str:
        part = replace(self.document, blocks=tuple(blocks))
        return self.renderer.render(part).strip("\n")

    def _step(self, step: Step) -> Iterator[Cell]:
        program = self.program
        has_code = program is not None and bool(program.keys_of(step))
        if program is not None and has_code and step.iteration != self.iteration:
            yield from self._begin(program, step.iteration)
        yield from self._text()
        yield Cell(f"{step.label}-{step.number}", "markdown", self._markdown([step]))
        if program is not None and has_code:
            run = program.runs[step.iteration]
            lines = tuple(
                program.blanks(step)
                if self._is_blank(step)
                else program.step(step, run, self.defined)
            )
            yield Cell(f"code-{step.number}", "code", self._code("step", lines=lines))

    def _is_blank(self, step: Step) -> bool:
        """Whether the reader is to find the number: its code would tell it."""
        paper = self.document.paper
        return paper is not None and paper.part == "blank" and step.points is not None

    def _begin(self, program: Program, iteration: int) -> Iterator[Cell]:
        """The rounding rule, once, and the numbers that an iteration starts from."""
        if self.iteration is None:
            yield Cell("rounding", "code", self._setup(program))
        lines = tuple(program.givens(iteration, self.iteration))
        name = f"given-{iteration}"
        yield Cell(name, "code", self._code("step", lines=lines))
        self.iteration = iteration
        self.defined.clear()

    def _setup(self, program: Program) -> str:
        rule, exact = program.rounding, program.rounding.exact
        exactly = exact and not BUILT_IN.issuperset(program.functions)
        needs = (
            ("Decimal", "getcontext") * exactly
            if exact
            else ("Decimal", "getcontext", MODES[rule.mode])
            + ("Context",) * (not program.carries_all)
        )
        code = function_code(program.functions, needs)
        return self._code(
            "setup",
            imports=[*code.imports.items(), *([("fractions", ("Fraction",))] * exact)],
            definitions=code.definitions,
            exact=exact,
            exactly=exactly,
            digits=rule.digits,
            by_kind=bool(rule.by_kind),
            decimals=program.digits("decimals"),
            figures=program.digits("figures"),
            mode=MODES[rule.mode],
            carries_all=program.carries_all,
            carries_none=not rule.carry,
            carried=[kind for kind in program.kinds if kind in rule.carry],
        )

    def _code(self, template: str, **values: object) -> str:
        return self.renderer.part(template, _ready(values)).strip("\n")


def _ready(values: Mapping[str, object]) -> dict[str, object]:
    """Code is printed as it is: no format escapes it."""
    return {name: _as_code(value) for name, value in values.items()}


def _as_code(value: object) -> object:
    match value:
        case str():
            return Ready(value)
        case Assignment() | Digits():
            return _ready(asdict(value))
        case tuple() | list():
            return [_as_code(item) for item in value]
        case dict():
            return {_as_code(name): _as_code(item) for name, item in value.items()}
    return value
