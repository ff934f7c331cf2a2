"""One run at a time writes a file: the others are told who does."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from explainer.cli.files import Refusal

if sys.platform == "win32":
    import msvcrt

    # The lock is on a byte beyond the text, so that others can read who holds it.
    FAR = 1 << 20

    def _lock(handle: int, wait: bool) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


HELD = (BlockingIOError, PermissionError)


@contextmanager
def locked(path: Path, wait: bool = False) -> Iterator[None]:
    """Nobody else writes `path` meanwhile. Raises Refusal where somebody does, unless
    `wait` says to wait for the end.

    The system gives back the lock of a program that ended, however it ended: a lock
    file that a killed run left holds nobody up.
    """
    folder, lock = path.parent, path.with_name(f".{path.name}.lock")
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _hold(lock, folder, wait)
    except OSError as error:
        raise Refusal(f"cannot write {error.filename}: {error.strerror}") from error
    try:
        yield
    finally:
        _release(lock, handle)
        if is_new:
            # A run that wrote nothing leaves no folder.
            with suppress(OSError):
                folder.rmdir()


def _hold(lock: Path, folder: Path, wait: bool) -> int:
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle, wait)
        except HELD as error:
            os.close(handle)
            raise Refusal(_held(lock, folder)) from error
        except OSError:
            # A file system without locks.
            click.echo(
                f"{folder}: this file system has no locks; let no second run write"
                " here at the same time",
                err=True,
            )
        if _is_there(lock, handle):
            _sign(handle)
            return handle
        # It was given back, and removed, since it was opened.
        os.close(handle)


def _is_there(lock: Path, handle: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _sign(handle: int) -> None:
    started = time.strftime("%Y-%m-%d %H:%M:%S")
    holder = f"process {os.getpid()} on {socket.gethostname()}, since {started}"
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, holder.encode())


def _held(lock: Path, folder: Path) -> str:
    try:
        holder = lock.read_text("utf-8") or "a process that has just begun"
    except OSError:
        holder = "another process"
    return (
        f"{folder}: another run is writing here: {holder}. Wait for its end, or stop it"
        " and run this command again: it goes on where that one was. Another folder"
        " (-o) needs no waiting."
    )


def _release(lock: Path, handle: int) -> None:
    """Removed before it is given back: whoever opens it later makes a new one."""
    with suppress(OSError):
        # Windows removes no file that is open.
        lock.unlink()
    os.close(handle)
    if sys.platform == "win32":
        with suppress(OSError):
            lock.unlink()
