"""An order in which quantities can be worked out."""

from __future__ import annotations

from collections.abc import Mapping

from explainer.mathematics.written import Key, Written, names_in


class Circular(ValueError):
    """A quantity would be needed for itself."""


def in_order(ways: Mapping[Key, tuple[Written, ...]]) -> tuple[Key, ...]:
    """The keys, each after all that its ways use; otherwise in the order given.

    Raises Circular.
    """
    done: dict[Key, bool] = {}
    for start in ways:
        stack = [(start, iter(_uses(ways, start)))]
        if start in done:
            continue
        done[start] = False
        while stack:
            key, uses = stack[-1]
            for used in uses:
                if used in ways and used not in done:
                    done[used] = False
                    stack.append((used, iter(_uses(ways, used))))
                    break
                if used in ways and not done[used]:
                    raise Circular(f"{used} would be needed for itself")
            else:
                # A key stands where it was finished, not where it was begun.
                del done[key]
                done[key] = True
                stack.pop()
    return tuple(done)


def _uses(ways: Mapping[Key, tuple[Written, ...]], key: Key) -> list[Key]:
    return [used for way in ways[key] for used in names_in(way)]
