"""Who may do what with parties, their members and their proofs of identity."""

from datetime import date

from accounts.core.actor import Actor, Role
from accounts.core.levels import needed_to_deal
from accounts.core.verification_states import VerificationParty
from accounts.models import Organisation, VerificationCase


def may_edit(actor: Actor, organisation: Organisation) -> bool:
    """Owners and managers of the party they act for."""
    return actor.organisation_id == organisation.pk and actor.has(Role.OWNER, Role.MANAGER)


def may_govern(actor: Actor, organisation: Organisation) -> bool:
    """Members and their roles are the owners' business; a person's party has no other members."""
    return actor.organisation_id == organisation.pk and actor.has(Role.OWNER) and not organisation.is_person


def may_review(actor: Actor) -> bool:
    return actor.has(Role.REVIEWER)


def parties_in(actor: Actor, case: VerificationCase) -> set[VerificationParty]:
    """Return what `actor` is to the case; nobody reviews their own party."""
    parties = set()
    if actor.is_system:
        parties.add(VerificationParty.SYSTEM)
    if actor.organisation_id == case.organisation_id and actor.has(Role.OWNER, Role.MANAGER):
        parties.add(VerificationParty.APPLICANT)
    elif may_review(actor) and not case.organisation.memberships.filter(user_id=actor.own_user_id).exists():
        parties.add(VerificationParty.REVIEWER)
    return parties


def is_verified(organisation: Organisation, today: date) -> bool:
    """Tell whether the party's identity is verified and still in force; licences are asked for apart."""
    return organisation.verification_level >= needed_to_deal(organisation.kind) and (
        organisation.verified_until is not None and today <= organisation.verified_until
    )
