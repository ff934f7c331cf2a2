"""F: mistakes of the forward pass, in weighted sums and activations."""

from __future__ import annotations

from collections.abc import Callable

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import TEN, by_rule, replaced
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.homework.shape import terms_of
from explainer.mathematics.written import (
    ONE,
    Call,
    Key,
    Name,
    Negative,
    Power,
    Quotient,
    Sum,
    Written,
    rewrite,
    sum_of,
)
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.quantity import Quantity

Sources = Callable[[Answers, Key], tuple[Key, ...] | None]


@by_rule("weighted_sum")
def leave_out_bias(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """z = W a."""
    bias = answers.shape.sums[quantity.key].bias
    kept = tuple(term for term in terms_of(way) if term != Name(bias or quantity.key))
    return sum_of(kept) if kept else None


@by_rule("weighted_sum")
def transpose(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """z_j = sum_i w_ij a_i + b_j."""
    other = answers.shape.transposed
    return replaced(way, lambda key: Name(other[key]) if key in other else None)


def from_sources(sources: Sources) -> Edit:
    """z with other source values in the places of its own."""

    @by_rule("weighted_sum")
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        own = [source for _, source in answers.shape.sums[quantity.key].pairs]
        others = sources(answers, quantity.key)
        if others is None or len(others) != len(own) or len(set(own)) != len(own):
            return None
        pairs = dict(zip(own, others, strict=True))
        return replaced(way, lambda key: Name(pairs[key]) if key in pairs else None)

    return edit


def sums_of_layer_before(answers: Answers, key: Key) -> tuple[Key, ...] | None:
    shape = answers.shape
    sources = [source for _, source in shape.sums[key].pairs]
    if not all(source in shape.argument for source in sources):
        return None
    return tuple(shape.argument[source] for source in sources)


def sources_reversed(answers: Answers, key: Key) -> tuple[Key, ...]:
    return tuple(source for _, source in reversed(answers.shape.sums[key].pairs))


def inputs_again(answers: Answers, key: Key) -> tuple[Key, ...] | None:
    if answers.shape.sums[key].layer == 1:
        return None
    found = [k for k in answers.graph.givens if k.kind == "input" and k.at == key.at]
    return tuple(found)


def other_bias(choose: Callable[[Answers, Key], Key | None]) -> Edit:
    """z with the bias of another unit."""

    @by_rule("weighted_sum")
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        own = answers.shape.sums[quantity.key].bias
        other = choose(answers, quantity.key)
        if own is None or other is None:
            return None
        return replaced(way, lambda key: Name(other) if key == own else None)

    return edit


def bias_of_next_unit(answers: Answers, key: Key) -> Key | None:
    beside = answers.shape.beside(key)
    return answers.shape.sums[beside[(beside.index(key) + 1) % len(beside)]].bias


def bias_of_other_layer(answers: Answers, key: Key) -> Key | None:
    shape = answers.shape
    own = shape.sums[key].layer
    near = sorted(shape.sums.values(), key=lambda z: (abs(z.layer - own), -z.layer))
    others = [z for z in near if z.layer != own]
    if not others:
        return None
    beside = shape.beside(others[0].key)
    place = min(shape.beside(key).index(key), len(beside) - 1)
    return shape.sums[beside[place]].bias


@by_rule("weighted_sum")
def bias_once_per_input(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """(w_1 x_1 + b) + (w_2 x_2 + b)."""
    found = answers.shape.sums[quantity.key]
    if found.bias is None or len(found.pairs) < 2:
        return None
    more = (Name(found.bias),) * (len(found.pairs) - 1)
    return Sum((*terms_of(way), *more))


def of_activation(change: Callable[[Answers, Key, Key], Written | None]) -> Edit:
    """Another formula for a = f(z); `change` gets a and z."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        z = answers.shape.argument.get(quantity.key)
        return None if z is None else change(answers, quantity.key, z)

    return edit


def not_applied(answers: Answers, a: Key, z: Key) -> Written:
    return Name(z)


def other_activation(name: str) -> Edit:
    def change(answers: Answers, a: Key, z: Key) -> Written | None:
        record = ACTIVATIONS[name]
        return activate(record, {}, z, a).formula

    return of_activation(change)


def exponent_sign(answers: Answers, a: Key, z: Key) -> Written:
    """1/(1 + e^z) for 1/(1 + e^-z)."""

    def change(part: Written) -> Written | None:
        match part:
            case Call("exp", (Negative(body),)):
                return Call("exp", (body,))
            case Call("exp", (Name() as body,)):
                return Call("exp", (Negative(body),))
        return None

    return rewrite(answers.graph.quantities[a].formula, change)


def power_of_ten(answers: Answers, a: Key, z: Key) -> Written:
    """10^z for e^z: the wrong key of the calculator."""

    def change(part: Written) -> Written | None:
        match part:
            case Call("exp", (body,)):
                return Power(TEN, body)
        return None

    return rewrite(answers.graph.quantities[a].formula, change)


def tangent(answers: Answers, a: Key, z: Key) -> Written | None:
    """tan for tanh."""
    if answers.graph.quantities[a].rule != "tanh":
        return None
    return Quotient(Call("sin", (Name(z),)), Call("cos", (Name(z),)))


@by_rule("softmax")
def not_normalised(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """e^z, and no division by the sum."""
    return way.top if isinstance(way, Quotient) else None


@by_rule("softmax")
def by_the_largest(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """e^z divided by the largest of them."""
    if not isinstance(way, Quotient) or not isinstance(way.bottom, Sum):
        return None
    first, *rest = way.bottom.terms
    largest = first
    for term in rest:
        largest = Call("max", (largest, term))
    return Quotient(way.top, largest)


def without_division(answers: Answers, a: Key, z: Key) -> Written | None:
    """1 + e^-z, and no reciprocal."""
    formula = answers.graph.quantities[a].formula
    if not isinstance(formula, Quotient) or formula.top != ONE:
        return None
    return formula.bottom


FORWARD = (
    Mistake("bias-left-out", "F1", "slip", leave_out_bias),
    Mistake("weights-transposed", "F2", "concept", transpose),
    Mistake("sums-as-sources", "F3", "slip", from_sources(sums_of_layer_before)),
    Mistake("sources-exchanged", "F3", "slip", from_sources(sources_reversed)),
    Mistake("inputs-as-sources", "F3", "slip", from_sources(inputs_again)),
    Mistake("activation-not-applied", "F4", "slip", of_activation(not_applied)),
    Mistake("exponent-sign", "F5", "slip", of_activation(exponent_sign)),
    Mistake("tanh-instead", "F6", "slip", other_activation("tanh")),
    Mistake("sigmoid-instead", "F6", "slip", other_activation("sigmoid")),
    Mistake("relu-instead", "F6", "slip", other_activation("relu")),
    Mistake("softmax-not-normalised", "F7", "concept", not_normalised),
    Mistake("softmax-by-largest", "F7", "concept", by_the_largest),
    Mistake("power-of-ten", "F8", "slip", of_activation(power_of_ten)),
    Mistake("tangent", "F8", "slip", of_activation(tangent)),
    Mistake("no-reciprocal", "F8", "slip", of_activation(without_division)),
    Mistake("bias-of-next-unit", "F9", "slip", other_bias(bias_of_next_unit)),
    Mistake("bias-of-other-layer", "F9", "slip", other_bias(bias_of_other_layer)),
    Mistake("bias-per-input", "F9", "slip", bias_once_per_input),
)
