"""Layers as groups of scalar quantities: one function per kind of layer."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.mathematics.written import ONE, Key, Name, Product, Sum, Written, sum_of
from explainer.network.activations import ACTIVATIONS, activate
from explainer.network.quantity import Quantity, Slope
from explainer.network.spec import LayerSpec, UnitSpec


def connect(
    layer: LayerSpec, sources: Mapping[str, Key], factor_order: str
) -> tuple[Quantity, ...]:
    """A fully connected layer: z_j = sum_k w_jk a_k + b_j, then a_j = f(z_j), unit by
    unit.

    `sources` has the output of every unit that may feed this layer.
    """
    quantities: list[Quantity] = []
    for unit in layer.units:
        total = add_inputs(unit, sources, factor_order)
        output = Key("activation", (unit.name,))
        record = ACTIVATIONS[layer.activation]
        quantities += [total, activate(record, layer.options, total.key, output)]
    return tuple(quantities)


def add_inputs(
    unit: UnitSpec, sources: Mapping[str, Key], factor_order: str
) -> Quantity:
    """The weighted sum of one unit, with its slope for every weight, source and bias.

    A quantity that stands in several terms has the sum over its terms as its slope.
    """
    terms: list[Written] = []
    slopes: list[tuple[Key, Written, str]] = []
    for source, weight in unit.inputs:
        w, x = Key("weight", (weight,)), sources[source]
        terms.append(
            Product(
                (Name(w), Name(x))
                if factor_order == "weight-first"
                else (Name(x), Name(w))
            )
        )
        slopes += [(w, Name(x), "slope_by_weight"), (x, Name(w), "slope_by_input")]
    if unit.bias is not None:
        b = Key("bias", (unit.bias,))
        terms.append(Name(b))
        slopes.append((b, ONE, "slope_by_bias"))
    return Quantity(
        Key("sum", (unit.name,)),
        Sum(tuple(terms)) if len(terms) > 1 else terms[0],
        "weighted_sum",
        _collect(slopes),
    )


def _collect(slopes: list[tuple[Key, Written, str]]) -> Mapping[Key, Slope]:
    collected: dict[Key, Slope] = {}
    for key, value, rule in slopes:
        before = collected.get(key)
        if before is None:
            collected[key] = Slope(value, rule)
        else:
            terms = (
                before.value.terms if isinstance(before.value, Sum) else (before.value,)
            )
            collected[key] = Slope(sum_of((*terms, value)), "slope_by_shared")
    return collected
