"""Report to the credit ledger what an order has shown of its parties."""

from datetime import datetime

from accounts.core.actor import Actor
from credit.core.kinds import EventKind, Source
from credit.services import ledger
from marketplace import policies
from marketplace.models import Order


def completed(order: Order, *, at: datetime) -> None:
    """Both sides carried a deal through."""
    for organisation_id in order.party_ids():
        _record(order, EventKind.ORDER_COMPLETED, organisation_id, at=at)


def cancelled_late(order: Order, *, by: Actor, at: datetime) -> None:
    """The side that left an agreed deal late; staff who end one for both sides leave no mark."""
    if policies.sides_of(by, order) and by.organisation_id is not None:
        _record(order, EventKind.ORDER_CANCELLED_LATE, by.organisation_id, at=at)


def _record(order: Order, kind: EventKind, organisation_id: int, *, at: datetime) -> None:
    others = [pk for pk in order.party_ids() if pk != organisation_id]
    ledger.record(
        organisation_id=organisation_id,
        kind=kind,
        source=Source.ORDER,
        source_code=str(order.code),
        counterparty_id=others[0] if others else None,
        amount_fen=order.total_fen,
        occurred_at=at,
        at=at,
    )
