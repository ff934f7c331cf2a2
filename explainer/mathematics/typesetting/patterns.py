r"""The small LaTeX of symbols and forms -> boxes, for the formats that have no LaTeX.

A notation spells a symbol as `\mathit{out}_{h1}`, a function its form as `\tanh(<0>)`.
Whole formulas never come here: they are boxes already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Letters,
    Mark,
    Over,
    Pattern,
    Root,
    Row,
    Scripts,
    Slot,
    Space,
    row,
)

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|<[0-9]+>|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
GREEK: Mapping[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ",
    "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "partial": "∂", "nabla": "∇",
}  # fmt: skip
FUNCTIONS = frozenset("ln log exp tanh sinh cosh sin cos tan max min arg".split())
STYLES: Mapping[str, str] = {
    "mathit": "italic",
    "mathrm": "upright",
    "text": "upright",
    "textit": "italic",
    "operatorname": "upright",
    "mathbf": "bold",
    "boldsymbol": "bold-italic",
    "mathsf": "upright",
    "mathcal": "italic",
}
ACCENTS = frozenset("hat widehat bar overline tilde widetilde dot vec".split())
MARKS: Mapping[str, str] = {
    "prime": "′", "langle": "⟨", "rangle": "⟩", "lvert": "|", "rvert": "|",
    "lVert": "‖", "rVert": "‖", "top": "⊤", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "cdot": "·", "times": "×", "circ": "∘", "odot": "⊙",
    "ast": "∗", "star": "⋆", "dagger": "†", "sum": "∑", "prod": "∏",
    "infty": "∞", "pm": "±", "ldots": "…", "cdots": "⋯", "dots": "…", "lt": "<",
    "gt": ">", "le": "≤", "ge": "≥", "ne": "≠", "approx": "≈", "vert": "|",
    "mid": "|", "in": "∈", "oplus": "⊕",
}  # fmt: skip
SPACES: Mapping[str, int] = {
    ",": 17, ":": 22, ";": 28, "!": -17, " ": 33, "quad": 100, "qquad": 200,
}  # fmt: skip
SIZES: Mapping[str, int] = {
    "big": 0, "bigl": 0, "bigr": 0, "Big": 1, "Bigl": 1, "Bigr": 1, "bigg": 1,
    "biggl": 1, "biggr": 1, "Bigg": 2, "Biggl": 2, "Biggr": 2, "left": 1,
    "right": 1,
}  # fmt: skip


class PatternError(ValueError):
    """A pattern uses LaTeX that only LaTeX can print.

    `command` is what was not understood.
    """

    def __init__(self, tex: str, command: str) -> None:
        super().__init__(f"{tex!r}: no form for {command!r} in this format")
        self.tex = tex
        self.command = command


def open_pattern(pattern: Pattern) -> Box:
    r"""The boxes of a pattern, its slots filled. Raises PatternError.

    >>> open_pattern(Pattern(r"\delta_{h1}"))
    ... # doctest: +NORMALIZE_WHITESPACE
    Scripts(base=Letters(text='δ', style='italic'),
            below=Row(parts=(Letters(text='h', style='italic'),
                             Letters(text='1', style='upright'))),
            above=None)
    """
    return fill(read_pattern(pattern.tex), pattern.slots)


@cache
def read_pattern(tex: str) -> Box:
    """The boxes of a pattern, with its slots as places. Raises PatternError."""
    reader = _Reader(tex, TOKEN.findall(tex))
    found = reader.read_row()
    if reader.tokens:
        raise PatternError(tex, reader.tokens[0])
    return found


def fill(box: Box, slots: tuple[Box, ...]) -> Box:
    """The box with each slot replaced by its argument."""
    match box:
        case Slot(place):
            return slots[place]
        case Row(parts):
            return row(*(fill(part, slots) for part in parts))
        case Scripts(base, below, above):
            return Scripts(
                fill(base, slots),
                fill(below, slots) if below else None,
                fill(above, slots) if above else None,
            )
        case Over(top, bottom):
            return Over(fill(top, slots), fill(bottom, slots))
        case Root(body):
            return Root(fill(body, slots))
        case Accent(name, body):
            return Accent(name, fill(body, slots))
    return box


@dataclass(slots=True)
class _Reader:
    """Recursive descent over the tokens that are left."""

    tex: str
    tokens: list[str]

    def read_row(self) -> Box:
        """Everything up to the end of the group."""
        parts: list[Box] = []
        while self.tokens and self.tokens[0] != "}":
            if self.tokens[0].isspace():
                self.tokens.pop(0)
                continue
            parts.append(self._with_scripts(self._read_atom()))
        return row(*parts)

    def _with_scripts(self, base: Box) -> Box:
        below: Box | None = None
        above: Box | None = None
        while self.tokens and self.tokens[0] in "_^'":
            sign = self.tokens.pop(0)
            if sign == "_":
                below = self._read_argument()
            else:
                more = Mark("′") if sign == "'" else self._read_argument()
                above = row(above, more) if above else more
        return Scripts(base, below, above) if below or above else base

    def _read_argument(self) -> Box:
        """A group in braces, or one atom."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        return self._read_atom()

    def _read_group(self) -> Box:
        found = self.read_row()
        self._expect("}")
        return found

    def _expect(self, token: str) -> None:
        if not self.tokens or self.tokens.pop(0) != token:
            raise PatternError(self.tex, f"a missing {token}")

    def _read_atom(self) -> Box:
        if not self.tokens:
            raise PatternError(self.tex, "a missing argument")
        token = self.tokens.pop(0)
        if token == "{":
            return self._read_group()
        if token in "_^":
            self.tokens.insert(0, token)
            return Row(())
        if token.startswith("\\"):
            return self._read_command(token[1:])
        if token.startswith("<") and token.endswith(">") and len(token) > 2:
            return Slot(int(token[1:-1]))
        if token[0].isdecimal():
            return Letters(token, "upright")
        if token.isalpha():
            return Letters(token)
        if token in "&$#%~\\":
            raise PatternError(self.tex, token)
        return Mark("−" if token == "-" else token)

    def _read_command(self, name: str) -> Box:
        if name in GREEK:
            upright = name[0].isupper()
            return Letters(GREEK[name], "upright" if upright else "italic")
        if name in FUNCTIONS:
            return Letters(name, "upright")
        if name in STYLES:
            return self._read_styled(name)
        if name in ACCENTS:
            return Accent(name.removeprefix("wide"), self._read_argument())
        if name in MARKS:
            return Mark(MARKS[name])
        if name in SPACES:
            return Space(SPACES[name])
        if name in SIZES:
            return self._read_sized(name)
        if name in ("frac", "dfrac", "tfrac"):
            return Over(self._read_argument(), self._read_argument())
        if name == "sqrt":
            return Root(self._read_argument())
        if name in "_{}&%$#":
            return Mark(name)
        raise PatternError(self.tex, f"\\{name}")

    def _read_styled(self, name: str) -> Box:
        r"""`\mathit{out}` is one word; `\boldsymbol{\delta}` a bold letter."""
        style = STYLES[name]
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        if self.tokens[:1] != ["{"]:
            return _styled(self._read_atom(), style)
        words = re.match(r"[^{}\\$_^<]*", "".join(self.tokens[1:]))
        end = self.tokens.index("}") if "}" in self.tokens else -1
        text = "".join(self.tokens[1:end])
        if words and words[0] == text and text:
            del self.tokens[: end + 1]
            return Letters(text, style)
        self.tokens.pop(0)
        return _styled(self._read_group(), style)

    def _read_sized(self, name: str) -> Box:
        r"""A bar or bracket of a chosen height: `\Big|`, `\Bigl(`, `\left(`."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        if not self.tokens:
            raise PatternError(self.tex, f"\\{name}")
        token = self.tokens.pop(0)
        sign = MARKS.get(token[1:], token[1:]) if token.startswith("\\") else token
        return Row(()) if sign == "." else Mark(sign, SIZES[name])


def _styled(box: Box, style: str) -> Box:
    """The letters of a box in another style."""
    match box:
        case Letters(text, _):
            return Letters(text, style)
        case Row(parts):
            return row(*(_styled(part, style) for part in parts))
        case Scripts(base, below, above):
            return Scripts(_styled(base, style), below, above)
        case Accent(name, body):
            return Accent(name, _styled(body, style))
    return box
