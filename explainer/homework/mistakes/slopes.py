"""D: mistakes in the slope of an activation, f'(z)."""

from __future__ import annotations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import (
    TWO,
    by_rule,
    is_hidden,
    negative,
    replaced,
    without_slopes,
)
from explainer.homework.mistakes.mistake import Mistake
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    Written,
    substitute,
)
from explainer.network.activations import RECTIFIED
from explainer.network.quantity import Quantity

of_slope = by_rule("slope_of_activation")
of_jacobian = by_rule("slope_of_softmax", "slope_of_softmax_across")


def output_of(quantity: Quantity) -> Key:
    """The a of da/dz."""
    key = quantity.key.of[0]
    assert isinstance(key, Key)
    return key


def argument_of(quantity: Quantity) -> Key:
    """The z of da/dz."""
    key = quantity.key.of[1]
    assert isinstance(key, Key)
    return key


def at_sum(answers: Answers, quantity: Quantity, way: Written) -> Written:
    """z (1 - z) for a (1 - a), and -z_j z_k for -a_j a_k."""
    known = answers.shape.argument
    return replaced(way, lambda key: Name(known[key]) if key in known else None)


@of_slope
def at_output(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """f'(a) for f'(z): the activation is applied twice."""
    a, z = output_of(quantity), argument_of(quantity)
    again = substitute(answers.graph.quantities[a].formula, {z: Name(a)})
    return substitute(way, {a: again, z: Name(a)})


@of_slope
def output_itself(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """a for f'(z)."""
    return Name(output_of(quantity))


@of_slope
def of_other_activation(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """1 - a^2 for the sigmoid, a (1 - a) for every other one."""
    a = Name(output_of(quantity))
    sigmoid = Product((a, Sum((ONE, Negative(a)))))
    tanh = Sum((ONE, Negative(Power(a, TWO))))
    return tanh if way == sigmoid else sigmoid


@of_slope
def sign_inside(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """a (a - 1) for a (1 - a)."""
    match way:
        case Product((a, Sum((one, Negative(b))))) if one == ONE:
            return Product((a, Sum((b, Negative(ONE)))))
        case Sum((one, Negative(b))) if one == ONE:
            return Sum((b, Negative(ONE)))
        case Number():
            return None
    return negative(way)


def is_rectified(answers: Answers, quantity: Quantity) -> bool:
    rule = answers.graph.quantities[output_of(quantity)].rule
    return rule in {record.name for record in RECTIFIED}


@of_slope
def always_open(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """1 on both sides of 0."""
    return ONE if is_rectified(answers, quantity) else None


@of_slope
def sum_itself(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """z for the slope of a ReLU."""
    rectified = is_rectified(answers, quantity)
    return Name(argument_of(quantity)) if rectified else None


def is_last(answers: Answers, step: Key, slope: Key) -> bool:
    return answers.layer_of[slope] == answers.shape.last


def is_before(answers: Answers, step: Key, slope: Key) -> bool:
    return is_hidden(answers, slope)


SLOPES = (
    Mistake("slope-of-output-missing", "D6", "concept", without_slopes(is_last)),
    Mistake("slope-at-sum", "D8", "concept", of_slope(at_sum)),
    Mistake("slope-at-output", "D9", "concept", at_output),
    Mistake("slope-is-output", "D10", "slip", output_itself),
    Mistake("slope-of-other-activation", "D11", "concept", of_other_activation),
    Mistake("sign-inside-slope", "D12", "slip", sign_inside),
    Mistake("jacobian-at-sums", "D15", "concept", of_jacobian(at_sum)),
    Mistake("relu-always-open", "D16", "concept", always_open),
    Mistake("relu-slope-is-sum", "D16", "concept", sum_itself),
    Mistake("slope-of-hidden-missing", "H8", "concept", without_slopes(is_before)),
)
