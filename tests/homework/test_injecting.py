"""Mistakes injected into the answers: published numbers, and laws of the injection."""

from __future__ import annotations

from decimal import Decimal

import pytest

from explainer.examples import EXAMPLES, read_example
from explainer.homework.answers import Answers, answer_key
from explainer.homework.injecting import Scope, edits_of, inject
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.editing import replaced
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.written import Key, Name, Written, names_in
from explainer.network.building import build
from explainer.network.file import read_network
from explainer.network.quantity import Quantity
from explainer.notation import plain_name

# The published example of Matt Mazur with one mistake everywhere: research, by an
# independent simulation.
MAZUR = [
    ("target-minus-output", "dE_o1/dout_o1", "-0.741365070"),
    ("target-minus-output", "new_w1", "0.150219284"),
    ("slope-of-output-missing", "new_w1", "0.148865825"),
    ("slope-at-sum", "dout_o1/dsum_o1", "-0.117122041"),
    ("slope-at-output", "dout_o1/dsum_o1", "0.217788341"),
    ("first-way-only", "dE/dout_h1", "0.055399425"),
    ("updated-weights", "dE/dout_h1", "0.030229739"),
    ("updated-weights", "new_w1", "0.149817639"),
    ("slope-of-hidden-missing", "new_w1", "0.149091242"),
    ("source-missing", "dE/dw1", "0.008771355"),
    ("weights-transposed", "sum_h1", "0.3825"),
    ("step-added", "new_w5", "0.441083520"),
    ("rate-missing", "new_w5", "0.317832959"),
]


def answers_of(text: str) -> Answers:
    return answer_key(build(read_network(text)))


@pytest.fixture(scope="module")
def mazur() -> Answers:
    return answers_of(read_example("mazur"))


def named(answers: Answers, name: str) -> Key:
    return next(key for key in answers.quantities if plain_name(key) == name)


@pytest.mark.parametrize(("mistake", "quantity", "printed"), MAZUR)
def test_mazur_with_a_mistake(
    mazur: Answers, mistake: str, quantity: str, printed: str
) -> None:
    wrong = inject(mazur, MISTAKES[mistake])
    assert wrong is not None
    value = as_decimal(wrong.read()[named(wrong, quantity)].value)
    assert abs(value - Decimal(printed)) <= Decimal("0.5e-9")
    right = as_decimal(mazur.read()[named(mazur, quantity)].value)
    assert abs(right - Decimal(printed)) > Decimal("1e-7")


BATCH = """
[loss]
name = "half-squared-error"
samples = "mean"
[[samples]]
inputs = {{ x1 = 0.3, x2 = -0.6 }}
targets = {{ o1 = 0.2 }}
[[samples]]
inputs = {{ x1 = 0.9, x2 = 0.4 }}
targets = {{ o1 = 0.7 }}
[[layers]]
activation = "sigmoid"
units = ["h1", "h2"]
weights = [[0.3, 0.15], [-0.4, 0.35]]
bias = [0.2, 0.1]
[[layers]]
activation = "{activation}"
units = ["o1"]
weights = [[0.8, -0.3]]
bias = [0.05]
[training]
learning_rate = 0.4
optimizer = {optimizer}
"""
TWO = """
[inputs]
x1 = 0.3
x2 = -0.6
[targets]
o1 = 0.25
o2 = 0.75
[[layers]]
activation = "{hidden}"
units = ["h1", "h2"]
weights = [[0.3, -0.15], [-0.4, 0.35]]
bias = [0.2, 0.1]
[[layers]]
activation = "{last}"
units = ["o1", "o2"]
weights = [[0.8, -0.3], [0.45, 0.65]]
bias = [0.05, -0.2]
[loss]
name = "{loss}"
way = "{way}"
[training]
learning_rate = 0.4
"""
ADAM = '{ name = "adam" }'
MOMENTUM = '{ name = "momentum", momentum = 0.8 }'
AVERAGED = '{ name = "averaged-momentum", beta = 0.8 }'


