"""The bar: after a second, on a terminal, and gone at the end."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from explainer import Network, derive
from explainer.cli import progress as module
from explainer.cli.progress import watching

ROOT = Path(__file__).parents[2]
HIDE, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_short_run_shows_nothing() -> None:
    console = terminal()
    with watching(console) as progress:
        assert progress is not None
        progress("lines", 1, 2)
    time.sleep(0.01)
    assert written(console) == ""


def test_the_bar_appears_in_the_middle_of_a_phase(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    console = terminal()
    with watching(console) as progress:
        assert progress is not None
        progress("gradients", 17, 200)
        time.sleep(0.5)
        shown = written(console)
        progress("lines", 3, 4)
        time.sleep(0.3)
    assert "gradients" in shown and "17/200" in shown
    assert "3/4" in written(console)
    # The cursor comes back, and the line of the bar is erased.
    assert written(console).rindex(SHOW_CURSOR) > written(console).rindex(HIDE)
    assert written(console).rstrip("\x1b[?25h\r\n").endswith("\x1b[2K")


def test_an_error_ends_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    console = terminal()
    with pytest.raises(ValueError), watching(console):
        time.sleep(0.3)
        raise ValueError
    assert SHOW_CURSOR in written(console)


def test_without_a_terminal_there_is_nobody_to_tell() -> None:
    with watching(Console(file=io.StringIO())) as progress:
        assert progress is None


def test_deriving_and_verifying_tell_how_far_they_are() -> None:
    told: list[tuple[str, int, int]] = []
    network = Network.from_example("logistic-regression")
    derivation = derive(network, progress=lambda *now: told.append(now))
    assert derivation.proof is not None
    phases = list(dict.fromkeys(phase for phase, _, _ in told))
    assert phases == ["iterations", "slopes", "forms", "lines", "gradients"]
    for phase in phases:
        counts = [(done, total) for name, done, total in told if name == phase]
        assert counts[-1][0] == counts[-1][1] > 0
    # Two iterations are shown in full, and each is verified.
    ends = [total for phase, done, total in told if phase == "lines" and done == total]
    assert len(ends) == 2 and sum(ends) == derivation.proof.lines.total


SLOW = """
import sys, time
from explainer.cli import progress
progress.PATIENCE = 0.05
with progress.watching() as tell:
    for done in range(5):
        if tell: tell("steps", done, 5)
        time.sleep(0.1)
print("done")
"""


def test_on_a_pseudo_terminal_the_bar_is_on_stderr() -> None:
    mine, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", SLOW],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
        check=True,
    )
    os.close(theirs)
    seen = os.read(mine, 100_000).decode()
    os.close(mine)
    assert done.stdout == b"done\n"
    assert "steps" in seen and "/5" in seen
    piped = subprocess.run(
        [sys.executable, "-c", SLOW], capture_output=True, env=environment, check=True
    )
    assert piped.stderr == b""
