"""PDF from the Typst text, by the typst package: a pip install is all it needs."""

from __future__ import annotations

from explainer.page.publishing.making import Draw, Made, PublishingError

MISSING = (
    "PDF is made by the package typst, which is not installed. Run:\n"
    "  pip install 'backprop-explainer[pdf]'\n"
    "Where TeX is installed, `--engine latex` makes it without."
)


def compile_typst(text: str, draw: Draw = dict) -> Made:
    """The PDF of a Typst page, the same bytes everywhere: only the fonts that typst
    brings are used, and no date is written."""
    try:
        import typst
    except ImportError as error:
        raise PublishingError(MISSING) from error
    try:
        data, warnings = typst.compile_with_warnings(
            text.encode(),
            format="pdf",
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
            timestamp=0,
        )
    except typst.TypstError as error:
        problem = f"Typst cannot read the page: {error.diagnostic or error.message}"
        raise PublishingError(problem) from error
    return Made(data, tuple(f"Typst: {warning.message}" for warning in warnings))
