"""Authorities, their officers and their clients: admitted, changed and shut out by the platform's operators."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken, Application

from accounts.core.actor import Actor, Role
from accounts.services import staff
from common import audit
from common.errors import Refused, gettext_noop
from supervision import policies
from supervision.core.reader import Scope
from supervision.core.territory import prefix_of
from supervision.models import Agency, AgencyClient, AgencyOfficer, Level


class AgencyInvalid(Refused):
    """What was given does not describe an authority."""


class NotAllowed(Refused):
    """This person may not change who reads."""


class TooManyClients(Refused):
    """The agency already has as many clients as it may."""


MOST_CLIENTS = 5


@dataclass(frozen=True)
class IssuedClient:
    """A new client with its secret, which is known at this moment only: afterwards a hash is kept."""

    client: AgencyClient
    client_id: str
    client_secret: str


@transaction.atomic
def create(
    *,
    name: str,
    level: str,
    division_codes: Collection[str],
    scopes: Collection[str],
    legal_basis: str,
    by: Actor,
    at: datetime,
    is_demo: bool = False,
) -> Agency:
    """Admit an authority with its territory and the most that it may read.

    Raises:
        NotAllowed: `by` is not an operator.
        AgencyInvalid: unknown level or scope, no territory, no six-digit division, or the name is taken.
    """
    _need_operator(by)
    if level not in Level.values:
        raise AgencyInvalid(gettext_noop("There is no level %(level)s."), field="level", params={"level": level})
    if unknown := sorted(set(scopes) - set(Scope)):
        raise AgencyInvalid(
            gettext_noop("There is no scope %(scope)s."), field="scopes", params={"scope": ", ".join(unknown)}
        )
    if Agency.objects.filter(name=name).exists():
        raise AgencyInvalid(gettext_noop("An authority of this name is admitted already."), field="name")
    agency = Agency.objects.create(
        name=name,
        level=level,
        division_codes=_divisions(division_codes),
        scopes=sorted(set(scopes)),
        legal_basis=legal_basis,
        is_demo=is_demo,
        created_at=at,
    )
    audit.record("agency.create", agency, by=by, at=at, divisions=agency.division_codes, scopes=agency.scopes)
    return agency


@transaction.atomic
def set_access(code: UUID, *, scopes: Collection[str], is_active: bool, by: Actor, at: datetime) -> Agency:
    """Change what an authority may read; takes effect at once, for tokens already issued too.

    Raises:
        Agency.DoesNotExist: no such authority.
        NotAllowed: `by` is not an operator.
    """
    _need_operator(by)
    agency = Agency.objects.select_for_update().get(code=code)
    agency.scopes = sorted(set(scopes) & set(Scope))
    agency.is_active = is_active
    agency.save(update_fields=["scopes", "is_active"])
    audit.record("agency.set_access", agency, by=by, at=at, scopes=agency.scopes, is_active=is_active)
    return agency


@transaction.atomic
def set_territory(code: UUID, *, division_codes: Collection[str], by: Actor, at: datetime) -> Agency:
    """Change where an authority reads; takes effect at once, for tokens already issued too.

    Raises:
        Agency.DoesNotExist: no such authority.
        NotAllowed: `by` is not an operator.
        AgencyInvalid: no territory, or no six-digit division.
    """
    _need_operator(by)
    agency = Agency.objects.select_for_update().get(code=code)
    agency.division_codes = _divisions(division_codes)
    agency.save(update_fields=["division_codes"])
    audit.record("agency.set_territory", agency, by=by, at=at, divisions=agency.division_codes)
    return agency


@transaction.atomic
def add_officer(agency: Agency, *, user_id: int, by: Actor, at: datetime) -> AgencyOfficer:
    """Let a user read for the agency on the pages; a user reads for one agency at a time.

    Raises:
        NotAllowed: `by` is not an operator.
    """
    _need_operator(by)
    officer, _ = AgencyOfficer.objects.update_or_create(
        user_id=user_id, defaults={"agency": agency, "since": at, "until": None}
    )
    staff.grant(user_id, Role.REGULATOR, by=by, at=at)
    audit.record("agency.add_officer", agency, by=by, at=at, user=user_id)
    return officer


@transaction.atomic
def end_officer(code: UUID, *, user_code: UUID, by: Actor, at: datetime) -> AgencyOfficer:
    """Let a person read for the authority no longer.

    Raises:
        AgencyOfficer.DoesNotExist: no such person reads for this authority.
        NotAllowed: `by` is not an operator.
    """
    _need_operator(by)
    officer = AgencyOfficer.objects.select_for_update().get(agency__code=code, user__code=user_code, until__isnull=True)
    officer.until = at
    officer.save(update_fields=["until"])
    staff.revoke(officer.user_id, Role.REGULATOR, by=by, at=at)
    audit.record("agency.end_officer", officer.agency, by=by, at=at, user=officer.user_id)
    return officer


@transaction.atomic
def issue_client(agency: Agency, *, label: str, by: Actor, at: datetime) -> IssuedClient:
    """Issue client credentials for the agency's own machine.

    Raises:
        NotAllowed: `by` is neither an operator nor an officer of this agency.
        TooManyClients: revoke one first.
    """
    if not _may_manage_clients(agency, by):
        raise NotAllowed(gettext_noop("Only officers of the authority and operators issue client credentials."))
    Agency.objects.select_for_update().get(pk=agency.pk)
    if AgencyClient.objects.filter(agency=agency, revoked_at__isnull=True).count() >= MOST_CLIENTS:
        raise TooManyClients(
            gettext_noop("An authority may have %(most)s clients at a time."),
            fix=gettext_noop("Revoke one that is no longer used."),
            params={"most": MOST_CLIENTS},
        )
    secret = generate_client_secret()
    application = Application.objects.create(
        name=f"{agency.name}: {label}"[:255],
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    client = AgencyClient.objects.create(
        agency=agency, application=application, label=label, issued_by_id=by.user_id, issued_at=at
    )
    audit.record("agency.issue_client", client, by=by, at=at, agency=str(agency.code))
    return IssuedClient(client=client, client_id=application.client_id, client_secret=secret)


@transaction.atomic
def rotate_secret(code: UUID, *, by: Actor, at: datetime) -> IssuedClient:
    """Give a client a new secret; the old one and the tokens that it brought end at once.

    Raises:
        AgencyClient.DoesNotExist: no open client, or none that `by` looks after.
    """
    client = _locked_client(code, by)
    secret = _renew_secret(client)
    audit.record("agency.rotate_secret", client, by=by, at=at, agency=str(client.agency.code))
    return IssuedClient(client=client, client_id=client.application.client_id, client_secret=secret)


@transaction.atomic
def revoke_client(code: UUID, *, by: Actor, at: datetime) -> AgencyClient:
    """Shut a client out; its tokens end with it.

    Raises:
        AgencyClient.DoesNotExist: no open client, or none that `by` looks after.
    """
    client = _locked_client(code, by)
    client.revoked_at = at
    client.save(update_fields=["revoked_at"])
    _renew_secret(client)  # to one that nobody knows
    audit.record("agency.revoke_client", client, by=by, at=at)
    return client


def _locked_client(code: UUID, by: Actor) -> AgencyClient:
    client = (
        AgencyClient.objects.select_for_update(of=("self",))
        .select_related("application", "agency")
        .get(code=code, revoked_at__isnull=True)
    )
    if not _may_manage_clients(client.agency, by):
        raise AgencyClient.DoesNotExist
    return client


def _renew_secret(client: AgencyClient) -> str:
    AccessToken.objects.filter(application_id=client.application_id).delete()
    secret: str = generate_client_secret()
    client.application.client_secret = secret
    client.application.save()
    return secret


def _divisions(codes: Collection[str]) -> list[str]:
    try:
        for code in codes:
            prefix_of(code)
    except ValueError as error:
        raise AgencyInvalid(
            gettext_noop("A division code has six digits (GB/T 2260)."), field="division_codes"
        ) from error
    if not codes:
        raise AgencyInvalid(gettext_noop("An authority needs a territory."), field="division_codes")
    return sorted(set(codes))


def _may_manage_clients(agency: Agency, by: Actor) -> bool:
    return policies.may_manage_agencies(by) or _is_officer(agency, by)


def _is_officer(agency: Agency, by: Actor) -> bool:
    officers = AgencyOfficer.objects.filter(agency=agency, until__isnull=True)
    return by.user_id is not None and officers.filter(user_id=by.user_id).exists()


def _need_operator(by: Actor) -> None:
    if not policies.may_manage_agencies(by):
        raise NotAllowed(gettext_noop("Only operators of the platform change which authorities read."))
