"""A worked derivation as text: pages, data, pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.network.problems import unknown
from explainer.page.formats import FORMATS, SVG
from explainer.page.record import record
from explainer.page.rendering import Renderer
from explainer.page.rendering import render as render_document

if TYPE_CHECKING:
    from explainer.worked import WorkedDerivation


def render(
    derivation: WorkedDerivation,
    form: str,
    templates: Path | None = None,
    language: str | None = None,
    stem: str | None = None,
) -> str:
    """The worked derivation as text: "md", "tex", "ipynb" or "json".

    `templates` is a folder whose files replace built-in templates of the same name, or
    bring a language. `language` is the file's choice when None. A Markdown page names
    its pictures `stem`-network.svg, with a stem made of the title when None.
    """
    if form == "json":
        return record(
            derivation.spec.title,
            derivation.symbols,
            derivation.readings,
            derivation.full,
            derivation.rounding,
            derivation.document,
            derivation.proof,
            derivation.spell,
            derivation.course,
        )
    if form not in FORMATS:
        raise ValueError(unknown("format", form, [*FORMATS, "json"]))
    language = language or derivation.spec.page.language
    return render_document(
        derivation.document,
        form,
        derivation.spell,
        templates,
        language,
        derivation.runs,
        slug(derivation.spec.title) if stem is None else stem,
    )


def pictures(
    derivation: WorkedDerivation,
    templates: Path | None = None,
    language: str | None = None,
) -> Mapping[str, str]:
    """The pictures of the page in SVG, by name: network, chain-w5, error, course.

    >>> from explainer.worked import Network, derive
    >>> single = derive(Network.from_example("single-neuron"), verify=False)
    >>> tuple(pictures(single))
    ('network', 'error')
    """
    language = language or derivation.spec.page.language
    renderer = Renderer(SVG, derivation.spell, templates, language)
    return {
        picture.name: renderer.part("document", {"picture": picture})
        for picture in derivation.document.pictures
    }


def slug(title: str) -> str:
    """A title as the beginning of a file's name.

    >>> slug("A single neuron"), slug("?")
    ('a-single-neuron', 'network')
    """
    return "-".join(re.findall("[a-z0-9]+", title.lower())) or "network"
