"""Pictures on a page: the network where it is given, a chain at its gradient, the error
before and after, the course of the error."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.derivation.updates import new
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key, Name, Number
from explainer.page.composing import Composer
from explainer.page.document import Picture, Words
from explainer.page.pictures.charts import draw_course, draw_errors
from explainer.page.pictures.drawing import Drawing, NetworkDrawing
from explainer.page.pictures.layout import draw_network


def show_network(composer: Composer) -> None:
    """The network with everything that is given, and the outputs of its units."""
    if composer.layout.pictures == "none" or not composer.derivation.graph.layers:
        return
    drawing = _network(composer)
    graph = composer.derivation.graph
    inputs = {key.of for key in graph.givens if key.kind == "input"}
    times = {dict(at)["time"] for at in graph.axes if "time" in dict(at)}
    values = {
        "inputs": len(inputs),
        # A layer that computes nothing, such as flatten, is not drawn.
        "units": tuple(len(x.units) for x in graph.layers if x.quantities),
        "times": len(times),
        "trained": bool(composer.derivation.updates),
        "objective": Name(graph.objective),
        **_details(composer, drawing),
    }
    _show(composer, "network", drawing, "network", values)


def show_chain(composer: Composer, key: Key) -> None:
    """The network with the ways from a weight or bias to the objective highlighted."""
    if composer.layout.pictures != "chains" or key.kind not in ("weight", "bias"):
        return
    graph = composer.derivation.graph
    drawing = _network(composer, key)
    values = {
        "parameter": Name(key),
        "objective": Name(graph.objective),
        "signals": composer.derivation.method == "signals",
        **_details(composer, drawing),
    }
    if drawing.lights:
        _show(composer, f"chain-{key.of[0]}", drawing, "chain", values)


def show_errors(composer: Composer) -> None:
    """The error before and after the update."""
    readings, before = composer.readings, composer.derivation.graph.objective
    if composer.layout.pictures == "none" or readings is None:
        return
    numbers = {key: readings[key].shown for key in (before, new(before))}
    pair = tuple((key, _decimal(number)) for key, number in numbers.items())
    drawing = draw_errors(composer.layout.spell, pair[0], pair[1])
    values = {
        "objective": Name(before),
        "before": Number(numbers[before], before),
        "after": Number(numbers[new(before)], new(before)),
    }
    _show(composer, "error", drawing, "errors", values)


def show_course(
    composer: Composer, errors: Mapping[int, Decimal | Fraction], counts: str
) -> None:
    """The error after so many updates, as a curve."""
    if composer.layout.pictures == "none" or len(errors) < 2:
        return
    objective = composer.derivation.graph.objective
    decimals = {count: _decimal(error) for count, error in errors.items()}
    drawing = draw_course(composer.layout.spell, objective, decimals, counts)
    first, last = min(errors), max(errors)
    values = {
        "objective": Name(objective),
        "turns": counts == "iterations",
        "count": last,
        "before": Number(errors[first]),
        "after": Number(errors[last]),
    }
    _show(composer, "course", drawing, "course", values)


def _network(composer: Composer, chain: Key | None = None) -> NetworkDrawing:
    readings = composer.readings

    def value(key: Key) -> Number | None:
        return Number(readings[key].shown, key) if readings else None

    return draw_network(composer.derivation.graph, composer.layout.spell, value, chain)


def _details(composer: Composer, drawing: NetworkDrawing) -> Mapping[str, object]:
    """What a caption may say of what is not in the picture."""
    graph = composer.derivation.graph
    return {
        "samples": len({dict(at).get("sample") for at in graph.axes}),
        "numbers": composer.readings is not None,
        "iteration": composer.iteration or 0,
        "formulas": graph.has_formulas,
        **{
            f"without_{part}": part in drawing.left_out
            for part in ("nodes", "weights", "values", "biases")
        },
    }


def _show(
    composer: Composer,
    name: str,
    drawing: Drawing,
    sentence: str,
    values: Mapping[str, object],
) -> None:
    """The picture, once on a page: a later iteration has the same network."""
    shown = {block.name for block in composer.blocks if isinstance(block, Picture)}
    if name not in shown:
        caption = Words(f"picture_{sentence}", values)
        alternative = Words(f"picture_{sentence}_alternative", values)
        composer.blocks.append(Picture(name, drawing, caption, alternative))


def _decimal(number: Decimal | Fraction) -> Decimal:
    value = as_decimal(number)
    assert isinstance(value, Decimal)
    return value
