"""What of a listing's weekly capacity is still free."""

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.range import TimestamptzRange

from marketplace.core import parts
from marketplace.core.delivery_states import OCCUPYING
from marketplace.models import Delivery, Listing


def free(listing: Listing, stretches: Sequence[tuple[datetime, datetime]]) -> list[int | None]:
    """Return how much of each stretch is free, in the listing's unit; None where capacity has no limit.

    A stretch shorter than a week has at most its share of the week. Lock the listing before you rely on the answer.

    Args:
        stretches: as `parts.weeks` cuts them, in order.
    """
    if listing.capacity_per_week is None:
        return [None] * len(stretches)
    steady = parts.shares(listing.capacity_per_week, stretches)
    return [min(share, left) for share, left in zip(steady, left_in_weeks(listing, stretches), strict=True)]


def left_in_weeks(listing: Listing, stretches: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Return what is not planned yet of the calendar week around each stretch, of a listing with weekly capacity.

    What is planned in a delivery that overlaps the week counts in whole, which never promises too much.
    """
    if listing.capacity_per_week is None or not stretches:
        return []
    around = [parts.calendar_week(parts.week_of(start)) for start, _ in stretches]
    hull = TimestamptzRange(around[0][0], around[-1][1])
    taken = list(
        Delivery.objects.filter(listing=listing, state__in=OCCUPYING, period__overlap=hull).values_list(
            "period", "quantity"
        )
    )
    return [
        listing.capacity_per_week
        - sum(quantity for period, quantity in taken if period.lower < end and period.upper > start)
        for start, end in around
    ]
