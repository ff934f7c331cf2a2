"""`explainer derive NETWORK`: the worked derivation, written to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explainer.cli.files import NotVerified, Refusal, write_files
from explainer.cli.options import formats, output_folder, page_choices
from explainer.cli.publishing import check_engine, make
from explainer.cli.refusing import (
    check_formats,
    check_language,
    check_templates,
    refusing,
)
from explainer.page.publishing.publication import SUFFIXES

GENERAL = "bias-update"
GENERAL_LINE = (
    "The general derivation in index notation: weights and biases, in 15 equations"
)
# Data are no page: they have no templates.
FORMS = {**SUFFIXES, "json": ".json"}
PICTURES = "svg"
WITH_PICTURES = ("md", "ipynb", PICTURES)


@click.command()
@click.argument("network")
@formats([*FORMS, PICTURES], "md,tex")
@output_folder
@page_choices
@click.option("--symbolic", is_flag=True, help="Symbols only, without numbers.")
@click.option(
    "--engine", help="What makes the PDF: typst, or latex where TeX is installed."
)
@click.option(
    "--no-verify", is_flag=True, help="Skip the verification at the end of the page."
)
def derive(network: str, to: tuple[str, ...], output: Path, **choices: Any) -> None:
    """Work out one training step of NETWORK: a TOML file or a built-in example.

    The page is verified before it is written: every printed line, and every gradient
    by a second road. `explainer examples` lists the built-in examples.
    """
    check_formats(to, [*FORMS, PICTURES])
    check_templates(choices["templates"])
    check_engine(choices["engine"], to)
    texts = _write_texts(network, to, choices)
    files = {
        output / f"{Path(network).stem}{ending}": text for ending, text in texts.items()
    }
    taken = [path for path in files if path.resolve() == Path(network).resolve()]
    if taken:
        raise Refusal(f"{network}: the page would replace it; choose another folder")
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")


def _write_texts(
    network: str, to: tuple[str, ...], choices: dict[str, Any]
) -> dict[str, str | bytes]:
    """The texts by the ending of their file's name."""
    with refusing(network, choices["templates"]):
        if network == GENERAL and not Path(network).is_file():
            return _render_general(to, choices)
        return _render(network, to, choices)


def _render(
    source: str, to: tuple[str, ...], choices: dict[str, Any]
) -> dict[str, str | bytes]:
    from explainer import worked
    from explainer.cli.choosing import choose, load
    from explainer.cli.progress import watching
    from explainer.derivation.progress import told

    network = choose(load(source), choices)
    with watching() as progress:
        derivation = worked.derive(
            network,
            method=choices["method"],
            detail=choices["detail"],
            only=choices["only"],
            symbolic=choices["symbolic"],
            verify=not choices["no_verify"],
            progress=progress,
        )
        refuse_unproved(derivation)
        templates = choices["templates"]
        stem = Path(source).stem

        def render(form: str) -> str:
            return worked.render(derivation, form, templates, stem=stem)

        def draw(stem: str = stem) -> dict[str, str]:
            shown = worked.pictures(derivation, templates)
            return {f"{stem}-{name}.svg": text for name, text in shown.items()}

        texts: dict[str, str | bytes] = {
            FORMS[form]: make(form, render, choices["engine"], draw)
            for form in told(to, "formats", progress)
            if form != PICTURES
        }
        if not set(to).isdisjoint(WITH_PICTURES):
            texts |= draw("")
        return texts


def refuse_unproved(derivation: Any) -> None:
    """Raises NotVerified with what does not hold, by step and name."""
    from explainer.notation import plain_name

    proof = derivation.proof
    if proof is None or proof.holds:
        return
    rows = ["the verification failed; nothing was written:"]
    rows += [f"slope: the rule {rule}" for rule in proof.slopes.failures]
    rows += [f"form: {plain_name(key)}" for key in proof.forms.failures]
    rows += [
        f"line: step {derivation[plain_name(key)].step}, {plain_name(key)}"
        for key in proof.lines.failures
    ]
    rows += [f"gradient: {plain_name(key)}" for key in proof.gradients.failures]
    rows += [f"matrix: {plain_name(key)}" for key in proof.matrices.failures]
    raise NotVerified("\n".join(rows))


WITHOUT_NUMBERS = ("language", "templates", "no_verify", "engine")


def _render_general(
    to: tuple[str, ...], choices: dict[str, Any]
) -> dict[str, str | bytes]:
    idle = [
        f"--{name}"
        for name, value in choices.items()
        if name not in WITHOUT_NUMBERS
        and value
        and (name, value) != ("detail", "standard")
    ]
    if idle:
        raise Refusal(f"{GENERAL} has no numbers and one notation: leave out {idle[0]}")
    if PICTURES in to:
        raise Refusal(f"{GENERAL} has no network: leave {PICTURES} out of --to")
    from explainer.derivation.general import spell_general
    from explainer.page.general_document import compose_general
    from explainer.page.record import record_general
    from explainer.page.rendering import render

    language = choices["language"] or "en"
    check_language(language, choices["templates"])
    document, proofs = compose_general(not choices["no_verify"])
    if not all(proof.holds for proof in proofs):
        raise NotVerified(
            "\n".join(proof.counterexample for proof in proofs if not proof.holds)
        )

    def render_general(form: str) -> str:
        if form == "json":
            return record_general(document, proofs)
        return render(document, form, spell_general, choices["templates"], language)

    return {FORMS[form]: make(form, render_general, choices["engine"]) for form in to}
