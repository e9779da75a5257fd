"""When a listing can be used: hours that come back every week, and the exceptions to them."""

import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

MINUTES_A_DAY = 24 * 60


class AvailabilityRule(models.Model):
    """Hours of one weekday in Shanghai time, within which the listing is open."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.CASCADE, related_name="rules")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    start_minute = models.PositiveSmallIntegerField()  # after midnight
    end_minute = models.PositiveSmallIntegerField()  # up to 1440, the next midnight
    from_date = models.DateField(null=True)  # first day it holds; null: since ever
    until_date = models.DateField(null=True)  # last day it holds; null: for good

    class Meta:
        constraints = [
            models.CheckConstraint(name="availability_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="availability_minutes_in_order",
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=MINUTES_A_DAY),
            ),
            models.CheckConstraint(
                name="availability_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(from_date__lte=F("until_date")),
            ),
        ]


class AvailabilityException(models.Model):
    """A stretch of time that is closed, or open, whatever the weekly hours say; the newest wins."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.CASCADE, related_name="exceptions")
    period = DateTimeRangeField()  # half-open
    is_open = models.BooleanField(default=False)
    reason = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="availability_exception_bounded",
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
            )
        ]
