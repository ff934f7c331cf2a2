"""PDF from the Typst text, by the typst package: a pip install is all it needs."""

from __future__ import annotations

import re
from typing import Any

from explainer.page.publishing.making import Draw, Made, PublishingError

MISSING = (
    "PDF is made by the package typst, which is not installed. Run:\n"
    "  pip install 'backprop-explainer[pdf]'\n"
    "Where TeX is installed, `--engine latex` makes it without."
)
# Letters and pictures that the fonts of the page may lack: not those of Latin, Greek,
# Cyrillic or mathematics.
FOREIGN = re.compile(
    "[\u0530-\u1dff\u2c00-\ufaff\ufe00-\U0001cfff\U0001f000-\U0010ffff]"
)
# Typst tells of missing letters only where a standard for archives forbids them.
STRICT = ["a-2b"]
LOST = re.compile(r'the text `"(.+?)"` could not be displayed')


def compile_typst(text: str, draw: Draw = dict) -> Made:
    """The PDF of a Typst page, the same bytes everywhere: only the fonts that typst
    brings are used, and no date is written.

    A page with letters that none of them has may use the fonts of this machine. Where
    these lack them, too, an id stands in the place of a name, and a remark says so.
    """
    try:
        import typst
    except ImportError as error:
        raise PublishingError(MISSING) from error
    here = bool(FOREIGN.search(text) and _lost(text, here=False))
    lost = _lost(text, here) if here else ""
    inputs = {"lost": lost} if lost else {}
    try:
        data, warnings = _compile(text, here, sys_inputs=inputs)
    except typst.TypstError as error:
        raise PublishingError(f"Typst cannot read the page: {_told(error)}") from error
    remarks = [f"Typst: {warning.message}" for warning in warnings]
    if lost:
        remarks.append(
            f"Typst: no font of this machine has {lost}; in the place of a name with"
            " such letters stands the id"
        )
    return Made(data, tuple(remarks))


def _compile(text: str, here: bool, **options: Any) -> tuple[bytes, list[Any]]:
    """The PDF and the warnings; with `here` by the fonts of this machine, too."""
    import typst

    return typst.compile_with_warnings(
        text.encode(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=here),
        ignore_system_fonts=not here,
        timestamp=0,
        **options,
    )


def _lost(text: str, here: bool) -> str:
    """The letters of a page that no font has."""
    import typst

    try:
        _compile(text, here, pdf_standards=STRICT)
    except typst.TypstError as error:
        return "".join(dict.fromkeys(LOST.findall(_told(error))))
    return ""


def _told(error: Any) -> str:
    return str(error.diagnostic or error.message)
