"""What was read: the agency sees its own reads, a party the reads that were about it, operators all of them."""

from django.db.models import QuerySet

from accounts.core.actor import Actor
from supervision.core.reader import Reader
from supervision.models import ReadLog


def of_agency(reader: Reader) -> QuerySet[ReadLog]:
    """Return the reads of the reader's whole agency, newest first."""
    return _listed().filter(agency_id=reader.agency_id)


def about(actor: Actor) -> QuerySet[ReadLog]:
    """Return the reads whose rows were about the party that `actor` acts for, newest first."""
    if actor.organisation_id is None:
        return ReadLog.objects.none()
    return _listed().filter(organisation_ids__contains=[actor.organisation_id])


def of_all(actor: Actor) -> QuerySet[ReadLog]:
    """Return every read for an operator of the platform, newest first; nothing for others."""
    return _listed() if actor.is_operator else ReadLog.objects.none()


def _listed() -> QuerySet[ReadLog]:
    return ReadLog.objects.select_related("agency", "client", "officer").order_by("-at", "-id")
