r"""Finds the mathematics on a Markdown page: formulas, equations, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import NamedTuple

RELATIONS = (r"\approx", "=", r"\lt", r"\le", r"\gt", r"\ge", r"\ne", "<", ">")
HEADING = re.compile(r"(#{1,6})\s+(.*)")
STEP = re.compile(r"\b(?:step|equation)\s+\(?([0-9]+)\)?", re.IGNORECASE)
INLINE = re.compile(r"(?<![\\$])\$(?!\$)([^$]*)\$")
REASON = re.compile(r"\s*(?:\\q?quad\s*)?(?:\\text\{.*\}|\\tag\{.*\})?\s*", re.DOTALL)
PART = re.compile(r"\\(?:begin|end)\{[^{}]*\}|\\[A-Za-z]+|\\.|.", re.DOTALL)


class Side(NamedTuple):
    relation: str
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula as it is printed, and where."""

    text: str
    line: int
    display: bool = False
    headings: tuple[str, ...] = ()
    in_table: bool = False
    alone: bool = False  # nothing else stands in its cell
    column: str = ""  # the words at the head of its column
    closed: bool = True

    @property
    def step(self) -> int | None:
        """The number of the innermost heading like `Step 12` or `Equation (3)`."""
        found = (STEP.search(heading) for heading in reversed(self.headings))
        return next((int(match[1]) for match in found if match), None)


@dataclass(frozen=True, slots=True)
class Chain:
    """left = side = side. `problem` says why the rows could not be put together."""

    left: str
    sides: tuple[Side, ...]
    step: int | None
    line: int
    display: bool
    headings: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The formulas that stand alone in the cells of a table's row."""

    cells: tuple[str, ...]
    step: int | None
    line: int
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def under(self, column: str) -> str:
        """The formula in the column of this name; empty where there is none."""
        return dict(zip(self.columns, self.cells, strict=True)).get(column, "")


def equations(markdown: str) -> list[Chain]:
    r"""Every chain of sides, in the order of the page.

    >>> [(c.left, c.sides) for c in equations("so $a = 2 \\approx 1.9$")]
    [('a', (Side(relation='=', text='2'), Side(relation='\\approx', text='1.9')))]
    """
    return [part for part in statements(markdown) if isinstance(part, Chain)]


def statements(markdown: str) -> Iterator[Chain | Row]:
    """Chains and rows of tables, in the order of the page."""
    for _, group in groupby(formulas(markdown), lambda f: (f.line, f.in_table)):
        found = list(group)
        for formula in found:
            yield from chains(formula)
        if found[0].in_table:
            first = found[0]
            alone = [formula for formula in found if formula.alone]
            cells = tuple(formula.text for formula in alone)
            columns = tuple(formula.column for formula in alone)
            yield Row(cells, first.step, first.line, first.headings, columns)


@dataclass(slots=True)
class Place:
    """Where the reader is: under which headings, in an open fence or formula."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    fence: str = ""
    display: list[str] | None = None
    opened: int = 0
    columns: tuple[str, ...] = ()  # the heads of the table that the reader is in

    def enter(self, level: int, words: str) -> None:
        above = [heading for heading in self.headings if heading[0] < level]
        self.headings = [*above, (level, words)]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(words for _, words in self.headings)


def formulas(markdown: str) -> list[Formula]:
    """Every formula outside code, display and inline."""
    place, found = Place(), list[Formula]()
    for number, line in enumerate(prose_lines(markdown, place), 1):
        if place.display is not None:
            found += continue_display(line, place)
        elif line.startswith("$$"):
            place.display, place.opened = [], number
            found += continue_display(line[2:], place)
        elif heading := HEADING.match(line):
            place.enter(len(heading[1]), heading[2])
            found += inline(heading[2], number, place)
        else:
            found += inline(line, number, place)
    if place.display is not None:
        text = "\n".join(place.display)
        found.append(Formula(text, place.opened, True, place.words, closed=False))
    return found


def prose_lines(markdown: str, place: Place) -> Iterator[str]:
    """The page's lines, empty where they are code; quotes lose their mark."""
    for line in markdown.splitlines():
        text = line.strip() if place.display is not None else re.sub("^[> ]+", "", line)
        mark = re.match("```+|~~~+", text)
        if place.fence:
            place.fence = "" if mark and text.startswith(place.fence) else place.fence
            yield ""
        elif mark and place.display is None:
            place.fence = mark[0]
            yield ""
        else:
            yield text


def continue_display(line: str, place: Place) -> Iterator[Formula]:
    inside, closing, _ = line.partition("$$")
    assert place.display is not None
    place.display.append(inside)
    if closing:
        text = "\n".join(place.display).strip("\n")
        place.display = None
        yield Formula(text, place.opened, True, place.words)


