"""The command `explainer`.

Exit codes: 0 all went well; 1 a line or a gradient did not verify; 2 the network file
or the command asks for the impossible, or a file cannot be read or written.
"""

from __future__ import annotations

import gc

import click

from explainer.cli.check import check
from explainer.cli.collect import collect
from explainer.cli.derive import derive
from explainer.cli.find_mistake import find_mistake
from explainer.cli.gallery import gallery
from explainer.cli.listing import catalogue, examples, new, schema
from explainer.cli.rebuild import rebuild
from explainer.cli.sheet import sheet
from explainer.cli.show import show, why
from explainer.cli.variants import variants
from explainer.cli.worksheet import worksheet


@click.group(epilog="Exit codes: 0 done; 1 verification failed; 2 wrong input.")
@click.version_option(package_name="backprop-explainer", prog_name="explainer")
def main() -> None:
    """Worked backpropagation: a numbered derivation of one training step, every line
    true."""


def run() -> None:
    """The console command. Its process ends with it: no cycles need be collected."""
    gc.disable()
    main(prog_name="explainer")


for command in (
    derive,
    worksheet,
    sheet,
    check,
    variants,
    rebuild,
    collect,
    find_mistake,
    show,
    why,
    examples,
    new,
    schema,
    catalogue,
    gallery,
):
    main.add_command(command)
