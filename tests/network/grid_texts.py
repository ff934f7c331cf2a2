"""Network files for the layers on grids, and the parts that they share."""

from __future__ import annotations


def dense(units: list[str]) -> tuple[str, list[float]]:
    """A dense output that gives every unit another weight."""
    weights = [round(0.3 + 0.07 * n * (-1) ** n, 2) for n in range(len(units))]
    return (
        f'[[layers]]\nactivation = "identity"\nunits = ["o"]\nweights = [{weights}]\n',
        weights,
    )


REST = '[targets]\no = 0.3\n[loss]\nname = "half-squared-error"\n'
SKIP = """gradients_of = ["i1", "i2"]
[inputs]
i1 = 0.3
i2 = -0.4
[[layers]]
activation = "tanh"
weights = [[0.1, 0.2], [0.3, -0.4]]
[[layers]]
kind = "add"
skip = ["i1", "i2"]
[[layers]]
activation = "identity"
weights = [[0.7, -0.2]]
units = ["o"]
[targets]
o = 0.3
[loss]
name = "half-squared-error"
"""
