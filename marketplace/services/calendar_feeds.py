"""Give out and take back the secret addresses of calendar feeds."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.core.actor import Actor
from common import audit
from common.errors import Refused, gettext_noop
from marketplace.models import CalendarFeed


class FeedRefused(Refused):
    """No feed without a person who acts for an organisation."""


@transaction.atomic
def renew(*, by: Actor, at: datetime) -> str:
    """Give out a new secret for the actor's feed, which ends the old one, and return it; it is shown once.

    Raises:
        FeedRefused: `by` acts for no organisation.
    """
    if by.user_id is None or by.organisation_id is None:
        raise FeedRefused(gettext_noop("Choose for which organisation you act."))
    revoke(by=by, at=at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        organisation_id=by.organisation_id, user_id=by.user_id, token_sha256=digest(token), made_at=at
    )
    audit.record("calendar_feed.renew", feed, by=by, at=at)
    return token


def revoke(*, by: Actor, at: datetime) -> int:
    """End the actor's feed; return 1 when there was one, else 0."""
    if by.user_id is None or by.organisation_id is None:
        return 0
    live = CalendarFeed.objects.filter(revoked_at__isnull=True)
    return live.filter(organisation_id=by.organisation_id, user_id=by.user_id).update(revoked_at=at)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
