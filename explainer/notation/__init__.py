"""How a quantity is spelled: one pattern per kind, as data. Two notations of one
derivation differ in spelling and in nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from explainer.mathematics.written import Key

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho"
    " sigma tau phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi"
    " Omega".split()
)
# Names that need no notation: for JSON, for the interface and for plain text.
PLAIN: Mapping[str, str] = {
    "input": "<raw>",
    "weight": "<raw>",
    "bias": "<raw>",
    "target": "target_<raw>",
    "learning_rate": "eta",
    "sum": "sum_<raw>",
    "activation": "out_<raw>",
    "loss": "E_<raw>",
    "loss_alone": "E",
    "total": "E",
    "signal": "delta_<unit>",
    "local": "d<0>/d<1>",
    "derivative": "d<0>/d<1>",
    "path": "d<0>/d<1>|<via>",
    "new": "new_<0>",
    "value": "<raw>",
    "penalty": "R_<raw>",
    "penalty_alone": "R",
    "penalized": "J",
    "regularization": "lambda_<raw>",
    "regularization_alone": "lambda",
    "option": "<raw>",
    "step": "t",
    "state": "<raw>_<1>",
    "corrected": "<raw>hat_<1>",
    "decayed": "g_<0>",
    "matrix_input": "x",
    "batch_input": "X",
    "matrix_target": "t",
    "batch_target": "T",
    "matrix_weight": "W<raw>",
    "matrix_bias": "b<raw>",
    "matrix_sum": "z<raw>",
    "batch_sum": "Z<raw>",
    "matrix_activation": "a<raw>",
    "batch_activation": "A<raw>",
    "matrix_signal": "delta<raw>",
    "batch_signal": "Delta<raw>",
    "matrix_slope": "f'(z<raw>)",
    "batch_slope": "f'(Z<raw>)",
    "matrix_ones": "1",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user's name stands in the network: what layer notations such as z_j^(l)
    need.

    Layers count from 0 for the inputs; `index` is the unit's place in its layer from
    1. A weight has `source`, the place of the unit it comes from. `None` where there
    is no single answer, as for a parameter that is used in several places. `alone`
    says that the layer has this unit only.
    """

    layer: int | None = None
    index: int | None = None
    source: int | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Notation:
    """One pattern a kind. `symbols` spells single names of the user's."""

    name: str
    about: str
    patterns: Mapping[str, str]
    symbols: Mapping[str, str] = field(default_factory=dict)

    def extended(
        self, patterns: Mapping[str, str], symbols: Mapping[str, str]
    ) -> Notation:
        """The notation with a network file's own patterns and symbols over it."""
        return replace(
            self,
            patterns={**self.patterns, **patterns},
            symbols={**self.symbols, **symbols},
        )


def _load() -> Mapping[str, Notation]:
    text = (files(__name__) / "notations.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {
        name: Notation(name, table.pop("about"), table)
        for name, table in tables.items()
    }


NOTATIONS: Mapping[str, Notation] = _load()


class Speller:
    """Spells the quantities of one network in one notation.

    `whole` are the derivatives that are written with another d than the partial
    derivative of a formula.
    """

    def __init__(
        self,
        notation: Notation,
        places: Mapping[str, Place],
        whole: frozenset[Key] = frozenset(),
    ) -> None:
        self.notation = notation
        self.places = places
        self.whole = whole
        self._spelled: dict[Key, str] = {}

    def __call__(self, key: Key) -> str:
        """The LaTeX symbol of a quantity."""
        if key not in self._spelled:
            self._spelled[key] = self._spell(key)
        return self._spelled[key]

    def _spell(self, key: Key) -> str:
        name = user_name(key)
        place = self.places.get(name, Place())
        kind = replace(key, kind="whole") if key in self.whole else key
        pattern = _pattern(self.notation.patterns, kind, place)
        symbol = self.notation.symbols.get(name) or symbol_of(name)
        if key.kind in ("weight", "bias") and name in self.notation.symbols:
            return symbol
        if key.kind == "bias" and place.layer is None:
            return symbol
        slots = {
            "name": symbol,
            "unit": subscript_of(name),
            "layer": _text(place.layer),
            "below": _text(place.layer - 1 if place.layer else None),
            "index": _text(place.index),
            "source": _text(place.source),
            "via": r" \to ".join(self._waypoint(k) for k in _via(key)),
        }
        slots |= {
            str(i): self(part) for i, part in enumerate(key.of) if isinstance(part, Key)
        }
        spelled = _fill(pattern, slots)
        for axis, number in axes_of(key):
            marker = self.notation.patterns[f"at_{axis}"]
            spelled = _fill(marker, {"0": spelled, "place": str(number)})
        return _join_superscripts(spelled)

    def _waypoint(self, key: Key) -> str:
        """A quantity that a path leads through: its unit, and its place on axes."""
        spelled = subscript_of(user_name(key))
        for axis, number in axes_of(key):
            marker = self.notation.patterns[f"at_{axis}"]
            spelled = _fill(marker, {"0": spelled, "place": str(number)})
        return _join_superscripts(spelled)


