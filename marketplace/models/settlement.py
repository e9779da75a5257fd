"""What is due for an order and what the parties say was paid; the platform holds no money."""

import uuid

from django.db import models
from django.db.models import Q


class Settlement(models.Model):
    """The amount due for an order, and the payment outside the platform that settled it."""

    class State(models.TextChoices):
        DUE = "due"
        REPORTED = "reported"  # the consumer says it was paid
        CONFIRMED = "confirmed"  # the provider says it arrived

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.OneToOneField("marketplace.Order", on_delete=models.PROTECT, related_name="settlement")
    amount_fen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.DUE)
    items = models.JSONField()  # [{"label": ..., "fen": ...}], sums up to amount_fen
    due_from = models.DateTimeField()
    channel = models.CharField(max_length=32, blank=True)  # name of the payment port's adapter, or "offline"
    reference = models.CharField(max_length=100, blank=True)
    reported_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)


class InvoiceRequest(models.Model):
    """What the consumer's bookkeeping needs from the provider."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary"  # 增值税普通发票
        SPECIAL = "special"  # 增值税专用发票

    class State(models.TextChoices):
        REQUESTED = "requested"
        ISSUED = "issued"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.OneToOneField("marketplace.Order", on_delete=models.PROTECT, related_name="invoice_request")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    tax_code = models.CharField(max_length=20)
    email = models.EmailField()
    amount_fen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    number = models.CharField(max_length=20, blank=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="invoice_issued_has_number", condition=Q(state="requested") | ~Q(number="")),
        ]
