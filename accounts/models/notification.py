"""What people are told, and how they wish to be told."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.core.parties import NoticeKind


class Notification(models.Model):
    """One sentence for one user, in message-id form so that each reads it in their language."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notifications")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=[(kind, kind.name) for kind in NoticeKind])
    message = models.CharField(max_length=240)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=240, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="notification_by_user", fields=["user", "-created_at"]),
            models.Index(name="notification_unread", fields=["user"], condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.message


class NotificationSetting(models.Model):
    """Whether notices of one kind also go to the user's mailbox; without a row the kind's default holds."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notification_settings")
    kind = models.CharField(max_length=16, choices=[(kind, kind.name) for kind in NoticeKind])
    mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="notification_setting_once", fields=["user", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind}: {'mail' if self.mail else 'page'}"
