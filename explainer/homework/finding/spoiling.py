"""One mistake in one step of a derivation; everything after it is carried through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from explainer.derivation.deriving import Derivation, needed_by
from explainer.homework.answers import Answers, answer_key
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular, in_order
from explainer.mathematics.written import Key, Written, names_in
from explainer.network.problems import NetworkError, Problem, unknown
from explainer.network.quantity import Graph, Quantity, Slope
from explainer.notation import plain_name


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A derivation with a mistake: which, in which quantity, and what it wrote there in
    place of the right formula."""

    derivation: Derivation
    mistake: Mistake
    key: Key
    right: Written
    wrong: Written


def find_places(derivation: Derivation) -> Iterator[Spoiled]:
    """Every mistake of the catalogue in every step where it can be made."""
    answers = answer_key(derivation.graph)
    results = [*derivation.gradients.values(), *derivation.updates.values()]
    needed = needed_by(derivation, [*results, derivation.graph.objective])
    for mistake in MISTAKES.values():
        if mistake.kind == "convention":
            continue
        for key, quantity in derivation.quantities.items():
            if key in needed and key in answers.quantities:
                spoiled = _spoil(derivation, answers, mistake, quantity)
                if spoiled:
                    yield spoiled


def choose_place(
    places: list[Spoiled],
    seed: str,
    mistake: str | None = None,
    step: str | None = None,
) -> Spoiled:
    """One of the places: of the mistake and the step by name, where they are given, and
    else by the seed. The same seed chooses the same place.

    Raises NetworkError where there is none.
    """
    if not places:
        message = "no mistake of the catalogue changes a number of this page"
        raise NetworkError([Problem("find-mistake", message)], "command")
    problems = []
    names = {place.mistake.name for place in places}
    steps = {plain_name(place.key) for place in places}
    if mistake and mistake not in names:
        problems.append(
            Problem("--mistake", unknown("mistake here", mistake, sorted(names)))
        )
    if step and step not in steps:
        problems.append(
            Problem("--step", unknown("step with a mistake", step, sorted(steps)))
        )
    fitting = [
        place
        for place in places
        if mistake in (None, place.mistake.name)
        and step in (None, plain_name(place.key))
    ]
    if not problems and not fitting:
        message = f"the mistake {mistake!r} cannot be made in the step {step!r}"
        problems.append(Problem("--step", message))
    if problems:
        raise NetworkError(problems, "command")
    return _draw(fitting, seed)


def _draw(fitting: list[Spoiled], seed: str) -> Spoiled:
    """One of the places: first the mistake, then its step."""
    digest = hashlib.sha256(seed.encode()).digest()
    # First the mistake, then its place: a mistake that fits many steps is no likelier.
    kinds = list(dict.fromkeys(place.mistake.name for place in fitting))
    kind = kinds[int.from_bytes(digest[:8]) % len(kinds)]
    same = [place for place in fitting if place.mistake.name == kind]
    return same[int.from_bytes(digest[8:16]) % len(same)]


def _spoil(
    derivation: Derivation, answers: Answers, mistake: Mistake, quantity: Quantity
) -> Spoiled | None:
    """The derivation with the mistake in one quantity; None where it cannot be made."""
    right, key = quantity.formula, quantity.key
    wrong = mistake.wrong(answers, answers.quantities[key], right)
    known = {*derivation.graph.givens, *derivation.quantities}
    if wrong is None or not {*names_in(wrong)} <= known:
        return None
    quantities = dict(derivation.quantities)
    quantities[key] = replace(quantity, formula=wrong)
    try:
        order = in_order({k: (q.formula,) for k, q in quantities.items()})
    except Circular:
        return None
    spoiled = replace(
        derivation,
        graph=_with_slope(derivation, key, wrong),
        quantities={k: quantities[k] for k in order},
    )
    return Spoiled(spoiled, mistake, key, right, wrong)


def _with_slope(derivation: Derivation, key: Key, wrong: Written) -> Graph:
    """The graph whose slope is the wrong one, so that no right form stands before
    it."""
    graph = derivation.graph
    if key in graph.quantities:
        quantity = replace(graph.quantities[key], formula=wrong)
        return replace(graph, quantities={**graph.quantities, key: quantity})
    if key.kind != "local":
        return graph
    upper, lower = key.of
    assert isinstance(upper, Key) and isinstance(lower, Key)
    quantity = graph.quantities[upper]
    slope = Slope(wrong, quantity.slopes[lower].rule)
    changed = replace(quantity, slopes={**quantity.slopes, lower: slope})
    return replace(graph, quantities={**graph.quantities, upper: changed})


def carries_on(spoiled: Spoiled) -> frozenset[Key]:
    """The quantities whose numbers the mistake changes, if it changes its own."""
    found = {spoiled.key}
    for key, quantity in spoiled.derivation.quantities.items():
        if found & {*quantity.uses}:
            found.add(key)
    return frozenset(found - {spoiled.key})
