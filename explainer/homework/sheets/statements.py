r"""Where the statements of a text are: `left = side = side`, in prose, in mathematics,
one to a line or many.

Prose and mathematics stand side by side in real sheets, with nothing between them:
`= 0.60108Similarly for h2`. A side ends where no mathematics goes on; a left side is
the name that ends at its sign of equality.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from explainer.homework.sheets.endings import OPERATORS, ends_cleanly, is_prose
from explainer.homework.sheets.formulas import parse
from explainer.homework.sheets.lefts import Left, find_left
from explainer.homework.sheets.names import Mention, SheetNames
from explainer.homework.sheets.numerals import Numeral, read_numeral
from explainer.homework.sheets.signs import (
    BREAK,
    NUMBER,
    RELATION,
    SIGN,
    SOFT,
    WORD,
    Sign,
)
from explainer.mathematics.written import Name, Written

BETWEEN = (BREAK, SOFT)
EMPHASIS = ("**", "*", "`", '"', "'", "“", "”", "_")


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its text as typed, its tree and its number, None where it has none.

    `strange` says that it begins like a number and cannot be read as one, `is_word`
    that it is one word, and no name.
    """

    text: str
    line: int
    written: Written | None
    numeral: Numeral | None
    mention: Mention | None = None
    strange: bool = False
    is_word: bool = False


@dataclass(slots=True)
class Statement:
    """A chain of equalities. `left` is its first side; `rivals` are the quantities that
    a value may belong to, where two statements stand in one."""

    left: Left
    line: int
    sides: list[Side] = field(default_factory=list)
    rivals: tuple[Mention, ...] = ()


