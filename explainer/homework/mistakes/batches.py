"""B: mistakes with several samples.

Updating after each sample instead of once is no edit of this derivation: it is another
network file, with one update for each sample.
"""

from __future__ import annotations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import over, replaced
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.homework.shape import terms_of
from explainer.mathematics.written import (
    Key,
    Name,
    Number,
    Product,
    Quotient,
    Sum,
    Written,
    names_in,
)
from explainer.network.quantity import Quantity


def adds_samples(answers: Answers, way: Written) -> bool:
    """Whether a formula adds one term for each sample."""
    samples = frozenset(answers.graph.samples)
    terms = _terms(way)
    roots = [
        {key if key in samples else key.of[0] for key in names_in(term) if key.of}
        for term in terms
    ]
    return len(terms) > 1 and all(root & samples for root in roots)


def _terms(way: Written) -> tuple[Written, ...]:
    match way:
        case Product((Quotient() | Number(), Sum(terms))):
            return terms
    return terms_of(way)


def mean_or_sum(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """The sum over the samples for their mean, and the other way round."""
    if not adds_samples(answers, way):
        return None
    match way:
        case Product((_, Sum() as added)):
            return added
    return over(way, len(terms_of(way)))


def one_sample(place: int) -> Edit:
    """The gradient of one sample for that of all."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if quantity.key.kind != "derivative" or not adds_samples(answers, way):
            return None
        return _terms(way)[place]

    return edit


def inputs_averaged(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """One pass with the mean of the inputs, and of the targets."""
    count = len(answers.graph.samples)
    if count < 2:
        return None

    def mean(key: Key) -> Written | None:
        if key.kind not in ("input", "target") or dict(key.at).get("sample") is None:
            return None
        others = [_moved(key, n) for n in range(1, count + 1)]
        if not all(other in answers.graph.givens for other in others):
            return None
        return over(Sum(tuple(map(Name, others))), count)

    return replaced(way, mean)


def _moved(key: Key, sample: int) -> Key:
    at = tuple((axis, sample if axis == "sample" else n) for axis, n in key.at)
    return Key(key.kind, key.of, at)


BATCHES = (
    Mistake("mean-or-sum-of-samples", "B1", "convention", mean_or_sum),
    Mistake("first-sample-only", "B2", "slip", one_sample(0)),
    Mistake("last-sample-only", "B2", "slip", one_sample(-1)),
    Mistake("inputs-averaged", "B3", "concept", inputs_averaged),
)
