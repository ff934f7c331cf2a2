"""`explainer derive NETWORK`: the worked derivation, written to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from explainer.cli.files import NotVerified, Refusal, write_files
from explainer.page.formats import FORMATS

GENERAL = "bias-update"
# Data are no page: they have no templates.
FORMS = {**{form.name: form.suffix for form in FORMATS.values()}, "json": ".json"}


def split_names(
    context: click.Context, parameter: click.Parameter, text: str
) -> tuple[str, ...]:
    """`a, b` as ("a", "b")."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


@click.command()
@click.argument("network")
@click.option(
    "--to",
    default="md,tex",
    callback=split_names,
    metavar="FORMATS",
    help=f"Formats, comma-separated: {', '.join(FORMS)}.  [default: md,tex]",
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
    "--method",
    help="paths: each way through the network. signals: by error signals. matrix:"
    " whole layers at once.",
)
@click.option(
    "--matrices",
    help="columns or rows: with method matrix, W times a column, or a row times W.",
)
@click.option(
    "--detail", default="standard", help="brief, standard or full.  [default: standard]"
)
@click.option(
    "--only",
    default="",
    callback=split_names,
    metavar="NAMES",
    help="Only what these parameters need: w5,b1.",
)
@click.option("--symbolic", is_flag=True, help="Symbols only, without numbers.")
@click.option("--notation", help="sum-output, net-out, z-a-superscript or z-a-bracket.")
@click.option(
    "--figures",
    type=click.IntRange(1, 30),
    help="Round to so many significant figures.",
)
@click.option(
    "--decimals", type=click.IntRange(0, 30), help="Round to so many decimals."
)
@click.option("--mode", help="half-up, half-even or truncate.")
@click.option(
    "--carry", help="shown: the next step uses the printed number. full: all digits."
)
@click.option(
    "--updates",
    help="with-gradient: each update beside its gradient. at-end: together.",
)
@click.option(
    "--order",
    help="output-first or input-first: the layer the backward pass starts with.",
)
@click.option(
    "--iterations", type=click.IntRange(1, 1_000_000), help="How many updates."
)
@click.option(
    "--show",
    default="",
    callback=split_names,
    metavar="NUMBERS",
    help="The iterations worked out in full: 1,3.  [default: 1]",
)
@click.option(
    "--language",
    metavar="CODE",
    help="The language of the page, such as es.  [default: the file's]",
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of templates that replace built-in ones of the same name, or bring a"
    " language.",
)
@click.option(
    "--no-verify", is_flag=True, help="Skip the verification at the end of the page."
)
def derive(network: str, to: tuple[str, ...], output: Path, **choices: Any) -> None:
    """Work out one training step of NETWORK: a TOML file or a built-in example.

    The page is verified before it is written: every printed line, and every gradient
    by a second road. `explainer examples` lists the built-in examples.
    """
    from explainer.network.problems import unknown

    strange = [form for form in to if form not in FORMS]
    if strange or not to:
        raise Refusal(
            f"--to: {unknown('format', strange[0] if strange else '', FORMS)}"
        )
    _check_templates(choices["templates"])
    texts = _write_texts(network, to, choices)
    files = {
        output / f"{Path(network).stem}{FORMS[form]}": text
        for form, text in texts.items()
    }
    taken = [path for path in files if path.resolve() == Path(network).resolve()]
    if taken:
        raise Refusal(f"{network}: the page would replace it; choose another folder")
    write_files(files)
    for path in files:
        click.echo(f"wrote {path}")


def _write_texts(
    network: str, to: tuple[str, ...], choices: dict[str, Any]
) -> dict[str, str]:
    """The texts by format; what the user can mend is refused without a traceback."""
    from explainer.network.problems import NetworkError

    try:
        if network == GENERAL and not Path(network).is_file():
            return _render_general(to, choices)
        return _render(network, to, choices)
    except NetworkError as error:
        raise Refusal(f"{error.source}: {_counted(error)}\n{error}") from error
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        if isinstance(error, click.ClickException):
            raise
        if choices["templates"] is not None:
            # A template of the user's may fail in any way that a program can.
            raise Refusal(f"--templates {choices['templates']}: {problem}") from error
        if isinstance(error, ArithmeticError):
            raise Refusal(f"{network}: a number has no value: {problem}") from error
        raise


def _counted(error: Any) -> str:
    count = len(error.problems)
    return f"{count} problem{'' if count == 1 else 's'}"


def _check_templates(folder: Path | None) -> None:
    if folder is None:
        return
    from explainer.page.rendering import override_problem

    problem = override_problem(folder)
    if problem:
        raise Refusal(f"--templates: {problem}")


def check_language(language: str, folder: Path | None = None) -> None:
    """Refuses a language that has no wording."""
    from explainer.page.rendering import language_problem

    problem = language_problem(language, folder)
    if problem:
        raise Refusal(f"--language: {problem}")


def _render(
    source: str, to: tuple[str, ...], choices: dict[str, Any]
) -> dict[str, str]:
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
        if derivation.proof is not None and not derivation.proof.holds:
            raise NotVerified(_failures(derivation))
        return {
            form: worked.render(derivation, form, choices["templates"])
            for form in told(to, "formats", progress)
        }


def _failures(derivation: Any) -> str:
    """The lines that did not verify, by step and name."""
    from explainer.notation import plain_name

    proof = derivation.proof
    rows = ["the verification failed; nothing was written:"]
    rows += [f"slope: the rule {rule}" for rule in proof.slopes.failures]
    rows += [f"form: {plain_name(key)}" for key in proof.forms.failures]
    rows += [
        f"line: step {derivation[plain_name(key)].step}, {plain_name(key)}"
        for key in proof.lines.failures
    ]
    rows += [f"gradient: {plain_name(key)}" for key in proof.gradients.failures]
    rows += [f"matrix: {plain_name(key)}" for key in proof.matrices.failures]
    return "\n".join(rows)


WITHOUT_NUMBERS = ("language", "templates", "no_verify")


def _render_general(to: tuple[str, ...], choices: dict[str, Any]) -> dict[str, str]:
    idle = [
        f"--{name}"
        for name, value in choices.items()
        if name not in WITHOUT_NUMBERS
        and value
        and (name, value) != ("detail", "standard")
    ]
    if idle:
        raise Refusal(f"{GENERAL} has no numbers and one notation: leave out {idle[0]}")
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
    return {
        form: record_general(document, proofs)
        if form == "json"
        else render(document, form, spell_general, choices["templates"], language)
        for form in to
    }
