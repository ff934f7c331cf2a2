"""U: mistakes in the update of a parameter."""

from __future__ import annotations

from explainer.homework.answers import Answers, subject_of
from explainer.homework.mistakes.editing import by_rule, negative, replaced, without
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.shape import terms_of
from explainer.mathematics.written import (
    ONE,
    Call,
    Key,
    Name,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    rewrite,
)
from explainer.network.optimizer_steps import STEP
from explainer.network.quantity import Quantity

UPDATES = ("update_weight", "update_bias", "update", "optimizer_update")
of_update = by_rule(*UPDATES)
of_mean = by_rule("optimizer_velocity", "optimizer_mean")


def is_rate(key: Key) -> bool:
    return key.kind == "learning_rate"


def signs_turned(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """w + eta g for w - eta g, mu v - g for mu v + g, and the other way round."""
    first, *rest = terms_of(way)
    return Sum((first, *map(negative, rest))) if rest else None


added = of_update(signs_turned)
velocity_sign = of_mean(signs_turned)


@of_update
def no_rate(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """w - g."""
    return without(way, is_rate)


@of_update
def rate_squared(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """w - eta^2 g."""

    def change(part: Written) -> Written | None:
        match part:
            case Name(key) if is_rate(key):
                return Product((part, part))
        return None

    return rewrite(way, change)


@of_update
def bias_kept(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """b stays as it is."""
    subject = subject_of(quantity.key)
    return Name(subject) if subject.kind == "bias" else None


@of_update
def loss_for_gradient(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """w - eta E."""
    objective = Name(answers.graph.objective)
    return replaced(way, lambda key: objective if key.kind == "derivative" else None)


@of_update
def step_only(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """-eta g, and no w."""
    rest = terms_of(way)[1:]
    return Sum(rest) if len(rest) > 1 else rest[0] if rest else None


@of_update
def step_without_sign(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """eta g, and no w."""
    match terms_of(way)[1:]:
        case (Negative(body),):
            return body
    return None


@by_rule("optimizer_velocity")
def gradient_weighted(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """mu v + (1 - mu) g for mu v + g."""
    match way:
        case Sum((Product((Name() as mu, v)), Name() as g)):
            rest = Sum((ONE, Negative(mu)))
            return Sum((Product((mu, v)), Product((rest, g))))
    return None


@by_rule("optimizer_mean", "optimizer_square")
def gradient_not_weighted(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """beta m + g for beta m + (1 - beta) g."""
    match way:
        case Sum((first, Product((Sum(), *rest)))):
            return Sum((first, *rest))
    return None


@by_rule("optimizer_corrected")
def not_corrected(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """m for m / (1 - beta^t)."""
    return way.top if isinstance(way, Quotient) else None


@by_rule("optimizer_corrected")
def corrected_without_power(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """m / (1 - beta), whatever t is; or with t + 1."""

    def change(part: Written) -> Written | None:
        match part:
            case Power(base, Name(key)) if key == STEP:
                return Power(base, Sum((Name(STEP), ONE)))
        return None

    return rewrite(way, change)


@of_update
def no_first_moment(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """eta / sqrt(v) for eta m / sqrt(v)."""

    def is_moment(key: Key) -> bool:
        return key.kind == "corrected" and str(key.of[0]).startswith("m")

    return without(way, is_moment)


@of_update
def epsilon_in_root(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """sqrt(v + epsilon) for sqrt(v) + epsilon."""

    def change(part: Written) -> Written | None:
        match part:
            case Sum((Call("sqrt", (body,)), Name() as epsilon)):
                return Call("sqrt", (Sum((body, epsilon)),))
        return None

    return rewrite(way, change)


UPDATING = (
    Mistake("step-added", "U1", "concept", added),
    Mistake("rate-missing", "U2", "slip", no_rate),
    Mistake("rate-squared", "U2", "slip", rate_squared),
    Mistake("bias-not-updated", "U3", "convention", bias_kept),
    Mistake("loss-for-gradient", "U4", "concept", loss_for_gradient),
    Mistake("step-for-new-value", "U5", "slip", step_only),
    Mistake("step-without-sign", "U5", "slip", step_without_sign),
    Mistake("gradient-weighted", "U6", "convention", gradient_weighted),
    Mistake("gradient-not-weighted", "U6", "convention", gradient_not_weighted),
    Mistake("velocity-sign", "U6", "convention", velocity_sign),
    Mistake("not-corrected", "U7", "concept", not_corrected),
    Mistake("corrected-one-later", "U7", "concept", corrected_without_power),
    Mistake("epsilon-in-root", "U7", "concept", epsilon_in_root),
    Mistake("no-first-moment", "U7", "concept", no_first_moment),
)
