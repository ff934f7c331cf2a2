"""Which quantities a worksheet asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from explainer.derivation.deriving import Derivation
from explainer.mathematics.written import Key, Number
from explainer.network.problems import NetworkError, Problem, unknown
from explainer.notation import plain_name
from explainer.page.document import Document, Heading


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of what is asked, by name: from all steps of a page those that become
    holes."""

    name: str
    ask: Callable[[Document, Derivation], Iterable[Key]]


def _every_step(document: Document, derivation: Derivation) -> list[Key]:
    found = []
    for step in document.steps:
        found += [key for key in (step.key, *step.entries) if key is not None]
    return found


def _every_result(document: Document, derivation: Derivation) -> list[Key]:
    """The steps with something to work out: dz/db = 1 is told by its sentence."""
    quantities = derivation.quantities
    return [
        key
        for key in _every_step(document, derivation)
        if key not in quantities or not isinstance(quantities[key].formula, Number)
    ]


def _gradients(document: Document, derivation: Derivation) -> Iterable[Key]:
    return derivation.gradients.values()


def _updates(document: Document, derivation: Derivation) -> Iterable[Key]:
    return derivation.updates.values()


def _all_chains_but_the_first(document: Document, derivation: Derivation) -> list[Key]:
    """The steps under the headings of all parameters but the first one, and what comes
    after them: the first chain is the model to follow."""
    headings = [
        place
        for place, block in enumerate(document.blocks)
        if isinstance(block, Heading) and block.words.key == "heading_parameter"
    ]
    if len(headings) < 2:
        return []
    rest = Document(document.title, document.blocks[headings[1] :])
    return _every_result(rest, derivation)


CHOICES: Mapping[str, Choice] = {
    choice.name: choice
    for choice in (
        Choice("results", _every_result),
        Choice("gradients", _gradients),
        Choice("updates", _updates),
        Choice("chains", _all_chains_but_the_first),
    )
}


def ask(
    document: Document, derivation: Derivation, wanted: Iterable[str]
) -> frozenset[Key]:
    """The quantities asked for: each word of `wanted` is a choice or a plain name.

    Raises NetworkError for names that the page has no step for.
    """
    known = {plain_name(key): key for key in _every_step(document, derivation)}
    found: set[Key] = set()
    problems = []
    for word in wanted:
        if word in CHOICES:
            on_page = CHOICES[word].ask(document, derivation)
            found |= {key for key in on_page if plain_name(key) in known}
        elif word in known:
            found.add(known[word])
        else:
            message = unknown("choice or step", word, [*CHOICES, *known])
            problems.append(Problem("--blank", message))
    if not problems and not found:
        problems.append(Problem("--blank", "no step of this page would be blank"))
    if problems:
        raise NetworkError(problems)
    return frozenset(found)
