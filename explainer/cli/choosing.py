"""The network that a command names, and the choices that the command makes over its
file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from explainer.cli.files import Refusal
from explainer.examples import EXAMPLES
from explainer.mathematics.rounding import KINDS, MODES, Digits, Rounding
from explainer.network.problems import NetworkError, Problem, hint, unknown
from explainer.network.schema import MATRICES, ORDERS, PICTURES, UPDATES
from explainer.network.spec import OptimizerSpec, Spec
from explainer.notation import NOTATIONS
from explainer.page.templates import language_problem
from explainer.worked import Network, with_choices

PAGE = {"updates": UPDATES, "order": ORDERS, "matrices": MATRICES, "pictures": PICTURES}


def load(source: str) -> Network:
    """The network of a file or of a built-in example; a file of that name comes
    first."""
    path = Path(source)
    if path.is_file():
        try:
            return Network.from_toml(path)
        except UnicodeDecodeError as error:
            raise Refusal(f"{source}: this is not a text file in UTF-8") from error
        except OSError as error:
            raise Refusal(f"{source}: cannot be read: {error.strerror}") from error
    if source in EXAMPLES:
        return Network.from_example(source)
    near = hint(source, EXAMPLES)
    raise Refusal(
        f"{source}: no such file, and no built-in example of that name.{near}"
        " `explainer examples` lists them."
    )


def choose(network: Network, choices: dict[str, Any]) -> Network:
    """The network with the command's choices of notation, rounding and page."""
    problems: list[Problem] = []
    spec = network.spec
    changed: dict[str, Any] = {}
    if choices["notation"]:
        _known("--notation", "notation", choices["notation"], NOTATIONS, problems)
        changed["notation"] = replace(
            spec.notation, base=choices["notation"], patterns={}
        )
    changed["rounding"] = _rounding(spec.rounding, choices, problems)
    page: dict[str, str] = {}
    for name, known in PAGE.items():
        if choices.get(name):
            _known(f"--{name}", name, choices[name], known, problems)
            page[name] = choices[name]
    if choices.get("language"):
        page["language"] = choices["language"]
    changed["page"] = replace(spec.page, **page) if page else spec.page
    problems += _language(changed["page"].language, choices)
    changed["optimizer"] = _optimizer(spec, choices, problems)
    if problems:
        raise NetworkError(problems, "command")
    return with_choices(network, **changed)


def _language(language: str, choices: dict[str, Any]) -> list[Problem]:
    problem = language_problem(language, choices.get("templates"))
    place = "--language" if choices.get("language") else "page.language"
    return [Problem(place, problem)] if problem else []


def _optimizer(
    spec: Spec, choices: dict[str, Any], problems: list[Problem]
) -> OptimizerSpec:
    """How many iterations, and which of them are shown in full."""
    chosen = spec.optimizer
    if choices["iterations"] or choices["show"]:
        if spec.learning_rate is None:
            why = "without [training] there is one forward and backward pass only"
            problems.append(Problem("--iterations", why))
            return chosen
    count = choices["iterations"] or chosen.iterations
    show = tuple(number for number in chosen.show if number <= count) or (1,)
    if choices["show"]:
        show = tuple(_iteration(text, count, problems) for text in choices["show"])
    return replace(chosen, iterations=count, show=tuple(sorted({*show})))


def _iteration(text: str, count: int, problems: list[Problem]) -> int:
    if text.isdecimal() and 1 <= int(text) <= count:
        return int(text)
    problems.append(
        Problem("--show", f"got {text!r}; allowed: numbers from 1 to {count}")
    )
    return 1


def _rounding(
    rule: Rounding, choices: dict[str, Any], problems: list[Problem]
) -> Rounding:
    figures, decimals = choices["figures"], choices["decimals"]
    if figures is not None and decimals is not None:
        problems.append(
            Problem("--figures", "digits are counted one way: not with --decimals")
        )
    if figures is not None:
        rule = replace(rule, digits=Digits(figures, "figures"), by_kind={}, exact=False)
    elif decimals is not None:
        rule = replace(
            rule, digits=Digits(decimals, "decimals"), by_kind={}, exact=False
        )
    if choices["mode"]:
        _known("--mode", "rounding mode", choices["mode"], MODES, problems)
        rule = replace(rule, mode=choices["mode"])
    if choices["carry"]:
        carries = {"shown": frozenset(KINDS), "full": frozenset[str]()}
        _known("--carry", "way to carry", choices["carry"], carries, problems)
        rule = replace(rule, carry=carries.get(choices["carry"], rule.carry))
    return rule


def _known(
    place: str, what: str, got: str, known: Any, problems: list[Problem]
) -> None:
    if got not in known:
        problems.append(Problem(place, unknown(what, got, list(known))))
