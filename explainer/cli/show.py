"""`explainer show` and `explainer why`: a derivation in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explainer.cli.derive import GENERAL
from explainer.cli.files import Refusal
from explainer.cli.options import together
from explainer.cli.refusing import check_language

if TYPE_CHECKING:
    from explainer.derivation.runs import Run
    from explainer.mathematics.typesetting.setting import Spell
    from explainer.mathematics.written import Key
    from explainer.page.document import Document, Step
    from explainer.worked import WorkedDerivation

# Choices of `derive` that these commands do not have.
LEFT_OUT = ("matrices", "updates", "order", "show", "iterations")

# Method, notation and rounding, which both commands have.
reading_choices = together(
    click.option("--method", help="paths, signals or matrix."),
    click.option("--detail", default="standard", help="brief, standard or full."),
    click.option("--notation", help="Another notation than the file's."),
    click.option("--figures", type=click.IntRange(1, 30), help="Significant figures."),
    click.option("--decimals", type=click.IntRange(0, 30), help="Decimals."),
    click.option("--mode", help="half-up, half-even or truncate."),
    click.option("--carry", help="shown or full."),
    click.option("--language", help="The language, such as es."),
)


@click.command()
@click.argument("network")
@click.argument("step", required=False)
@click.option("--all", "whole", is_flag=True, help="The whole derivation.")
@reading_choices
def show(network: str, step: str | None, whole: bool, **choices: Any) -> None:
    """Show the steps of NETWORK, or one STEP: its number, or a name such as new_w5 or
    dE/dw5."""
    if whole and step:
        raise Refusal(f"--all shows every step: leave out {step}")
    page = _general(step, choices) if _is_general(network) else None
    document, chosen, spell, language = page or _page(network, step, choices)
    from explainer.page.terminal import TerminalRenderer

    console = _console()
    renderer = TerminalRenderer(spell, console.width, language=language)
    if chosen:
        text = renderer.step(document, chosen)
    else:
        text = renderer.render(document) if whole else renderer.index(document)
    _print(console, text)


Page = tuple["Document", "Step | None", "Spell", str]


def _page(network: str, step: str | None, choices: dict[str, Any]) -> Page:
    """The page of a network, and the step that was asked for."""
    derivation = _work_out(network, choices)
    chosen = _find_step(derivation, step) if step else None
    language = derivation.spec.page.language
    return derivation.document, chosen, derivation.spell, language


def _is_general(network: str) -> bool:
    return network == GENERAL and not Path(network).is_file()


def _general(number: str | None, choices: dict[str, Any]) -> Page:
    """The general derivation, and the equation that was asked for."""
    from explainer.derivation.general import spell_general
    from explainer.page.general_document import compose_general

    usual = {"language": choices["language"], "detail": "standard"}
    idle = [name for name in choices if choices[name] and name not in usual]
    if idle:
        raise Refusal(f"{GENERAL} has no numbers: leave out --{idle[0]}")
    language = choices["language"] or "en"
    check_language(language)
    document, _ = compose_general(verify=False)
    found = {str(step.number): step for step in document.steps}
    if number and number not in found:
        known = f"1 to {len(found)}"
        raise Refusal(f"{GENERAL} has no equation {number}; known: {known}")
    return document, found[number] if number else None, spell_general, language


@click.command()
@click.argument("network")
@click.argument("quantity")
@click.option(
    "--depth", type=click.IntRange(0), help="How many generations; all of them if none."
)
@reading_choices
def why(network: str, quantity: str, depth: int | None, **choices: Any) -> None:
    """Show where the number of a QUANTITY of NETWORK comes from, down to what is
    given."""
    if _is_general(network):
        raise Refusal(f"{GENERAL} has no numbers. Try `explainer show {GENERAL}`.")
    derivation = _work_out(network, choices)
    found = _find(derivation, quantity)
    from explainer.page.ancestry import trace
    from explainer.page.terminal import TerminalRenderer

    console = _console()
    language = derivation.spec.page.language
    renderer = TerminalRenderer(derivation.spell, console.width, language=language)
    assert found.run is not None
    steps = _steps(derivation, found.run)
    _print(console, renderer.ancestry(trace(found.run, found.key, steps, depth)))


def _work_out(network: str, choices: dict[str, Any]) -> WorkedDerivation:
    from explainer import worked
    from explainer.cli.choosing import choose, load
    from explainer.cli.progress import watching
    from explainer.network.problems import NetworkError

    try:
        chosen = choose(load(network), choices | dict.fromkeys(LEFT_OUT))
        method, detail = choices["method"], choices["detail"]
        with watching() as progress:
            derivation = worked.derive(
                chosen, method=method, detail=detail, verify=False, progress=progress
            )
            # What is wrong with the page is said here.
            derivation.document  # noqa: B018
    except NetworkError as error:
        raise Refusal(f"{error.source}: {error}") from error
    except ArithmeticError as error:
        raise Refusal(f"{network}: a number has no value: {error}") from error
    return derivation


def _find(derivation: WorkedDerivation, name: str) -> Any:
    from explainer.cli.finding import find_name

    try:
        return derivation[find_name(derivation, name)]
    except KeyError as error:
        raise Refusal(str(error.args[0])) from error


def _find_step(derivation: WorkedDerivation, wanted: str) -> Step:
    """The step of that number, or of the quantity of that name."""
    from explainer.cli.finding import find_name

    try:
        if wanted.isdecimal():
            return derivation.step(int(wanted)).block
        return derivation.step(find_name(derivation, wanted)).block
    except KeyError as error:
        raise Refusal(str(error.args[0])) from error


def _steps(derivation: WorkedDerivation, run: Run) -> dict[Key, int]:
    return {
        key: step.number
        for step in reversed(derivation.document.steps)
        if step.iteration == run.number
        for key in (step.key, *step.entries)
        if key is not None
    }


def _console() -> Any:
    """Colours in a terminal only; NO_COLOR and COLUMNS are honoured."""
    from rich.console import Console

    return Console(highlight=False)


def _print(console: Any, text: str) -> None:
    console.print(text.strip("\n"), soft_wrap=True, emoji=False)
