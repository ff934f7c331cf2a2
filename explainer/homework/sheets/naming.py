"""The table of names of one network, made from its derivations: once, for any number
of sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from explainer.derivation.deriving import Derivation, whole_derivatives
from explainer.homework.sheets.aliases import AFTER, BEFORE, DIALECTS
from explainer.homework.sheets.names import ALIAS, PLAIN, SheetNames, Tags
from explainer.homework.sheets.spelling import exchanged, loosen, spell
from explainer.mathematics.written import Key
from explainer.network.quantity import Graph
from explainer.notation import (
    NOTATIONS,
    Notation,
    Place,
    Speller,
    plain_name,
    user_name,
)


def names_of(derivations: Sequence[Derivation], notation: Notation) -> SheetNames:
    """The names of all quantities of derivations of one network, by any method, with
    the notation of its file."""
    uses: dict[Key, tuple[Key, ...]] = {}
    for derivation in derivations:
        uses |= dict.fromkeys(derivation.graph.givens, ())
        uses |= {key: q.uses for key, q in derivation.quantities.items()}
    whole = frozenset[Key]().union(*map(whole_derivatives, derivations))
    places = derivations[0].graph.places
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
                if key.at:
                    # net_h[time=2]: the place as a program writes it.
                    place = ",".join(f"{axis}={number}" for axis, number in key.at)
                    self.add(f"{speller(replace(key, at=()))}[{place}]", key, tag)
            except KeyError:
                continue


def _has_place(key: Key, places: Mapping[str, Place]) -> bool:
    """Whether a quantity's name stands at one place: patterns may ask for it."""
    name = user_name(key)
    return (
        not name
        or places.get(name, Place()).index is not None
        or (key.kind not in ("weight", "bias"))
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
