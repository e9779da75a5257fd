"""Which times of a listing can be booked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from accounts.core.actor import Actor
from marketplace.core.booking_states import OCCUPYING
from marketplace.core.listing_states import ListingState
from marketplace.core.opening import SHANGHAI, OpeningException, Stretch, WeeklyHours, open_stretches
from marketplace.directions import AttributesInvalid, direction
from marketplace.models import Listing

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Cell:
    """One hour of the calendar: "free", "taken", "closed" or "past"."""

    start: datetime
    end: datetime
    state: str


@dataclass(frozen=True)
class Day:
    date: date
    cells: list[Cell]


def listing(code: UUID, *, viewer: Actor) -> Listing:
    """Return the listing whose hours the viewer may see: one on offer, or their own.

    Raises:
        Listing.DoesNotExist: no such listing, or not on offer.
    """
    found = Listing.objects.joined().get(code=code)
    is_own = viewer.organisation_id is not None and found.owner_id == viewer.organisation_id
    if found.state != ListingState.PUBLISHED and not is_own:
        raise Listing.DoesNotExist
    return found


def opening(listing: Listing, start: datetime, end: datetime) -> list[Stretch]:
    """Return the parts of [start, end) in which the listing is open, whether taken or not."""
    weekly = [
        WeeklyHours(rule.weekday, rule.start_minute, rule.end_minute, rule.from_date, rule.until_date)
        for rule in listing.rules.all()
    ]
    exceptions = [
        OpeningException(row.period.lower, row.period.upper, row.is_open)
        for row in listing.exceptions.filter(period__overlap=TimestamptzRange(start, end)).order_by("made_at", "id")
    ]
    return open_stretches(start, end, weekly, exceptions)


def is_open(listing: Listing, start: datetime, end: datetime) -> bool:
    """Tell whether the listing is open throughout [start, end)."""
    return opening(listing, start, end) == [(start, end)]


def places(listing: Listing) -> int:
    """Return how many uses of the listing may run side by side; one where its attributes no longer tell."""
    kind = direction(listing.direction)
    try:
        return kind.places(kind.parse_offer(listing.attributes, listing.attributes_version))
    except AttributesInvalid:
        return 1


def taken(listing: Listing, start: datetime, end: datetime) -> list[Stretch]:
    """Return the times of [start, end) that somebody holds, place by place; who it is stays unsaid."""
    rows = listing.bookings.filter(state__in=OCCUPYING, period__overlap=TimestamptzRange(start, end)).order_by("period")
    return [(period.lower, period.upper) for period in rows.values_list("period", flat=True)]


def calendar(listing: Listing, first: date, *, days: int, at: datetime) -> list[Day]:
    """Return `days` days from `first` on in hours of Shanghai time, each hour with its state.

    Only hours at which the listing is open on one of the days are listed, so that nights do not fill the page.
    """
    start = datetime.combine(first, time(), SHANGHAI)
    end = start + timedelta(days=days)
    earliest = at + timedelta(days=listing.lead_time_days)
    open_, held, room = opening(listing, start, end), taken(listing, start, end), places(listing)

    def is_full(low: datetime) -> bool:
        return sum(begin < low + HOUR and until > low for begin, until in held) >= room

    rows = [
        [_cell(start + timedelta(days=day, hours=hour), open_, is_full, earliest) for hour in range(24)]
        for day in range(days)
    ]
    hours = [hour for hour in range(24) if any(row[hour].state != "closed" for row in rows)]
    return [
        Day(first + timedelta(days=day), [row[hour] for hour in range(min(hours), max(hours) + 1)] if hours else [])
        for day, row in enumerate(rows)
    ]


def _cell(start: datetime, open_: list[Stretch], is_full: Callable[[datetime], bool], earliest: datetime) -> Cell:
    end = start + HOUR
    if not any(low <= start and end <= high for low, high in open_):
        state = "closed"
    elif is_full(start):
        state = "taken"
    else:
        state = "past" if start < earliest else "free"
    return Cell(start, end, state)
