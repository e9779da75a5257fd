"""Working days follow the State Council's notices, make-up days included."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common import working_days
from common.working_days import CHINA, CalendarMissingError


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-01-26", True),  # a Sunday worked for Spring Festival
        ("2025-01-27", True),
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-08", True),  # a Saturday
        ("2025-05-31", False),
        ("2025-06-02", False),
        ("2025-09-28", True),
        ("2025-10-08", False),  # National Day and Mid-Autumn joined
        ("2025-10-09", True),
        ("2025-10-11", True),
        ("2025-10-12", False),
        ("2024-02-09", True),  # New Year's Eve was worked in 2024
        ("2024-10-12", True),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-11-24", True),
    ],
)
def test_known_days(day, worked):
    assert working_days.is_working(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year, days):
    assert working_days.count(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31)) == days


def test_a_count_that_starts_in_an_unknown_year_raises():
    with pytest.raises(CalendarMissingError):
        working_days.is_working(date(2019, 3, 4))


def test_a_limit_that_runs_into_an_unknown_year_raises_instead_of_guessing():
    last = max(year for year in range(2024, 2100) if _known(year))

    with pytest.raises(CalendarMissingError) as refusal:
        working_days.add(date(last, 12, 15), 45)

    assert refusal.value.year == last + 1


def test_the_statutory_days_of_2027_stand_in_until_its_notice_is_out():
    known = working_days.calendar(2027)

    off = sorted(day for day in known.off if day.weekday() < 5)
    assert known.is_provisional
    assert not known.worked
    assert "第795号" in known.source
    assert [day.isoformat() for day in off] == [
        "2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-04-05", "2027-05-03",
        "2027-05-04", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-04", "2027-10-05",
    ]  # fmt: skip
    assert working_days.count(date(2026, 12, 31), date(2027, 12, 31)) == 365 - 104 - 13


def test_a_limit_is_provisional_when_its_last_day_lies_in_a_year_without_notice():
    assert not working_days.is_provisional(datetime(2027, 1, 1, tzinfo=CHINA))  # ends with 31 December
    assert working_days.is_provisional(datetime(2027, 1, 2, tzinfo=CHINA))
    assert not any(working_days.calendar(year).is_provisional for year in (2024, 2025, 2026))


def _known(year: int) -> bool:
    try:
        working_days.calendar(year)
    except CalendarMissingError:
        return False
    return True


def test_days_are_counted_over_the_national_day_of_2025():
    assert working_days.add(date(2025, 9, 26), 3) == date(2025, 9, 30)  # Sunday 28 is worked
    assert working_days.add(date(2025, 9, 30), 1) == date(2025, 10, 9)


def test_count_is_the_inverse_of_add():
    for days in range(1, 60):
        assert working_days.count(date(2025, 1, 3), working_days.add(date(2025, 1, 3), days)) == days


def test_a_deadline_ends_with_the_last_day_in_china():
    friday_evening = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # already Saturday 01:00 in China

    assert working_days.deadline(friday_evening, 1) == datetime(2026, 3, 10, tzinfo=CHINA)


def test_every_year_names_its_source_and_moves_only_weekends():
    for year in (2024, 2025, 2026):
        known = working_days.calendar(year)
        assert str(year) in known.source
        assert all(day.weekday() >= 5 for day in known.worked)
        assert not known.worked & known.off
