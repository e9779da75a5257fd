"""Insert the made-up parties of the demo, many at a time; every row says that it is a demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.core.actor import Actor, Role
from accounts.core.levels import CaseKind, Level
from accounts.core.parties import OrganisationKind
from accounts.core.verification_states import VerificationState
from accounts.models import Membership, Organisation, User, VerificationCase

BATCH = 2_000
REASON = "演示数据 / demo"


@dataclass(frozen=True)
class DemoParty:
    """One organisation with one account that owns it.

    Args:
        description: fields of Organisation beside name, kind and credit_code.
        verified_until: end of its verification; None leaves it unverified.
        licences: codes of the licences it holds.
        licences_until: end of the licences; a day in the past shows an expired one.
    """

    email: str
    name: str
    kind: str
    credit_code: str
    description: dict[str, Any]
    verified_until: date | None
    licences: Sequence[str] = ()
    licences_until: date | None = None


@transaction.atomic
def insert_parties(parties: Sequence[DemoParty], *, password: str, at: datetime) -> list[Actor]:
    """Insert accounts, organisations, memberships and approved cases; return the owners, acting for them, in order.

    One hash serves all accounts, since a demo's password is public anyway.
    """
    hashed = make_password(password)
    users = User.objects.bulk_create(
        [
            User(
                email=p.email,
                password=hashed,
                display_name=f"演示账号 {p.email.split('@')[0]}",
                joined_at=at,
                is_demo=True,
            )
            for p in parties
        ],
        BATCH,
    )
    persons = Organisation.objects.bulk_create(
        [
            Organisation(kind=OrganisationKind.PERSON, name=u.display_name, person=u, is_demo=True, created_at=at)
            for u in users
        ],
        BATCH,
    )
    organisations = Organisation.objects.bulk_create([_organisation(party, at) for party in parties], BATCH)
    Membership.objects.bulk_create(
        [
            Membership(user=user, organisation=party, role=Role.OWNER, joined_at=at)
            for user, *own in zip(users, persons, organisations, strict=True)
            for party in own
        ],
        BATCH,
    )
    VerificationCase.objects.bulk_create(
        [
            case
            for party, row in zip(parties, organisations, strict=True)
            if party.verified_until
            for case in _cases(party, row, at)
        ],
        BATCH,
    )
    return [
        Actor(user_id=user.pk, organisation_id=row.pk, roles=frozenset({Role.OWNER}))
        for user, row in zip(users, organisations, strict=True)
    ]


def _organisation(party: DemoParty, at: datetime) -> Organisation:
    held = Level.LICENSED if party.licences else Level.ORGANISATION
    return Organisation(
        kind=party.kind,
        name=party.name,
        credit_code=party.credit_code,
        is_demo=True,
        created_at=at,
        verification_level=held if party.verified_until else Level.MAIL,
        verified_until=party.verified_until,
        **party.description,
    )


def _cases(party: DemoParty, row: Organisation, at: datetime) -> list[VerificationCase]:
    def case(kind: CaseKind, licence: str, until: date | None) -> VerificationCase:
        return VerificationCase(
            organisation=row,
            kind=kind,
            licence=licence,
            name=party.name,
            number=party.credit_code,
            number_digest="",
            state=VerificationState.APPROVED,
            submitted_at=at,
            decided_at=at,
            reason=REASON,
            valid_until=until,
        )

    licences = [case(CaseKind.LICENCE, code, party.licences_until or party.verified_until) for code in party.licences]
    return [case(CaseKind.ORGANISATION, "", party.verified_until), *licences]
