"""What the digits of a typed value say: between which numbers it lies, and how its
writer rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from explainer.homework.entry import Entry
from explainer.homework.ranges import Range
from explainer.mathematics.evaluation import as_decimal

NOTHING = Decimal(0)
# Who writes one rough number has worked with more digits: a step that is not written
# down has two decimals or two figures, whichever is coarser, or more.
COARSEST = Decimal("0.01")


def range_of_entry(entry: Entry, truncated: bool) -> Range:
    """Between which numbers a value lies that is typed like this.

    Half a unit of the last place to both sides; where it may have been cut off, a whole
    one away from 0.
    """
    value = as_decimal(entry.value)
    near = entry.half_unit
    far = 2 * near if truncated else near
    if value == 0:
        return -far, far
    return (value - near, value + far) if value > 0 else (value - far, value + near)


def spread(found: Range, half: Decimal, truncated: bool) -> Range:
    """The range of a number in the range `found` once it was rounded by half a unit at
    most, or was cut off by less than a unit: that takes it towards 0.

    >>> spread((Decimal("0.2"), Decimal("0.3")), Decimal("0.05"), True)
    (Decimal('0.10'), Decimal('0.35'))
    """
    low, high = found
    far = 2 * half if truncated else half
    return low - (far if high > 0 else half), high + (far if low < 0 else half)


def unit_unwritten(size: Decimal, usual: tuple[Decimal, Decimal]) -> Decimal:
    """One unit of the last place of a number of that size that is not written down, by
    the usual digits of the sheet.

    >>> unit_unwritten(Decimal("0.25"), (Decimal("0.0001"), NOTHING))
    Decimal('0.0001')
    >>> unit_unwritten(Decimal("0.25"), (Decimal(1), Decimal("0.1")))
    Decimal('0.01')
    """
    places, figures = usual
    if not size:
        return min(places, COARSEST)
    two_figures = COARSEST.scaleb(size.adjusted() + 1)
    by_figures = figures.scaleb(size.adjusted() + 1)
    return max(min(places, max(COARSEST, two_figures)), min(by_figures, two_figures))


def usual_digits(entries: Iterable[Entry]) -> tuple[Decimal, Decimal]:
    """One unit of a sheet's usual last place: as a decimal, and as a share of a number
    between 0.1 and 1.

    One of them is 0 where the values clearly agree in their decimals, or in their
    number of figures. Where that cannot be told, the coarser one counts.
    """
    decimals: Counter[int] = Counter()
    figures: Counter[int] = Counter()
    for entry in entries:
        # 0.000 says nothing of figures.
        if entry.half_unit and entry.value and isinstance(entry.value, Decimal):
            place = (2 * entry.half_unit).adjusted()
            decimals[-place] += 1
            figures[entry.value.adjusted() - place + 1] += 1
    if not decimals:
        return NOTHING, NOTHING
    places, by_places = decimals.most_common(1)[0]
    count, by_figures = figures.most_common(1)[0]
    total = sum(decimals.values())
    unit, share = Decimal(1).scaleb(-places), Decimal(1).scaleb(-count)
    if by_places - by_figures > total / 5:
        return unit, NOTHING
    if by_figures - by_places > total / 5:
        return NOTHING, share
    return unit, share
