"""`explainer examples`, `explainer new` and `explainer schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from explainer.cli.derive import GENERAL, GENERAL_LINE
from explainer.cli.files import Refusal, write_files
from explainer.cli.options import output_folder
from explainer.cli.publishing import make
from explainer.cli.refusing import check_language


@click.command()
@click.option("--names", is_flag=True, help="Names only, one per line.")
def examples(names: bool) -> None:
    """List the built-in examples."""
    from explainer.examples import EXAMPLES

    lines = {**EXAMPLES, GENERAL: GENERAL_LINE}
    width = max(map(len, lines))
    for name, line in lines.items():
        click.echo(name if names else f"{name:<{width}}  {line}")
    if not names:
        click.echo(
            "\nWork one out: explainer derive forward-backward"
            "\nMake your own: explainer new mazur"
        )


@click.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write.  [default: NAME.toml]",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def new(name: str, output: Path | None, force: bool) -> None:
    """Write the built-in example NAME as a network file to edit."""
    from explainer.examples import EXAMPLES, read_example
    from explainer.network.problems import unknown

    if name == GENERAL:
        raise Refusal(
            f"{GENERAL} has no network file: it needs no numbers."
            f" Try `explainer derive {GENERAL}`."
        )
    if name not in EXAMPLES:
        raise Refusal(unknown("built-in example", name, EXAMPLES))
    path = output or Path(f"{name}.toml")
    if path.exists() and not force:
        raise Refusal(
            f"{path}: the file exists. Choose another name with -o, or use --force."
        )
    write_files({path: read_example(name)})
    click.echo(f"wrote {path}\nedit it, then: explainer derive {path}")


@click.command()
@click.option("--to", default="md", help="md, tex, typ, pdf or docx.  [default: md]")
@output_folder
@click.option(
    "--language",
    default="en",
    metavar="CODE",
    help="The language of the page, such as es.  [default: en]",
)
def catalogue(to: str, output: Path, language: str) -> None:
    """Write the catalogue: every activation, loss, optimizer and layer, with formulas
    and slopes."""
    from explainer.network.problems import unknown
    from explainer.page.catalogue import compose_catalogue, spell_catalogue
    from explainer.page.publishing.publication import SUFFIXES
    from explainer.page.rendering import render

    if to not in SUFFIXES:
        raise Refusal(f"--to: {unknown('format', to, SUFFIXES)}")
    check_language(language)
    path = output / f"catalogue{SUFFIXES[to]}"
    page = make(
        to,
        lambda form: render(
            compose_catalogue(), form, spell_catalogue, language=language
        ),
    )
    write_files({path: page})
    click.echo(f"wrote {path}")


@click.command()
@click.argument(
    "which", type=click.Choice(["network", "derivation", "report"]), default="network"
)
def schema(which: str) -> None:
    """Print the JSON Schema of a network file, or of the JSON that `derive` writes, or
    that `check` writes."""
    if which == "network":
        from explainer.network.file import file_schema

        found = file_schema()
    elif which == "report":
        from explainer.homework.report.record_schema import SCHEMA as REPORT

        found = REPORT
    else:
        from explainer.page.record_schema import SCHEMA

        found = SCHEMA
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
