"""Set when a listing is open: the weekly hours and the exceptions to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import Actor
from common import audit, events
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core.opening import WeeklyHours
from marketplace.models import AvailabilityException, AvailabilityRule, Listing

MOST_RULES = 100
MOST_EXCEPTIONS = 500
LONGEST_EXCEPTION = timedelta(days=366)
MINUTES_A_DAY = 24 * 60


class HoursInvalid(Refused):
    """Hours that end before they begin, or too many of them."""


@transaction.atomic
def set_weekly(listing_code: UUID, hours: Sequence[WeeklyHours], *, by: Actor, at: datetime) -> list[AvailabilityRule]:
    """Replace the weekly hours, in Shanghai time; none at all means open at every hour. Bookings stay as they are.

    Raises:
        Listing.DoesNotExist: no such listing, or not the party's own.
        HoursInvalid: an entry ends before it begins, or there are more than 100.
    """
    listing = _own_locked(listing_code, by=by)
    if len(hours) > MOST_RULES:
        raise HoursInvalid(gettext_noop("At most %(most)s weekly hours."), field="rules", params={"most": MOST_RULES})
    for entry in hours:
        _check(entry)
    listing.rules.all().delete()
    rules = AvailabilityRule.objects.bulk_create(
        AvailabilityRule(
            listing=listing,
            weekday=entry.weekday,
            start_minute=entry.start_minute,
            end_minute=entry.end_minute,
            from_date=entry.from_date,
            until_date=entry.until_date,
        )
        for entry in hours
    )
    audit.record("listing.set_weekly", listing, by=by, at=at, entries=len(rules))
    events.publish("listing.changed", audience=[listing.owner_id], listing=listing.code)
    return rules


@transaction.atomic
def add_exception(
    listing_code: UUID, start: datetime, end: datetime, *, is_open: bool, reason: str = "", by: Actor, at: datetime
) -> AvailabilityException:
    """Close or open [start, end) whatever the weekly hours say; the newest exception wins.

    Raises:
        Listing.DoesNotExist: no such listing, or not the party's own.
        HoursInvalid: it is empty, longer than a year, or one too many.
    """
    listing = _own_locked(listing_code, by=by)
    if not start < end or end - start > LONGEST_EXCEPTION:
        raise HoursInvalid(gettext_noop("An exception lasts longer than nothing and at most a year."), field="period")
    if listing.exceptions.count() >= MOST_EXCEPTIONS:
        raise HoursInvalid(
            gettext_noop("There are already %(most)s exceptions."),
            fix=gettext_noop("Remove old ones first."),
            params={"most": MOST_EXCEPTIONS},
        )
    exception = AvailabilityException.objects.create(
        listing=listing, period=TimestamptzRange(start, end), is_open=is_open, reason=reason[:120], made_at=at
    )
    audit.record("listing.add_exception", listing, by=by, at=at, is_open=is_open)
    events.publish("listing.changed", audience=[listing.owner_id], listing=listing.code)
    return exception


@transaction.atomic
def remove_exception(listing_code: UUID, code: UUID, *, by: Actor, at: datetime) -> None:
    """Take an exception back.

    Raises:
        Listing.DoesNotExist, AvailabilityException.DoesNotExist: no such row, or not the party's own.
    """
    listing = _own_locked(listing_code, by=by)
    listing.exceptions.get(code=code).delete()
    audit.record("listing.remove_exception", listing, by=by, at=at)
    events.publish("listing.changed", audience=[listing.owner_id], listing=listing.code)


def _check(entry: WeeklyHours) -> None:
    in_order = 0 <= entry.start_minute < entry.end_minute <= MINUTES_A_DAY and 0 <= entry.weekday <= 6
    dates_in_order = entry.from_date is None or entry.until_date is None or entry.from_date <= entry.until_date
    if not (in_order and dates_in_order):
        raise HoursInvalid(gettext_noop("Weekly hours end after they begin, within one day."), field="rules")


def _own_locked(code: UUID, *, by: Actor) -> Listing:
    owner_id = policies.require_binding(by)
    return Listing.objects.select_for_update().defer("search", "search_text").get(code=code, owner_id=owner_id)
