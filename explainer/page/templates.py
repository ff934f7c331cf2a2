"""The templates: where they are, in which languages, and what they may print."""

from __future__ import annotations

from pathlib import Path

import jinja2
from markupsafe import Markup

from explainer.network.problems import unknown

PACKAGE = Path(__file__).resolve().parent.parent


class Ready(Markup):
    """Text that is ready to print in its format: mathematics, or escaped words."""

    __slots__ = ()


def guard(value: object) -> object:
    """What a template may print: ready text and counts. Anything else is a mistake of
    ours."""
    if isinstance(value, Markup | int | jinja2.Undefined) and not isinstance(
        value, bool
    ):
        return value
    raise TypeError(f"a template printed the bare {type(value).__name__} {value!r}")


def template_folder() -> Path:
    """The built-in templates: inside the installed package, or beside it in a
    checkout."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """The languages that have a wording, built in or in a folder of the user's.

    >>> languages()
    ('en', 'es')
    """
    folders = [template_folder(), *([folder] if folder else [])]
    found = {path.stem for each in folders for path in each.glob("wording/*.j2")}
    return tuple(sorted(found))


def language_problem(language: str, folder: Path | None = None) -> str | None:
    """Why there is no page in that language, None when there is one.

    >>> language_problem("esp")
    "no language is called 'esp'. Did you mean 'es'? Known: en, es."
    """
    known = languages(folder)
    return None if language in known else unknown("language", language, known)


class MissingSentence(LookupError):
    """A wording lacks a sentence that the page needs."""


def make_environment(folder: Path | None) -> jinja2.Environment:
    """Jinja with one pair of delimiters for every format, and nothing undefined."""
    folders = [*([folder] if folder else []), template_folder()]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        # Compiling the templates takes longer than rendering a page with them.
        bytecode_cache=jinja2.FileSystemBytecodeCache(),
        autoescape=True,
        finalize=guard,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )


def override_problem(folder: Path) -> str | None:
    """What is wrong with a folder of templates, None when nothing is.

    A wording may be of any language, the other templates are built-in ones.
    """
    known = {
        str(p.relative_to(template_folder())) for p in template_folder().rglob("*.j2")
    }
    found = {str(p.relative_to(folder)) for p in folder.rglob("*.j2")}
    strange = sorted(
        found - known - {f"wording/{code}.j2" for code in languages(folder)}
    )
    if strange:
        names = ", ".join(sorted(known))
        return f"no built-in template is called {strange[0]!r}. Known: {names}."
    return None if found else f"no template (*.j2) in {folder}"
