"""Bookings as both sides see them: their own calendar and one by one."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.core.actor import Actor
from marketplace import policies
from marketplace.core.booking_states import OCCUPYING, BookingState
from marketplace.models import Booking
from marketplace.selectors import orders

_JOINED = ("order__consumer", "order__provider", "order__parent", "listing")


def visible_to(viewer: Actor) -> QuerySet[Booking]:
    """Return the bookings of the orders that `viewer` may see, latest first, joined."""
    bookings = Booking.objects.select_related(*_JOINED).order_by("-period", "-id")
    if viewer.is_operator or viewer.is_system:
        return bookings
    return bookings.filter(order__in=orders.visible_to(viewer).order_by().values("pk"))


def of_organisation(organisation_id: int) -> QuerySet[Booking]:
    """Return the bookings of an organisation on either side, soonest first, joined."""
    return (
        Booking.objects.select_related(*_JOINED)
        .filter(Q(order__consumer_id=organisation_id) | Q(order__provider_id=organisation_id))
        .order_by("period", "id")
    )


def get(code: UUID, *, viewer: Actor) -> Booking:
    """Return one booking.

    Raises:
        Booking.DoesNotExist: no such booking, or none of the viewer's business.
    """
    booking = Booking.objects.select_related(*_JOINED).get(code=code)
    if not policies.may_see_order(viewer, booking.order):
        raise Booking.DoesNotExist
    return booking


def for_calendar(organisation_id: int, *, since: datetime) -> QuerySet[Booking]:
    """Return what a calendar program shows: bookings that hold or were used, ended after `since`."""
    states = sorted(OCCUPYING | {BookingState.COMPLETED})
    return of_organisation(organisation_id).filter(state__in=states, period__endswith__gt=since)
