"""The weekly hours and exceptions of a listing, as its owner set them; `slots` tells what of it is free."""

from datetime import datetime

from django.db.models import QuerySet

from marketplace.models import AvailabilityException, AvailabilityRule, Listing


def weekly(listing: Listing) -> QuerySet[AvailabilityRule]:
    """Return the weekly hours in order; none at all means open at every hour."""
    return listing.rules.order_by("weekday", "start_minute", "id")


def exceptions(listing: Listing, *, at: datetime) -> QuerySet[AvailabilityException]:
    """Return the exceptions that are not over at `at`, the next one first."""
    return listing.exceptions.filter(period__endswith__gt=at).order_by("period", "id")
