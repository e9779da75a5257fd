"""Which authorities there are and who reads for them."""

from collections.abc import Collection

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.core.actor import Actor
from supervision import policies
from supervision.core.reader import Reader
from supervision.models import Agency, AgencyClient, AgencyOfficer, ReadLog


def reader_for(actor: Actor) -> Reader:
    """Return the agency for which a signed-in officer reads.

    Raises:
        AgencyOfficer.DoesNotExist: not an officer, not any more, or of an agency that may not read at present.
    """
    if actor.user_id is None or not policies.may_read_as_officer(actor):
        raise AgencyOfficer.DoesNotExist
    officer = AgencyOfficer.objects.select_related("agency").get(
        user_id=actor.user_id, until__isnull=True, agency__is_active=True
    )
    return _reader(officer.agency, officer.agency.scopes, officer_id=officer.user_id)


def reader_for_application(application_id: int, token_scopes: Collection[str]) -> Reader:
    """Return the agency for which an OAuth application reads with a token of `token_scopes`.

    A scope that the agency has lost since the token was made no longer counts.

    Raises:
        AgencyClient.DoesNotExist: no client, a revoked one, or of an agency that may not read at present.
    """
    client = AgencyClient.objects.select_related("agency").get(
        application_id=application_id, revoked_at__isnull=True, agency__is_active=True
    )
    return _reader(client.agency, set(token_scopes) & set(client.agency.scopes), client_id=client.pk)


def scopes_of_application(application_id: int) -> list[str]:
    """Return the scopes that a client may ask for; none when it may not read at all."""
    clients = AgencyClient.objects.filter(
        application_id=application_id, revoked_at__isnull=True, agency__is_active=True
    )
    return next(iter(clients.values_list("agency__scopes", flat=True)), [])


def of_reader(reader: Reader) -> Agency:
    return Agency.objects.get(pk=reader.agency_id)


def clients_of(reader: Reader) -> QuerySet[AgencyClient]:
    """Return the agency's clients, newest first, with their OAuth application."""
    return (
        AgencyClient.objects.filter(agency_id=reader.agency_id)
        .select_related("application", "issued_by")
        .order_by("-issued_at", "-pk")
    )


def managed_by(viewer: Actor) -> QuerySet[Agency]:
    """Return all authorities, those shut out too, with clients, officers and reads counted; to operators."""
    if not policies.may_manage_agencies(viewer):
        return Agency.objects.none()
    return Agency.objects.annotate(
        n_clients=Count("clients", filter=Q(clients__revoked_at__isnull=True), distinct=True),
        n_officers=Count("officers", filter=Q(officers__until__isnull=True), distinct=True),
        n_reads=Subquery(
            ReadLog.objects.filter(agency=OuterRef("pk"))
            .order_by()
            .values("agency")
            .annotate(n=Count("pk"))
            .values("n")
        ),
    ).order_by("-is_active", "level", "name")


def clients_at(agency: Agency, *, viewer: Actor) -> QuerySet[AgencyClient]:
    """Return an authority's clients, newest first, to whoever manages authorities."""
    clients = AgencyClient.objects.filter(agency=agency).select_related("application", "issued_by")
    return clients.order_by("-issued_at", "-pk") if policies.may_manage_agencies(viewer) else clients.none()


def officers_at(agency: Agency, *, viewer: Actor) -> QuerySet[AgencyOfficer]:
    """Return who reads for an authority at present, to whoever manages authorities."""
    officers = AgencyOfficer.objects.filter(agency=agency, until__isnull=True).select_related("user")
    return officers.order_by("since", "pk") if policies.may_manage_agencies(viewer) else officers.none()


def _reader(
    agency: Agency, scopes: Collection[str], *, client_id: int | None = None, officer_id: int | None = None
) -> Reader:
    return Reader(
        agency_id=agency.pk,
        agency_code=str(agency.code),
        scopes=frozenset(scopes),
        territory=agency.territory,
        client_id=client_id,
        officer_id=officer_id,
    )


def admitted() -> QuerySet[Agency]:
    """Return the authorities that may read at present, for everybody to see, with how often each has read."""
    return Agency.objects.filter(is_active=True).annotate(n_reads=Count("reads")).order_by("level", "name")
