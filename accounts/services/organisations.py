"""Organisations and who belongs to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import policies
from accounts.core import credit_code, secrets
from accounts.core.actor import Actor, Role
from accounts.core.levels import Level
from accounts.core.parties import NoticeKind, OrganisationKind
from accounts.models import Invitation, Membership, Organisation, User
from accounts.services import mail, notifications
from common import audit, events
from common.errors import Refused, gettext_noop
from common.reference import divisions, industries

INVITATION_LASTS = timedelta(days=7)
# What a party says about itself; its identity (kind, name, code) is changed only while unverified.
DESCRIPTION = ("size", "division_code", "industry_code", "place", "address", "introduction", "founded_on")
IDENTITY = ("kind", "name", "credit_code")


class NotAllowed(Refused):
    """The act is for somebody with more say in the organisation."""


class CreditCodeInvalid(Refused):
    """The text is no unified social credit code."""


class CreditCodeTaken(Refused):
    """A verified organisation holds this code."""


class IdentityIsVerified(Refused):
    """Name, kind and code of a verified party change only with a new verification."""


class UnknownCode(Refused):
    """No standard lists this code."""


class LastOwner(Refused):
    """An organisation never stands without an owner."""


class InvitationInvalid(Refused):
    """The letter is unknown, withdrawn, used or too old."""


class AlreadyMember(Refused):
    """The person belongs to the organisation."""


CREDIT_CODE_FAULTS = {
    credit_code.Fault.LENGTH: gettext_noop("A unified social credit code has 18 places."),
    credit_code.Fault.ALPHABET: gettext_noop(
        "A unified social credit code has digits and capital letters without I, O, S, V, Z."
    ),
    credit_code.Fault.DEPARTMENT: gettext_noop("The first two places name no registering department."),
    credit_code.Fault.DIVISION: gettext_noop("Places 3 to 8 must be the six digits of an administrative division."),
    credit_code.Fault.CHECK: gettext_noop("The last place does not fit the others; probably one is mistyped."),
}


def checked_credit_code(text: str) -> str:
    """Return the code as it is written.

    Raises:
        CreditCodeInvalid: with the place at fault.
    """
    code = credit_code.normalise(text)
    if fault := credit_code.fault(code):
        raise CreditCodeInvalid(CREDIT_CODE_FAULTS[fault], field="credit_code")
    return code


@transaction.atomic
def create(*, kind: str, name: str, credit_code: str, by: Actor, at: datetime, **description: object) -> Organisation:
    """Create an organisation whose owner is the person who acts; it starts unverified.

    Args:
        description: any of `DESCRIPTION`.

    Raises:
        NotAllowed: nobody is signed in, or the kind is PERSON.
        CreditCodeInvalid, CreditCodeTaken, UnknownCode: nothing was created.
    """
    if not by.is_signed_in or OrganisationKind(kind) is OrganisationKind.PERSON:
        raise NotAllowed(gettext_noop("Log in to create an organisation."))
    code = checked_credit_code(credit_code)
    _refuse_taken(code)
    _refuse_unknown(description, DESCRIPTION)
    user = User.objects.get(pk=by.own_user_id)
    organisation = Organisation.objects.create(
        kind=kind, name=name.strip(), credit_code=code, is_demo=user.is_demo, created_at=at, **description
    )
    Membership.objects.create(user=user, organisation=organisation, role=Role.OWNER, joined_at=at)
    audit.record("create", organisation, by=by, at=at)
    return organisation


def _refuse_taken(code: str) -> None:
    if Organisation.objects.filter(credit_code=code, verification_level__gte=Level.ORGANISATION).exists():
        raise CreditCodeTaken(
            gettext_noop("A verified organisation is registered here with this code."),
            fix=gettext_noop(
                "Ask its owner to invite you; if the code is yours and you know nothing of this, write to us."
            ),
            field="credit_code",
        )


def _refuse_unknown(fields: Mapping[str, object], known: Sequence[str]) -> None:
    """Refuse codes that no standard lists; a field that no party has is the caller's mistake."""
    if strange := set(fields) - set(known):
        raise TypeError(f"no such field: {sorted(strange)}")
    for field, is_known in (("division_code", divisions.is_known), ("industry_code", industries.is_known)):
        code = fields.get(field)
        if code and not is_known(str(code)):
            raise UnknownCode(gettext_noop("The standard lists no code %(code)s."), field=field, params={"code": code})


