"""Reading a sheet: what a student typed becomes entries, arithmetic and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from explainer.homework.entry import Entry
from explainer.homework.sheets.arithmetic import check_chain
from explainer.homework.sheets.lefts import Left
from explainer.homework.sheets.lines import line_statements
from explainer.homework.sheets.names import ALIAS, PLAIN, Mention, SheetNames
from explainer.homework.sheets.numerals import Numeral
from explainer.homework.sheets.rows import Reader, Row, is_mark
from explainer.homework.sheets.sheet import (
    AMBIGUOUS,
    REPEATED,
    UNKNOWN,
    UNREADABLE,
    Sheet,
    SheetProblem,
)
from explainer.homework.sheets.signs import read_signs
from explainer.homework.sheets.statements import Finder, Side, Statement
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key
from explainer.notation import NOTATIONS

ITERATION = re.compile(
    r"\W*(?:(?:sub)*section\*?\{)?(?:iteration|epoch)[ ~]+([0-9]{1,7})\b", re.IGNORECASE
)

PICTURE = re.compile(r"\\begin\{tikzpicture\}.*?(?:\\end\{tikzpicture\}|\Z)", re.DOTALL)


def read_sheet(text: str, names: SheetNames, comma: bool = False) -> Sheet:
    """Everything on a sheet: TOML, CSV, plain lines, tables, or a whole derivation in
    Markdown or LaTeX, in any mixture. Never raises, whatever the text.

    With `comma`, `0,5` is one half; without, it is no number.
    """
    text = _without_pictures(_without_preamble(text.removeprefix("\ufeff")))
    form = Reader(names, comma)
    rest = form.take(text)
    signs = read_signs(rest, comma)
    statements = [_of_row(row, names, comma) for row in form.rows]
    statements += Finder(rest, signs, names).statements()
    statements += line_statements(rest, signs, names)
    statements.sort(key=lambda statement: statement.line)
    return _Marks(names, statements, _iterations(text)).sheet()


def decode(data: bytes) -> str:
    """The text of a file as programs save it: UTF-8, UTF-16 with its mark, else
    Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _without_preamble(text: str) -> str:
    """A LaTeX document from its beginning, with its lines kept."""
    preamble, begin, body = text.partition(r"\begin{document}")
    return "\n" * preamble.count("\n") + body if begin else text


def _without_pictures(text: str) -> str:
    """The text without drawings in LaTeX, with its lines kept: a picture has the names
    and values of the page, but says nothing."""
    return PICTURE.sub(lambda found: "\n" * found[0].count("\n"), text)


def _of_row(row: Row, names: SheetNames, comma: bool) -> Statement:
    signs = [sign for sign in read_signs(row.name, comma) if not is_mark(sign)]
    mention = names.read(signs, 0) if signs else None
    if mention is not None and mention.end != len(signs):
        mention = None
    if mention is not None:
        # What the form printed is the name of one quantity.
        printed = {k: t for k, t in mention.keys.items() if names.plain[k] == row.name}
        keys = printed if len(printed) == 1 else mention.keys
        mention = Mention(keys, 0, mention.end, mention.iteration)
    finder = Finder(row.value, read_signs(row.value, comma), names)
    statement = finder.chain(Left(row.name, mention), row.line)
    statement.sides = [replace(side, line=row.line) for side in statement.sides]
    return statement


def _iterations(text: str) -> list[tuple[int, int]]:
    """The lines that begin with "Iteration 2", and that number."""
    return [
        (number, int(found[1]))
        for number, line in enumerate(text.split("\n"), start=1)
        if (found := ITERATION.match(line))
    ]


@dataclass(slots=True)
class _Value:
    """A value on the sheet, before it is known whose it is."""

    statement: Statement
    mention: Mention
    side: Side
    numeral: Numeral


