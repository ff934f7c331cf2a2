"""H: mistakes on the way back through a hidden layer."""

from __future__ import annotations

from collections.abc import Callable

from explainer.homework.answers import Answers, subject_of
from explainer.homework.mistakes.editing import (
    BACKWARD,
    is_hidden,
    is_slope,
    kept_term,
    of_local,
    over,
    replaced,
    unit_number,
    without,
    without_local,
)
from explainer.homework.mistakes.mistake import Edit, Mistake
from explainer.homework.shape import terms_of
from explainer.mathematics.written import (
    Key,
    Name,
    Sum,
    Written,
    rewrite,
)
from explainer.network.quantity import Quantity

INPUT = "slope_by_input"


def adds_ways(answers: Answers, quantity: Quantity, way: Written) -> bool:
    """Whether a formula adds what comes back to a hidden unit from several places."""
    key = quantity.key
    if key.kind not in BACKWARD or not is_hidden(answers, key):
        return False
    subject = subject_of(key)
    if subject.kind in ("sum", "activation"):
        return True
    return subject in answers.shape.fed and _adds_errors(answers, way)


def _adds_errors(answers: Answers, way: Written) -> bool:
    """dE_1/dw + dE_2/dw, of two errors of one sample."""
    keys = [term.key for term in terms_of(way) if isinstance(term, Name)]
    if len(keys) < 2 or len(keys) != len(terms_of(way)):
        return False
    return all(
        key.kind == "derivative" and key.of[0] not in answers.graph.samples
        for key in keys
    )


def one_way(choose: Callable[[Answers, Key, int], int | None]) -> Edit:
    """dE/da_j = delta_1 w_1j, and nothing from the other units."""

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if not adds_ways(answers, quantity, way):
            return None
        return kept_term(way, lambda n: choose(answers, quantity.key, n))

    return edit


def own_way(answers: Answers, key: Key, count: int) -> int | None:
    """The unit opposite: h1 to o1, h2 to o2."""
    return unit_number(answers, key) % count


def averaged(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """The mean over the ways back for their sum."""
    if not adds_ways(answers, quantity, way):
        return None

    def change(part: Written) -> Written | None:
        return over(part, len(part.terms)) if isinstance(part, Sum) else None

    return rewrite(way, change)


def transposed(answers: Answers, z: Key, source: Key) -> Written | None:
    """delta_k w_jk for delta_k w_kj."""
    weight = _weight(answers, z, source)
    other = answers.shape.transposed.get(weight) if weight else None
    return Name(other) if other else None


def updated(answers: Answers, z: Key, source: Key) -> Written | None:
    """The new weight for the old one."""
    weight = _weight(answers, z, source)
    new = Key("new", (weight,)) if weight else None
    return Name(new) if new and new in answers.quantities else None


def of_layer_before(answers: Answers, z: Key, source: Key) -> Written | None:
    """delta_k times a weight of the layer below."""
    shape = answers.shape
    below = shape.argument.get(source)
    if below is None:
        return None
    pairs = shape.sums[below].pairs
    place = shape.beside(z).index(z)
    return Name(pairs[place][0]) if place < len(pairs) else None


def _weight(answers: Answers, z: Key, source: Key) -> Key | None:
    return next((w for w, x in answers.shape.sums[z].pairs if x == source), None)


def raw_error(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """sum of dE/da_k w_kj, without the f' of the units above."""
    key = quantity.key
    if key.kind not in BACKWARD or not is_hidden(answers, key):
        return None
    own = answers.layer_of[key]

    def above(slope: Key) -> bool:
        return is_slope(answers, slope) and answers.layer_of[slope] > own

    def before(name: Key) -> Written | None:
        z = name.of[-1] if name.kind in ("signal", "derivative") else None
        if not isinstance(z, Key) or z not in answers.shape.sums:
            return None
        if answers.layer_of[z] <= own or name not in answers.quantities:
            return None
        formula = answers.quantities[name].formula
        return without(formula, lambda k: is_slope(answers, k))

    return without(replaced(way, before), above)


def error_dropped(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
    """A chain back to a hidden unit without its first factor, dE/dy."""
    key = quantity.key
    if key.kind not in BACKWARD or not is_hidden(answers, key):
        return None

    def is_error(name: Key) -> bool:
        known = answers.quantities.get(name)
        return known is not None and known.rule in ("slope_of_loss", "seed")

    def before(name: Key) -> Written | None:
        z = name.of[-1] if name.kind in ("signal", "derivative") else None
        if not isinstance(z, Key) or answers.layer_of.get(z) != answers.shape.last:
            return None
        if z not in answers.shape.sums or name not in answers.quantities:
            return None
        return without(answers.quantities[name].formula, is_error)

    return without(replaced(way, before), is_error)


def slope_of_layer_above(
    answers: Answers, quantity: Quantity, way: Written
) -> Written | None:
    """dE/da_j f'(z_k) for dE/da_j f'(z_j)."""
    key = quantity.key
    if key.kind not in BACKWARD or not is_hidden(answers, key):
        return None
    shape, own = answers.shape, answers.layer_of[key]

    def other(slope: Key) -> Written | None:
        if not is_slope(answers, slope) or answers.layer_of[slope] != own:
            return None
        z = slope.of[1]
        assert isinstance(z, Key)
        above = [
            k
            for k, found in shape.sums.items()
            if found.layer == own + 1 and k.at == z.at and k in shape.result
        ]
        if not above:
            return None
        k = above[unit_number(answers, z) % len(above)]
        found = Key("local", (shape.result[k], k))
        return Name(found) if found in answers.quantities else None

    return replaced(way, other)


HIDDEN = (
    Mistake("first-way-only", "H1", "concept", one_way(lambda answers, key, n: 0)),
    Mistake("last-way-only", "H1", "concept", one_way(lambda answers, key, n: n - 1)),
    Mistake("own-way-only", "H1", "concept", one_way(own_way)),
    Mistake("ways-averaged", "H2", "concept", averaged),
    Mistake("weight-missing", "H3", "concept", without_local(INPUT)),
    Mistake("weights-back-transposed", "H4", "slip", of_local(INPUT, transposed)),
    Mistake("raw-error-back", "H5", "concept", raw_error),
    Mistake(
        "weights-of-layer-below", "H6", "concept", of_local(INPUT, of_layer_before)
    ),
    Mistake("updated-weights", "H7", "concept", of_local(INPUT, updated)),
    Mistake("slope-of-layer-above", "H9", "slip", slope_of_layer_above),
    Mistake("error-dropped", "H10", "concept", error_dropped),
)
