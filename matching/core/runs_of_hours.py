"""The first run of whole hours that a machine can give: in one opening where one is long enough, else over several."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

HOUR = timedelta(hours=1)

Stretch = tuple[datetime, datetime]


def first_run(
    open_: Sequence[Stretch], taken: Sequence[Stretch], hours: int, start: datetime, end: datetime
) -> list[Stretch]:
    """Return the earliest times of `hours` hours together in [start, end), or nothing.

    Args:
        open_: when the machine may be used, in order and apart.
        taken: when somebody has it, in any order.
        hours: wanted, positive.

    Returns:
        One stretch where an opening of the period is long enough. Else the job runs on over the openings that
        follow, and nobody else comes in between.
    """
    held = sorted((low, high) for low, high in taken if high > start and low < end)
    openings: list[Stretch] = []
    is_one_long_enough = False
    for low, high in islice(open_, bisect_right(open_, start, key=_end), None):
        if low >= end:
            break
        openings.append(_whole_hours(max(low, start), min(high, end)))
        if openings[-1][1] - openings[-1][0] < hours * HOUR:
            continue
        is_one_long_enough = True
        for begin, until in _free(openings[-1:], held):
            if until - begin >= hours * HOUR:
                return [(begin, begin + hours * HOUR)]
    return [] if is_one_long_enough else _over_openings(openings, held, hours)


def _end(stretch: Stretch) -> datetime:
    return stretch[1]


def _over_openings(openings: Sequence[Stretch], held: Sequence[Stretch], hours: int) -> list[Stretch]:
    run: list[Stretch] = []
    left = hours
    free = _free(openings, held)
    for number, (low, high) in enumerate(free):
        before = free[number - 1] if number else None
        if before and any(begin < low and until > before[1] for begin, until in held):
            run, left = [], hours
        length = min(left, (high - low) // HOUR)
        run.append((low, low + length * HOUR))
        left -= length
        if left == 0:
            return run
    return []


def _free(openings: Sequence[Stretch], held: Sequence[Stretch]) -> list[Stretch]:
    """Return the whole hours of the openings that nobody holds."""
    found = []
    for opening in openings:
        at, end = opening
        for low, high in held:
            if high <= at or low >= end:
                continue
            if at < low:
                found.append(_whole_hours(at, low))
            at = max(at, high)
        found.append(_whole_hours(at, end))
    return [(low, high) for low, high in found if low < high]


def _whole_hours(low: datetime, high: datetime) -> Stretch:
    """Return the whole clock hours inside [low, high)."""
    begin = low.replace(minute=0, second=0, microsecond=0)
    return (begin if begin == low else begin + HOUR), high.replace(minute=0, second=0, microsecond=0)
