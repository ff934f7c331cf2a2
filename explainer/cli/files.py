"""Files are written to a temporary name and moved into place: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click


class Refusal(click.ClickException):
    """Something the user asked for cannot be done. The message is all that is
    printed."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


class NotVerified(Refusal):
    """A line or a gradient did not verify: nothing is written."""

    exit_code = 1


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write every text to its path; an existing file is replaced in one move.

    All of them are on disk under temporary names before the first one is moved, so a
    full disk leaves the old files as they were.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting.append((name, path))
            data = content.encode() if isinstance(content, str) else content
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o666 & ~_umask())
        for name, path in waiting:
            os.replace(name, path)
    except OSError as error:
        raise Refusal(f"cannot write {error.filename}: {error.strerror}") from error
    finally:
        for name, _ in waiting:
            Path(name).unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """One line more, in one piece and on disk before the next one is made."""
    try:
        with path.open("ab") as file:
            file.write(line.encode())
    except OSError as error:
        raise Refusal(f"cannot write {error.filename}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
