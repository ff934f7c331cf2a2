"""What a maker of files gives back, and what goes wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The pictures that a text names: SVG by the names of their files.
Draw = Callable[[], Mapping[str, str]]
# A page is made in seconds; what takes longer hangs.
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Made:
    """A file as bytes, and remarks on it for the person who asked for it."""

    data: bytes
    remarks: tuple[str, ...] = ()


class PublishingError(Exception):
    """The file cannot be made; the message says what to do."""


def run_program(
    command: Sequence[str],
    environment: Mapping[str, str],
    text: str = "",
    folder: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program of another's on a text. Raises PublishingError when it hangs."""
    try:
        return subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            env=environment,
            cwd=folder,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        problem = f"{command[0]} did not finish in {PATIENCE} seconds"
        raise PublishingError(problem) from error
    except OSError as error:
        raise PublishingError(f"{command[0]} does not run: {error.strerror}") from error
