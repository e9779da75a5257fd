"""The table of limits, and what a limit means from a given instant."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from common import working_days
from common.working_days import CHINA, CalendarMissingError
from governance.core import limits
from governance.core.limits import Limit, LimitUnit

_FILE = Path(__file__).resolve().parent.parent / "data" / "limits.json"


class Clock(NamedTuple):
    """When a limit runs out: None while its year's days are not known, provisional until the year's notice is out."""

    due_at: datetime | None
    is_provisional: bool


NO_CLOCK = Clock(None, False)


@cache
def table() -> tuple[Limit, ...]:
    """Return every limit there is or was."""
    return tuple(limits.parse(row) for row in json.loads(_FILE.read_text()))


def in_force(code: str, at: datetime) -> Limit:
    """Return the limit `code` in force in China at `at`."""
    return limits.in_force(table(), code, at.astimezone(CHINA).date())


def current(at: datetime) -> list[Limit]:
    """Return all limits in force at `at`, in table order."""
    today = at.astimezone(CHINA).date()
    return [
        limit
        for limit in table()
        if limit.in_force_from <= today and (limit.in_force_until is None or today < limit.in_force_until)
    ]


def deadline(code: str, at: datetime) -> datetime:
    """Return the instant at which the limit `code` that starts at `at` has run out.

    Raises:
        CalendarMissingError: it runs into a year whose working days are not known, not even provisionally.
    """
    limit = in_force(code, at)
    if limit.unit is LimitUnit.WORKING_DAYS:
        return working_days.deadline(at, limit.value)
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return at + timedelta(days=limit.value)
    local = at.astimezone(CHINA)
    # 29 February plus years ends with 28 February.
    day = local.date().replace(day=min(local.day, 28)) if (local.month, local.day) == (2, 29) else local.date()
    return datetime.combine(day.replace(year=day.year + limit.value), time.min, CHINA) + timedelta(days=1)


def clock(code: str, at: datetime) -> Clock:
    """Return when the limit `code` that starts at `at` runs out, and how sure that is."""
    try:
        due_at = deadline(code, at)
    except CalendarMissingError:
        return NO_CLOCK
    return _clock(due_at) if in_force(code, at).unit is LimitUnit.WORKING_DAYS else Clock(due_at, False)


def outer_clock(code: str, at: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> Clock:
    """Return when the limit `code`, in working days from `at`, runs out if it stood still during `pauses`."""
    try:
        paused = sum(working_days.count(_day(since), _day(until)) for since, until in pauses)
        return _clock(working_days.deadline(at, in_force(code, at).value + paused))
    except CalendarMissingError:
        return NO_CLOCK


def _clock(due_at: datetime) -> Clock:
    return Clock(due_at, working_days.is_provisional(due_at))


def _day(at: datetime) -> date:
    return at.astimezone(CHINA).date()
