"""What an order is, and the history of it and its parts."""

import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from marketplace.core.order_states import AWAITING, ORDER, OrderState
from marketplace.directions import Lifecycle


class OrderQuerySet(models.QuerySet["Order"]):
    def of_organisation(self, organisation_id: int | None) -> "OrderQuerySet":
        """Orders in which the organisation takes part; whoever asks for a bundle sees all its legs."""
        return self.filter(Q(consumer_id=organisation_id) | Q(provider_id=organisation_id))

    def joined(self) -> "OrderQuerySet":
        return self.select_related("listing", "demand", "consumer", "provider", "parent")


class Order(models.Model):
    """A deal between a consumer and a provider, or a bundle of such deals that stands or falls as a whole."""

    class Source(models.TextChoices):
        REQUEST = "request"
        QUOTE = "quote"
        MATCH = "match"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    direction = models.CharField(max_length=32)
    lifecycle = models.CharField(max_length=16, choices=[(kind, kind.name) for kind in Lifecycle])
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in OrderState], default=ORDER.initial)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="legs")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, null=True, related_name="orders")
    demand = models.ForeignKey("marketplace.Demand", on_delete=models.PROTECT, null=True, related_name="orders")
    consumer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    # Only the parent of a bundle has no provider of its own.
    provider = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    quantity = models.PositiveBigIntegerField()  # in `unit`
    unit = models.CharField(max_length=32)
    unit_price_fen = models.PositiveBigIntegerField()
    setup_fen = models.PositiveBigIntegerField(default=0)
    total_fen = models.PositiveBigIntegerField()  # tax included
    period = DateTimeRangeField(null=True)  # from the first part's begin to the last one's end
    note = models.TextField(blank=True, max_length=2000)
    source = models.CharField(max_length=16, choices=Source)
    source_code = models.UUIDField(null=True, db_index=True)  # of the quote or the match proposal
    is_proposed_by_consumer = models.BooleanField(default=True)
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True, db_index=True)
    ended_at = models.DateTimeField(null=True)  # closed, refused, cancelled or expired
    # When SYSTEM moves it on if nobody else does; null when no deadline runs.
    due_at = models.DateTimeField(null=True)
    held_from = models.CharField(max_length=16, blank=True)  # the state a complaint interrupted
    cancel_fee_fen = models.PositiveBigIntegerField(default=0)
    # A complaint about it is open: mediators may read it meanwhile. Kept by governance.
    is_disputed = models.BooleanField(default=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_state_known", condition=Q(state__in=sorted(OrderState))),
            models.CheckConstraint(
                name="order_total_adds_up",
                condition=Q(lifecycle="bundle") | Q(total_fen=F("quantity") * F("unit_price_fen") + F("setup_fen")),
            ),
            models.CheckConstraint(
                name="order_has_provider_unless_bundle",
                condition=Q(lifecycle="bundle", provider__isnull=True, parent__isnull=True)
                | (~Q(lifecycle="bundle") & Q(provider__isnull=False)),
            ),
            models.CheckConstraint(name="order_not_with_oneself", condition=~Q(consumer=F("provider"))),
            models.CheckConstraint(name="order_hold_knows_where_from", condition=Q(state="on_hold") ^ Q(held_from="")),
            models.CheckConstraint(name="order_quantity_positive", condition=Q(quantity__gt=0)),
        ]
        indexes = [
            models.Index(name="order_by_consumer", fields=["consumer", "-proposed_at"]),
            models.Index(name="order_by_provider", fields=["provider", "-proposed_at"]),
            # orders.sweep_deadlines
            models.Index(name="order_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="order_disputed", fields=["-proposed_at", "-id"], condition=Q(is_disputed=True)),
            models.Index(name="order_awaiting", fields=["listing"], condition=Q(state__in=sorted(AWAITING))),
        ]

    @property
    def is_bundle(self) -> bool:
        return self.lifecycle == Lifecycle.BUNDLE

    @property
    def goods_fen(self) -> int:
        return self.quantity * self.unit_price_fen

    def party_ids(self) -> tuple[int, ...]:
        """Ids of the organisations that take part, the consumer first."""
        return (self.consumer_id,) if self.provider_id is None else (self.consumer_id, self.provider_id)


class OrderStep(models.Model):
    """One move of an order or of a part of it; rows are only ever added."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="steps")
    part = models.CharField(max_length=16, blank=True)  # "booking", "milestone", "delivery" or empty: the order itself
    part_code = models.UUIDField(null=True)
    move = models.CharField(max_length=32)
    source_state = models.CharField(max_length=16, blank=True)
    target_state = models.CharField(max_length=16)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(name="order_step_by_order", fields=["order", "at", "id"])]
