"""Who somebody is when they act: their party and the roles that hold there."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.core.actor import ANONYMOUS, Actor, Role
from accounts.models import Membership, StaffRole, User


def actor_for(user: User | AnonymousUser | None, organisation_code: UUID | str | None = None) -> Actor:
    """Return `user` acting for the party `organisation_code`, or for themselves when it is none of theirs."""
    if user is None or not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    memberships = list(
        Membership.objects.filter(user=user)
        .order_by("organisation__kind", "id")
        .values_list("organisation_id", "organisation__code", "organisation__person_id", "role", "organisation__name")
    )
    roles = {Role(role) for role in StaffRole.objects.filter(user=user).values_list("role", flat=True)}
    chosen = [m for m in memberships if str(m[1]) == str(organisation_code)]
    personal = [m for m in memberships if m[2] == user.pk]
    organisation_id, organisation_name = None, ""
    for membership in (chosen or personal)[:1]:
        organisation_id, organisation_name = membership[0], membership[4]
        roles.add(Role(membership[3]))
    return Actor(user.pk, organisation_id, frozenset(roles), organisation_name)
