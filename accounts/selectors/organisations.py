"""Parties as their members and the public see them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.core import secrets
from accounts.core.actor import Actor
from accounts.models import Invitation, Membership, Organisation


def get(code: UUID | str) -> Organisation:
    """Return the party `code`; what it shows is public.

    Raises:
        Organisation.DoesNotExist: no such party.
    """
    return Organisation.objects.get(code=code)


def by_id(organisation_id: int) -> Organisation:
    """Return the party with this internal id."""
    return Organisation.objects.get(pk=organisation_id)


def by_ids(organisation_ids: Collection[int]) -> dict[int, Organisation]:
    """Return parties by internal id, in one query."""
    return Organisation.objects.in_bulk(list(organisation_ids))


def ids_of_user(user_id: int) -> list[int]:
    """Return the ids of all parties that the user acts for, the personal one included."""
    return list(Membership.objects.filter(user_id=user_id).order_by("id").values_list("organisation_id", flat=True))


def user_ids(organisation_ids: Collection[int]) -> list[int]:
    """Return the ids of all members of these parties."""
    members = Membership.objects.filter(organisation_id__in=organisation_ids, user__is_active=True)
    return sorted(set(members.values_list("user_id", flat=True)))


def memberships_of(viewer: Actor) -> QuerySet[Membership]:
    """Return the viewer's places in parties, the personal one first."""
    return (
        Membership.objects.filter(user_id=viewer.own_user_id)
        .select_related("organisation")
        .annotate(member_count=Count("organisation__memberships"))
        .order_by("organisation__person", "organisation__name", "id")
    )


def own(code: UUID | str, *, viewer: Actor) -> Membership:
    """Return the viewer's place in party `code`, which they act for, with the party.

    Raises:
        Membership.DoesNotExist: not the party that the viewer acts for.
    """
    return Membership.objects.select_related("organisation").get(
        organisation__code=code, organisation_id=viewer.own_organisation_id, user_id=viewer.own_user_id
    )


def members(code: UUID | str, *, viewer: Actor) -> QuerySet[Membership]:
    """Return who belongs to party `code`, for one who acts for it.

    Raises:
        Membership.DoesNotExist: not the party that the viewer acts for.
    """
    organisation = own(code, viewer=viewer).organisation
    return organisation.memberships.select_related("user").order_by("joined_at", "id")


def invitations(code: UUID | str, *, viewer: Actor) -> QuerySet[Invitation]:
    """Return the letters of party `code` that nobody has answered or withdrawn, for one who acts for it."""
    organisation = own(code, viewer=viewer).organisation
    return organisation.invitations.filter(accepted_at=None, revoked_at=None).order_by("-created_at", "-id")


def of_user(code: UUID | str, *, viewer: Actor) -> Membership:
    """Return the viewer's place in party `code`, whichever they act for now.

    Raises:
        Membership.DoesNotExist: no such party, or the viewer does not belong to it.
    """
    try:
        wanted = UUID(str(code))
    except ValueError as error:
        raise Membership.DoesNotExist from error
    places = Membership.objects.select_related("organisation")
    return places.get(organisation__code=wanted, user_id=viewer.own_user_id)


def invitation(secret: str, *, at: datetime) -> Invitation | None:
    """Return the open letter behind `secret`, None when it is worth nothing any more."""
    letters = Invitation.objects.select_related("organisation", "invited_by")
    found = letters.filter(token_hash=secrets.digest(secret)).first()
    return found if found is not None and found.is_open(at) else None
