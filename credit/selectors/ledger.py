"""The facts that the ledger holds."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.core.actor import Actor
from credit import policies
from credit.core.kinds import EventKind, ObjectionState
from credit.models import CreditEvent, Objection


def of(*organisation_ids: int) -> QuerySet[CreditEvent]:
    """Return all facts about one party, or about each of several, in ledger order, objections joined."""
    return (
        CreditEvent.objects.filter(organisation_id__in=organisation_ids)
        .select_related("objection")
        .order_by("occurred_at", "code")
    )


def on_official_lists() -> QuerySet[CreditEvent]:
    """Return every fact that an official list made, whatever became of it, objections joined."""
    return CreditEvent.objects.filter(kind=EventKind.OFFICIAL_LIST).select_related("objection")


def visible_to(viewer: Actor, organisation_id: int) -> QuerySet[CreditEvent]:
    """Return the facts about a party, newest first, for the party itself and who decides on objections.

    Raises:
        CreditEvent.DoesNotExist: the ledger of this party is not the viewer's to read.
    """
    if not policies.may_read_ledger(viewer, organisation_id):
        raise CreditEvent.DoesNotExist
    return of(organisation_id).order_by("-occurred_at", "code")


def objection(viewer: Actor, code: UUID) -> Objection:
    """Return one objection with its fact.

    Raises:
        Objection.DoesNotExist: no such objection, or it is not the viewer's to read.
    """
    found = Objection.objects.select_related("event").get(code=code)
    if not policies.may_read_ledger(viewer, found.event.organisation_id):
        raise Objection.DoesNotExist
    return found


def get(code: UUID, *, viewer: Actor) -> CreditEvent:
    """Return one fact with its objection.

    Raises:
        CreditEvent.DoesNotExist: no such fact, or its ledger is not the viewer's to read.
    """
    event = CreditEvent.objects.select_related("objection").get(code=code)
    if not policies.may_read_ledger(viewer, event.organisation_id):
        raise CreditEvent.DoesNotExist
    return event


def open_objections(viewer: Actor) -> QuerySet[Objection]:
    """Return the objections that wait for a person, oldest first; empty for others than those who decide."""
    if not policies.decides(viewer):
        return Objection.objects.none()
    return (
        Objection.objects.filter(state=ObjectionState.OPEN)
        .select_related("event__organisation")
        .order_by("filed_at", "id")
    )


def is_void(event: CreditEvent) -> bool:
    """Tell whether an upheld objection has taken the fact's effect away."""
    found: Objection | None = getattr(event, "objection", None)
    return found is not None and found.state == ObjectionState.UPHELD
