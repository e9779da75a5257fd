"""What an inquiry, a quote and its history are."""

import uuid

from django.db import models
from django.db.models import F, Q

from marketplace.core.quote_states import INQUIRY, LIVE, QUOTE, InquiryState, QuoteState


class Inquiry(models.Model):
    """A consumer's call for quotes on one of their demands, sealed until it closes where the direction says so."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    demand = models.ForeignKey("marketplace.Demand", on_delete=models.PROTECT, related_name="inquiries")
    consumer = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in InquiryState], default=INQUIRY.initial)
    quantity = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=32)
    is_sealed = models.BooleanField(default=False)
    note = models.TextField(blank=True, max_length=2000)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)  # no new quotes after; sealed ones open then

    class Meta:
        constraints = [
            models.CheckConstraint(name="inquiry_state_known", condition=Q(state__in=sorted(InquiryState))),
            models.CheckConstraint(name="inquiry_closes_after_it_opens", condition=Q(closes_at__gt=F("opened_at"))),
            models.UniqueConstraint(name="inquiry_one_open_per_demand", fields=["demand"], condition=Q(state="open")),
        ]


class Quote(models.Model):
    """A provider's answer to an inquiry, with the offer that stands now."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="quotes")
    listing = models.ForeignKey("marketplace.Listing", on_delete=models.PROTECT, related_name="quotes")
    provider = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=[(s, s.name) for s in QuoteState], default=QUOTE.initial)
    quantity = models.PositiveBigIntegerField()
    unit_price_fen = models.PositiveBigIntegerField()
    setup_fen = models.PositiveBigIntegerField(default=0)
    total_fen = models.PositiveBigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # everything is delivered by then
    milestones = models.JSONField(default=list)  # [{"title", "due_at", "amount_fen"}], empty: one part
    note = models.TextField(blank=True, max_length=2000)
    valid_until = models.DateTimeField(db_index=True)
    submitted_at = models.DateTimeField()
    # What the consumer asked for instead, while it waits for the provider's answer.
    counter_unit_price_fen = models.PositiveBigIntegerField(null=True)
    counter_note = models.TextField(blank=True, max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(name="quote_state_known", condition=Q(state__in=sorted(QuoteState))),
            models.CheckConstraint(
                name="quote_total_adds_up",
                condition=Q(total_fen=F("quantity") * F("unit_price_fen") + F("setup_fen")),
            ),
            models.CheckConstraint(name="quote_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(
                name="quote_one_live_per_listing",
                fields=["inquiry", "listing"],
                condition=Q(state__in=sorted(LIVE)),
            ),
        ]


class QuoteStep(models.Model):
    """One move of a quote with the offer as it then stood; rows are only ever added."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=32)
    source_state = models.CharField(max_length=16, blank=True)
    target_state = models.CharField(max_length=16)
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    offer = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(name="quote_step_by_quote", fields=["quote", "at", "id"])]
