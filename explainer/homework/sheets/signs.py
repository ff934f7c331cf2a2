r"""The text of a sheet as signs: one tokenizer for LaTeX, Markdown and plain typing.

What only lays out (`\left`, `\mathit`, `&`, a line of underscores to write on) is left
out here, and every way to type a sign becomes one: `\cdot`, `×` and `·` are `*`, `≈` is
`=`, `δ` is the word delta. Each sign keeps its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

NUMBER, WORD, SIGN = "number", "word", "sign"
# Between two statements: the end of a line, and what opens or closes mathematics.
RELATION, BREAK, SOFT = "relation", "break", "soft"
# Mathematics that is no arithmetic (a matrix, cases), and places such as [sample=2].
OPAQUE, PLACE = "opaque", "place"


class Sign(NamedTuple):
    """One sign in its one form, where it was typed, and whether a space stands before
    it."""

    kind: str
    text: str
    start: int
    end: int
    line: int
    spaced: bool


ROW = r"\\"
DECIMAL = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
DECIMAL_COMMA = r"(?:[0-9]+(?:(?:[.,]|\{,\})[0-9]+)?|[.,][0-9]+)"
EXPONENT = r"(?:[eE][+\-−–]?[0-9]+(?![.0-9]))?"
DISPLAYS = (
    "math|displaymath|equation|align|aligned|alignat|alignedat|gather|gathered"
    "|split|eqnarray|multline|flalign"
)
RULES = (
    (
        "skip",
        r"<!--.*?-->|&&(?:(?!\\\\|\\end|\n).)*|_{2,}"
        r"|\\(?:[hv]space\*?|[hv]?phantom|label|tag|ref|hypertarget|hyperref)"
        r"(?:\[[^\]\n]*\])?\{[^{}\n]*\}"
        r"|</?(?:b|i|em|strong|span|p|div|a|u)(?:\s[^<>\n]*)?>",
    ),
    (
        OPAQUE,
        r"\\begin\{(?P<matrix>cases|[pbvBV]?matrix|smallmatrix|array)\}"
        r".*?\\end\{(?P=matrix)\}",
    ),
    ("display", r"\$\$|\\\[|\\\]|\\(?P<edge>begin|end)\{(?P<env>[a-zA-Z]+)\*?\}"),
    (SOFT, r"\$|\\\(|\\\)|\\qq?uad(?![a-zA-Z])"),
    (BREAK, r"\\\\(?:\[[0-9.]+[a-z]{2}\])?|\\newline(?![a-zA-Z])|<br\s*/?>"),
    ("newline", r"\r\n|\n|\r"),
    (PLACE, r"\[[a-z]+=[0-9]+(?:,[a-z]+=[0-9]+)*\]"),
    (
        RELATION,
        r"\\(?:approx|simeq|cong|doteq|equiv)(?![a-zA-Z])|:=|==?(?!>)|[≈≃≅≐≡＝]",
    ),
    ("times", r"(?<=[0-9)}])[ \t]*[xX][ \t]*(?=[(\-−]?[.0-9])"),
    (NUMBER, ""),
    ("command", r"\\[a-zA-Z]+|\\[^a-zA-Z\s]"),
    (WORD, r"[^\W\d_¹²³⁰-⁹₀-₉½⅓⅔¼¾⅛]+[0-9]*"),
    ("scripts", "[₀-₉₊₋₍₎]+|[⁰¹²³⁴-⁹⁺⁻⁽⁾]+"),
    ("space", r"(?:[^\S\r\n]|[\u200b\ufeff~&])+"),
    (SIGN, r"\*\*|->|=>|."),
)


def _compile(number: str) -> re.Pattern[str]:
    rules = {**dict(RULES), NUMBER: number + EXPONENT}
    pattern = "|".join(f"(?P<{name}>{rule})" for name, rule in rules.items())
    return re.compile(pattern, re.DOTALL)


POINT, COMMA = _compile(DECIMAL), _compile(DECIMAL_COMMA)
IS_DISPLAY = re.compile(DISPLAYS)
# What changes the look only.
LAYOUT = frozenset(
    r"\left \right \middle \mathit \mathrm \mathbf \mathsf \mathbb \boldsymbol \bm"
    r" \text \textit \textbf \textrm \mbox \operatorname \displaystyle \textstyle"
    r" \limits \boxed \underline \fbox \, \; \: \! \/ \small \large \normalsize"
    r" \nonumber \notag \hfill \emph \ensuremath \mathop \mathord".split()
)
SIZES = re.compile(r"\\[bB]igg?[lrm]?")
SPELLED = {
    r"\_": "_", r"\{": "(", r"\}": ")", r"\*": "*", r"\%": "%", r"\#": "#",
    r"\|": "|", r"\cdot": "*", r"\times": "*", r"\ast": "*", r"\odot": "*",
    r"\div": "/", r"\lbrack": "[", r"\rbrack": "]", r"\lvert": "|", r"\rvert": "|",
    r"\vert": "|", r"\mid": "|", r"\langle": "<", r"\rangle": ">", r"\lt": "<",
    r"\gt": ">", r"\to": "→", r"\rightarrow": "→", r"\prime": "'", r"\partial": "∂",
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac",
    r"\-": "-", r"\+": "+", r"\=": "=", r"\.": ".",
    r"\dots": "…", r"\ldots": "…", r"\cdots": "…", r"\Rightarrow": "⇒",
    "·": "*", "×": "*", "⋅": "*", "∙": "*", "•": "*", "∗": "*", "⊙": "*", "÷": "/",
    "⁄": "/", "∕": "/", "−": "-", "–": "-", "‐": "-", "‑": "-", "…": "…", "½": "½",
    "⟨": "<", "⟩": ">", "′": "'", "’": "'", "´": "'", "`": "`", "->": "→", "=>": "⇒",
}  # fmt: skip
GREEK = str.maketrans({
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
})  # fmt: skip
VULGAR = {"½": "12", "⅓": "13", "⅔": "23", "¼": "14", "¾": "34", "⅛": "18"}


def read_signs(text: str, comma: bool = False) -> list[Sign]:
    r"""The signs of a text. With `comma`, `0,5` is a number; without, never.

    >>> [sign.text for sign in read_signs(r"\mathit{sum}_{h1} \approx −0.50")]
    ['{', 'sum', '}', '_', '{', 'h1', '}', '=', '-', '0.50']
    """
    return _mark_fractions(list(_signs(text, comma)))


def _signs(text: str, comma: bool) -> Iterator[Sign]:
    line, spaced, display, fresh, inline = 1, True, False, True, False
    for found in (COMMA if comma else POINT).finditer(text):
        kind, typed = str(found.lastgroup), found[0]
        if found["matrix"]:
            kind = OPAQUE
        elif found["env"]:
            kind = "display"
        start, end = found.span()
        if kind == "newline":
            if fresh:
                display = inline = False
            if not display:
                # In mathematics a formula may go on in the next line.
                yield Sign(BREAK, ROW if inline else "\n", start, end, line, True)
            line, spaced, fresh = line + 1, True, True
            continue
        if kind == SOFT and typed[-1] in "$()":
            inline = not inline if typed == "$" else typed == r"\("
        if kind == "display":
            display = _opens(found, display)
            kind = SOFT
        for name, form in _forms(kind, typed):
            yield Sign(name, form, start, end, line, spaced)
            spaced = False
        line += typed.count("\n")
        spaced = kind in ("space", "skip", SOFT, BREAK) or spaced
        fresh = fresh and kind == "space"


def _opens(found: re.Match[str], display: bool) -> bool:
    """Whether a display is open after this: there a new line is a space."""
    if found["env"]:
        is_display = IS_DISPLAY.fullmatch(found["env"])
        return found["edge"] == "begin" if is_display else display
    return not display if found[0] == "$$" else found[0] == r"\["


def _forms(kind: str, typed: str) -> Iterator[tuple[str, str]]:
    """The signs that what was typed stands for."""
    if kind == NUMBER:
        number = typed.replace("{,}", ".").replace(",", ".")
        yield kind, number.replace("−", "-").replace("–", "-")
    elif kind == WORD:
        yield kind, unicodedata.normalize("NFKC", typed).translate(GREEK)
    elif kind == "scripts":
        plain = unicodedata.normalize("NFKC", typed).replace("−", "-")
        yield SIGN, "_" if ord(typed[0]) in range(0x2080, 0x20A0) else "^"
        yield SIGN, "{"
        for part in re.findall("[0-9]+|.", plain):
            yield (NUMBER if part.isdecimal() else SIGN), part
        yield SIGN, "}"
    elif typed in VULGAR:
        top, bottom = tuple(VULGAR[typed])
        parts = r"\frac", "{", top, "}", "{", bottom, "}"
        for part in parts:
            yield (NUMBER if part.isdecimal() else SIGN), part
    elif kind == "command":
        yield from _commands(typed)
    elif kind == SIGN:
        form = SPELLED.get(typed) or unicodedata.normalize("NFKC", typed)
        yield kind, form
    elif kind == "times":
        yield SIGN, "*"
    elif kind in (RELATION, SOFT, BREAK, OPAQUE, PLACE):
        yield kind, "=" if kind == RELATION else typed


def _commands(typed: str) -> Iterator[tuple[str, str]]:
    if typed in LAYOUT or SIZES.fullmatch(typed):
        return
    if typed in SPELLED:
        yield SIGN, SPELLED[typed]
    else:
        yield SIGN, typed


def _mark_fractions(signs: list[Sign]) -> list[Sign]:
    r"""`\frac{a}{b}` and `\frac12` with a bar between: `\frac { a } / { b }`."""
    marked: list[Sign] = []
    groups: list[bool] = []
    waiting = False
    pending = signs[::-1]
    while pending:
        sign = pending.pop()
        if waiting and sign.kind in (NUMBER, WORD):
            # \\frac12: the first digit is the top.
            opening, closing = (sign._replace(kind=SIGN, text=t) for t in ("{", "}"))
            if sign.text[1:]:
                pending.append(sign._replace(text=sign.text[1:]))
            pending += [closing, sign._replace(text=sign.text[0]), opening]
            waiting = False
            groups.append(True)
            marked.append(pending.pop())
            continue
        if sign.text == "{" and sign.kind == SIGN:
            groups.append(waiting)
        marked.append(sign)
        waiting = sign.text == r"\frac"
        if sign.text == "}" and sign.kind == SIGN and groups and groups.pop():
            marked.append(sign._replace(text="/", spaced=False))
    return marked
