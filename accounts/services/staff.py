"""What the platform, or an authority, trusts users with."""

from datetime import datetime

from django.db import transaction

from accounts.core.actor import Actor, Role
from accounts.models import StaffRole, User
from common import audit
from common.errors import Refused, gettext_noop


class GrantRefused(Refused):
    """Only operators, and the system itself, give or take staff roles."""


@transaction.atomic
def grant(user_id: int, role: Role, *, by: Actor, at: datetime) -> StaffRole:
    """Give a staff role; giving it twice is giving it once.

    Raises:
        GrantRefused: `by` is neither operator nor the system.
        User.DoesNotExist: no such user.
    """
    _refuse_others(by)
    user = User.objects.select_for_update().get(pk=user_id)
    row, created = StaffRole.objects.get_or_create(
        user=user, role=role, defaults={"granted_at": at, "granted_by_id": by.user_id}
    )
    if created:
        audit.record("grant", user, by=by, at=at, role=role)
    return row


@transaction.atomic
def revoke(user_id: int, role: Role, *, by: Actor, at: datetime) -> None:
    """Take a staff role away.

    Raises:
        GrantRefused: `by` is neither operator nor the system.
    """
    _refuse_others(by)
    removed, _ = StaffRole.objects.filter(user_id=user_id, role=role).delete()
    if removed:
        audit.record("revoke", User.objects.get(pk=user_id), by=by, at=at, role=role)


def _refuse_others(by: Actor) -> None:
    if not by.has(Role.OPERATOR, Role.SYSTEM):
        raise GrantRefused(gettext_noop("Only operators of the platform may do this."))
