"""L: mistakes in the loss, and D: in the derivative of the loss and of the output."""

from __future__ import annotations

from explainer.homework.answers import Answers
from explainer.homework.mistakes.editing import (
    HALF,
    by_rule,
    doubled,
    halved,
    is_half,
    kept_term,
    negative,
    over,
    replaced,
)
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.mathematics.written import (
    ONE,
    Call,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
    product_of,
    rewrite,
    walk,
)
from explainer.network.losses import BASES, LOSSES
from explainer.network.quantity import Quantity

SLOPES = ("slope_of_loss", "slope_short", "slope_short_softmax")
TOTALS = ("total_sum", "total_mean")
of_loss = by_rule(*LOSSES)
of_slope = by_rule(*SLOPES)
of_total = by_rule(*TOTALS)


def is_square(answers: Answers, key: Key) -> bool:
    """Whether the error of an output is a square, with a half or without."""
    quantity = answers.graph.quantities.get(key)
    return quantity is not None and "squared-error" in quantity.rule


@of_loss
def without_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = (t - y)^2 for 1/2 (t - y)^2."""
    if not isinstance(way, Product) or not is_half(way.factors[0]):
        return None
    return product_of(way.factors[1:])


@of_loss
def with_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = 1/2 (t - y)^2 for (t - y)^2."""
    return Product((HALF, way)) if isinstance(way, Power) else None


