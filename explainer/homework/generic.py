"""Generic edits of a step's own formula, for mistakes that nobody listed: a part
missing, a sign turned, two quantities exchanged, a sum for a product."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import negative
from explainer.homework.mistakes.mistake import Mistake
from explainer.mathematics.written import (
    Cases,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    names_in,
    product_of,
    substitute,
    sum_of,
)
from explainer.network.quantity import Quantity

MOST = 40
Mutation = tuple[str, Written]


@cache
def mutations(written: Written) -> tuple[Mutation, ...]:
    """Every formula that is one small slip away, with the name of the slip.

    >>> from explainer.mathematics.formula import read
    >>> from explainer.mathematics.plain import plain
    >>> from explainer.mathematics.written import Key
    >>> delta, x = Key("signal", ("delta",)), Key("input", ("x",))
    >>> for name, wrong in mutations(read("delta * x", {"delta": delta, "x": x})):
    ...     print(name, plain(wrong, lambda key: key.of[0]))
    sign-turned -delta*x
    factor-missing x
    factor-missing delta
    sum-for-product delta + x
    """
    found: list[Mutation] = []
    if not isinstance(written, Negative):
        found.append(("sign-turned", Negative(written)))
    found += _inside(written)
    found += _exchanged(written)
    seen = {written}
    kept = []
    for name, wrong in found:
        if wrong not in seen:
            seen.add(wrong)
            kept.append((name, wrong))
    return tuple(kept[:MOST])


def _inside(written: Written) -> Iterator[Mutation]:
    yield from _here(written)
    if isinstance(written, Cases):
        return
    parts = written.parts()
    for i, part in enumerate(parts):
        for name, wrong in _inside(part):
            yield name, written.with_parts((*parts[:i], wrong, *parts[i + 1 :]))


def _here(written: Written) -> Iterator[Mutation]:
    match written:
        case Sum(terms):
            for i in range(len(terms)):
                yield "term-missing", sum_of(terms[:i] + terms[i + 1 :])
            for i, term in enumerate(terms):
                yield "sign-turned", Sum((*terms[:i], negative(term), *terms[i + 1 :]))
            if len(terms) == 2:
                yield "product-for-sum", Product(terms)
        case Product(factors):
            for i in range(len(factors)):
                yield "factor-missing", product_of(factors[:i] + factors[i + 1 :])
            if len(factors) == 2:
                yield "sum-for-product", Sum(factors)
        case Quotient(top, bottom):
            yield "divisor-missing", top
            if not isinstance(top, Number):
                yield "upside-down", Quotient(bottom, top)
            yield "product-for-quotient", Product((top, bottom))
        case Negative(body):
            yield "sign-missing", body
        case Power(base, _):
            yield "exponent-missing", base


def _exchanged(written: Written) -> Iterator[Mutation]:
    """Two quantities of one kind in each other's place."""
    for one, other in combinations(names_in(written), 2):
        if one.kind == other.kind:
            pair = {one: Name(other), other: Name(one)}
            yield "exchanged", substitute(written, pair)


IDS = {
    "sum-for-product": "T9",
    "product-for-sum": "T9",
    "product-for-quotient": "T9",
    "sign-turned": "T3",
    "sign-missing": "T3",
    "exchanged": "T4",
}


def generic_mistakes(answers: Answers, rule: str) -> tuple[Mistake, ...]:
    """The generic edits of all quantities that one rule made."""
    found: dict[tuple[str, int], None] = {}
    for key, ways in answers.ways.items():
        if answers.quantities[key].rule == rule:
            for way in ways:
                found |= {(name, i): None for i, (name, _) in enumerate(mutations(way))}
    return tuple(_as_mistake(rule, name, place) for name, place in found)


def _as_mistake(rule: str, name: str, place: int) -> Mistake:
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if quantity.rule != rule:
            return None
        known = mutations(way)
        if place >= len(known) or known[place][0] != name:
            return None
        return known[place][1]

    identity = IDS.get(name, "T8")
    return Mistake(f"{name} {place} {rule}", identity, "slip", edit)
