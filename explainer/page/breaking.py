"""Where a line of working breaks best: outside brackets, and before + rather than
within a product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from explainer.page.templates import Ready

# Pieces that stay together as long as there is room: a bracket in a product in a sum.
Nested = tuple["Ready | Nested", ...]


def nest(pieces: Sequence[Ready], texts: Sequence[str]) -> Nested:
    """The pieces, nested so that the outer breaks are the better ones. `texts` is the
    LaTeX of each, and tells brackets and signs.

    >>> nest(list("1234"), ["a", r"\\cdot b", "+ c", r"\\cdot d"])
    (('1', '2'), ('3', '4'))
    >>> nest(list("1234"), ["(a", "+ b", r"\\cdot c)", r"\\cdot d"])
    (('1', ('2', '3')), '4')
    """
    ranks = list(_ranks(texts))
    best = min(ranks, default=None)
    inner = [place for place, rank in enumerate(ranks, start=1) if rank == best]
    return tuple(
        pieces[start] if end - start == 1 else nest(pieces[start:end], texts[start:end])
        for start, end in pairwise((0, *inner, len(pieces)))
    )


def _ranks(texts: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """For each place between two pieces: how many brackets are open, and whether it is
    within a product."""
    depth = 0
    for before, after in pairwise(texts):
        depth += before.count("(") - before.count(")")
        yield depth, not after.startswith(("+", "-"))
