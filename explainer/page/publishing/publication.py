"""The formats that are made of another format's text: one record each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explainer.network.problems import unknown
from explainer.page.formats import FORMATS
from explainer.page.publishing.making import Draw, Made
from explainer.page.publishing.tex import compile_latex
from explainer.page.publishing.typst_page import compile_typst
from explainer.page.publishing.word import convert_to_word


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to make the file: of the text of which format, and by what."""

    name: str
    source: str
    make: Callable[[str, Draw], Made]


@dataclass(frozen=True, slots=True)
class Publication:
    """A format of files that are no text. The first engine is the one by default."""

    name: str
    suffix: str
    engines: tuple[Engine, ...]


PUBLICATIONS: Mapping[str, Publication] = {
    record.name: record
    for record in (
        Publication(
            "pdf",
            ".pdf",
            (
                Engine("typst", "typ", compile_typst),
                Engine("latex", "tex", compile_latex),
            ),
        ),
        Publication("docx", ".docx", (Engine("pandoc", "pandoc", convert_to_word),)),
    )
}
SUFFIXES: Mapping[str, str] = {
    **{record.name: record.suffix for record in FORMATS.values()},
    **{record.name: record.suffix for record in PUBLICATIONS.values()},
}
ENGINES = tuple(
    dict.fromkeys(e.name for record in PUBLICATIONS.values() for e in record.engines)
)


def engine_problem(engine: str, forms: tuple[str, ...]) -> str | None:
    """Why none of these formats is made by that engine, None when one is."""
    if engine not in ENGINES:
        return unknown("engine", engine, ENGINES)
    makes = [
        record.name
        for record in PUBLICATIONS.values()
        if engine in (e.name for e in record.engines)
    ]
    if set(makes) & set(forms):
        return None
    return f"{engine} makes {' and '.join(makes)}, and --to asks for {', '.join(forms)}"


def publish(
    form: str,
    render: Callable[[str], str],
    engine: str | None = None,
    draw: Draw = dict,
) -> str | Made:
    """The page in any format: its text as `render` gives it, or the file made of it.

    `engine` chooses among the ways to make the file; `draw` gives the pictures that its
    text only names. Raises PublishingError.
    """
    if form not in PUBLICATIONS:
        return render(form)
    known = {record.name: record for record in PUBLICATIONS[form].engines}
    chosen = known.get(engine or "", PUBLICATIONS[form].engines[0])
    return chosen.make(render(chosen.source), draw)
