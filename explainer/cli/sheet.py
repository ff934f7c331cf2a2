"""`explainer sheet NETWORK`: the empty form that a student fills in."""

from __future__ import annotations

from pathlib import Path

import click

from explainer.cli.files import write_files
from explainer.cli.options import formats, output_folder, split_names
from explainer.cli.refusing import check_formats, refusing


@click.command()
@click.argument("network")
@formats(("toml", "csv", "md"), "toml,csv")
@output_folder
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

    check_formats(to, SUFFIXES)
    with refusing(network):
        texts = _write(network, to, only, method)
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
