"""Working days of mainland China by the State Council's yearly notice; a year without one is an error, not a guess."""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_FOLDER = Path(__file__).parent / "calendar"
_DAY = timedelta(days=1)


class CalendarMissingError(LookupError):
    """The State Council's calendar of this year is not among the data (common/calendar/YEAR.json)."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no working-day calendar for {year}: add common/calendar/{year}.json from the State Council's notice"
        )
        self.year = year


class Calendar(NamedTuple):
    """One year: the source, the days off by notice and the weekend days that are worked in exchange."""

    source: str
    off: frozenset[date]
    worked: frozenset[date]


@cache
def calendar(year: int) -> Calendar:
    """Return the calendar of `year`.

    Raises:
        CalendarMissingError: its notice is not among the data.
    """
    path = _FOLDER / f"{year}.json"
    if not path.exists():
        raise CalendarMissingError(year)
    notice = json.loads(path.read_text())
    off: set[date] = set()
    for holiday in notice["holidays"]:
        day, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
        while day <= last:
            off.add(day)
            day += _DAY
    return Calendar(notice["source"], frozenset(off), frozenset(date.fromisoformat(day) for day in notice["worked"]))


def is_working(day: date) -> bool:
    """Tell whether `day` is worked: weekdays but for holidays, and make-up weekend days.

    Raises:
        CalendarMissingError: the calendar of its year is not known.
    """
    known = calendar(day.year)
    return day in known.worked or (day.weekday() < 5 and day not in known.off)


def add(day: date, days: int) -> date:
    """Return the working day that lies `days` working days after `day`; the day itself does not count.

    Raises:
        CalendarMissingError: the count runs into a year whose calendar is not known.
    """
    while days > 0:
        day += _DAY
        days -= is_working(day)
    return day


def count(start: date, end: date) -> int:
    """Return the number of working days in (start, end].

    Raises:
        CalendarMissingError: the stretch touches a year whose calendar is not known.
    """
    return sum(is_working(start + n * _DAY) for n in range(1, (end - start).days + 1))


def deadline(at: datetime, days: int) -> datetime:
    """Return the instant at which a limit of `days` working days from `at` has run out.

    The day of `at` in China does not count; the limit ends with the last day (the next midnight there).

    Raises:
        CalendarMissingError: the limit runs into a year whose calendar is not known.
    """
    last = add(at.astimezone(CHINA).date(), days)
    return datetime.combine(last + _DAY, time.min, CHINA)
