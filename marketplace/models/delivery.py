"""What a delivery is."""

import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from marketplace.core.delivery_states import DELIVERY, DeliveryState


class Delivery(models.Model):
    """What a plant makes of an order within `period` (a week at most), and what arrived of it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, related_name="deliveries")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, related_name="deliveries")
    ordinal = models.PositiveSmallIntegerField()
    period = DateTimeRangeField()
    quantity = models.PositiveBigIntegerField()  # in the order's unit
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in DeliveryState], default=DELIVERY.initial)
    shipped_at = models.DateTimeField(null=True)
    waybill = models.CharField(max_length=100, blank=True)
    accept_by = models.DateTimeField(null=True)  # then silence counts as acceptance
    accepted_at = models.DateTimeField(null=True)
    accepted_quantity = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=sorted(DeliveryState))),
            models.CheckConstraint(name="delivery_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="delivery_accepts_no_more_than_sent",
                condition=Q(accepted_quantity__isnull=True) | Q(accepted_quantity__lte=F("quantity")),
            ),
            models.UniqueConstraint(name="delivery_ordinal_once", fields=["order", "ordinal"]),
        ]
        indexes = [
            # fulfilment.free_capacity sums what overlaps a week.
            GistIndex(name="delivery_by_listing_period", fields=["listing", "period"]),
            models.Index(name="delivery_due", fields=["accept_by"], condition=Q(state="shipped")),
        ]