def inline(line: str, number: int, place: Place) -> Iterator[Formula]:
    line = re.sub("`[^`]*`", "", line)
    if not line.startswith("|"):
        place.columns = ()
        for match in INLINE.finditer(line):
            yield Formula(match[1], number, headings=place.words)
        return
    # A bar inside a formula ends the cell all the same, but is reported elsewhere.
    whole = INLINE.sub(lambda m: m[0].replace("|", "\0"), line)
    cells = [cell.strip() for cell in whole.strip("| ").split("|")]
    place.columns = place.columns or tuple(cells)
    for cell, column in zip_longest(cells, place.columns, fillvalue=""):
        for match in INLINE.finditer(cell):
            alone = match[0] == cell
            text = match[1].replace("\0", "|")
            yield Formula(text, number, False, place.words, True, alone, column)


def split(text: str, marks: tuple[str, ...]) -> list[tuple[str, str]]:
    r"""The text cut at the marks outside braces and environments, as pairs of the mark
    before and the piece. Raises ValueError where braces do not close.

    >>> split(r"a_{i=1} = 2 \approx 3", RELATIONS)
    [('', 'a_{i=1} '), ('=', ' 2 '), ('\\approx', ' 3')]
    """
    found, depth = [("", "")], 0
    for part in PART.findall(text):
        depth += part == "{" or part.startswith(r"\begin{")
        depth -= part == "}" or part.startswith(r"\end{")
        if depth < 0:
            break
        if not depth and part in marks:
            found.append((part, ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + part)
    if depth:
        raise ValueError("braces or environments that do not close")
    return found


def chains(formula: Formula) -> Iterator[Chain]:
    """The equations of one formula; each new left side begins one."""
    try:
        found = list(read_rows(formula.text))
    except ValueError as error:
        yield chain_of(formula, [("", formula.text)], str(error))
        return
    for sides in found:
        # "the sign $\approx$" speaks of a sign; a display formula has a left side.
        if len(sides) > 1 and (formula.display or sides[0][1].strip()):
            yield chain_of(formula, sides)


def chain_of(
    formula: Formula, sides: list[tuple[str, str]], problem: str = ""
) -> Chain:
    (_, left), *rest = [(relation, trim(text)) for relation, text in sides]
    return Chain(
        left,
        tuple(Side(relation, text) for relation, text in rest),
        formula.step,
        formula.line,
        formula.display,
        formula.headings,
        problem,
    )


def trim(side: str) -> str:
    return re.sub(r"\s*[.,;]$", "", " ".join(side.split()))


def read_rows(text: str) -> Iterator[list[tuple[str, str]]]:
    body = text.strip()
    environment = re.fullmatch(
        r"\\begin\{aligned\}(.*)\\end\{aligned\}", body, re.DOTALL
    )
    sides: list[tuple[str, str]] = []
    for _, row in split(environment[1] if environment else body, ("\\\\",)):
        cells = [cell for _, cell in split(row, ("&",))]
        if not row.strip():
            continue
        if len(cells) == 1:
            yield sides
            sides = []
            yield from single_row(row)
            continue
        if any(not REASON.fullmatch(cell) for cell in cells[2:]):
            raise ValueError("mathematics in the column of the reasons")
        if cells[0].strip():
            yield sides
            sides = [("", cells[0])]
        extend(sides, cells[1])
    yield sides


def single_row(row: str) -> Iterator[list[tuple[str, str]]]:
    for _, statement in split(row, (r"\quad", r"\qquad", ";")):
        yield from between_commas(split(statement, RELATIONS))


def between_commas(sides: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """`a = 1, b = 2` is two statements; the comma of max(a, b) stands in brackets."""
    current: list[tuple[str, str]] = []
    for relation, text in sides:
        depth, start = 0, 0
        for place, sign in enumerate(text):
            depth += (sign in "([{") - (sign in ")]}")
            if sign == "," and not depth:
                yield [*current, (relation, text[start:place])]
                current, relation, start = [], "", place + 1
        current.append((relation, text[start:]))
    yield current


def extend(sides: list[tuple[str, str]], cell: str) -> None:
    """Add a row's sides; a row that begins with \\quad goes on with the side before."""
    (_, first), *rest = split(cell.replace(r"\quad", " "), RELATIONS)
    if first.strip():
        if not sides or r"\quad" not in cell:
            raise ValueError("a row that begins with no sign of relation")
        relation, before = sides[-1]
        sides[-1] = (relation, f"{before} {first}")
    elif not sides:
        raise ValueError("a row with no left side before it")
    sides += rest
