"""Pages as files of any format, with the remarks of the programs that make them."""

from __future__ import annotations

from collections.abc import Callable

import click

from explainer.cli.files import Refusal
from explainer.page.publishing.making import Draw, Made, PublishingError
from explainer.page.publishing.publication import engine_problem, publish


def check_engine(engine: str | None, to: tuple[str, ...]) -> None:
    """Refuses an engine that makes none of the formats."""
    problem = engine_problem(engine, to) if engine else None
    if problem:
        raise Refusal(f"--engine: {problem}")


def make(
    form: str,
    render: Callable[[str], str],
    engine: str | None = None,
    draw: Draw = dict,
) -> str | bytes:
    """The content of the file: the text that `render` gives, or what is made of it."""
    try:
        made = publish(form, render, engine, draw)
    except PublishingError as error:
        raise Refusal(f"--to {form}: {error}") from error
    if not isinstance(made, Made):
        return made
    for remark in made.remarks:
        click.echo(remark, err=True)
    return made.data