def networks() -> dict[str, str]:
    """Networks in which every mistake of the catalogue can be made somewhere."""
    found = {name: read_example(name) for name in EXAMPLES}
    for name, optimizer in (("adam", ADAM), ("momentum", MOMENTUM), ("mean", AVERAGED)):
        text = BATCH.format(activation="sigmoid", optimizer=optimizer)
        found[f"batch {name}"] = text
    for hidden, last, loss, way in (
        ("leaky-relu", "sigmoid", "binary-cross-entropy", "short"),
        ("tanh", "softmax", "categorical-cross-entropy", "long"),
        ("sigmoid", "sigmoid", "mean-squared-error", "short"),
    ):
        text = TWO.format(hidden=hidden, last=last, loss=loss, way=way)
        if loss == "mean-squared-error":
            text = text.replace('way = "short"\n', "")
        found[f"two {loss}"] = text
    return found


@pytest.fixture(scope="module")
def known() -> dict[str, Answers]:
    return {name: answers_of(text) for name, text in networks().items()}


def test_every_mistake_can_be_made(known: dict[str, Answers]) -> None:
    for mistake in MISTAKES.values():
        places = [name for name, a in known.items() if edits_of(a, mistake)]
        assert places, f"{mistake.name} applies nowhere"


def test_the_whole_catalogue() -> None:
    """Every entry of the research but B4, which is another derivation."""
    numbers = {"F": 9, "L": 7, "D": 16, "G": 7, "H": 10, "U": 7, "B": 3}
    entries = {f"{row}{n + 1}" for row, count in numbers.items() for n in range(count)}
    assert {p for m in MISTAKES.values() for p in m.id.split("+")} == entries


def test_a_mistake_changes_only_what_follows(known: dict[str, Answers]) -> None:
    """The formulas of all other quantities stay, and the order is one of work."""
    for answers in known.values():
        for mistake in MISTAKES.values():
            try:
                wrong = inject(answers, mistake)
            except Circular:
                continue
            if wrong is None:
                continue
            edited = edits_of(answers, mistake)
            done = set(answers.graph.givens)
            for key, quantity in wrong.quantities.items():
                assert done.issuperset(quantity.uses)
                done.add(key)
                if key not in edited:
                    assert quantity.formula == answers.quantities[key].formula
            assert done >= set(answers.quantities)


def test_scopes_add_up(mazur: Answers) -> None:
    """The layers together are everywhere; a cell is one edit."""
    mistake = MISTAKES["bias-left-out"]
    whole = edits_of(mazur, mistake)
    layers = [edits_of(mazur, mistake, Scope("layer", n)) for n in (1, 2)]
    assert {**layers[0], **layers[1]} == whole
    assert not layers[0].keys() & layers[1].keys()
    cell = named(mazur, "sum_h2")
    assert set(edits_of(mazur, mistake, Scope("cell", cell))) == {cell}
    unit = edits_of(mazur, mistake, Scope("unit", "h2"))
    assert {plain_name(key) for key in unit} == {"sum_h2", "new_sum_h2"}


def test_weights_that_are_updated_already_come_first(mazur: Answers) -> None:
    wrong = inject(mazur, MISTAKES["updated-weights"])
    assert wrong is not None
    order = list(wrong.quantities)
    back, new = named(wrong, "delta_h1"), named(wrong, "new_w5")
    assert order.index(new) < order.index(back)
    assert list(mazur.quantities).index(new) > list(mazur.quantities).index(back)


def test_a_circle_is_refused(mazur: Answers) -> None:
    new = named(mazur, "new_w1")

    def edit(answers: Answers, quantity: Quantity, way: Written) -> Written | None:
        if quantity.key != named(answers, "sum_h1"):
            return None
        return replaced(way, lambda k: Name(new) if k.kind == "input" else None)

    with pytest.raises(Circular):
        inject(mazur, Mistake("circle", "X", "slip", edit))


def test_a_mistake_that_is_none(mazur: Answers) -> None:
    """Where a mistake does not apply there is nothing to inject."""
    assert inject(mazur, MISTAKES["relu-always-open"]) is None
    assert inject(mazur, MISTAKES["softmax-not-normalised"]) is None


def test_edits_use_known_quantities(known: dict[str, Answers]) -> None:
    for answers in known.values():
        everything = {*answers.quantities, *answers.graph.givens}
        for mistake in MISTAKES.values():
            for ways in edits_of(answers, mistake).values():
                for way in ways:
                    assert way is None or everything.issuperset(names_in(way))
