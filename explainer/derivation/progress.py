"""How far a long computation has come: told by its phase, what is done, and of how
many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

Progress = Callable[[str, int, int], None]
Item = TypeVar("Item")


def told(
    items: Collection[Item], phase: str, progress: Progress | None
) -> Iterator[Item]:
    """The items one after the other; `progress` is told before the first one and after
    each.

    >>> list(told("ab", "letters", lambda *now: print(*now)))
    letters 0 2
    letters 1 2
    letters 2 2
    ['a', 'b']
    """
    if progress:
        progress(phase, 0, len(items))
    for done, item in enumerate(items, 1):
        yield item
        if progress:
            progress(phase, done, len(items))
