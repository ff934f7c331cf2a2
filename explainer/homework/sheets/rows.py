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
QUOTED = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)')[ \t]*[=:][ \t]*(.*)$""")
BARE = re.compile(
    r"""^\s*([^\s=:#"'|$\\{]+)[ \t]*[=:][ \t]*("[^"]*"|'[^']*')[ \t]*,?[ \t]*(?:#.*)?$"""
)
SECTION = re.compile(r"^\s*(?:\[[^\]=]*\]\s*)?(?:#.*)?$")
TABULAR = re.compile(r"\\begin\{tabular\*?\}.*?\\end\{tabular\*?\}", re.DOTALL)
MARKS = "$` \t*'\u00a0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form: a name and what was typed beside it, "" for a blank."""

    line: int
    name: str
    value: str


def take_rows(text: str, names: SheetNames, comma: bool) -> tuple[list[Row], str]:
    """The rows of a text, and the text without them."""
    separator = _separator(text, names)
    if separator:
        return list(_csv_rows(text, separator, names, comma)), ""
    rows: list[Row] = []
    text = TABULAR.sub(lambda found: _take_tabular(found, rows, names, comma), text)
    lines = re.split("(\r\n|\r|\n)", text)
    is_form = any(QUOTED.match(line) or BARE.match(line) for line in lines[::2])
    for place in range(0, len(lines), 2):
        row = _row(lines[place], place // 2 + 1, names, comma)
        is_note = is_form and SECTION.match(lines[place])
        if row is None and is_form and "#" in lines[place]:
            lines[place] = _without_note(lines[place])
        if row is not None or is_note:
            lines[place] = " " * len(lines[place])
            rows += [row] if row else []
    return rows, "".join(lines)


def _without_note(line: str) -> str:
    """A line of a form without its comment."""
    kept = re.split(r"(?:^|\s)#", line, maxsplit=1)[0]
    return kept.ljust(len(line))


def _row(line: str, number: int, names: SheetNames, comma: bool) -> Row | None:
    if line.lstrip().startswith("|"):
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        return row_of(
            [cell.replace(r"\|", "|") for cell in cells], number, names, comma
        )
    quoted = QUOTED.match(line)
    if quoted:
        return Row(number, quoted[1] or quoted[2] or "", _value(quoted[3]))
    bare = BARE.match(line)
    return Row(number, bare[1], _value(bare[2])) if bare else None


def _value(typed: str) -> str:
    """What was typed behind a key: with or without quotes, without the comment."""
    typed = typed.strip()
    closed = re.match(r"""("[^"]*"|'[^']*')\s*,?\s*(?:#.*)?$""", typed)
    if closed:
        return closed[1][1:-1].strip()
    return re.split(r"(?:^|\s)#", typed)[0].strip().strip(",\"'").strip()


def row_of(
    cells: list[str], line: int, names: SheetNames, comma: bool
) -> Row | None:
    """The name and the value in a row of cells; None for a row of other things.

    The name is the first cell that is one; the value the first number behind it, else
    the last cell with a digit in it.
    """
    signs = [read_signs(cell, comma) for cell in cells]
    if any(sign.kind == RELATION for run in signs for sign in run):
        return None
    bare = [[s for s in run if s.kind not in (SOFT, BREAK)] for run in signs]
    for place, run in enumerate(bare):
        if _is_name(run, names):
            rest = range(place + 1, len(cells))
            value = next((p for p in rest if read_numeral(bare[p])), None)
            if value is None:
                digits = (p for p in reversed(rest) if re.search("[0-9]", cells[p]))
                value = next((p for p in digits if not _is_name(bare[p], names)), None)
            typed = "" if value is None else cells[value].strip(MARKS)
            return Row(line, cells[place].strip(MARKS), typed)
    named = bool(re.search("[^\\W\\d_]", cells[0])) if cells else False
    if named and len(cells) == 2 and read_numeral(bare[1]):
        return Row(line, cells[0].strip(MARKS), cells[1].strip(MARKS))
    return None


def _is_name(run: list[Sign], names: SheetNames) -> bool:
    mention = names.read(run, 0) if run else None
    return mention is not None and mention.end == len(run)


def _take_tabular(
    found: re.Match[str], rows: list[Row], names: SheetNames, comma: bool
) -> str:
    """The rows of a LaTeX table; it leaves its line ends only."""
    first = found.string.count("\n", 0, found.start()) + 1
    for number, line in enumerate(found[0].split("\n")):
        cells = re.split(r"(?<!\\)&", re.sub(r"\\\\.*$|\\hline", "", line))
        row = row_of([_plain_cell(cell) for cell in cells], first + number, names, comma)
        if row is not None and len(cells) > 1:
            rows.append(row)
    return re.sub("[^\n]", " ", found[0])


def _plain_cell(cell: str) -> str:
    return re.sub(r"\\[()]", "", cell).strip()


def _separator(text: str, names: SheetNames) -> str | None:
    """The separator of a CSV file, None where the text is none: most of its lines
    begin with a name and go on with the separator."""
    lines = [line for line in text.splitlines() if line.strip(" \t;,")][:400]
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
    return len(cells) > 1 and cells[0].strip().casefold() == "name"


def _read_csv(lines: list[str], separator: str) -> Iterator[list[str]]:
    """The cells of each line; a quote that never closes ends with its line."""
    for line in lines:
        try:
            yield from csv.reader([line.replace("\0", "")], delimiter=separator)
        except csv.Error:
            yield [line]


def _csv_rows(
    text: str, separator: str, names: SheetNames, comma: bool
) -> Iterator[Row]:
    lines = text.splitlines()
    for number, cells in enumerate(_read_csv(lines, separator), start=1):
        filled = [_excel(cell) for cell in cells]
        if not any(filled) or _is_header(filled) or filled[0].startswith(("sep=", "#")):
            continue
        row = row_of(filled, number, names, comma)
        if row is not None:
            yield row
        elif len(filled) > 1 and filled[0]:
            yield Row(number, filled[0], next((c for c in filled[1:] if c), ""))


def _excel(cell: str) -> str:
    """A cell as Excel means it: `="0.50"` and `'0.50` are the text 0.50."""
    cell = cell.strip().strip("\ufeff")
    held = re.fullmatch('="(.*)"', cell)
    return held[1] if held else cell.removeprefix("'")
