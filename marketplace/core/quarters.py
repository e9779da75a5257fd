"""Quarters as prices are published by: of China's calendar, named by their first day, and only a quarter late."""

import re
from datetime import date, datetime, timedelta, timezone

PATTERN = r"^(19|20|21)[0-9]{2}-Q[1-4]$"
KEPT = 8  # how many quarters a series shows
_SHANGHAI = timezone(timedelta(hours=8))


def first_day(quarter: str) -> date:
    """Return the first day of a quarter written as 2026-Q1.

    Raises:
        ValueError: not a quarter.
    """
    if re.fullmatch(PATTERN, quarter, re.ASCII) is None:
        raise ValueError(f"{quarter!r} is not a quarter")
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)


def written(first: date) -> str:
    """Return the quarter that begins on `first` as 2026-Q1."""
    return f"{first.year}-Q{(first.month + 2) // 3}"


def before(first: date, quarters: int = 1) -> date:
    """Return the first day of the quarter that lies `quarters` before the one beginning on `first`."""
    years, index = divmod(first.year * 4 + (first.month - 1) // 3 - quarters, 4)
    return date(years, 3 * index + 1, 1)


def span(first: date) -> tuple[datetime, datetime]:
    """Return the half-open span of instants that the quarter beginning on `first` has in China."""
    return _midnight(first), _midnight(before(first, -1))


def ripe(at: datetime) -> list[date]:
    """Return the last quarters whose figures may be public at `at`, oldest first.

    A quarter is public once another whole quarter has passed since its end: prices of today would let those who sell
    the same agree on them, and what is cancelled before it begins is mostly known by then.
    """
    day = at.astimezone(_SHANGHAI).date()
    return up_to(before(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), 2))


def up_to(newest: date) -> list[date]:
    """Return the first days of the quarters that a series ending with `newest` shows, oldest first."""
    return [before(newest, back) for back in range(KEPT - 1, -1, -1)]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_SHANGHAI)
