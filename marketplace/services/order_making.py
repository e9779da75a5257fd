"""Bring an order into being: its row, its parts, its terms, and who has said yes so far."""

from collections.abc import Sequence
from datetime import datetime
from types import ModuleType
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM, Actor
from marketplace import directions
from marketplace.core import clocks
from marketplace.core.deal import Acceptance, Line
from marketplace.core.order_states import OrderParty
from marketplace.core.parts import HOUR_UNIT
from marketplace.directions import Lifecycle
from marketplace.models import Demand, Listing, Order
from marketplace.services import (
    agreements,
    bookings,
    deliveries,
    milestones,
    order_demands,
    order_notices,
    order_parties,
    order_rows,
)

# How each kind of deal is carried out; each module answers place, confirm, drop, earned and is_open.
PARTS: dict[str, ModuleType] = {
    Lifecycle.SLOTS: bookings,
    Lifecycle.MILESTONES: milestones,
    Lifecycle.QUANTITY: deliveries,
}
# A leg of a bundle whose direction has no parts of its own is handed in and accepted like a task.
_LEG = Lifecycle.MILESTONES


def propose(
    lines: Sequence[tuple[Listing, Line]],
    *,
    consumer_id: int,
    demand: Demand | None,
    source: Order.Source,
    source_code: UUID | None,
    is_proposed_by_consumer: bool,
    note: str,
    by: Actor,
    at: datetime,
) -> Order:
    """Make a proposed order of one line, or a bundle of several; the listings are locked by the caller.

    Raises:
        DealingNeedsVerification, StandingRestricts: one of the parties may not agree to it.
        Refused: a line does not fit the listing's times, capacity or limits.
    """
    whole_fen = sum(line.price.total_fen for _, line in lines)
    order_parties.require_dealable([consumer_id], total_fen=whole_fen, by=by, at=at)
    for listing, line in lines:
        order_parties.require_dealable([listing.owner_id], total_fen=line.price.total_fen, by=by, at=at)
    asked: dict[str, Any] = {
        "consumer_id": consumer_id,
        "demand": demand,
        "source": source,
        "source_code": source_code,
        "is_proposed_by_consumer": is_proposed_by_consumer,
        "note": note,
        "proposed_at": at,
    }
    kind = _lifecycle(lines[0][0])
    if len(lines) == 1 and kind != Lifecycle.BUNDLE:
        return _single(*lines[0], lifecycle=kind, parent=None, asked=asked, by=by, at=at)
    parent = Order.objects.create(
        **asked,
        direction=demand.direction if demand else lines[0][0].direction,
        lifecycle=Lifecycle.BUNDLE,
        title=demand.title if demand else lines[0][0].title,
        quantity=1,
        unit="bundle",
        unit_price_fen=0,
        total_fen=whole_fen,
        period=_hull([line for _, line in lines]),
    )
    order_rows.step(parent, "propose", source="", by=by, at=at)
    lifecycle = _LEG if kind == Lifecycle.BUNDLE else kind
    legs = [_single(*pair, lifecycle=lifecycle, parent=parent, asked=asked, by=by, at=at) for pair in lines]
    parent.due_at = min(leg.due_at for leg in legs if leg.due_at)
    parent.save(update_fields=["due_at"])
    return parent


def agree(order: Order, acceptances: Sequence[Acceptance], *, at: datetime) -> None:
    """Let both sides' yes take effect: an order, or a bundle with all its legs, becomes binding."""
    orders = (
        [*order.legs.select_related("listing", "consumer", "provider").order_by("id"), order]
        if order.is_bundle
        else [order]
    )
    for each in orders:
        if not each.is_bundle:
            for acceptance in acceptances:
                if acceptance.organisation_id in each.party_ids():
                    agreements.accept(
                        each, organisation_id=acceptance.organisation_id, user_id=acceptance.user_id, at=acceptance.at
                    )
        take_effect(each, "agree", parties={OrderParty.SYSTEM}, by=SYSTEM, at=at)


def take_effect(
    order: Order, move: str, *, parties: set[OrderParty] | frozenset[OrderParty], by: Actor, at: datetime
) -> None:
    """Make the move that leads to AGREED and confirm what was held for it."""
    order_rows.move(order, move, parties=parties, by=by, at=at)
    if not order.is_bundle:
        PARTS[order.lifecycle].confirm(order, by=by, at=at)
    order_demands.agreed(order, at=at)
    order_notices.agreed(order, at=at)


def _single(
    listing: Listing,
    line: Line,
    *,
    lifecycle: str,
    parent: Order | None,
    asked: dict[str, Any],
    by: Actor,
    at: datetime,
) -> Order:
    price, span = line.price, line.span
    order = Order.objects.create(
        **asked,
        parent=parent,
        direction=listing.direction,
        lifecycle=lifecycle,
        listing=listing,
        provider_id=listing.owner_id,
        title=listing.title,
        quantity=price.quantity,
        unit=listing.unit,
        unit_price_fen=price.unit_price_fen,
        setup_fen=price.setup_fen,
        total_fen=price.total_fen,
        period=TimestamptzRange(*span) if span else None,
        due_at=clocks.answer_by(at, span[0] if span else None),
    )
    order.listing = listing
    PARTS[lifecycle].place(order, line, at=at)
    agreements.draw_up(order, at=at)
    order_rows.step(order, "propose", source="", by=by, at=at)
    return order


def _lifecycle(listing: Listing) -> Lifecycle:
    """Return how deals over `listing` are carried out; what is not counted in hours is sent in and sent back."""
    kind = directions.direction(listing.direction).lifecycle
    return Lifecycle.QUANTITY if kind == Lifecycle.SLOTS and listing.unit != HOUR_UNIT else kind


def _hull(lines: Sequence[Line]) -> TimestamptzRange | None:
    spans = [line.span for line in lines if line.span]
    return TimestamptzRange(min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
