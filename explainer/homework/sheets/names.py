r"""Every spelling of every quantity of one network: the names that a sheet may use.

A derivative is read by its parts, so that `dE/dw5`, `\frac{\partial E_{total}}{\partial
w_5}` and any mixture of notations are one name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import product

from explainer.homework.sheets.signs import NUMBER, SIGN, WORD, Sign
from explainer.homework.sheets.spelling import letter, loosen, spell
from explainer.mathematics.written import Key
from explainer.network.quantity import reach

PLAIN, ALIAS = "plain", "alias"
# The longest name, in signs.
LONGEST = 100
Tags = Mapping[Key, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name on the sheet: the quantities it may mean, each with the notations that
    spell it so, from sign `start` up to sign `end`."""

    keys: Tags
    start: int
    end: int
    iteration: int | None = None


@dataclass(frozen=True)
class SheetNames:
    """The table from spellings to quantities.

    `exact` has what the notations and plain names spell, `aliases` what students write
    besides; both without regard to capitals and commas are in `loose`. `signals` has
    for each derivative that is an error signal that signal.
    """

    own: str
    plain: Mapping[Key, str]
    uses: Mapping[Key, tuple[Key, ...]]
    whole: frozenset[Key]
    signals: Mapping[Key, Key]
    exact: Mapping[str, Tags]
    aliases: Mapping[str, Tags]
    loose: Mapping[str, Tags]
    _needed: dict[Key, frozenset[Key]] = field(default_factory=dict)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(
            spelled[:end] for spelled in self.loose for end in range(len(spelled) + 1)
        )

    def look_up(self, spelled: str) -> Tags:
        """The quantities of a spelling; {} for none."""
        for table in (self.exact, self.aliases):
            if spelled in table:
                return table[spelled]
        # One letter says much by its height: e is no E.
        return self.loose.get(loosen(spelled), {}) if len(spelled) > 1 else {}

    def read(
        self, signs: Sequence[Sign], start: int, limit: int | None = None
    ) -> Mention | None:
        """The longest name that begins at a sign, None where none does."""
        stop = min(len(signs) if limit is None else limit, start + LONGEST)
        window = signs[start:stop]
        flat, composed = self._flat(window, 0), self._derivative(window)
        found = composed if composed and (not flat or composed[0] >= flat[0]) else flat
        if not found:
            return None
        length, keys = found
        iteration, more = _iteration(window, length)
        return Mention(keys, start, start + length + more, iteration)

    def _flat(self, window: Sequence[Sign], start: int) -> tuple[int, Tags] | None:
        if start >= len(window) or not _may_begin(window[start]):
            return None
        best: tuple[int, Tags] | None = None
        spelled, depth = "", 0
        for place in range(start, len(window)):
            sign = window[place]
            below = place > start and window[place - 1].text == "_"
            more = letter(sign, spelled, below)
            if more is None:
                break
            spelled += more
            if sign.kind == SIGN:
                depth += (sign.text == "{") - (sign.text == "}")
            if depth < 0 or loosen(spelled) not in self._beginnings:
                break
            keys = {} if depth or sign.text in ("_", "^") else self.look_up(spelled)
            if keys:
                best = place + 1, keys
        return best

    def _derivative(self, window: Sequence[Sign]) -> tuple[int, Tags] | None:
        r"""`\frac{\partial a}{\partial b}`, `da/db`."""
        is_fraction = [sign.text for sign in window[:2]] == [r"\frac", "{"]
        top = self._differential(window, 2 if is_fraction else 0)
        if top is None:
            return None
        place, above, straight = top
        for wanted in ("}", "/", "{") if is_fraction else ("/",):
            if place >= len(window) or window[place].text != wanted:
                return None
            place += 1
        bottom = self._differential(window, place)
        if bottom is None:
            return None
        place, below, _ = bottom
        if is_fraction:
            if place >= len(window) or window[place].text != "}":
                return None
            place += 1
        keys = self._pairs(above, below, straight)
        return (place, keys) if keys else None

    def _differential(
        self, window: Sequence[Sign], place: int
    ) -> tuple[int, Tags, bool] | None:
        """What stands after a d, and whether that d is straight."""
        if place >= len(window):
            return None
        sign = window[place]
        if sign.kind == WORD and sign.text[0] == "d" and sign.text[1:]:
            rest = [sign._replace(text=sign.text[1:]), *window[place + 1 :]]
            found = self._flat(rest, 0)
            return (place + found[0], found[1], True) if found else None
        if sign.text not in ("d", "∂"):
            return None
        found = self._flat(window, place + 1)
        return (*found, sign.text == "d") if found else None

    def _pairs(self, above: Tags, below: Tags, straight: bool) -> Tags:
        found: dict[Key, frozenset[str]] = {}
        for (top, tags), (bottom, others) in product(above.items(), below.items()):
            total, local = (Key(k, (top, bottom)) for k in ("derivative", "local"))
            first, second = (total, local)
            if total in self.whole and not straight:
                first, second = local, total
            key = first if first in self.plain else second
            # dE/dnet_o1 is what the error signal of o1 is.
            key = key if key in self.plain else self.signals.get(total, key)
            if key in self.plain:
                found[key] = (tags & others) or (tags | others)
        return found

    def needs(self, key: Key, other: Key) -> bool:
        """Whether a quantity is computed from another, at any distance."""
        if key not in self._needed:
            uses = self.uses
            below = reach(uses.get(key, ()), lambda used: uses.get(used, ()))
            self._needed[key] = below
        return other in self._needed[key]

    def nearest(self, typed: str) -> tuple[str, ...]:
        """The plain names that look most like what was typed."""
        spelled = spell(typed) or typed
        found = get_close_matches(loosen(spelled)[:60], self._near, n=3)
        return tuple(self._near[name] for name in found)

    @cached_property
    def _near(self) -> Mapping[str, str]:
        """The plain names, by their spellings without capitals and commas."""
        return {loosen(spell(name) or name): name for name in self.plain.values()}


def _may_begin(sign: Sign) -> bool:
    if sign.kind == WORD:
        return True
    opens = sign.text in ("{", "∂", r"\frac") or len(sign.text) > 2
    return sign.kind == SIGN and opens


def _iteration(window: Sequence[Sign], place: int) -> tuple[int | None, int]:
    """The number after an @ behind a name, and how many signs that is."""
    mark = window[place : place + 2]
    if len(mark) == 2 and mark[0].text == "@" and mark[1].kind == NUMBER:
        if mark[1].text.isdecimal() and 0 < len(mark[1].text) < 8:
            return int(mark[1].text), 2
    return None, 0
