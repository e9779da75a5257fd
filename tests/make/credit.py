"""Facts of the ledger, with fixed boring defaults."""

from datetime import datetime
from itertools import count

from accounts.models import Organisation
from credit.core.kinds import EventKind, Source
from credit.models import CreditEvent, RingAlert
from credit.services import ledger
from tests.make.accounts import MONDAY_9AM, organisation

_numbers = count(1)


def credit_event(
    organisation_: Organisation | None = None,
    *,
    kind: EventKind = EventKind.ORDER_COMPLETED,
    source: Source = Source.ORDER,
    at: datetime = MONDAY_9AM,
    **fields,
) -> CreditEvent:
    """One fact about a party, recorded the moment it happened."""
    party = organisation_ or organisation()
    fields = {"source_code": f"fact-{next(_numbers)}", "occurred_at": at, "at": at} | fields
    return ledger.record(organisation_id=party.pk, kind=kind, source=source, **fields)


def ring_alert(*members: Organisation, at: datetime = MONDAY_9AM) -> RingAlert:
    """An alert about a suspected ring that waits for a person."""
    made = RingAlert.objects.create(found_at=at)
    for member in members:
        made.members.create(organisation=member)
    return made
