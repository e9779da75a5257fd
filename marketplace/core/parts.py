"""How a deal is cut into parts: weeks of a quantity, shares of a task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise

from common.errors import Refused, gettext_noop

HOUR_UNIT = "machine_hour"  # the one unit that is booked by the clock
WEEK = timedelta(days=7)
# Midnight of a Monday by Shanghai time, from which calendar weeks are counted.
FIRST_MONDAY = datetime(1969, 12, 29, tzinfo=timezone(timedelta(hours=8)))


class NotEnoughCapacity(Refused):
    """The weeks of the period do not hold the quantity."""


@dataclass(frozen=True)
class Slot:
    """A stretch of time [start, end)."""

    start: datetime
    end: datetime

    @property
    def hours(self) -> int:
        """Whole hours; a slot that is not whole hours is refused before it is asked."""
        return int((self.end - self.start) // timedelta(hours=1))


@dataclass(frozen=True)
class Part:
    """What falls into one week."""

    start: datetime
    end: datetime
    quantity: int


@dataclass(frozen=True)
class MilestonePlan:
    """One part of a task as it is proposed."""

    title: str
    due_at: datetime
    amount_fen: int


def week_of(at: datetime) -> int:
    """Return the number of the calendar week that `at` falls into."""
    return (at - FIRST_MONDAY) // WEEK


def calendar_week(week: int) -> tuple[datetime, datetime]:
    """Return the begin and the end of the calendar week of this number."""
    return FIRST_MONDAY + week * WEEK, FIRST_MONDAY + (week + 1) * WEEK


def weeks(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the stretches into which calendar weeks, from Monday to Monday by Shanghai time, cut [start, end)."""
    if start >= end:
        return []
    found = map(calendar_week, range(week_of(start), -((FIRST_MONDAY - end) // WEEK)))
    return [(max(monday, start), min(following, end)) for monday, following in found]


def shares(per_week: int, stretches: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Return what falls to each stretch of a steady `per_week`; rounded so that nothing is lost over all of them."""
    passed, before, out = timedelta(), 0, []
    for start, end in stretches:
        passed += end - start
        upto = per_week * passed // WEEK
        out.append(upto - before)
        before = upto
    return out


def fill(quantity: int, stretches: Sequence[tuple[datetime, datetime]], free: Sequence[int | None]) -> list[Part]:
    """Place `quantity` into the stretches, earliest first.

    Args:
        free: capacity left in each stretch; None for unlimited.

    Raises:
        NotEnoughCapacity: less is free than asked for.
    """
    left, out = quantity, []
    for (start, end), room in zip(stretches, free, strict=True):
        take = left if room is None else min(left, max(room, 0))
        if take:
            out.append(Part(start, end, take))
            left -= take
        if not left:
            return out
    raise NotEnoughCapacity(
        gettext_noop("Only %(free)s of %(quantity)s are free in this period."),
        fix=gettext_noop("Choose a longer period or a smaller quantity."),
        field="quantity",
        params={"free": quantity - left, "quantity": quantity},
    )


def check_slots(slots: Sequence[Slot]) -> list[Slot]:
    """Return the slots in order of time.

    Raises:
        Refused: a slot is empty, not of whole hours, does not begin on a half hour, or overlaps another.
    """
    ordered = sorted(slots, key=lambda s: s.start)
    for slot in ordered:
        if slot.end <= slot.start or (slot.end - slot.start) % timedelta(hours=1):
            raise Refused(gettext_noop("A booking lasts one or more whole hours."), field="slots")
        if slot.start.minute not in (0, 30) or slot.start.second or slot.start.microsecond:
            raise Refused(gettext_noop("A booking begins on the hour or the half hour."), field="slots")
    for before, after in pairwise(ordered):
        if after.start < before.end:
            raise Refused(gettext_noop("Two of the chosen times overlap."), field="slots")
    return ordered
