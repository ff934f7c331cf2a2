"""Asks KaTeX itself, in its strictest mode, whether a formula can be set."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = "EXPLAINER_KATEX"


class NoKatex(RuntimeError):
    """Node.js or KaTeX is not installed; the message says what is missing."""


def katex_folder() -> Path:
    """The folder that has KaTeX in its node_modules: $EXPLAINER_KATEX, or this one."""
    if not shutil.which("node"):
        raise NoKatex("node is not installed")
    places = [Path(os.environ[FOLDER])] if os.environ.get(FOLDER) else []
    for folder in (*places, HERE):
        if (folder / "node_modules" / "katex").is_dir():
            return folder.resolve()
    raise NoKatex(
        f"katex is not installed: npm install --prefix tests/rereading katex, "
        f"or set {FOLDER} to the folder of its node_modules"
    )


def katex_problems(formulas: list[tuple[str, bool]]) -> list[str]:
    """What KaTeX says of each formula that it refuses; a formula is (text, display)."""
    answer = subprocess.run(
        ["node", str(HERE / "katex_check.mjs"), str(katex_folder())],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    problems: list[str] = json.loads(answer.stdout)
    return problems