@transaction.atomic
def edit(code: UUID | str, changes: Mapping[str, object], *, by: Actor, at: datetime) -> Organisation:
    """Change what a party says about itself.

    Raises:
        Organisation.DoesNotExist: not the party that `by` acts for.
        NotAllowed: `by` neither owns nor manages it.
        IdentityIsVerified: the change touches what was verified.
        CreditCodeInvalid, CreditCodeTaken, UnknownCode: a new code cannot be used.
    """
    organisation = Organisation.objects.select_for_update().get(code=code, pk=by.own_organisation_id)
    if not policies.may_edit(by, organisation):
        raise _not_allowed()
    changed = {key: value for key, value in changes.items() if getattr(organisation, key) != value}
    identity = sorted(set(changed) & set(IDENTITY))
    if identity and (organisation.verification_level > Level.MAIL or organisation.is_person):
        raise IdentityIsVerified(
            gettext_noop("Kind, name and code belong to what was verified."),
            fix=gettext_noop("Hand in the new certificate under Verification; the change follows from it."),
            field=identity[0],
        )
    if "credit_code" in changed:
        changed["credit_code"] = checked_credit_code(str(changed["credit_code"]))
        _refuse_taken(str(changed["credit_code"]))
    _refuse_unknown(changed, (*DESCRIPTION, *IDENTITY))
    for key, value in changed.items():
        setattr(organisation, key, value)
    if changed:
        organisation.save(update_fields=[*changed])
        audit.record("edit", organisation, by=by, at=at, fields=sorted(changed))
        events.publish("organisation.changed", audience=[organisation.pk], organisation=organisation.code)
    return organisation


def _not_allowed() -> NotAllowed:
    return NotAllowed(
        gettext_noop("Only owners and managers of the organisation may do this."),
        fix=gettext_noop("Choose the organisation you act for at the top of the page, or ask an owner."),
    )


def _governed(code: UUID | str, by: Actor) -> Organisation:
    """Lock and return the organisation whose members `by` may change."""
    organisation = Organisation.objects.select_for_update().get(code=code, pk=by.own_organisation_id)
    if not policies.may_govern(by, organisation):
        raise NotAllowed(gettext_noop("Only owners decide who belongs to an organisation."))
    return organisation


@transaction.atomic
def invite(code: UUID | str, *, email: str, role: Role, by: Actor, at: datetime) -> tuple[Invitation, str]:
    """Write a letter to `email`; return it with its secret, which is shown only now. A newer letter replaces an older.

    Raises:
        Organisation.DoesNotExist: not the party that `by` acts for.
        NotAllowed: `by` is no owner of it.
        AlreadyMember: the address belongs to a member.
    """
    organisation = _governed(code, by)
    address = email.strip().lower()
    if organisation.memberships.filter(user__email=address).exists():
        raise AlreadyMember(gettext_noop("This person belongs to the organisation already."), field="email")
    organisation.invitations.filter(email=address, accepted_at=None, revoked_at=None).update(revoked_at=at)
    secret = secrets.new()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        token_hash=secrets.digest(secret),
        invited_by_id=by.own_user_id,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    mail.invitation(invitation, secret)
    audit.record("invite", organisation, by=by, at=at, role=role, invitation=str(invitation.code))
    return invitation, secret


