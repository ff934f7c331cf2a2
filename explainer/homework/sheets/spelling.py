r"""One spelling for every way to type a name: `w_{5}^{\mathit{new}}` is `w5^new`.

Braces, underscores and layout fall away; what tells names apart stays: scripts above,
primes, brackets, and a comma between two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from explainer.homework.sheets.signs import NUMBER, PLACE, SIGN, WORD, Sign, read_signs

ACCENTS = {r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde", r"\vec": "vec"}
KEPT = frozenset("()[]<>|,+'^/∂*-")
SILENT = frozenset(("{", "}", "_", r"\frac"))


def letter(sign: Sign, before: str, after_underscore: bool) -> str | None:
    """What a sign adds to the spelling `before` it; None where no name goes on."""
    text = sign.text
    if sign.kind == WORD or sign.kind == PLACE:
        return text
    if sign.kind == NUMBER:
        if not text.isdecimal():
            return None
        if before[-1:].isdecimal():
            # h2_10 is h_{2,10}; what follows a whole index is another number.
            return f",{text}" if after_underscore else None
        return text
    if sign.kind != SIGN:
        return None
    if text in SILENT:
        return ""
    if text == "'":
        return "'" if before.endswith(("^", "'")) else "^'"
    if text == "→":
        return ","
    if text in KEPT:
        return text
    if text in ACCENTS:
        return ACCENTS[text]
    return text[1:] if re.fullmatch(r"\\[A-Za-z]+", text) else None


def spell_signs(signs: Sequence[Sign]) -> str | None:
    """The spelling of a run of signs, None where it is no name."""
    spelled = ""
    for place, sign in enumerate(signs):
        more = letter(sign, spelled, place > 0 and signs[place - 1].text == "_")
        if more is None:
            return None
        spelled += more
    return spelled


def spell(text: str) -> str | None:
    r"""The spelling of a typed name.

    >>> spell(r"output\_{h1}"), spell("out_h1"), spell(r"\mathit{out}_{h1}")
    ('outputh1', 'outh1', 'outh1')
    >>> spell("w1_10"), spell("w_{1,10}"), spell("∂E/∂w₅"), spell("0.5")
    ('w1,10', 'w1,10', '∂E/∂w5', None)
    """
    return spell_signs(read_signs(text))


def loosen(spelled: str) -> str:
    """The spelling without what is often left out: capitals and commas.

    >>> loosen("Out_H1"), loosen("w1,1^(2)")
    ('out_h1', 'w11^(2)')
    """
    return spelled.casefold().replace(",", "")


def exchanged(symbol: str) -> Iterable[str]:
    r"""The symbol with the script above before the one below: `w^{(2)}_{1,1}`."""
    found = re.fullmatch(r"(.+?)(_\{[^{}]*\})(\^\{[^{}]*\})(.*)", symbol)
    return [found[1] + found[3] + found[2] + found[4]] if found else []
