"""The code cells of a notebook, and what they do in one namespace."""

from __future__ import annotations

from decimal import localcontext
from typing import Any


def code_cells(notebook: dict[str, Any]) -> list[str]:
    cells = notebook["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def execute(cells: list[str]) -> dict[str, Any]:
    """All cells in one namespace, as a kernel does it."""
    names: dict[str, Any] = {}
    # The notebook sets the precision of its own process.
    with localcontext():
        for code in cells:
            exec(compile(code, "cell", "exec"), names)
    return names