@cache
def plain_name(key: Key) -> str:
    """The name of a quantity in plain text, the same in every notation.

    >>> w5, error = Key("weight", ("w5",)), Key("total")
    >>> plain_name(Key("derivative", (error, w5))), plain_name(Key("new", (w5,)))
    ('dE/dw5', 'new_w5')
    """
    pattern = _pattern(PLAIN, key, Place())
    slots = {
        "raw": user_name(key),
        "unit": user_name(key),
        "via": ",".join(user_name(k) + _place_name(k) for k in _via(key)),
    }
    slots |= {
        str(i): plain_name(part)
        for i, part in enumerate(key.of)
        if isinstance(part, Key)
    }
    return _fill(pattern, slots) + _place_name(key)


def _place_name(key: Key) -> str:
    axes = ",".join(f"{axis}={place}" for axis, place in axes_of(key))
    return f"[{axes}]" if axes else ""


def symbol_of(name: str) -> str:
    r"""A user's name as a LaTeX symbol.

    >>> symbol_of("w5"), symbol_of("theta4"), symbol_of("w1_10"), symbol_of("bias")
    ('w_{5}', '\\theta_{4}', 'w_{1,10}', '\\mathit{bias}')
    """
    found = re.fullmatch("([A-Za-z]+)_?(.*)", name)
    if not found:
        return name
    letters, rest = found.groups()
    base = _letters(letters)
    return f"{base}_{{{rest.replace('_', ',')}}}" if rest else base


def subscript_of(name: str) -> str:
    r"""A user's name as a subscript: short names as they are, words as words.

    >>> subscript_of("h1"), subscript_of("h2_10"), subscript_of("hidden2")
    ('h1', 'h2,10', '\\mathit{hidden2}')
    """
    short = re.fullmatch("[A-Za-z]?[0-9]*(_[A-Za-z]?[0-9]*)*", name)
    text = name.replace("_", ",")
    return text if short else rf"\mathit{{{text}}}"


def _letters(letters: str) -> str:
    if letters in GREEK:
        return f"\\{letters}"
    return letters if len(letters) == 1 else rf"\mathit{{{letters}}}"


def user_name(key: Key) -> str:
    """The user's name that a quantity carries, through the quantities it is made of."""
    if not key.of:
        return ""
    first = key.of[0]
    return user_name(first) if isinstance(first, Key) else first


def axes_of(key: Key) -> tuple[tuple[str, int], ...]:
    """The places on axes that the spelling shows: a signal has those of its sum."""
    inner = key.of[0] if key.of else None
    return inner.at if key.kind == "signal" and isinstance(inner, Key) else key.at


def _via(key: Key) -> tuple[Key, ...]:
    return tuple(part for part in key.of[2:] if isinstance(part, Key))


def _pattern(patterns: Mapping[str, str], key: Key, place: Place) -> str:
    kind = key.kind
    if f"{kind}_alone" in patterns and (not key.of or place.alone):
        kind = f"{kind}_alone"
    elif f"{kind}_shared" in patterns and place.index is None:
        kind = f"{kind}_shared"
    if kind not in patterns:
        raise KeyError(f"the notation has no pattern for the kind {kind!r}")
    return patterns[kind]


def _fill(pattern: str, slots: Mapping[str, str]) -> str:
    return re.sub("<([a-z0-9]+)>", lambda slot: slots[slot[1]], pattern)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _join_superscripts(tex: str) -> str:
    r"""`z^{(1)}^{\prime}` is no LaTeX: two superscripts become one, `z^{(1)\prime}`."""
    joined = re.sub(r"\^\{([^{}]*)\}\^\{(.*)\}$", r"^{\1\2}", tex)
    return joined if joined == tex else _join_superscripts(joined)
