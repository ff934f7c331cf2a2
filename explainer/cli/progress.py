"""A bar on stderr for what takes longer than a second; none where stderr is no
terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from explainer.derivation.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

# Seconds before the bar appears: a short run shows nothing.
PATIENCE = 1.0


@contextmanager
def watching(console: Console | None = None) -> Iterator[Progress | None]:
    """What a computation tells its progress to; None where nobody would see it.

    The bar appears after a second, also in the middle of a phase, and is gone at the
    end. `console` stands in for the terminal.
    """
    seen = console.is_terminal if console else sys.stderr.isatty()
    if not seen:
        yield None
        return
    watch = _Watch(console)
    try:
        yield watch
    finally:
        watch.close()


class _Watch:
    """Keeps what it was told last; a timer makes the bar."""

    def __init__(self, console: Console | None) -> None:
        self.console = console
        self.now: tuple[str, int, int] = ("", 0, 0)
        self.bar: Bar | None = None
        self.closed = False
        self.lock = Lock()
        self.timer = Timer(PATIENCE, self._appear)
        self.timer.daemon = True
        self.timer.start()

    def __call__(self, phase: str, done: int, total: int) -> None:
        self.now = (phase, done, total)
        if self.bar is not None:
            self._update(self.bar)

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console or Console(stderr=True),
            transient=True,
        )
        bar.add_task("", total=None)
        with self.lock:
            if self.closed:
                return
            self._update(bar)
            bar.start()
            self.bar = bar

    def _update(self, bar: Bar) -> None:
        phase, done, total = self.now
        bar.update(
            bar.task_ids[0], description=phase, completed=done, total=total or None
        )

    def close(self) -> None:
        self.timer.cancel()
        with self.lock:
            self.closed = True
            if self.bar is not None:
                self.bar.stop()
