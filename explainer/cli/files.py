"""Files are written to a temporary name and moved into place: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

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


def write_files(contents: Mapping[Path, str | bytes], mark: str = "") -> None:
    """Write every text to its path; an existing file is replaced in one move.

    All of them are on disk under temporary names before the first one is moved, so a
    full disk leaves the old files as they were. These names end in `mark`, or in the
    number of this process: who holds a lock may choose one, and a later run replaces
    what a killed one left.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        for path, content in contents.items():
            name = f"{path.parent}/.{path.name}.{mark or os.getpid()}"
            handle = _create(name)
            waiting.append((name, path))
            data = content.encode() if isinstance(content, str) else content
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        while waiting:
            os.replace(*waiting[0])
            waiting.pop(0)
    except OSError as error:
        raise Refusal(f"cannot write {error.filename}: {error.strerror}") from error
    finally:
        for name, _ in waiting:
            Path(name).unlink(missing_ok=True)


@contextmanager
def writing_whole(paths: Sequence[Path]) -> Iterator[Sequence[BinaryIO]]:
    """Files that are written bit by bit: each is in its place when all are complete, or
    none is."""
    waiting = [path.with_name(f".{path.name}.{os.getpid()}") for path in paths]
    with ExitStack() as stack:
        for name in waiting:
            stack.callback(name.unlink, missing_ok=True)
        try:
            files = [os.fdopen(_create(str(name)), "wb") for name in waiting]
            for file in files:
                stack.callback(file.close)
            yield files
            for file in files:
                file.close()
            for name, path in zip(waiting, paths, strict=True):
                os.replace(name, path)
        except OSError as error:
            problem = f"cannot write {error.filename}: {error.strerror}"
            raise Refusal(problem) from error


def append_line(path: Path, line: str) -> None:
    """One line more, in one piece and on disk before the next one is made."""
    try:
        with path.open("ab") as file:
            file.write(line.encode())
    except OSError as error:
        raise Refusal(f"cannot write {error.filename}: {error.strerror}") from error


def _create(name: str) -> int:
    """A new file to write, in a folder that is made where it is missing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        return os.open(name, flags, 0o666)
    except FileNotFoundError:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        return os.open(name, flags, 0o666)
