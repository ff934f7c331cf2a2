"""Every record of the catalogue renders in every format, by every method."""

from __future__ import annotations

import json

import pytest

from explainer import Network, NetworkError, derive, render
from explainer.derivation.deriving import METHODS
from explainer.network.layers import LAYERS
from explainer.network.losses import LOSSES
from explainer.network.optimizers import OPTIMIZERS
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.page.formats import FORMATS
from tests.page.notebooks import code_cells, execute

DENSE = """
[inputs]
x1 = 0.7
x2 = -0.4
[[layers]]
activation = "ACTIVATION"
weights = [[0.3, -0.2], [0.5, 0.4]]
bias = [0.1, -0.3]
[[layers]]
activation = "LAST"
weights = [[0.6, -0.5], [0.2, 0.9]]
[targets]
o1 = 1
o2 = SECOND
[loss]
name = "LOSS"
[training]
learning_rate = 0.1
optimizer = "OPTIMIZER"
"""
LAST = {
    "binary-cross-entropy": ("sigmoid", 0),
    "categorical-cross-entropy": ("softmax", 0),
    "hinge": ("tanh", -1),
}
GRID = "[inputs]\nX = [[1, 0.2, 2], [0.3, 1.1, 0.4], [2.2, 0.1, 0.5]]\n"
ROW = "[inputs]\nX = [1, 0.2, 2.1, 0.3]\n"
STEPS = (
    "[[steps]]\ninputs = { x = 0.5 }\n"
    "[[steps]]\ninputs = { x = -0.4 }\ntargets = { y = 0.3 }\n"
)
SAMPLES = (
    "[[samples]]\ninputs = { x = 0.5 }\ntargets = { y = 0.1 }\n"
    "[[samples]]\ninputs = { x = -0.4 }\ntargets = { y = 0.3 }\n"
)
GATE = "weights = [[0.4]]\nrecurrent = [[0.3]]\nbias = [0.1]\n"


def gates(*names: str) -> str:
    return "".join(f"[layers.{name}]\n{GATE}" for name in names)


# For each kind of layer: the inputs, the layer's own keys, and how many units it has.
LAYER_TEXTS = {
    "dense": (ROW, 'activation = "tanh"\nweights = [[0.1, 0.2, 0.3, 0.4]]', 1),
    "convolution-1d": (
        ROW,
        'activation = "tanh"\nkernels = { K = [0.5, -0.2] }\nbias = { b = 0.1 }',
        3,
    ),
    "convolution-2d": (
        GRID,
        'activation = "tanh"\nkernels = { K = [[0.5, -0.2], [0.1, 0.3]] }',
        4,
    ),
    "max-pool-1d": (ROW, "size = 2", 2),
    "max-pool-2d": (GRID, "size = 2\nstride = 1", 4),
    "average-pool-1d": (ROW, "size = 2", 2),
    "average-pool-2d": (GRID, "size = 2\nstride = 1", 4),
    "flatten": (ROW, "", 4),
    "add": (
        "[inputs]\nx1 = 0.5\nx2 = 0.3\n[[layers]]\nactivation = 'tanh'\n"
        "weights = [[0.1, 0.2], [0.3, 0.4]]\nunits = ['h1', 'h2']\n",
        'skip = ["x1", "x2"]',
        2,
    ),
    "recurrent": (STEPS, 'activation = "tanh"\n' + GATE, 1),
    "lstm": (
        STEPS,
        gates("forget_gate", "input_gate", "cell_candidate", "output_gate"),
        1,
    ),
    "gru": (STEPS, gates("reset_gate", "update_gate", "candidate"), 1),
    "batch-normalisation": (SAMPLES, "", 1),
    "attention": (
        STEPS,
        "".join(
            f"[layers.{name}]\nweights = [[{number}]]\n"
            for name, number in (("queries", 0.4), ("keys", 0.3), ("values", 0.7))
        ),
        1,
    ),
}


def of_kind(kind: str) -> str:
    inputs, keys, units = LAYER_TEXTS[kind]
    weights = ", ".join(f"0.{n + 1}" for n in range(units))
    targets = "" if "targets" in inputs else "[targets]\ny = 1\n"
    return (
        f'{inputs}[[layers]]\nkind = "{kind}"\n{keys}\n[[layers]]\n'
        f'activation = "identity"\nunits = ["y"]\nweights = [[{weights}]]\n{targets}'
        '[loss]\nname = "half-squared-error"\n[training]\nlearning_rate = 0.1\n'
    )


def dense(
    activation: str = "tanh",
    loss: str = "half-squared-error",
    optimizer: str = "gradient-descent",
) -> str:
    last, second = LAST.get(loss, ("tanh", 0))
    text = DENSE.replace("ACTIVATION", activation).replace("LAST", last)
    text = text.replace("SECOND", str(second)).replace("LOSS", loss)
    return text.replace("OPTIMIZER", optimizer)


TEXTS = {f"activation {name}": dense(activation=name) for name in LAYER_ACTIVATIONS}
TEXTS |= {f"loss {name}": dense(loss=name) for name in LOSSES}
TEXTS |= {f"optimizer {name}": dense(optimizer=name) for name in OPTIMIZERS}
TEXTS |= {f"layer {name}": of_kind(name) for name in LAYER_TEXTS}


def test_every_kind_of_layer_is_here() -> None:
    assert {*LAYER_TEXTS} == {*LAYERS}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", TEXTS)
def test_a_record_renders_in_every_format(name: str, method: str) -> None:
    derivation = derive(Network.from_text(TEXTS[name]), method=method)
    assert derivation.proof is not None and derivation.proof.holds
    texts = {form: render(derivation, form) for form in (*FORMATS, "json")}
    assert all(texts.values())
    # The notebook computes every step again.
    execute(code_cells(json.loads(texts["ipynb"])))


def test_formulas_have_no_matrices() -> None:
    network = Network.from_example("computational-graph")
    with pytest.raises(NetworkError, match="use signals or paths"):
        derive(network, method="matrix")