@transaction.atomic
def withdraw_invitation(invitation_code: UUID | str, *, by: Actor, at: datetime) -> Invitation:
    """Make a letter worthless.

    Raises:
        Invitation.DoesNotExist: no such open letter of the organisation `by` acts for.
        NotAllowed: `by` is no owner.
    """
    invitation = Invitation.objects.select_related("organisation").get(
        code=invitation_code, organisation_id=by.own_organisation_id, accepted_at=None, revoked_at=None
    )
    _governed(invitation.organisation.code, by)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    audit.record("withdraw_invitation", invitation.organisation, by=by, at=at, invitation=str(invitation.code))
    return invitation


@transaction.atomic
def accept(secret: str, *, by: Actor, at: datetime) -> Membership:
    """Join by a letter. Whoever holds the secret was given it: the address may differ, the owners are told who came.

    Raises:
        InvitationInvalid: unknown, withdrawn, used or too old.
        AlreadyMember: the person belongs to the organisation.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=secrets.digest(secret)).first()
    if invitation is None or not invitation.is_open(at):
        raise InvitationInvalid(
            gettext_noop("This invitation is no longer valid."), fix=gettext_noop("Ask the owner for a new one.")
        )
    organisation = invitation.organisation
    user = User.objects.get(pk=by.own_user_id)
    if organisation.memberships.filter(user=user).exists():
        raise AlreadyMember(gettext_noop("You belong to this organisation already."))
    membership = Membership.objects.create(user=user, organisation=organisation, role=invitation.role, joined_at=at)
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record("join", organisation, by=by, at=at, role=membership.role, invitation=str(invitation.code))
    owners = organisation.memberships.filter(role=Role.OWNER).values_list("user_id", flat=True)
    notifications.notify(
        user_ids=list(owners),
        kind=NoticeKind.ACCOUNT,
        message=gettext_noop("%(person)s joined %(organisation)s."),
        params={"person": user.display_name, "organisation": organisation.name},
        link=f"/me/organisations/{organisation.code}/members",
        at=at,
    )
    return membership


@transaction.atomic
def change_role(membership_code: UUID | str, *, role: Role, by: Actor, at: datetime) -> Membership:
    """Give a member another role.

    Raises:
        Membership.DoesNotExist: no such member of the organisation `by` acts for.
        NotAllowed: `by` is no owner.
        LastOwner: nobody would own the organisation.
    """
    membership = _member(membership_code, by)
    if membership.role == Role.OWNER and role != Role.OWNER:
        _refuse_last_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record("change_role", membership.organisation, by=by, at=at, member=str(membership.code), role=role)
    return membership


@transaction.atomic
def remove(membership_code: UUID | str, *, by: Actor, at: datetime) -> None:
    """End a membership: an owner ends anybody's, everybody ends their own.

    Raises:
        Membership.DoesNotExist: no such member of the organisation `by` acts for.
        NotAllowed: somebody else's, and `by` is no owner.
        LastOwner: nobody would own the organisation.
    """
    membership = _member(membership_code, by)
    if membership.role == Role.OWNER:
        _refuse_last_owner(membership)
    audit.record("remove_member", membership.organisation, by=by, at=at, member=str(membership.code))
    membership.delete()


def _member(membership_code: UUID | str, by: Actor) -> Membership:
    """Lock the organisation, then return its membership; the lock keeps two owners from leaving at once."""
    membership = Membership.objects.get(code=membership_code, organisation_id=by.own_organisation_id)
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    if membership.user_id != by.user_id and not policies.may_govern(by, organisation):
        raise NotAllowed(gettext_noop("Only owners decide who belongs to an organisation."))
    return Membership.objects.select_related("organisation").get(pk=membership.pk)


def _refuse_last_owner(membership: Membership) -> None:
    others = membership.organisation.memberships.filter(role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOwner(
            gettext_noop("This is the only owner of the organisation."),
            fix=gettext_noop("Make somebody else an owner first."),
        )
