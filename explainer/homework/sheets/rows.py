"""Sheets in rows: TOML, JSON and CSV forms, tables of Markdown and LaTeX.

What was read as a row is blanked in the text, so that the rest keeps its places.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from explainer.homework.sheets.names import SheetNames
from explainer.homework.sheets.numerals import read_numeral
from explainer.homework.sheets.signs import BREAK, RELATION, SOFT, Sign, read_signs

SEPARATORS = (";", "\t", ",")
QUOTED = re.compile(r"""^[\s{]*(?:"([^"]*)"|'([^']*)')[ \t]*[=:][ \t]*(.*)$""")
BARE = re.compile(
    r"""^\s*([^\s=:#"'|$\\{]+)[ \t]*[=:][ \t]*("[^"]*"|'[^']*')[ \t]*"""
    r"(?:,[ \t]*)?(?:#.*)?$"
)
SECTION = re.compile(r"^\s*(?:\[[^\]=]*\]\s*)?(?:#.*)?$")
TABULAR = re.compile(r"\\begin\{tabular\*?\}.*?\\end\{tabular\*?\}", re.DOTALL)
NEWLINE = re.compile("\r\n|\r|\n")
NOTE = re.compile(r"(?:^|\s)#")
MARKS = "$` \t*\u00a0"
NUMERIC = re.compile(r"[$`*\s]*[-+−–(]?[0-9.,]")
LETTER = re.compile(r"[^\W\d_]")
# Headings of the column that a student fills in.
VALUES = frozenset(("value", "your value", "answer", "your answer", "result"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form: a name and what was typed beside it, "" for a blank."""

    line: int
    name: str
    value: str


class Reader:
    """Reads the rows of one text. Below a heading such as "value" stands the value."""

    def __init__(self, names: SheetNames, comma: bool) -> None:
        self.names, self.comma = names, comma
        self.rows: list[Row] = []
        self.column: int | None = None

    def take(self, text: str) -> str:
        """Read the rows of a text; what remains is the text without them."""
        separator = _separator(text, self.names)
        if separator:
            self._take_csv(text, separator)
            return ""
        text = TABULAR.sub(self._take_tabular, text)
        lines = re.split("(\r\n|\r|\n)", text)
        is_form = any(QUOTED.match(line) or BARE.match(line) for line in lines[::2])
        for place in range(0, len(lines), 2):
            line = lines[place]
            taken = self._take_line(line, place // 2 + 1)
            if taken or (is_form and SECTION.match(line)):
                lines[place] = " " * len(line)
            elif is_form and "#" in line:
                lines[place] = NOTE.split(line, maxsplit=1)[0].ljust(len(line))
        return "".join(lines)

    def _take_line(self, line: str, number: int) -> bool:
        if line.lstrip().startswith("|"):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            return self.row([cell.replace(r"\|", "|") for cell in cells], number)
        self.column = None
        quoted, bare = QUOTED.match(line), BARE.match(line)
        if quoted:
            name = quoted[1] or quoted[2] or ""
            self.rows.append(Row(number, name, _value(quoted[3])))
        elif bare:
            self.rows.append(Row(number, bare[1], _value(bare[2])))
        return bool(quoted or bare)

    def _take_tabular(self, found: re.Match[str]) -> str:
        """The rows of a LaTeX table; it leaves its line ends only."""
        first = found.string.count("\n", 0, found.start()) + 1
        self.column = None
        for number, line in enumerate(found[0].split("\n")):
            cells = re.split(r"(?<!\\)&", re.sub(r"\\\\.*$|\\hline", "", line))
            if len(cells) > 1:
                self.row([re.sub(r"\\[()]", "", c) for c in cells], first + number)
        return re.sub("[^\n]", " ", found[0])

    def _take_csv(self, text: str, separator: str) -> None:
        lines = NEWLINE.split(text)
        for number, cells in enumerate(_read_csv(lines, separator), start=1):
            filled = [_excel(cell) for cell in cells]
            if not any(filled) or filled[0].startswith(("sep=", "#")):
                continue
            if not self.row(filled, number) and len(filled) > 1 and filled[0]:
                value = next((cell for cell in filled[1:] if cell), "")
                self.rows.append(Row(number, filled[0], value))

    def row(self, cells: list[str], line: int) -> bool:
        """Take the name and the value of a row of cells; False for a row of other
        things.

        The name is the first cell that is one. The value stands in its column, or is
        the first number behind the name, or the last cell that begins like a number.
        """
        runs = [read_signs(cell, self.comma) for cell in cells]
        bare = [[s for s in run if not is_mark(s)] for run in runs]
        chains = [place for place, run in enumerate(runs) if _is_chain(run)]
        if chains:
            return self._chain(cells, bare, chains, line)
        words = [cell.strip(MARKS).casefold() for cell in cells]
        headed = next((p for p, word in enumerate(words) if word in VALUES), None)
        if headed is not None and not any(map(read_numeral, bare)):
            self.column = headed
            return True
        name = next((p for p, run in enumerate(bare) if self._is_name(run)), None)
        if name is not None:
            value = self._value_place(cells, bare, name)
        elif len(cells) == 2 and read_numeral(bare[1]) and LETTER.search(cells[0]):
            name, value = 0, 1
        else:
            return False
        typed = "" if value is None else cells[value].strip(MARKS)
        self.rows.append(Row(line, cells[name].strip(MARKS), typed))
        return True

    def _chain(
        self, cells: list[str], bare: list[list[Sign]], chains: list[int], line: int
    ) -> bool:
        """A cell with the working in it, behind the cell of its name."""
        names = [run for run in bare[: chains[0]] if self._is_name(run)]
        if len(chains) > 1 or not names:
            return False
        name = bare.index(names[0])
        self.rows.append(
            Row(line, cells[name].strip(MARKS), cells[chains[0]].strip(MARKS))
        )
        return True

    def _value_place(
        self, cells: list[str], bare: list[list[Sign]], name: int
    ) -> int | None:
        if self.column is not None and self.column > name:
            return self.column if self.column < len(cells) else None
        rest = range(name + 1, len(cells))
        numbers = (place for place in rest if read_numeral(bare[place]))
        tries = (place for place in reversed(rest) if NUMERIC.match(cells[place]))
        return next(numbers, next(tries, None))

    def _is_name(self, run: list[Sign]) -> bool:
        return _is_name(run, self.names)


def _is_chain(run: list[Sign]) -> bool:
    return any(sign.kind == RELATION for sign in run)


def is_mark(sign: Sign) -> bool:
    return sign.kind in (SOFT, BREAK) or sign.text in ("`", "**")


def _value(typed: str) -> str:
    """What was typed behind a key: with or without quotes, without the comment."""
    typed = typed.strip()
    closed = re.match(r"""("[^"]*"|'[^']*')\s*,?\s*(?:#.*)?$""", typed)
    if closed:
        return closed[1][1:-1].strip()
    return NOTE.split(typed, maxsplit=1)[0].strip().strip(",\"'").strip()


def _is_name(run: list[Sign], names: SheetNames) -> bool:
    mention = names.read(run, 0) if run else None
    return mention is not None and mention.end == len(run)


def _separator(text: str, names: SheetNames) -> str | None:
    """The separator of a CSV file, None where the text is none: most of its lines
    begin with a name and go on with the separator."""
    lines = [line for line in NEWLINE.split(text) if line.strip(" \t;,")][:400]
    told = re.match(r"\s*sep=(.)\s*$", lines[0]) if lines else None
    if told:
        return told[1]
    best: tuple[int, str] | None = None
    for separator in SEPARATORS:
        count = 0
        for cells in _read_csv(lines, separator):
            signs = read_signs(cells[0]) if len(cells) > 1 else []
            count += _is_name(signs, names) or _is_header(cells)
        if 2 * count >= len(lines) and count > (best[0] if best else 0):
            best = count, separator
    return best[1] if best else None


def _is_header(cells: list[str]) -> bool:
    return any(cell.strip().casefold() in VALUES for cell in cells)


def _read_csv(lines: list[str], separator: str) -> Iterator[list[str]]:
    """The cells of each line; a quote that never closes ends with its line."""
    for line in lines:
        try:
            yield from csv.reader([line.replace("\0", "")], delimiter=separator)
        except csv.Error:
            yield [line]


def _excel(cell: str) -> str:
    """A cell as Excel means it: `="0.50"` and `'0.50` are the text 0.50."""
    cell = cell.strip().strip("\ufeff")
    held = re.fullmatch('="(.*)"', cell)
    return held[1] if held else cell.removeprefix("'")