@of_total
def mean_for_sum(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """1/n (E_1 + E_2), or the sum for the mean."""
    match way:
        case Sum(terms):
            return over(way, len(terms))
        case Product((_, Sum() as added)):
            return added
    return None


def logarithm(base: str) -> Edit:
    """log2 or log10 for ln."""

    @of_loss
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        def change(part: Written) -> Written | None:
            match part:
                case Call("log", arguments):
                    return Call(BASES[base][0], arguments)
            return None

        return rewrite(way, change)

    return edit


def half_of_entropy(place: int) -> Edit:
    """Only -t ln y, or only -(1 - t) ln(1 - y)."""

    @by_rule("binary-cross-entropy")
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        return kept_term(way, lambda count: place if place < count else None)

    return edit


@by_rule("binary-cross-entropy", "categorical-cross-entropy")
def no_minus(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """t ln y for -t ln y."""
    return way.body if isinstance(way, Negative) else None


def one_error(place: int) -> Edit:
    """The error of one output for that of all."""

    @of_total
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        match way:
            case Sum(terms) | Product((_, Sum(terms))):
                return terms[place]
        return None

    return edit


@of_loss
def times_slope(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """E = 1/2 ((t - y) f')^2: the error is multiplied too early."""
    outputs = [key for key in quantity.uses if key in answers.shape.argument]
    if len(outputs) != 1 or not is_square(answers, quantity.key):
        return None
    (y,) = outputs
    slope = Name(Key("local", (y, answers.shape.argument[y])))
    if slope.key not in answers.quantities:
        return None

    def change(part: Written) -> Written | None:
        match part:
            case Power(base, exponent):
                return Power(Product((base, slope)), exponent)
        return None

    return rewrite(way, change)


@of_slope
def sign(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """t - y for y - t."""
    match way:
        case Sum((Name(y), Negative(Name(t)))):
            return Sum((Name(t), Negative(Name(y))))
    return negative(way)


@of_slope
def factor_two(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """2 (y - t) for y - t."""
    return None if _has_two(way) else doubled(way)


@of_slope
def factor_half(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(y - t)/2 for y - t; y - t for 2 (y - t)."""
    if isinstance(way, Product) and _has_two(way):
        return product_of(way.factors[1:])
    return halved(way)


def _has_two(way: Written) -> bool:
    return isinstance(way, Product) and way.factors[0] == Number(ONE.value + 1)


def seed_shared(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """dE/dy with 1/n that is not there, or without one that is."""
    objective = answers.graph.objective
    total = answers.graph.quantities[objective]
    count = len(answers.graph.parts.get(objective, ()))
    if count < 2:
        return None
    match way:
        case Product((Quotient(top, Number()), rest)) if top == ONE:
            return rest if quantity.rule == "seed" else None
    if quantity.rule in SLOPES and total.rule == "total_sum":
        return over(way, count)
    return None


@by_rule("slope_of_loss")
def loss_itself(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """The loss in the place of its derivative."""
    loss = quantity.key.of[0]
    return Name(loss) if isinstance(loss, Key) else None


@by_rule("slope_of_loss")
def power_rule(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(t - y) y for (t - y) (-1): the wrong inner derivative."""
    loss, y = quantity.key.of
    if not isinstance(y, Key) or not isinstance(loss, Key):
        return None
    if not is_square(answers, loss):
        return None
    match way:
        case Sum((Name() as out, Negative(t))):
            return Product((Sum((t, Negative(out))), Name(y)))
    return Product((Negative(way), Name(y)))


@by_rule("slope_short_softmax")
def diagonal(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """-t (1 - y): only dy_k/dz_k, nothing across."""
    match way:
        case Sum((Name() as y, Negative(t))):
            return Negative(Product((t, Sum((ONE, Negative(y))))))
    return None


@by_rule("slope_of_softmax_across")
def nothing_across(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """dy_k/dz_j = 0 for k other than j."""
    return Number(ONE.value - 1)


@by_rule("slope_short", "slope_short_softmax")
def slope_kept(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """(y - t) y (1 - y), where the factor cancels."""
    z = quantity.key.of[1]
    y = answers.shape.result.get(z) if isinstance(z, Key) else None
    if y is None or not isinstance(z, Key):
        return None
    return Product((way, answers.graph.quantities[y].slopes[z].value))


def convention(*edits: Edit) -> Edit:
    """Several edits that belong together: each where it applies."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        for one in edits:
            wrong = one(answers, quantity, way)
            if wrong is not None and wrong != way:
                return wrong
        return None

    return edit


def with_square(edit: Edit, half: bool) -> Edit:
    """The edit of the slope of a square, with a half in front of it or without."""

    def restricted(
        answers: Answers, quantity: Quantity, way: Written
    ) -> Written | None:
        loss = quantity.key.of[0] if quantity.rule == "slope_of_loss" else None
        if not isinstance(loss, Key) or not is_square(answers, loss):
            return None
        formula = answers.graph.quantities[loss].formula
        halved = isinstance(formula, Product) and is_half(formula.factors[0])
        return edit(answers, quantity, way) if halved == half else None

    return restricted


def slope_of_logarithm(base: str) -> Edit:
    """The slope of a loss with another logarithm: divided by ln b."""
    number = Number(type(ONE.value)(BASES[base][1]))

    @of_slope
    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        loss = quantity.key.of[0]
        assert isinstance(loss, Key)
        formula = answers.graph.quantities[loss].formula
        if not any(isinstance(p, Call) and p.function == "log" for p in walk(formula)):
            return None
        return Quotient(way, Call("log", (number,)))

    return edit


@by_rule("signal_last", "signal_hidden", "signal_through", "signal_mixed")
def other_signal(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """delta = -dE/dz for delta = dE/dz."""
    inner = replaced(way, lambda k: Negative(Name(k)) if k.kind == "signal" else None)
    return negative(inner)


def uses_other_signal(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """What is computed from a signal of the other sign."""
    if quantity.key.kind not in ("derivative", "path"):
        return None
    return replaced(way, lambda k: Negative(Name(k)) if k.kind == "signal" else None)


LOSS = (
    Mistake("half-dropped", "L1", "convention", without_half),
    Mistake("half-added", "L1", "convention", with_half),
    Mistake("mean-or-sum-of-errors", "L2", "convention", mean_for_sum),
    Mistake("logarithm-to-base-10", "L3", "concept", logarithm("10")),
    Mistake("logarithm-to-base-2", "L3", "concept", logarithm("2")),
    Mistake("first-half-of-entropy", "L4", "concept", half_of_entropy(0)),
    Mistake("second-half-of-entropy", "L4", "concept", half_of_entropy(1)),
    Mistake("minus-missing", "L5", "slip", no_minus),
    Mistake("first-error-only", "L6", "slip", one_error(0)),
    Mistake("last-error-only", "L6", "slip", one_error(-1)),
    Mistake("error-times-slope", "L7", "concept", times_slope),
)
SEEDS = (
    Mistake("target-minus-output", "D1", "concept", sign),
    Mistake("factor-two", "D2", "convention", factor_two),
    Mistake("half-kept", "D3", "concept", factor_half),
    Mistake("mean-kept-or-dropped", "D4", "convention", seed_shared),
    Mistake("loss-for-its-derivative", "D5", "concept", loss_itself),
    Mistake("slope-kept", "D7", "concept", slope_kept),
    Mistake("wrong-power-rule", "D13", "concept", power_rule),
    Mistake("jacobian-diagonal", "D14", "concept", diagonal),
    Mistake("jacobian-diagonal-long", "D14", "concept", nothing_across),
)
