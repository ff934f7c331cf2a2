"""Labels on their edges: near the right end, on their own line, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from explainer.page.pictures.drawing import Label, Node, Point

# Where a label may stand on its edge, in 32nds of its length; the best place first.
PLACES = (24, 23, 25, 22, 26, 21, 27, 20, 19, 18, 17, 16, 15, 14)
ARC_PLACES = (16, 18, 14, 20, 12, 22, 10)
PARTS = 32
# The least distance between two boxes, and how far a line may reach into one: letters
# do not fill theirs.
APART = 2
INTO = 3

Box = tuple[int, int, int, int]


def box_of(part: Label | Node, margin: int = 0) -> Box:
    """Left, top, right and bottom."""
    across, down = part.width // 2 + margin, part.height // 2 + margin
    return part.x - across, part.y - down, part.x + across, part.y + down


def overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


def point_on(points: Sequence[Point], place: int) -> Point:
    """The point of a line or a Bézier curve after so many 32nds of its way.

    >>> point_on(((0, 0), (320, 32)), 16)
    (160, 16)
    """
    weights: tuple[int, ...]
    rest = PARTS - place
    if len(points) == 2:
        weights, whole = (rest, place), PARTS
    else:
        weights = (rest**3, 3 * rest**2 * place, 3 * rest * place**2, place**3)
        whole = PARTS**3
    x, y = (
        sum(weight * point[axis] for weight, point in zip(weights, points, strict=True))
        // whole
        for axis in (0, 1)
    )
    return x, y


def passes(points: Sequence[Point], box: Box) -> bool:
    """Whether a line leads through a box."""
    if len(points) > 2:
        track = [point_on(points, place) for place in range(PARTS + 1)]
        return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in track)
    (x0, y0), (x1, y1) = points
    left, right = max(box[0], min(x0, x1)), min(box[2], max(x0, x1))
    if left > right:
        return False
    if x0 == x1:
        return min(y0, y1) <= box[3] and max(y0, y1) >= box[1]
    ends = [y0 + (y1 - y0) * (x - x0) // (x1 - x0) for x in (left, right)]
    return min(ends) <= box[3] and max(ends) >= box[1]


def place_label(
    label: Label,
    line: Sequence[Point],
    taken: Iterable[Box],
    others: Sequence[Sequence[Point]],
    minor: Sequence[Sequence[Point]] = (),
    places: Sequence[int] = PLACES,
) -> tuple[Label, int] | None:
    """The label on its line, away from boxes that are taken, with as few other lines
    under it as can be, and how many they are; None where there is no room.

    Lines without labels are `minor`: nothing is mistaken where they lead under one.
    """
    boxes = tuple(taken)
    best: tuple[int, int, Label] | None = None
    for place in places:
        x, y = point_on(line, place)
        moved = replace(label, x=x, y=y)
        box = box_of(moved, APART)
        if any(overlap(box, other) for other in boxes):
            continue
        inner = box_of(moved, -INTO)
        under = sum(passes(other, inner) for other in others)
        below = sum(passes(other, inner) for other in minor)
        if best is None or (under, below) < best[:2]:
            best = under, below, moved
        if not under and not below:
            break
    return (best[2], best[0]) if best else None
