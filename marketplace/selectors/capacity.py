"""What of a listing's weekly capacity is still free."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from psycopg.types.range import TimestamptzRange

from marketplace.core.delivery_states import OCCUPYING
from marketplace.models import Delivery, Listing

WEEK = timedelta(days=7)


def free(listing: Listing, stretches: Sequence[tuple[datetime, datetime]]) -> list[int | None]:
    """Return how much of each stretch is free, in the listing's unit; None where capacity has no limit.

    A stretch shorter than a week has its share of the week. What is planned in a delivery that overlaps a stretch
    counts in whole, which never promises too much. Lock the listing before you rely on the answer.
    """
    if listing.capacity_per_week is None:
        return [None] * len(stretches)
    if not stretches:
        return []
    hull = TimestamptzRange(stretches[0][0], stretches[-1][1])
    taken = list(
        Delivery.objects.filter(listing=listing, state__in=OCCUPYING, period__overlap=hull).values_list(
            "period", "quantity"
        )
    )
    return [
        listing.capacity_per_week * (end - start) // WEEK
        - sum(quantity for period, quantity in taken if period.lower < end and period.upper > start)
        for start, end in stretches
    ]
