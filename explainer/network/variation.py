"""What may vary from paper to paper: [variants] in a network file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field, Tag

from explainer.network.forms import Number, by_form, one_of
from explainer.network.loss_choices import target_problem
from explainer.network.losses import LOSSES
from explainer.network.problems import Findings, Location, unknown
from explainer.network.schema import Table
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import LossSpec, Spread, Value, Variation

GROUPS = ("inputs", "targets", "weights", "biases", "learning_rate")
MOST_CHOICES = 1_000_000


class SpreadTable(Table):
    """Numbers at equal distances, both ends included."""

    from_: Number = Field(alias="from", description="The smallest number.")
    to: Number = Field(description="The largest number.")
    step: Number = Field(description="The distance, above zero.")


SpreadForm = Annotated[
    Annotated[SpreadTable, Tag("<table>")]
    | Annotated[SpreadTable, Tag("<wiring>")]
    | Annotated[list[Number], Tag("<list>")],
    by_form("{ from = 0.1, to = 0.9, step = 0.1 }, or a list of numbers"),
]


class VariantsTable(Table):
    """What may vary from paper to paper. What is not named here stays as it is."""

    inputs: SpreadForm | None = Field(default=None, description="All inputs.")
    targets: SpreadForm | None = Field(default=None, description="All targets.")
    weights: SpreadForm | None = Field(default=None, description="All weights.")
    biases: SpreadForm | None = Field(default=None, description="All biases.")
    learning_rate: SpreadForm | None = Field(
        default=None, description="The learning rate."
    )
    single: dict[str, SpreadForm] = Field(
        default={},
        description="Single inputs, weights and biases by name, over their group.",
    )
    activation: list[Annotated[str, one_of("activation", LAYER_ACTIVATIONS)]] = Field(
        default=[],
        description="Activations to choose from, for all layers but the last.",
    )


def choose_variation(
    table: VariantsTable | None,
    names: list[str],
    loss: LossSpec | None,
    findings: Findings,
) -> Variation | None:
    """The ranges of a file; `names` are its inputs, weights and biases."""
    if table is None:
        return None
    groups = {
        group: spread
        for group in GROUPS
        if (got := getattr(table, group)) is not None
        and (spread := _spread(got, ("variants", group), findings))
    }
    _check_targets(groups.get("targets", ()), loss, findings)
    rate = groups.get("learning_rate")
    if rate and min(rate) <= 0:
        where = ("variants", "learning_rate")
        findings.add(where, "a learning rate is above zero")
    single: dict[str, Spread] = {}
    for name, chosen in table.single.items():
        place: Location = ("variants", "single", name)
        if name not in names:
            findings.add(place, unknown("input, weight or bias", name, names))
        elif spread := _spread(chosen, place, findings):
            single[name] = spread
    return Variation(groups, single, tuple(table.activation))


def _check_targets(targets: Spread, loss: LossSpec | None, findings: Findings) -> None:
    """Every target that may be drawn is one of the loss."""
    if loss is None or not targets:
        return
    where, record = ("variants", "targets"), LOSSES[loss.name]
    if record.distribution:
        message = f"the targets of {loss.name} add up to 1: they cannot vary alone"
        findings.add(where, message)
    for value in targets:
        problem = target_problem(record, value)
        if problem:
            findings.add(where, problem)
            return


def _spread(
    got: SpreadTable | list[Value], where: Location, findings: Findings
) -> Spread | None:
    if isinstance(got, list):
        problem = None if got else "an empty list; give numbers to choose from"
    else:
        problem = _range_problem(got)
    if problem:
        findings.add(where, problem)
        return None
    numbers = tuple(got) if isinstance(got, list) else tuple(_steps(got))
    return tuple(dict.fromkeys(numbers))


def _range_problem(table: SpreadTable) -> str | None:
    low, high, step = (Fraction(n) for n in (table.from_, table.to, table.step))
    if step <= 0:
        return f"the step is {table.step}; it is above zero"
    if high < low:
        return f"from {table.from_} to {table.to} is empty; exchange the two"
    if (high - low) % step:
        steps = f"from {table.from_} in steps of {table.step}"
        return f"{steps} never comes to {table.to}; change one of the three"
    if (high - low) / step >= MOST_CHOICES:
        return f"more than {MOST_CHOICES} numbers; take a larger step"
    return None


def _steps(table: SpreadTable) -> Iterator[Value]:
    """The numbers, with as many decimals as the ends and the step need."""
    low, step = table.from_, table.step
    count = int((Fraction(table.to) - Fraction(low)) / Fraction(step))
    for place in range(count + 1):
        if isinstance(low, Decimal) and isinstance(step, Decimal):
            yield low + place * step
        else:
            yield Fraction(low) + place * Fraction(step)


def spread_around(value: Value) -> Spread | None:
    """The numbers of a file without [variants]: as many decimals as the number has, at
    least one and at most two; its sign; up to about twice its size, at least nine
    steps. None for a number without size, which stays.

    >>> spread = spread_around(Decimal("-0.3"))
    >>> min(spread), max(spread), len(spread)
    (Decimal('-0.9'), Decimal('-0.1'), 9)
    """
    if not isinstance(value, Decimal) or not value:
        return None
    exponent = value.as_tuple().exponent
    places = min(2, max(1, -exponent if isinstance(exponent, int) else 1))
    step = Decimal(1).scaleb(-places)
    count = max(9, int(2 * abs(value) / step))
    sign = -1 if value < 0 else 1
    return tuple(sign * place * step for place in range(1, min(count, 999) + 1))