class _Marks:
    """Takes the statements to a sheet."""

    def __init__(
        self,
        names: SheetNames,
        statements: Sequence[Statement],
        iterations: Sequence[tuple[int, int]],
    ) -> None:
        self.names, self.statements, self.iterations = names, statements, iterations
        self.problems: list[SheetProblem] = []
        self.entries: dict[tuple[int, Key], Entry] = {}
        self.decided: set[Key] = set()

    def sheet(self) -> Sheet:
        values = list(self._values())
        notation = self._notation(values)
        for value in values:
            key = self._key(value, notation)
            if key is not None:
                self._enter(key, value)
        lines = tuple(
            line for sides in _chains(self.statements) for line in check_chain(sides)
        )
        later: dict[int, dict[Key, Entry]] = {}
        for (iteration, key), entry in self.entries.items():
            later.setdefault(iteration, {})[key] = entry
        self.problems.sort(key=lambda problem: problem.line)
        return Sheet(
            later.pop(1, {}),
            lines,
            tuple(self.problems),
            notation,
            frozenset(self.decided),
            later,
        )

    def _values(self) -> Iterator[_Value]:
        for statement in self.statements:
            found = next((s for s in reversed(statement.sides) if _speaks(s)), None)
            if found is None:
                self._word(statement)
                continue
            mention = statement.left.mention or self._turned(statement)
            if mention is None:
                self._unknown(statement, found)
            elif statement.rivals:
                meant = [self.names.plain[k] for m in statement.rivals for k in m.keys]
                self._say(found, AMBIGUOUS, statement.left.text, meant)
            elif found.numeral is None:
                self._say(found, UNREADABLE, found.text)
            else:
                yield _Value(statement, mention, found, found.numeral)

    def _word(self, statement: Statement) -> None:
        """`dE/dw5 = abc` is a value that is none; a formula behind a name is not."""
        if statement.left.mention is not None and len(statement.sides) == 1:
            (side,) = statement.sides
            if side.is_word:
                self._say(side, UNREADABLE, side.text)

    def _turned(self, statement: Statement) -> Mention | None:
        """`0.41 = sum_h1` is about sum_h1."""
        last = statement.sides[-1]
        return last.mention if statement.left.expression else None

    def _unknown(self, statement: Statement, found: Side) -> None:
        typed = statement.left.text
        if statement.left.expression or not any(map(str.isalpha, typed)):
            return
        self._say(found, UNKNOWN, typed, self.names.nearest(typed))

    def _say(
        self, side: Side, kind: str, got: str, candidates: Sequence[str] = ()
    ) -> None:
        self.problems.append(SheetProblem(side.line, kind, got, tuple(candidates)))

    def _notation(self, values: Sequence[_Value]) -> str:
        """The notation that most of the names fit which mean one quantity only."""
        counts = Counter(
            tag
            for value in values
            if len(value.mention.keys) == 1
            for tags in value.mention.keys.values()
            for tag in tags - {ALIAS}
        )
        order = [self.names.own, *NOTATIONS, PLAIN]
        best = max(order, key=lambda name: (counts[name], -order.index(name)))
        return best if counts[best] else ""

    def _key(self, value: _Value, notation: str) -> Key | None:
        keys = value.mention.keys
        if len(keys) == 1:
            return next(iter(keys))
        fitting = [key for key, tags in keys.items() if notation in tags]
        if len(fitting) == 1:
            self.decided.add(fitting[0])
            return fitting[0]
        meant = [self.names.plain[key] for key in keys]
        self._say(value.side, AMBIGUOUS, value.statement.left.text, meant)
        return None

    def _iteration(self, line: int) -> int:
        """The iteration under whose heading a line stands."""
        before = [number for place, number in self.iterations if place <= line]
        return before[-1] if before else 1

    def _enter(self, key: Key, value: _Value) -> None:
        numeral, side = value.numeral, value.side
        entry = Entry(key, side.text, numeral.value, numeral.half_unit, side.line)
        place = value.mention.iteration or self._iteration(side.line), key
        before = self.entries.get(place)
        if before is not None and _agree(before, entry):
            finer = entry.half_unit < before.half_unit
            self.entries[place] = entry if finer else before
            return
        if before is not None:
            name = self.names.plain[key]
            self._say(side, REPEATED, name, (before.text, entry.text))
        self.entries[place] = entry


def _speaks(side: Side) -> bool:
    return side.numeral is not None or side.strange


def _agree(one: Entry, other: Entry) -> bool:
    """Whether two typed values may be one number, rounded or cut off."""
    apart = abs(as_decimal(one.value) - as_decimal(other.value))
    return apart <= 2 * max(one.half_unit, other.half_unit, Decimal(0))


def _chains(statements: Sequence[Statement]) -> Iterator[list[Side]]:
    """The chains of sides. A statement that begins again with the same name goes on
    with the chain before it: `w = 0.5 - 0.6 * 0.2`, `w = 0.38`."""
    sides: list[Side] = []
    before: Mention | None = None
    for statement in statements:
        mention = statement.left.mention
        same = mention and before and mention.keys == before.keys
        if not same or (sides and sides[-1].numeral):
            yield sides
            sides = []
        sides = [*sides, *statement.sides]
        before = mention
    yield sides
