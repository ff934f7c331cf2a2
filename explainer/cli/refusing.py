"""What the user can mend is refused in one message, without a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from explainer.cli.files import Refusal

MOST_LISTED = 5


@contextmanager
def refusing(network: str, templates: Path | None = None) -> Iterator[None]:
    """Turns the problems of a network file, and of a folder of templates, into
    refusals."""
    from explainer.mathematics.typesetting.patterns import PatternError
    from explainer.network.problems import NetworkError

    try:
        yield
    except NetworkError as error:
        raise Refusal(
            f"{error.source}: {counted(len(error.problems), 'problem')}\n{error}"
        ) from error
    except PatternError as error:
        raise Refusal(
            f"{network}: the notation spells a symbol {error.tex!r}, and only LaTeX"
            f" knows {error.command}. Choose another pattern, or --to md,tex with"
            " --pictures none."
        ) from error
    except Exception as error:
        from explainer.page.templates import MissingSentence

        named = isinstance(error, MissingSentence)
        problem = str(error) if named else f"{type(error).__name__}: {error}"
        if isinstance(error, click.ClickException):
            raise
        if templates is not None:
            # A template of the user's may fail in any way that a program can.
            raise Refusal(f"--templates {templates}: {problem}") from error
        if named:
            raise Refusal(f"--language: {problem}") from error
        if isinstance(error, ArithmeticError):
            raise Refusal(f"{network}: a number has no value: {problem}") from error
        raise


def counted(count: int, noun: str) -> str:
    """How many there are.

    >>> counted(1, "paper"), counted(1000, "paper")
    ('1 paper', '1,000 papers')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def list_some(names: Sequence[str], most: int = MOST_LISTED) -> str:
    """A list for one line of a terminal, however long it is.

    >>> list_some(list("abcdefg"))
    'a, b, c, d, e and 2 more'
    """
    listed = ", ".join(names[:most])
    left = len(names) - most
    return f"{listed} and {left} more" if left > 0 else listed


def check_formats(to: tuple[str, ...], known: Any) -> None:
    """Refuses a format that is none of those known, and an empty list."""
    from explainer.network.problems import unknown

    strange = [form for form in to if form not in known]
    if strange or not to:
        raise Refusal(
            f"--to: {unknown('format', strange[0] if strange else '', known)}"
        )


def check_templates(folder: Path | None) -> None:
    """Refuses a folder of templates that replaces nothing."""
    if folder is None:
        return
    from explainer.page.templates import override_problem

    problem = override_problem(folder)
    if problem:
        raise Refusal(f"--templates: {problem}")


def check_language(language: str, folder: Path | None = None) -> None:
    """Refuses a language that has no wording."""
    from explainer.page.templates import language_problem

    problem = language_problem(language, folder)
    if problem:
        raise Refusal(f"--language: {problem}")
