"""The choices that every command over a network has: method, detail, notation, digits,
layout, language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: Decorator) -> Decorator:
    """Several options as one: the command's help lists them in this order."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def split_names(
    context: click.Context, parameter: click.Parameter, text: str
) -> tuple[str, ...]:
    """`a, b` as ("a", "b")."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


output_folder = click.option(
    "-o",
    "--output",
    default="output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write into.  [default: output]",
)


def formats(allowed: Iterable[str], default: str) -> Decorator:
    """The option `--to`: one or more of the allowed formats."""
    return click.option(
        "--to",
        default=default,
        callback=split_names,
        metavar="FORMATS",
        help=f"Formats, comma-separated: {', '.join(allowed)}.  [default: {default}]",
    )


page_choices = together(
    click.option(
        "--method",
        help="paths: each way through the network. signals: by error signals. matrix:"
        " whole layers at once.",
    ),
    click.option(
        "--matrices",
        help="columns or rows: with method matrix, W times a column, or a row times W.",
    ),
    click.option(
        "--detail",
        default="standard",
        help="brief, standard or full.  [default: standard]",
    ),
    click.option(
        "--only",
        default="",
        callback=split_names,
        metavar="NAMES",
        help="Only what these parameters need: w5,b1.",
    ),
    click.option(
        "--notation", help="sum-output, net-out, z-a-superscript or z-a-bracket."
    ),
    click.option(
        "--figures",
        type=click.IntRange(1, 30),
        help="Round to so many significant figures.",
    ),
    click.option(
        "--decimals", type=click.IntRange(0, 30), help="Round to so many decimals."
    ),
    click.option("--mode", help="half-up, half-even or truncate."),
    click.option(
        "--carry",
        help="shown: the next step uses the printed number. full: all digits.",
    ),
    click.option(
        "--updates",
        help="with-gradient: each update beside its gradient. at-end: together.",
    ),
    click.option(
        "--order",
        help="output-first or input-first: the layer the backward pass starts with.",
    ),
    click.option(
        "--pictures",
        help="network: the network, and charts of the error. chains: also the chain of"
        " each parameter. none.",
    ),
    click.option(
        "--iterations", type=click.IntRange(1, 1_000_000), help="How many updates."
    ),
    click.option(
        "--show",
        default="",
        callback=split_names,
        metavar="NUMBERS",
        help="The iterations worked out in full: 1,3.  [default: 1]",
    ),
    click.option(
        "--language",
        metavar="CODE",
        help="The language of the page, such as es.  [default: the file's]",
    ),
    click.option(
        "--templates",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder of templates that replace built-in ones of the same name, or"
        " bring a language.",
    ),
)
