"""When a machine can first give some hours together, against looking at every hour."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.core.runs_of_hours import HOUR, first_run

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float) -> datetime:
    return MONDAY + timedelta(hours=hour)


def stretches(*pairs):
    return [(at(low), at(high)) for low, high in pairs]


def test_the_first_free_hours_of_an_opening_are_taken():
    day = stretches((8, 18), (32, 42))

    assert first_run(day, stretches((8, 10), (12, 13)), 3, at(0), at(48)) == stretches((13, 16))
    assert first_run(day, stretches((8, 18)), 3, at(0), at(48)) == stretches((32, 35))
    assert first_run(day, [], 3, at(16.5), at(48)) == stretches((32, 35))
    assert first_run(day, [], 3, at(0), at(10)) == []


def test_hours_begin_on_the_clock():
    assert first_run(stretches((8.5, 12.5)), [], 3, at(0), at(48)) == stretches((9, 12))
    assert first_run(stretches((8.5, 12.5)), [], 4, at(0), at(48)) == []
    assert first_run(stretches((8, 18)), stretches((8, 9.25)), 2, at(0), at(48)) == stretches((10, 12))


def test_a_job_longer_than_any_opening_runs_on_over_those_that_follow():
    week = stretches((8, 18), (32, 42), (56, 66))

    assert first_run(week, [], 15, at(0), at(72)) == stretches((8, 18), (32, 37))
    assert first_run(week, [], 31, at(0), at(72)) == []


def test_nobody_else_comes_into_a_job_that_runs_on():
    week = stretches((8, 18), (32, 42), (56, 66))

    assert first_run(week, stretches((33, 34)), 15, at(0), at(72)) == stretches((34, 42), (56, 63))
    assert first_run(week, stretches((20, 22)), 15, at(0), at(72)) == stretches((32, 42), (56, 61))


HOURS = st.integers(0, 30)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(HOURS, unique=True, max_size=12).map(sorted),
    st.lists(st.tuples(HOURS, st.integers(1, 5)), max_size=4),
    st.integers(1, 8),
    HOURS,
    HOURS,
)
def test_every_run_is_open_free_and_the_earliest(edges, taken, hours, start, length):
    opening = list(zip(edges[::2], edges[1::2], strict=False))
    held = [(low, low + size) for low, size in taken]
    end = start + length
    inside = [h for low, high in opening for h in range(low, high) if start <= h < end]
    free = {h for h in inside if not any(low <= h < high for low, high in held)}
    longest = max((min(high, end) - max(low, start) for low, high in opening), default=0)

    run = first_run(stretches(*opening), stretches(*held), hours, at(start), at(end))

    got = [int((low - MONDAY) / HOUR) + k for low, high in run for k in range(int((high - low) / HOUR))]
    if longest >= hours:
        starts = [h for h in sorted(free) if any(low <= h and h + hours <= high for low, high in opening)]
        possible = [h for h in starts if all(h + k in free for k in range(hours))]
        assert got == (list(range(possible[0], possible[0] + hours)) if possible else [])
    else:
        ways = [inside[k : k + hours] for k in range(len(inside) - hours + 1)]
        alone = [w for w in ways if not any(low <= w[-1] and high > w[0] for low, high in held)]
        assert got == (alone[0] if alone else [])
