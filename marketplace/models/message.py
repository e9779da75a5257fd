"""What the two sides of a deal write to each other."""

import uuid

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message within an order or a quote; contact data is hidden in it until there is an agreement."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("marketplace.Order", on_delete=models.PROTECT, null=True, related_name="messages")
    quote = models.ForeignKey("marketplace.Quote", on_delete=models.PROTECT, null=True, related_name="messages")
    by_organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(max_length=4000)
    hidden_count = models.PositiveSmallIntegerField(default=0)  # contact data that was left out of `text`
    read_at = models.DateTimeField(null=True)  # by the other side

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_belongs_to_one_deal", condition=Q(order__isnull=False) ^ Q(quote__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="message_by_order", fields=["order", "at", "id"], condition=Q(order__isnull=False)),
            models.Index(name="message_by_quote", fields=["quote", "at", "id"], condition=Q(quote__isnull=False)),
        ]


class MessageAttachment(models.Model):
    """A file sent with a message, checked by its content."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to="messages/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
