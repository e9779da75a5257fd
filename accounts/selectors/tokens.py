"""Somebody's keys for programs."""

from django.db.models import QuerySet

from accounts.core.actor import Actor
from accounts.models import ApiToken


def of(viewer: Actor) -> QuerySet[ApiToken]:
    """Return the viewer's keys, open ones first, newest first."""
    keys = ApiToken.objects.filter(user_id=viewer.own_user_id).select_related("organisation")
    return keys.order_by("-revoked_at", "-created_at", "-id")
