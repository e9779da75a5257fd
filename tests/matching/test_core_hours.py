"""Open minutes within a period, against counting minute by minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core.hours import WeeklyOpening
from matching.core.problem import ints

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = [(0, weekday, 9 * 60, 17 * 60) for weekday in range(5)]


def minute(instant: datetime) -> int:
    return int(instant.timestamp()) // 60


def open_minutes(openings, start, end, lot=0, n_lots=1) -> int:
    opening = WeeklyOpening(n_lots, openings)
    return int(opening.minutes(ints([lot]), ints([minute(start)]), ints([minute(end)]))[0])


def test_office_hours_of_a_week_and_of_a_weekend():
    assert open_minutes(OFFICE, MONDAY, MONDAY + timedelta(days=7)) == 5 * 8 * 60
    assert open_minutes(OFFICE, MONDAY + timedelta(days=5), MONDAY + timedelta(days=7)) == 0
    assert open_minutes(OFFICE, MONDAY + timedelta(hours=16), MONDAY + timedelta(hours=34)) == 60 + 60


def test_a_lot_without_hours_is_always_open():
    assert open_minutes(OFFICE, MONDAY, MONDAY + timedelta(days=2), lot=1, n_lots=2) == 2 * 1440


def test_overlapping_openings_count_once():
    assert open_minutes([(0, 0, 60, 180), (0, 0, 120, 240)], MONDAY, MONDAY + timedelta(days=1)) == 180


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 20_000), st.integers(0, 15_000))
def test_any_period_agrees_with_counting(offset, length):
    start = MONDAY.astimezone(UTC) + timedelta(minutes=offset)
    local = [(start + timedelta(minutes=m)).astimezone(MONDAY.tzinfo) for m in range(length)]

    counted = sum(1 for t in local if t.weekday() < 5 and 9 <= t.hour < 17)

    assert open_minutes(OFFICE, start, start + timedelta(minutes=length)) == counted
