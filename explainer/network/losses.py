"""The catalogue of losses: one record each, and how the errors of several outputs are
added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from explainer.mathematics.formula import read
from explainer.mathematics.tidying import tidy
from explainer.mathematics.written import (
    ONE,
    Call,
    Comparison,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Written,
    rewrite,
    substitute,
)
from explainer.network.options import Option
from explainer.network.quantity import Quantity, Slope


@dataclass(frozen=True, slots=True)
class Loss:
    """The error of one output y with target t, and its slope in y as it is taught.

    `working` holds the forms between the rules of calculus and the taught slope.
    `options` are constants of the formula. At a `kink` the slope is 0 by convention;
    the file may choose a number `kink` from `kink_range`, which makes it `at_kink`.
    Targets lie from `least` to `most`; with `ends_only` they are one of the two.
    `outputs` is the usual reduction over the outputs. `short` holds dE/dz with the
    output activation that belongs to the loss; after softmax it holds where the targets
    are a `distribution`: they add up to 1. With a `logarithm` the file may choose its
    base.
    """

    name: str
    formula: str
    slope: str
    working: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    kink: str | None = None
    at_kink: str = "kink"
    kink_range: tuple[int, int] = (-1, 1)
    least: int | None = None
    most: int | None = None
    ends_only: bool = False
    outputs: str = "sum"
    short: Mapping[str, str] = field(default_factory=dict)
    distribution: bool = False
    logarithm: bool = False
    source: str = ""


HALF_SQUARE = "1/2 * (t - y)**2"
HALF_SQUARE_WORKING = ("2 * (1/2) * (t - y) * (-1)",)
SQUARE = "(t - y)**2"
SQUARE_WORKING = ("2 * (t - y) * (-1)",)

LOSSES: Mapping[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss(
            "half-squared-error",
            HALF_SQUARE,
            "y - t",
            working=HALF_SQUARE_WORKING,
            source="Rumelhart, Hinton, Williams 1986, equation 3",
        ),
        Loss(
            "squared-error",
            SQUARE,
            "2 * (y - t)",
            working=SQUARE_WORKING,
            source="Bishop, Pattern Recognition and Machine Learning, section 1.5.5",
        ),
        Loss(
            "mean-squared-error",
            SQUARE,
            "2 * (y - t)",
            working=SQUARE_WORKING,
            outputs="mean",
            source="Deep Learning, section 5.1.4; PyTorch MSELoss",
        ),
        Loss(
            "half-mean-squared-error",
            HALF_SQUARE,
            "y - t",
            working=HALF_SQUARE_WORKING,
            outputs="mean",
            source="scikit-learn, the squared loss of MLPRegressor",
        ),
        Loss(
            "binary-cross-entropy",
            "-(t * log(y) + (1 - t) * log(1 - y))",
            "(y - t) / (y * (1 - y))",
            working=("-(t / y) + (1 - t) / (1 - y)",),
            least=0,
            most=1,
            short={"sigmoid": "y - t"},
            logarithm=True,
            source="Bishop, Pattern Recognition and Machine Learning, equation 5.21",
        ),
        Loss(
            "categorical-cross-entropy",
            "-(t * log(y))",
            "-(t / y)",
            least=0,
            most=1,
            short={"softmax": "y - t"},
            distribution=True,
            logarithm=True,
            source="Bishop, Pattern Recognition and Machine Learning, equation 5.24",
        ),
        Loss(
            "hinge",
            "max(0, 1 - t * y)",
            "-t if t * y < 1 else 0",
            kink="t * y == 1",
            # Between the sides, -t and 0, whichever sign the target has.
            at_kink="-(kink * t)",
            kink_range=(0, 1),
            least=-1,
            most=1,
            ends_only=True,
            source="Bishop, Pattern Recognition and Machine Learning, equation 7.44",
        ),
        Loss(
            "huber",
            "1/2 * (y - t)**2 if abs(y - t) <= delta"
            " else delta * (abs(y - t) - delta / 2)",
            "delta if y - t > delta else (-delta if y - t < -delta else y - t)",
            options={"delta": Option(Decimal(1), Decimal(0), is_least_allowed=False)},
            source="Huber 1964; PyTorch HuberLoss",
        ),
        Loss(
            "absolute-error",
            "abs(y - t)",
            "1 if y > t else (-1 if y < t else 0)",
            kink="y == t",
            source="PyTorch L1Loss, with slope 0 where the distance is 0",
        ),
    )
}

REDUCTIONS = ("sum", "mean")
WAYS = ("short", "long")
NATURAL_LOGARITHM = ("natural", "e")
# The logarithm of a formula to each base, and the number whose ln divides its slope.
BASES: Mapping[str, tuple[str, int]] = {"2": ("log2", 2), "10": ("log10", 10)}
NO_OPTIONS: Mapping[str, Decimal] = MappingProxyType({})


def lose(
    loss: Loss,
    output: Key,
    target: Key,
    result: Key,
    options: Mapping[str, Decimal] = NO_OPTIONS,
    base: str = "e",
) -> Quantity:
    """The error of one output.

    `options` replaces the record's usual constants; `kink` among them chooses the slope
    at the kink. `base` is that of the logarithm: "e", "2" or "10".
    """
    if base != "e" and not loss.logarithm:
        raise ValueError(f"{loss.name} has no logarithm, so it has no base {base}")
    names = {"y": output, "t": target}
    constants = {
        option: options.get(option, record.usual)
        for option, record in loss.options.items()
    }
    kink = _read(loss.kink, names, {}) if loss.kink else None
    slope = loss.slope
    if loss.kink and options.get("kink"):
        constants["kink"] = options["kink"]
        slope = f"{loss.at_kink} if {loss.kink} else ({slope})"
    taught = Slope(
        _divide(_read(slope, names, constants), base),
        "slope_of_loss",
        working=tuple(_divide(_read(f, names, constants), base) for f in loss.working),
        kink=kink if isinstance(kink, Comparison) else None,
    )
    formula = _to_base(_read(loss.formula, names, constants), base)
    return Quantity(result, formula, loss.name, {output: taught})


def short_slope(
    loss: Loss, activation: str, output: Key, target: Key, base: str = "e"
) -> Written | None:
    """dE/dz = y - t for a loss taught together with its activation, None for others.

    >>> y, t = Key("activation", ("o1",)), Key("target", ("o1",))
    >>> short_slope(LOSSES["binary-cross-entropy"], "tanh", y, t) is None
    True
    """
    if activation not in loss.short:
        return None
    return _divide(read(loss.short[activation], {"y": output, "t": target}), base)


def add_losses(parts: tuple[Key, ...], reduction: str, result: Key) -> Quantity:
    """The total: the sum of the errors of the outputs, or their mean."""
    added = Sum(tuple(map(Name, parts)))
    if reduction == "sum":
        slope = Slope(ONE, "slope_of_total")
        return Quantity(result, added, "total_sum", dict.fromkeys(parts, slope))
    share = Quotient(ONE, Number(Decimal(len(parts))))
    slope = Slope(share, "slope_of_total")
    return Quantity(
        result, Product((share, added)), "total_mean", dict.fromkeys(parts, slope)
    )


def _read(
    text: str, names: Mapping[str, Key], constants: Mapping[str, Decimal]
) -> Written:
    """The formula with its constants as numbers."""
    keys = {name: Key("option", (name,)) for name in constants}
    written = read(text, {**names, **keys})
    if not constants:
        return written
    numbers = {keys[name]: Number(value) for name, value in constants.items()}
    return tidy(substitute(written, numbers))


def _to_base(written: Written, base: str) -> Written:
    """Each logarithm of the formula to this base."""
    if base == "e":
        return written

    def change(part: Written) -> Written | None:
        if not isinstance(part, Call) or part.function != "log":
            return None
        return Call(BASES[base][0], tuple(_to_base(a, base) for a in part.arguments))

    return rewrite(written, change)


def _divide(slope: Written, base: str) -> Written:
    """The slope divided by ln b: d(log_b y)/dy = 1 / (y ln b)."""
    if base == "e":
        return slope
    logarithm = Call("log", (Number(Decimal(BASES[base][1])),))
    match slope:
        case Negative(body):
            return Negative(_divide(body, base))
        case Quotient(top, Product(factors)):
            return Quotient(top, Product((*factors, logarithm)))
        case Quotient(top, bottom):
            return Quotient(top, Product((bottom, logarithm)))
    return Quotient(slope, logarithm)
