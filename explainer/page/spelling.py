"""Two quantities of a page never share a symbol, nor a plain name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem
from explainer.notation import plain_name

# A local and a total derivative are both written dE/do: where both exist they are
# equal.
DERIVATIVES = frozenset({"local", "derivative"})


def refuse_shared_names(keys: Iterable[Key], spell: Callable[[Key], str]) -> None:
    """Raise NetworkError for every two quantities that nobody could tell apart."""
    problems: list[Problem] = []
    plain: dict[str, Key] = {}
    symbols: dict[str, Key] = {}
    for key in keys:
        if problems and any(isinstance(part, Key) for part in key.of):
            # What is made of two quantities written alike is written alike, too.
            continue
        kind = "derivative" if key.kind in DERIVATIVES else key.kind
        same = Key(kind, key.of, key.at)
        name = plain_name(key)
        other = plain.setdefault(name, same)
        if other != same:
            message = "two quantities have this name; rename one in the file"
            problems.append(Problem(name, message))
            continue
        symbol = spell(key)
        other = symbols.setdefault(symbol, same)
        if other != same:
            problems.append(
                Problem(
                    "notation",
                    f"{plain_name(other)} and {name} are both written {symbol}; give"
                    " one of them a symbol of its own in [notation.symbols], or choose"
                    " another notation",
                )
            )
    if problems:
        raise NetworkError(problems)
