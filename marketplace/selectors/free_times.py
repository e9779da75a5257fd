"""When many listings are open, and which of their places are taken when, read together."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.types.range import TimestamptzRange

from marketplace.core.booking_states import OCCUPYING
from marketplace.core.opening import OpeningException, Stretch, WeeklyHours, open_stretches
from marketplace.models import AvailabilityException, AvailabilityRule, Booking, Listing
from marketplace.selectors import slots


@dataclass
class Times:
    """One listing's times: when it is open, in order, and (place number, begin, end) of what is booked."""

    open: list[Stretch] = field(default_factory=list)
    taken: list[tuple[int, datetime, datetime]] = field(default_factory=list)


def of(listing_ids: Collection[int], start: datetime, end: datetime) -> dict[int, Times]:
    """Return the times of each listing within [start, end), in three queries."""
    within = TimestamptzRange(start, end)
    weekly: dict[int, list[WeeklyHours]] = {}
    rules = AvailabilityRule.objects.filter(listing_id__in=listing_ids).order_by("listing_id", "id")
    names = ("listing_id", "weekday", "start_minute", "end_minute", "from_date", "until_date")
    for listing_id, *hours in rules.values_list(*names):
        weekly.setdefault(listing_id, []).append(WeeklyHours(*hours))
    exceptions: dict[int, list[OpeningException]] = {}
    rows = AvailabilityException.objects.filter(listing_id__in=listing_ids, period__overlap=within)
    for row in rows.order_by("made_at", "id"):
        exceptions.setdefault(row.listing_id, []).append(
            OpeningException(row.period.lower, row.period.upper, row.is_open)
        )
    # Listings that share their hours share the work.
    known: dict[tuple[tuple[WeeklyHours, ...], tuple[OpeningException, ...]], list[Stretch]] = {}
    found: dict[int, Times] = {}
    for listing_id in listing_ids:
        name = (tuple(weekly.get(listing_id, ())), tuple(exceptions.get(listing_id, ())))
        if name not in known:
            known[name] = open_stretches(start, end, *name)
        found[listing_id] = Times(open=known[name])
    booked = Booking.objects.filter(listing_id__in=listing_ids, state__in=sorted(OCCUPYING), period__overlap=within)
    for listing_id, place, period in booked.order_by("id").values_list("listing_id", "place_number", "period"):
        found[listing_id].taken.append((place, period.lower, period.upper))
    return found


def places(listing_ids: Collection[int]) -> dict[int, int]:
    """Return how many uses of each listing may run side by side."""
    rows = Listing.objects.filter(pk__in=listing_ids).only("direction", "attributes", "attributes_version")
    return {row.pk: slots.places(row) for row in rows}
