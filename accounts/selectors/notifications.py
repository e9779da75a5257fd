"""What somebody has been told, and how they wish to be told."""

from django.db.models import QuerySet

from accounts.core.actor import Actor
from accounts.core.parties import MAILED_UNLESS_TOLD, NoticeKind
from accounts.models import Notification, NotificationSetting


def of(viewer: Actor, *, unread_only: bool = False) -> QuerySet[Notification]:
    """Return the viewer's own notifications, newest first."""
    notifications = Notification.objects.filter(user_id=viewer.own_user_id).select_related("organisation")
    if unread_only:
        notifications = notifications.filter(read_at=None)
    return notifications.order_by("-created_at", "-id")


def unread_count(viewer: Actor) -> int:
    return Notification.objects.filter(user_id=viewer.own_user_id, read_at=None).count() if viewer.is_signed_in else 0


def mail_choices(viewer: Actor) -> dict[NoticeKind, bool]:
    """Return for every kind whether it reaches the viewer's mailbox."""
    chosen = dict(NotificationSetting.objects.filter(user_id=viewer.own_user_id).values_list("kind", "mail"))
    return {kind: chosen.get(kind, kind in MAILED_UNLESS_TOLD) for kind in NoticeKind}
