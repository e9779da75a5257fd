"""Keys for programs: made, used, withdrawn."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.core import secrets
from accounts.core.actor import Actor
from accounts.core.mending import Mend
from accounts.core.tokens import LASTS_AT_MOST, PREFIX, Scope
from accounts.models import ApiToken
from common import audit
from common.errors import Refused, gettext_noop

_USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TooManyTokens(Refused):
    """One user holds at most twenty open keys."""


@transaction.atomic
def create(
    *, name: str, scopes: Collection[Scope], lasts: timedelta = LASTS_AT_MOST, by: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """Make a key for the party that `by` acts for; return it with its secret, which is shown only now.

    Raises:
        TooManyTokens: twenty are open already.
    """
    if ApiToken.objects.filter(user_id=by.own_user_id, revoked_at=None, expires_at__gt=at).count() >= 20:
        raise TooManyTokens(
            gettext_noop("You have twenty open keys."),
            fix=gettext_noop("Withdraw one that nothing uses any more."),
            link=Mend.KEYS,
        )
    secret = secrets.new(PREFIX)
    token = ApiToken.objects.create(
        user_id=by.own_user_id,
        organisation_id=by.own_organisation_id,
        name=name.strip(),
        hint=secret[:8],
        token_hash=secrets.digest(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=at + min(lasts, LASTS_AT_MOST),
    )
    audit.record("create", token, by=by, at=at, scopes=token.scopes)
    return token, secret


def redeem(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the open key behind `secret`, its use noted; None when there is none."""
    found = ApiToken.objects.select_related("user", "organisation").filter(token_hash=secrets.digest(secret)).first()
    if found is None or not found.is_open(at) or not found.user.is_active:
        return None
    if found.last_used_at is None or at - found.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return found


@transaction.atomic
def revoke(code: UUID | str, *, by: Actor, at: datetime) -> ApiToken:
    """Withdraw one of one's own keys; the first time counts.

    Raises:
        ApiToken.DoesNotExist: no such key of this user.
    """
    token = ApiToken.objects.select_for_update().get(code=code, user_id=by.own_user_id)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        audit.record("revoke", token, by=by, at=at)
    return token
