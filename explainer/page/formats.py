"""The formats of a page: one record each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from unicodedata import normalize

from explainer.mathematics.latex import print_latex
from explainer.mathematics.svg import print_svg
from explainer.mathematics.typesetting.boxes import Box
from explainer.mathematics.typesetting.mathml import print_mathml
from explainer.mathematics.typesetting.omml import print_omml
from explainer.mathematics.typesetting.patterns import GREEK
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.typesetting.typst import print_typst

if TYPE_CHECKING:
    from explainer.derivation.runs import Run
    from explainer.page.document import Document
    from explainer.page.rendering import Renderer

LATEX_SPECIAL: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Letters that the fonts of text lack, in sentences and titles.
LATEX_LETTERS: Mapping[int, str] = {
    ord(letter): rf"\ensuremath{{\{name}}}" for name, letter in GREEK.items()
}


def escape_latex(text: str) -> str:
    r"""Text for LaTeX's text mode.

    >>> escape_latex("50% of a_b")
    '50\\% of a\\_b'
    """
    # LaTeX has letters with an accent, no accents of their own, and stops at others.
    whole = CONTROL.sub(" ", normalize("NFC", text))
    return "".join(LATEX_SPECIAL.get(sign, sign) for sign in whole)


def escape_markdown(text: str) -> str:
    r"""Text in which Markdown finds no markup.

    >>> escape_markdown("a_b * c")
    'a\\_b \\* c'
    """
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", text)


def escape_typst(text: str) -> str:
    r"""Text in which Typst finds no markup.

    >>> escape_typst("1. forward-backward: #1 costs $5, -2 // w_5")
    '1\\. forward-backward: \\#1 costs \\$5, \\-2 \\/\\/ w\\_5'
    """
    text = re.sub(r"([\\`*_{}\[\]<>#$~@=+/&%^|\"])", r"\\\1", text)
    # Between letters a hyphen is a hyphen; elsewhere it may be a dash or a minus.
    text = re.sub(r"(?<![^\W\d])-|-(?![^\W\d])", r"\\-", text)
    return re.sub(r"^(\d+)\.", r"\1\\.", text)


def _write_notebook(
    renderer: Renderer, document: Document, runs: Mapping[int, Run]
) -> str:
    from explainer.page.notebook import write_notebook

    return write_notebook(renderer, document, runs)


def _write_linked(
    renderer: Renderer, document: Document, runs: Mapping[int, Run]
) -> str:
    from explainer.page.linking import write_linked

    return write_linked(renderer, document)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the page: its file suffix, its folder of templates, its escaping of
    text, its printer of formulas.

    `letters` are spelled in another way inside a sentence. `write` makes the text of a
    document, where one walk over the templates does not; a format is `linked` where it
    does so for the sake of links alone.
    `measure` says how wide printed mathematics is, where LaTeX is no measure for it.
    """

    name: str
    suffix: str
    folder: str
    escape: Callable[[str], str]
    printer: Callable[[Box, Surroundings], str] = print_latex
    document: str = "document"
    letters: Mapping[int, str] = field(default_factory=dict)
    write: Callable[[Renderer, Document, Mapping[int, Run]], str] | None = None
    measure: Callable[[str], float] | None = None
    linked: bool = False


LATEX = Format("tex", ".tex", "latex", escape_latex, letters=LATEX_LETTERS)
# Pictures, each in a file of its own.
SVG = Format("svg", ".svg", "svg", escape, print_svg)
FORMATS: Mapping[str, Format] = {
    record.name: record
    for record in (
        Format("md", ".md", "markdown", escape_markdown),
        LATEX,
        # Markdown for pandoc, with the formulas of Word.
        Format("pandoc", ".pandoc.md", "pandoc", escape_markdown, print_omml),
        Format("typ", ".typ", "typst", escape_typst, print_typst),
        Format("ipynb", ".ipynb", "notebook", escape_markdown, write=_write_notebook),
        Format(
            "html",
            ".html",
            "html",
            escape,
            print_mathml,
            write=_write_linked,
            linked=True,
        ),
    )
}
