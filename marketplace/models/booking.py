"""What a booking is."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from marketplace.core.booking_states import BOOKING, OCCUPYING, BookingState


class Booking(models.Model):
    """One use of a listing under an order during `period`, half-open [start, end) in UTC."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="bookings")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, related_name="bookings")
    consumer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    # Which of the listing's places it takes, counted from 1: machines of one kind stand side by side.
    place_number = models.PositiveSmallIntegerField(default=1)
    period = DateTimeRangeField()
    hours = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in BookingState], default=BOOKING.initial)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    used_s = models.PositiveIntegerField(null=True)  # as metered, set aside the booked hours
    metered_by = models.CharField(max_length=16, blank=True)  # "parties" or "telemetry"

    class Meta:
        constraints = [
            models.CheckConstraint(name="booking_state_known", condition=Q(state__in=sorted(BookingState))),
            models.CheckConstraint(
                name="booking_period_is_finite",
                condition=Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False)
                & Q(period__isempty=False),
            ),
            models.CheckConstraint(
                name="booking_ends_after_it_starts",
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
            # The database, not the service, is what makes a double booking impossible.
            ExclusionConstraint(
                name="booking_no_overlap",
                expressions=[
                    ("listing", RangeOperators.EQUAL),
                    ("place_number", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=sorted(OCCUPYING)),
            ),
        ]
        indexes = [models.Index(name="booking_by_order", fields=["order", "period"])]
