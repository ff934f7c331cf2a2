"""The built-in networks, each a network file to read, to work out and to edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

SUFFIX = ".toml"
# The order is that of a course: one unit first, then published examples, then more
# samples, other losses and optimizers, and other layers.
NAMES = (
    "computational-graph",
    "single-neuron",
    "tanh-neuron",
    "forward-backward",
    "mazur",
    "relu-homework",
    "han-kamber",
    "three-hidden-layers",
    "logistic-regression",
    "softmax-adam",
    "convolution",
    "recurrent",
)


def read_example(name: str) -> str:
    """The network file of a built-in example, as text.

    >>> read_example("mazur").splitlines()[0]
    'title = "A step by step backpropagation example"'
    """
    if name not in EXAMPLES:
        raise KeyError(name)
    return (files(__name__) / f"{name}{SUFFIX}").read_text("utf-8")


def _descriptions() -> Mapping[str, str]:
    folder = files(__name__)
    texts = {name: (folder / f"{name}{SUFFIX}").read_text("utf-8") for name in NAMES}
    return {name: tomllib.loads(text)["description"] for name, text in texts.items()}


EXAMPLES: Mapping[str, str] = _descriptions()
