"""`explainer sheet NETWORK`: the empty form that a student fills in."""

from __future__ import annotations

from pathlib import Path

import click

from explainer.cli.files import Refusal, write_files
from explainer.cli.options import split_names


@click.command()
@click.argument("network")
@click.option(
    "--to",
    default="toml,csv",
    callback=split_names,
    metavar="FORMATS",
    help="Formats, comma-separated: toml, csv, md.  [default: toml,csv]",
)
@click.option(
    "-o",
    "--output",
    default="output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into.  [default: output]",
)
@click.option(
    "--only",
    default="",
    callback=split_names,
    metavar="NAMES",
    help="Only what these parameters need: w5,b1.",
)
@click.option(
    "--method", help="paths or signals: which steps there are.  [default: the file's]"
)
def sheet(
    network: str,
    to: tuple[str, ...],
    output: Path,
    only: tuple[str, ...],
    method: str | None,
) -> None:
    """Write the empty answer sheet of NETWORK, to fill in and to hand back.

    Every quantity of the derivation has a line with its plain name. A student may fill
    in any of them, in any order.
    """
    from explainer.homework.sheets.form import SUFFIXES
    from explainer.network.problems import NetworkError, unknown

    strange = [form for form in to if form not in SUFFIXES]
    if strange or not to:
        got = strange[0] if strange else ""
        raise Refusal(f"--to: {unknown('format', got, SUFFIXES)}")
    try:
        texts = _write(network, to, only, method)
    except NetworkError as error:
        raise Refusal(f"{network}: {error}") from error
    stem = Path(network).stem
    files = {output / f"{stem}-sheet{SUFFIXES[form]}": t for form, t in texts.items()}
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")


def _write(
    source: str, to: tuple[str, ...], only: tuple[str, ...], method: str | None
) -> dict[str, str]:
    from explainer import worked
    from explainer.cli.choosing import load
    from explainer.homework.sheets.form import write_form

    derivation = worked.derive(
        load(source), method=method, only=only, symbolic=True, verify=False
    )
    title = derivation.spec.title
    return {
        form: write_form(title, derivation.symbols, derivation.spell, form)
        for form in to
    }
