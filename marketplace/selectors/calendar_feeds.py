"""Whose bookings a secret address shows."""

import hashlib

from accounts.core.actor import Actor
from marketplace.models import CalendarFeed


def by_token(token: str) -> CalendarFeed:
    """Return the live feed of a secret.

    Raises:
        CalendarFeed.DoesNotExist: no such feed, or it was revoked.
    """
    return CalendarFeed.objects.select_related("organisation").get(
        token_sha256=hashlib.sha256(token.encode()).hexdigest(), revoked_at__isnull=True
    )


def of(viewer: Actor) -> CalendarFeed | None:
    """Return the viewer's live feed for the organisation they act for, if there is one."""
    if viewer.user_id is None or viewer.organisation_id is None:
        return None
    live = CalendarFeed.objects.filter(revoked_at__isnull=True)
    return live.filter(organisation_id=viewer.organisation_id, user_id=viewer.user_id).first()
