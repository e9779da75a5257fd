"""Months as statistics count them: by the calendar of China, and only once they are over."""

import re
from datetime import date, datetime, timedelta, timezone

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_SHANGHAI = timezone(timedelta(hours=8))
OLDEST_MONTHS = 36


def first_day(month: str) -> date:
    """Return the first day of a month written as 2026-03.

    Raises:
        ValueError: not a month.
    """
    match = _MONTH.fullmatch(month)
    if match is None:
        raise ValueError(f"{month!r} is not a month")
    return date(int(match[1]), int(match[2]), 1)


def span(first: date) -> tuple[datetime, datetime]:
    """Return the half-open span of instants that the month beginning on `first` has in China."""
    return _midnight(first), _midnight(_following(first))


def published(at: datetime) -> list[date]:
    """Return the months that may be asked for at `at`, newest first: those that are over, three years back."""
    day = at.astimezone(_SHANGHAI).date().replace(day=1)
    months = []
    for _ in range(OLDEST_MONTHS):
        day = (day - timedelta(days=1)).replace(day=1)
        months.append(day)
    return months


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_SHANGHAI)
