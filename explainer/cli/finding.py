"""What a name on the command line means: a plain name such as `sum_h1`, a symbol as the
page prints it, `net_h1` or `∂E/∂w₅`, or the beginning of several names."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from explainer.cli.files import Refusal
from explainer.cli.refusing import list_some
from explainer.mathematics.unicode_text import unicode_text
from explainer.mathematics.written import Name

if TYPE_CHECKING:
    from explainer.worked import WorkedDerivation

MOST_TOLD = 8


def find_name(derivation: WorkedDerivation, typed: str) -> str:
    """The plain name that was typed or meant, with its iteration.

    Raises Refusal where several may be meant; what is like none of them is returned as
    it is.
    """
    plain, at, iteration = typed.partition("@")
    if plain in derivation.names:
        return typed
    found = _printed_so(derivation, plain)
    if len(found) == 1:
        return f"{found[0]}{at}{iteration}"
    near = found or _begun(derivation.names, plain)
    if near:
        told = list_some(sorted(near, key=len), MOST_TOLD)
        raise Refusal(f"no quantity is called {plain!r}. Did you mean {told}?")
    return typed


def _printed_so(derivation: WorkedDerivation, typed: str) -> list[str]:
    """The names of the quantities that the page prints in these letters."""
    wanted = _letters(typed)
    if not wanted:
        return []
    spelled = (
        (name, unicode_text(Name(derivation[name].key), derivation.spell))
        for name in derivation.names
    )
    return [name for name, symbol in spelled if _letters(symbol) == wanted]


def _letters(text: str) -> str:
    """The letters and digits of a name, small ones as large, without its brackets.

    >>> _letters("∂Eₜₒₜₐₗ/∂w₅"), _letters("dE_total/dw_5"), _letters("w₅⁺")
    ('dEtotal/dw5', 'dEtotal/dw5', 'w5+')
    """
    flat = unicodedata.normalize("NFKD", text).replace("∂", "d")
    return re.sub(r"[^\w/+]|_", "", flat)


def _begun(names: tuple[str, ...], typed: str) -> list[str]:
    """The names that begin so, or else those of which it is a whole part: `o1`."""
    lower = typed.lower()
    part = re.compile(rf"(?<![a-z0-9]){re.escape(lower)}(?![a-z0-9])")
    begun = [name for name in names if lower and name.lower().startswith(lower)]
    return begun or [name for name in names if lower and part.search(name.lower())]
