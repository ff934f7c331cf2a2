r"""Every spelling of every quantity of one network: the names that a sheet may use.

A derivative is read by its parts, so that `dE/dw5`, `\frac{\partial E_{total}}{\partial
w_5}` and any mixture of notations are one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import product

from explainer.derivation.deriving import Derivation, whole_derivatives
from explainer.homework.sheets.aliases import AFTER, BEFORE, DIALECTS
from explainer.homework.sheets.signs import NUMBER, SIGN, WORD, Sign
from explainer.homework.sheets.spelling import exchanged, letter, loosen, spell
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph
from explainer.notation import NOTATIONS, Notation, Place, Speller, plain_name

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
    given: frozenset[Key]
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
            key = key if key in self.plain else self.signals.get(key, key)
            if key in self.plain:
                found[key] = (tags & others) or (tags | others)
        return found

    def needs(self, key: Key, other: Key) -> bool:
        """Whether a quantity is computed from another, at any distance."""
        if key not in self._needed:
            waiting, needed = [*self.uses.get(key, ())], set[Key]()
            while waiting:
                used = waiting.pop()
                if used not in needed:
                    needed.add(used)
                    waiting += self.uses.get(used, ())
            self._needed[key] = frozenset(needed)
        return other in self._needed[key]

    def nearest(self, typed: str) -> tuple[str, ...]:
        """The plain names that look most like what was typed."""
        spelled = spell(typed) or typed
        near = {loosen(spell(name) or name): name for name in self.plain.values()}
        found = get_close_matches(loosen(spelled)[:60], near, n=3)
        return tuple(near[name] for name in found)


def _may_begin(sign: Sign) -> bool:
    if sign.kind == WORD:
        return True
    return sign.kind == SIGN and (sign.text in ("{", "∂", r"\frac") or len(sign.text) > 2)


def _iteration(window: Sequence[Sign], place: int) -> tuple[int | None, int]:
    """The number after an @ behind a name, and how many signs that is."""
    mark = window[place : place + 2]
    if len(mark) == 2 and mark[0].text == "@" and mark[1].kind == NUMBER:
        if mark[1].text.isdecimal() and 0 < len(mark[1].text) < 8:
            return int(mark[1].text), 2
    return None, 0


def names_of(derivations: Sequence[Derivation], notation: Notation) -> SheetNames:
    """The names of all quantities of derivations of one network, by any method, with
    the notation of its file."""
    uses: dict[Key, tuple[Key, ...]] = {}
    for derivation in derivations:
        uses |= dict.fromkeys(derivation.graph.givens, ())
        uses |= {key: q.uses for key, q in derivation.quantities.items()}
    whole = frozenset[Key]().union(*map(whole_derivatives, derivations))
    places = derivations[0].graph.places
    given = frozenset(derivations[0].graph.givens)
    exact, aliases = _Table(), _Table()
    for key in uses:
        exact.add(plain_name(key), key, PLAIN)
    for name, record in {**NOTATIONS, notation.name: notation}.items():
        exact.spell_all(Speller(record, places, whole), uses, name)
    for dialect in DIALECTS:
        patterns = NOTATIONS["net-out"].extended(dialect, {})
        kinds = frozenset(dialect)
        keys = [key for key in uses if key.kind in kinds and _has_place(key, places)]
        aliases.spell_all(Speller(patterns, places), keys, ALIAS)
    _mark_new(uses, exact, aliases)
    plain = {key: plain_name(key) for key in uses}
    loose = _Table()
    for table in (aliases, exact):
        for spelled, tags in table.rows.items():
            for key, names in tags.items():
                loose.put(loosen(spelled), key, names)
    return SheetNames(
        notation.name,
        plain,
        uses,
        given,
        whole,
        _signals(derivations[0].graph, uses),
        _decided(exact.rows, whole),
        _decided(aliases.rows, whole),
        _decided(loose.rows, whole),
    )


def _signals(graph: Graph, keys: Iterable[Key]) -> Mapping[Key, Key]:
    """dE/dz -> delta_z, where the error signal is the derivative itself."""
    if graph.error_signal < 0:
        return {}
    found = {}
    for key in keys:
        carrier = key.of[0] if key.kind == "signal" else None
        if isinstance(carrier, Key):
            found[Key("derivative", (graph.root_of(carrier), carrier))] = key
    return found


class _Table:
    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, frozenset[str]]] = {}
        self.spellings: dict[Key, set[str]] = {}

    def put(self, spelled: str, key: Key, tags: frozenset[str]) -> None:
        row = self.rows.setdefault(spelled, {})
        row[key] = row.get(key, frozenset()) | tags
        self.spellings.setdefault(key, set()).add(spelled)

    def add(self, symbol: str, key: Key, tag: str) -> None:
        for typed in (symbol, *exchanged(symbol)):
            spelled = spell(typed)
            if spelled:
                self.put(spelled, key, frozenset((tag,)))

    def spell_all(self, speller: Speller, keys: Iterable[Key], tag: str) -> None:
        patterns = speller.notation.patterns
        for key in keys:
            if key.kind in ("derivative", "local"):
                # Read by their parts, where the pattern is that of calculus.
                if patterns.get(key.kind, "").startswith(r"\frac{\partial <0>}"):
                    continue
            try:
                self.add(speller(key), key, tag)
            except KeyError:
                continue


def _has_place(key: Key, places: Mapping[str, Place]) -> bool:
    """Whether a quantity's name stands at one place: patterns may ask for it."""
    name: object = key
    while isinstance(name, Key):
        name = name.of[0] if name.of else ""
    return not name or places.get(str(name), Place()).index is not None or (
        key.kind not in ("weight", "bias")
    )


def _mark_new(keys: Iterable[Key], exact: _Table, aliases: _Table) -> None:
    """The marks of a new value around every spelling of the old one."""
    for key in keys:
        inner = key.of[0] if key.kind == "new" else None
        if not isinstance(inner, Key):
            continue
        for table in (exact, aliases):
            for spelled in tuple(table.spellings.get(inner, ())):
                for marked in _marked(spelled):
                    aliases.put(marked, key, frozenset((ALIAS,)))


def _marked(spelled: str) -> Iterator[str]:
    yield from (mark + spelled for mark in BEFORE)
    yield from (spelled + mark for mark in AFTER)
    if "^" in spelled:
        # One script above has both: w_{1,1}^{(2)\prime}.
        yield from (spelled + mark.removeprefix("^") for mark in AFTER)


def _decided(
    rows: Mapping[str, Mapping[Key, frozenset[str]]], whole: frozenset[Key]
) -> Mapping[str, Tags]:
    """The rows without a local derivative beside the total one that equals it."""
    return {
        spelled: {
            key: names
            for key, names in tags.items()
            if not (key.kind == "local" and Key("derivative", key.of) in tags)
            or ("∂" in spelled and Key("derivative", key.of) in whole)
        }
        for spelled, tags in rows.items()
    }
