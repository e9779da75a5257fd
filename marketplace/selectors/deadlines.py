"""Until when a need takes answers and an offer can be agreed to: what tells a live market how long it may wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.models import Demand, Listing


@dataclass(frozen=True)
class NeedTimes:
    """When a need was posted, until when answers are taken, and when its period begins and ends; None where open."""

    posted_at: datetime
    answers_until: datetime | None
    begins_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class OfferTimes:
    """How many days an offer needs before it can begin, and the last day of the licence it rests on, if any."""

    lead_time_days: int
    valid_until: date | None


def of_needs(demand_ids: Collection[int]) -> dict[int, NeedTimes]:
    """Return the times of needs, by id."""
    rows = Demand.objects.filter(pk__in=demand_ids)
    found = {}
    for pk, published_at, created_at, deadline_at, period in rows.values_list(
        "pk", "published_at", "created_at", "deadline_at", "period"
    ):
        begins, ends = (None, None) if period is None else (period.lower, period.upper)
        found[pk] = NeedTimes(published_at or created_at, deadline_at, begins, ends)
    return found


def of_offers(listing_ids: Collection[int]) -> dict[int, OfferTimes]:
    """Return the times of offers, by id."""
    rows = Listing.objects.filter(pk__in=listing_ids).values_list("pk", "lead_time_days", "valid_until")
    return {pk: OfferTimes(lead_time_days, valid_until) for pk, lead_time_days, valid_until in rows}
