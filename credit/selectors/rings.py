"""Suspected rings of raters."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.core.actor import Actor
from credit import policies
from credit.core.kinds import EventKind
from credit.core.rings import Praise
from credit.models import CreditEvent, RingAlert, RingMember


def damped_raters() -> frozenset[int]:
    """Return the ids of parties whose ratings count little: members of alerts that nobody has lifted."""
    return frozenset(RingMember.objects.filter(alert__lifted_at__isnull=True).values_list("organisation_id", flat=True))


def praise() -> list[Praise]:
    """Return every rating in the ledger as the detector wants it."""
    rows = CreditEvent.objects.filter(
        kind=EventKind.RATING_RECEIVED, value__isnull=False, counterparty__isnull=False
    ).values_list("counterparty_id", "organisation_id", "value")
    return [Praise(rater, rated, value or 0.0) for rater, rated, value in rows if rater is not None]


def alert(code: UUID, *, viewer: Actor) -> RingAlert:
    """Return one alert for those who decide on alerts.

    Raises:
        RingAlert.DoesNotExist: no such alert, or it is not for the viewer to read.
    """
    if not policies.decides(viewer):
        raise RingAlert.DoesNotExist
    return RingAlert.objects.get(code=code)


def open_alerts(viewer: Actor) -> QuerySet[RingAlert]:
    """Return the alerts that wait for a person, oldest first, members prefetched; empty for others than those."""
    if not policies.decides(viewer):
        return RingAlert.objects.none()
    return (
        RingAlert.objects.filter(confirmed_at__isnull=True, lifted_at__isnull=True)
        .prefetch_related("members__organisation")
        .order_by("found_at", "id")
    )
