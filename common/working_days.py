"""Working days of mainland China by the State Council's yearly notice; before it provisionally, by the law alone."""

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
    """Neither the notice of this year (common/calendar/YEAR.json) nor its statutory days are among the data."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"no working-day calendar for {year}: add common/calendar/{year}.json from the State Council's notice"
        )
        self.year = year


class Calendar(NamedTuple):
    """One year: the source, the days off beside weekends and the weekend days that are worked in exchange.

    A provisional one has the statutory days alone: the notice that joins them with weekends is still to come.
    """

    source: str
    off: frozenset[date]
    worked: frozenset[date]
    is_provisional: bool = False


@cache
def calendar(year: int) -> Calendar:
    """Return the calendar of `year`: its notice's, or a provisional one of its statutory days.

    Raises:
        CalendarMissingError: neither is among the data.
    """
    path = _FOLDER / f"{year}.json"
    if not path.exists():
        return _provisional(year)
    notice = json.loads(path.read_text())
    off: set[date] = set()
    for holiday in notice["holidays"]:
        day, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
        while day <= last:
            off.add(day)
            day += _DAY
    return Calendar(notice["source"], frozenset(off), frozenset(date.fromisoformat(day) for day in notice["worked"]))


def _provisional(year: int) -> Calendar:
    path = _FOLDER / "statutory.json"
    law = json.loads(path.read_text()) if path.exists() else {"years": {}}
    if str(year) not in law["years"]:
        raise CalendarMissingError(year)
    statutory = {date.fromisoformat(day) for days in law["years"][str(year)].values() for day in days}
    off = set(statutory)
    # A statutory day on a weekend is made up for; the nearest working day stands in until the notice names one.
    for weekend_day in sorted(day for day in statutory if day.weekday() >= 5):
        substitute = weekend_day
        while substitute in off or substitute.weekday() >= 5:
            substitute += _DAY
        off.add(substitute)
    return Calendar(law["source"], frozenset(off), frozenset(), is_provisional=True)


def is_provisional(limit_ends_at: datetime) -> bool:
    """Tell whether a limit in working days that ends at `limit_ends_at` was counted before the notice of that year.

    Raises:
        CalendarMissingError: the calendar of that year is not known at all.
    """
    last = (limit_ends_at - timedelta(microseconds=1)).astimezone(CHINA).date()
    return calendar(last.year).is_provisional


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
