"""The softmax: every output of a layer depends on every weighted sum of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explainer.mathematics.written import (
    ONE,
    Call,
    Key,
    Name,
    Negative,
    Product,
    Quotient,
    Sum,
    sum_of,
)
from explainer.network.activations import ACTIVATIONS, Activation
from explainer.network.quantity import Quantity, Slope

# The formula and the slope are those of one output; `activate_together` makes them all.
SOFTMAX = Activation(
    "softmax",
    "exp(z) / S",
    "a * (1 - a)",
    source="Deep Learning, section 6.2.2.3; Bridle 1990",
)


# Every activation that a layer of the file may have.
LAYER_ACTIVATIONS: Mapping[str, Activation] = {**ACTIVATIONS, SOFTMAX.name: SOFTMAX}


def is_softmax(activation: Activation) -> bool:
    """Whether the outputs of the layer are computed together."""
    return activation is SOFTMAX


def activate_together(pairs: Sequence[tuple[Key, Key]]) -> tuple[Quantity, ...]:
    """a_j = e^{z_j} / sum_k e^{z_k}, for the sums z and outputs a of one layer.

    The slopes are a_j (1 - a_j) for its own sum and -a_j a_k for another one.
    """
    bottom = sum_of(tuple(Call("exp", (Name(z),)) for z, _ in pairs))
    return tuple(
        Quantity(
            output,
            Quotient(Call("exp", (Name(argument),)), bottom),
            "softmax",
            {z: _slope(output, a, own=z == argument) for z, a in pairs},
        )
        for argument, output in pairs
    )


def _slope(output: Key, other: Key, own: bool) -> Slope:
    if own:
        rest = Sum((ONE, Negative(Name(output))))
        return Slope(Product((Name(output), rest)), "slope_of_softmax")
    product = Product((Name(output), Name(other)))
    return Slope(Negative(product), "slope_of_softmax_across")
