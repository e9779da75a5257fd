"""When something is open: weekly hours in Shanghai time, and the exceptions that override them, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class WeeklyHours:
    """Hours of one weekday; the dates are both included."""

    weekday: int
    start_minute: int
    end_minute: int
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True)
class OpeningException:
    """A stretch that is open or closed whatever the weekly hours say."""

    start: datetime
    end: datetime
    is_open: bool


def open_stretches(
    start: datetime, end: datetime, weekly: Sequence[WeeklyHours], exceptions: Sequence[OpeningException]
) -> list[Stretch]:
    """Return the open parts of [start, end), joined where they touch.

    Args:
        weekly: none at all means open at every hour.
        exceptions: oldest first; a later one overrides an earlier one.
    """
    found = [(start, end)] if not weekly else [_clip(s, start, end) for s in _weekly_stretches(start, end, weekly)]
    found = merge([s for s in found if s[0] < s[1]])
    for exception in exceptions:
        window = _clip((exception.start, exception.end), start, end)
        if window[0] >= window[1]:
            continue
        found = merge([*found, window]) if exception.is_open else _without(found, window)
    return found


def merge(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the same time as few stretches, in order."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _weekly_stretches(start: datetime, end: datetime, weekly: Sequence[WeeklyHours]) -> Iterator[Stretch]:
    day, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    while day <= last:
        midnight = datetime.combine(day, time(), SHANGHAI)
        for hours in weekly:
            if hours.weekday != day.weekday():
                continue
            if (hours.from_date and day < hours.from_date) or (hours.until_date and day > hours.until_date):
                continue
            yield midnight + timedelta(minutes=hours.start_minute), midnight + timedelta(minutes=hours.end_minute)
        day += timedelta(days=1)


def _clip(stretch: Stretch, start: datetime, end: datetime) -> Stretch:
    return max(stretch[0], start), min(stretch[1], end)


def _without(stretches: Sequence[Stretch], hole: Stretch) -> list[Stretch]:
    left = [(start, min(end, hole[0])) for start, end in stretches] + [
        (max(start, hole[1]), end) for start, end in stretches
    ]
    return sorted((start, end) for start, end in left if start < end)