class Finder:
    """Finds the statements of a run of signs."""

    def __init__(self, text: str, signs: Sequence[Sign], names: SheetNames) -> None:
        self.text, self.names = text, names
        self.signs = hide_indices(join_rows(signs))

    def statements(self) -> Iterator[Statement]:
        """All statements, in the order of the text."""
        signs = self.signs
        current: Statement | None = None
        floor = end = 0
        for place, sign in enumerate(signs):
            if sign.kind != RELATION or place < end:
                continue
            if current is None or not self._only_between(end, place):
                if current is not None:
                    yield current
                left = find_left(signs, self.names, self.text, floor, place)
                current = Statement(left, signs[max(place - 1, 0)].line)
                current.sides += self._sides_of(left)
            end, goes_on = self._side(current, place + 1)
            floor = end
            if not goes_on:
                yield current
                current = None
        if current is not None:
            yield current

    def chain(self, left: Left, line: int) -> Statement:
        """The statement of a cell of a form: its name is known already."""
        statement = Statement(left, line)
        end, goes_on = self._side(statement, 0)
        while goes_on and end < len(self.signs):
            while end < len(self.signs) and self.signs[end].kind in BETWEEN:
                end += 1
            if end >= len(self.signs) or self.signs[end].kind != RELATION:
                break
            end, goes_on = self._side(statement, end + 1)
        return statement

    def _sides_of(self, left: Left) -> list[Side]:
        """A left side that is no name is a side like the others."""
        if left.expression is None:
            return []
        return [self._read(*left.expression)]

    def _only_between(self, start: int, end: int) -> bool:
        return all(sign.kind in BETWEEN for sign in self.signs[start:end])

    def _side(self, statement: Statement, start: int) -> tuple[int, bool]:
        """Read one side into the statement: where it ends, and whether the chain may go
        on there."""
        signs = self.signs
        start = self._skip(start)
        stop = start
        while stop < len(signs) and signs[stop].kind not in (RELATION, *BETWEEN):
            stop += 1
        if stop == start:
            return stop, stop < len(signs) and signs[stop].kind != RELATION
        parsed = parse(signs, self.names, start, stop)
        end = parsed.end if parsed else start
        chained = stop < len(signs) and signs[stop].kind == RELATION
        if parsed and end == stop:
            joined = parsed.joined if chained else None
            if joined is not None and self._begins(statement, start, joined, stop):
                statement.sides.append(self._read(start, joined))
                return joined, False
            statement.sides.append(self._read(start, stop))
            return stop, True
        if not self._holds_left(start, end, stop, chained):
            # A matrix, cases, or a name that nobody knows: the chain goes on behind it.
            statement.sides.append(self._opaque(start, stop))
            return stop, True
        if parsed and ends_cleanly(signs, end, stop):
            statement.sides.append(self._read(start, end))
        else:
            statement.sides.append(self._opaque(start, stop))
        return end, False

    def _opaque(self, start: int, stop: int) -> Side:
        signs = self.signs[start:stop]
        strange = any(sign.kind == NUMBER for sign in signs[:2])
        typed = self._typed(start, stop)
        word = [sign.kind for sign in signs] == [WORD] and is_prose(
            signs, self.names, 0, 1
        )
        line = signs[0].line
        return Side(typed, line, None, None, strange=strange, is_word=word)

    def _skip(self, start: int) -> int:
        """Past what opens a side without being part of it: $ or bold print."""
        signs = self.signs
        after = signs[start + 1 : start + 2]
        if start < len(signs) and signs[start].text in ("$", r"\("):
            if after and after[0].kind not in (RELATION, *BETWEEN):
                start += 1
        while start < len(signs) and signs[start].text in EMPHASIS:
            start += 1
        return start

    def _begins(self, statement: Statement, start: int, joined: int, stop: int) -> bool:
        """Whether a name that follows a side without a sign begins a new statement.

        It does where it cannot be a factor: the left side is not computed from it.
        """
        mention = self.names.read(self.signs, joined, stop)
        if mention is None or mention.end != stop or not self.signs[joined].spaced:
            return False
        left = statement.left.mention
        if left is None or left.keys.keys() & mention.keys.keys():
            return True
        needed = any(
            self.names.needs(key, other) for key in left.keys for other in mention.keys
        )
        if not needed:
            return True
        alone = read_numeral(self.signs[start:joined]) is not None
        if alone and statement.left.is_prose:
            statement.rivals = (left, mention)
        return False

    def _holds_left(self, begin: int, start: int, stop: int, chained: bool) -> bool:
        """Whether prose, or the next statement's left side, stands in this segment.

        It does where a whole number ends and something unknown begins after a space.
        """
        number = read_numeral(self.signs[begin:start]) and self.signs[start].spaced
        if is_prose(self.signs, self.names, start, stop) or number:
            return True
        if not chained:
            return ends_cleanly(self.signs, start, stop)
        left = find_left(self.signs, self.names, self.text, start, stop)
        return left.mention is not None

    def _read(self, start: int, end: int) -> Side:
        signs = self.signs
        parsed = parse(signs, self.names, start, end)
        written = parsed.written if parsed and parsed.end == end else None
        mention = None
        if isinstance(written, Name):
            mention = self.names.read(signs, start, end)
        line = signs[start].line if start < len(signs) else 0
        numeral = read_numeral(signs[start:end])
        return Side(self._typed(start, end), line, written, numeral, mention)

    def _typed(self, start: int, end: int) -> str:
        signs = self.signs[start:end]
        while len(signs) > 2 and signs[0].text == "{" and signs[-1].text == "}":
            signs = signs[1:-1]
        return self.text[signs[0].start : signs[-1].end].strip() if signs else ""


def hide_indices(signs: Sequence[Sign]) -> list[Sign]:
    r"""The signs without the relations of `\sum_{k=1}`: they equate nothing."""
    shown: list[Sign] = []
    groups: list[bool] = []
    for sign in signs:
        if sign.kind == BREAK:
            groups.clear()
        elif sign.text == "{" and sign.kind == SIGN:
            script = bool(shown) and shown[-1].text in ("_", "^")
            groups.append(script or any(groups))
        elif sign.text == "}" and groups:
            groups.pop()
        hidden = sign.kind == RELATION and any(groups)
        shown.append(sign._replace(kind=SIGN) if hidden else sign)
    return shown


def join_rows(signs: Sequence[Sign]) -> list[Sign]:
    r"""The signs with each formula that is broken into rows in one: a row that begins
    with `+` or `\cdot`, or one before it that ends so, goes on."""
    joined: list[Sign] = []
    place = 0
    while place < len(signs):
        after = place
        while after < len(signs) and _is_row_end(signs[after]):
            after += 1
        rows = any(sign.text.startswith("\\\\") for sign in signs[place:after])
        if rows and after < len(signs):
            before = joined[-1].text if joined else ""
            if signs[after].text in OPERATORS or before in OPERATORS:
                place = after
        joined.append(signs[place])
        place += 1
    return joined


def _is_row_end(sign: Sign) -> bool:
    return sign.text in (r"\quad", r"\qquad") or sign.text.startswith("\\\\")
