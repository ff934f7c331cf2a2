"""The catalogue of optimizers: one record each, its formulas in the order in which they
are computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from explainer.network.options import Option


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an algorithm: `symbol` becomes the value of `formula`.

    As in the algorithm boxes of textbooks, a symbol means its old value until the line
    that changes it, and the new one from there on. `rule` names the sentence. A line
    that `needs` an option is left out where that option is 0 or false, and the first
    name of its formula takes its place.
    """

    symbol: str
    formula: str
    rule: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How a parameter w learns from its gradient g, with the learning rate eta.

    `states` are what is remembered from one iteration to the next, 0 at first; t counts
    the iterations from 1. `options` are the constants of the formulas, and `choices`
    the names of the `CHOICES` that it allows.
    """

    name: str
    states: tuple[str, ...]
    steps: tuple[Step, ...]
    options: Mapping[str, Option] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    source: str = ""


# The usual choice is the first.
CHOICES: Mapping[str, tuple[str | bool, ...]] = {
    "epsilon_place": ("outside", "inside"),
    "bias_correction": (True, False),
}
# What an option is called in the formulas.
SYMBOLS: Mapping[str, str] = {"momentum": "mu", "weight_decay": "lambda_w"}
# A term with one of these is left out where the option is 0.
LEFT_OUT_AT_ZERO = ("epsilon", "weight_decay")
# States that are sums or means of squares, and so never negative.
SQUARES = ("optimizer_square", "optimizer_square_sum")


def _share(usual: str) -> Option:
    """A number from 0 up to, but not including, 1."""
    return Option(Decimal(usual), Decimal(0), Decimal(1))


def _amount(usual: str) -> Option:
    """A number from 0 on."""
    return Option(Decimal(usual), Decimal(0))


NO_DECAY = {"weight_decay": _amount("0")}
DECAY = Step("g", "g + weight_decay * w", "optimizer_decay", needs="weight_decay")
VELOCITY = "optimizer_velocity"
MOMENTS = (
    Step("m", "beta1 * m + (1 - beta1) * g", "optimizer_mean"),
    Step("v", "beta2 * v + (1 - beta2) * g**2", "optimizer_square"),
    Step("m_hat", "m / (1 - beta1**t)", "optimizer_corrected", "bias_correction"),
    Step("v_hat", "v / (1 - beta2**t)", "optimizer_corrected", "bias_correction"),
)
ADAM_OPTIONS = {
    "beta1": _share("0.9"),
    "beta2": _share("0.999"),
    "epsilon": _amount("1e-8"),
}

OPTIMIZERS: Mapping[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer(
            "gradient-descent",
            (),
            (DECAY, Step("w", "w - eta * g", "update")),
            NO_DECAY,
            source="Deep Learning, section 4.3; PyTorch 2, SGD",
        ),
        Optimizer(
            "momentum",
            ("v",),
            (
                DECAY,
                Step("v", "momentum * v + g", VELOCITY),
                Step("w", "w - eta * v", "optimizer_update"),
            ),
            {"momentum": _share("0.9"), **NO_DECAY},
            source="PyTorch 2, SGD with momentum and dampening 0",
        ),
        Optimizer(
            "averaged-momentum",
            ("v",),
            (
                DECAY,
                Step("v", "beta * v + (1 - beta) * g", "optimizer_mean"),
                Step("w", "w - eta * v", "optimizer_update"),
            ),
            {"beta": _share("0.9"), **NO_DECAY},
            source="Kingma, Ba 2015, the first moment of algorithm 1, not corrected",
        ),
        Optimizer(
            "velocity-momentum",
            ("v",),
            (
                DECAY,
                Step("v", "momentum * v - eta * g", VELOCITY),
                Step("w", "w + v", "optimizer_update"),
            ),
            {"momentum": _share("0.9"), **NO_DECAY},
            source="Sutskever, Martens, Dahl, Hinton 2013, equations 1 and 2",
        ),
        Optimizer(
            "nesterov",
            ("v",),
            (
                DECAY,
                Step("v", "momentum * v + g", VELOCITY),
                Step("w", "w - eta * (g + momentum * v)", "optimizer_update"),
            ),
            {"momentum": _share("0.9"), **NO_DECAY},
            source="PyTorch 2, SGD with nesterov=True",
        ),
        Optimizer(
            "velocity-nesterov",
            ("v",),
            (
                DECAY,
                Step("v", "momentum * v - eta * g", VELOCITY),
                Step("w", "w + momentum * v - eta * g", "optimizer_update"),
            ),
            {"momentum": _share("0.9"), **NO_DECAY},
            source="Bengio, Boulanger-Lewandowski, Pascanu 2013, section 3.5",
        ),
        Optimizer(
            "adagrad",
            ("G",),
            (
                DECAY,
                Step("G", "G + g**2", "optimizer_square_sum"),
                Step("w", "w - eta / (sqrt(G) + epsilon) * g", "optimizer_update"),
            ),
            {"epsilon": _amount("1e-10"), **NO_DECAY},
            ("epsilon_place",),
            source="Duchi, Hazan, Singer 2011; PyTorch 2, Adagrad",
        ),
        Optimizer(
            "rmsprop",
            ("s",),
            (
                DECAY,
                Step("s", "rho * s + (1 - rho) * g**2", "optimizer_square"),
                Step("w", "w - eta / (sqrt(s) + epsilon) * g", "optimizer_update"),
            ),
            {"rho": _share("0.99"), "epsilon": _amount("1e-8"), **NO_DECAY},
            ("epsilon_place",),
            source="Tieleman, Hinton 2012, lecture 6.5; PyTorch 2, RMSprop",
        ),
        Optimizer(
            "adam",
            ("m", "v"),
            (
                DECAY,
                *MOMENTS,
                Step(
                    "w", "w - eta * m_hat / (sqrt(v_hat) + epsilon)", "optimizer_update"
                ),
            ),
            {**ADAM_OPTIONS, **NO_DECAY},
            ("epsilon_place", "bias_correction"),
            source="Kingma, Ba 2015, algorithm 1; PyTorch 2, Adam",
        ),
        Optimizer(
            "adamw",
            ("m", "v"),
            (
                *MOMENTS,
                Step(
                    "w",
                    "w - eta * weight_decay * w"
                    " - eta * m_hat / (sqrt(v_hat) + epsilon)",
                    "optimizer_update",
                ),
            ),
            {**ADAM_OPTIONS, "weight_decay": _amount("0.01")},
            ("epsilon_place", "bias_correction"),
            source="Loshchilov, Hutter 2019, algorithm 2; PyTorch 2, AdamW",
        ),
    )
}
# Names under which an optimizer is known, too.
OTHER_NAMES: Mapping[str, str] = {"sgd": "gradient-descent"}
