"""Make, answer and carry out orders; how they end is in `order_ending`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from common import audit, events
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core import pricing
from marketplace.core.deal import Acceptance, Line
from marketplace.core.order_states import ORDER, OrderParty, OrderState
from marketplace.core.parts import MilestonePlan, Slot
from marketplace.models import Demand, Listing, Order
from marketplace.services import (
    agreements,
    order_ending,
    order_making,
    order_notices,
    order_parties,
    order_progress,
    order_rows,
)
from marketplace.services.order_ending import cancel, cancel_fee, close, hold, release
from marketplace.services.order_making import PARTS

__all__ = [
    "accept", "cancel", "cancel_fee", "close", "complete", "from_match", "hold", "listed_price", "refuse", "release",
    "request", "request_bundle", "start", "withdraw",
]  # fmt: skip


MATCHED_WITHOUT_TIME = timedelta(days=30)


class RequestRefused(Refused):
    """What is asked for cannot be ordered like this."""


class StillOpen(Refused):
    """Parts of the order are not done."""


@transaction.atomic
def request(
    listing_code: UUID,
    *,
    quantity: int = 0,
    start: datetime | None = None,
    end: datetime | None = None,
    slots: Sequence[Slot] = (),
    milestones: Sequence[MilestonePlan] = (),
    demand_code: UUID | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Order:
    """Ask a provider for their listing at its listed price; the answer is awaited for at most three days.

    Args:
        quantity: in the listing's unit; for slots it may be left out and follows from them.
        slots: exact times, for what is booked by the hour: held until the answer.
        demand_code: the asker's own demand that this serves, whose budget then holds.

    Raises:
        Listing.DoesNotExist, Demand.DoesNotExist: not there, or not for `by`.
        AllottedInRounds: match rounds alone give it away.
        RequestRefused: one's own listing, under the minimum, not published, or `by` may not bind their organisation.
        DealingNeedsVerification, StandingRestricts: one of the parties may not order or be ordered from.
        Refused: times, capacity, amounts or limits do not hold; the sentence says which.
    """
    line = Line(
        listing_code,
        quantity or sum(slot.hours for slot in slots),
        0,
        start=start,
        end=end,
        slots=tuple(slots),
        milestones=tuple(milestones),
    )
    return request_bundle([line], demand_code=demand_code, note=note, by=by, at=at)


@transaction.atomic
def request_bundle(
    lines: Sequence[Line], *, demand_code: UUID | None = None, note: str = "", by: Actor, at: datetime
) -> Order:
    """Ask several providers at once for what only makes sense together; one refusal refuses the whole.

    The listed prices take the place of the lines' own. Raises as `request` does.
    """
    found = order_rows.lock_listings([line.listing_code for line in lines])
    consumer_id = policies.require_binding(by)
    pairs = [(found[line.listing_code], _at_listed_price(found[line.listing_code], line)) for line in lines]
    for listing, line in pairs:
        _check_orderable(listing, line, consumer_id=consumer_id, at=at)
    demand = None
    if demand_code is not None:
        demand = Demand.objects.select_related("owner").get(code=demand_code, owner_id=consumer_id)
        _check_budget(demand, [line for _, line in pairs])
    order = order_making.propose(
        pairs,
        consumer_id=consumer_id,
        demand=demand,
        source=Order.Source.REQUEST,
        source_code=None,
        is_proposed_by_consumer=True,
        note=note,
        by=by,
        at=at,
    )
    for each in order.legs.joined() if order.is_bundle else [order]:
        agreements.accept(each, organisation_id=consumer_id, user_id=by.user_id, at=at)
        order_notices.proposed(each, at=at)
        events.publish("order.proposed", audience=each.party_ids(), order=each.code)
    audit.record("order.request", order, by=by, at=at)
    return order


@transaction.atomic
def from_match(
    lines: Sequence[Line],
    *,
    demand_code: UUID,
    proposal_code: UUID,
    acceptances: Sequence[Acceptance],
    by: Actor,
    at: datetime,
) -> Order:
    """Make the binding order of a match that the consumer and every provider accepted; several lines make a bundle.

    Args:
        proposal_code: public code of the proposal (or of all proposals of the bundle), kept as the order's source.
        acceptances: the yes of each side, the consumer's and one for each provider.

    Raises:
        Demand.DoesNotExist, Listing.DoesNotExist: not there any more.
        RequestRefused: a side's yes is missing, or a listing is no longer offered.
        Refused: times, capacity or limits no longer hold; the sentence says which.
    """
    demand = Demand.objects.select_related("owner").get(code=demand_code)
    found = order_rows.lock_listings([line.listing_code for line in lines])
    pairs = [(found[line.listing_code], _dated(line, at)) for line in lines]
    sides = {demand.owner_id, *(listing.owner_id for listing, _ in pairs)}
    if sides - {acceptance.organisation_id for acceptance in acceptances}:
        raise RequestRefused(gettext_noop("Not every side has accepted."))
    for listing, line in pairs:
        policies.require_offered(listing, at=at)
        pricing.check_reserve(line.price, reserve_fen=listing.floor_fen)
    order = order_making.propose(
        pairs,
        consumer_id=demand.owner_id,
        demand=demand,
        source=Order.Source.MATCH,
        source_code=proposal_code,
        is_proposed_by_consumer=True,
        note="",
        by=by,
        at=at,
    )
    order_making.agree(order, acceptances, at=at)
    audit.record("order.from_match", order, by=by, at=at, proposal=str(proposal_code))
    return order


@transaction.atomic
def accept(code: UUID, *, read_sha256: str = "", by: Actor, at: datetime) -> Order:
    """Accept a proposed order: it binds both sides; a leg of a bundle binds once every leg is accepted.

    Args:
        read_sha256: hash of the terms that were shown; when given it must be that of the newest ones.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: nothing awaits an answer, or not that of `by`.
        TermsChanged: newer terms were drawn up since.
        DealingNeedsVerification, StandingRestricts: one of the parties may not agree to it any more.
    """
    order = order_rows.locked(code, by=by)
    parties = policies.order_parties(by, order)
    ORDER.target(order.state, "accept" if order.parent is None else "pledge", parties)
    order_parties.require_dealable(order.party_ids(), total_fen=order.total_fen, by=by, at=at)
    if order.parent is None:
        order_making.take_effect(order, "accept", parties=parties, by=by, at=at)
        _sign(order, read_sha256, by=by, at=at)
        return order
    order_rows.move(order, "pledge", parties=parties, by=by, at=at)
    _sign(order, read_sha256, by=by, at=at)
    if not order.parent.legs.exclude(state=OrderState.PLEDGED).exists():
        order_making.agree(order.parent, [], at=at)
        order.refresh_from_db()
    return order


@transaction.atomic
def refuse(code: UUID, *, reason: str = "", by: Actor, at: datetime) -> Order:
    """Refuse a proposed order; a refused leg refuses the whole bundle.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: nothing awaits an answer, or not that of `by`.
    """
    order = order_rows.locked(code, by=by)
    order_ending.end(order, "refuse", parties=policies.order_parties(by, order), reason=reason, by=by, at=at)
    if order.parent is not None:
        for other in order_ending.waiting(order.parent):
            order_ending.end(other, "refuse", parties={OrderParty.SYSTEM}, reason="leg", by=SYSTEM, at=at)
    return order


@transaction.atomic
def withdraw(code: UUID, *, reason: str = "", by: Actor, at: datetime) -> Order:
    """Take back one's own proposal before it is answered, a bundle with all its legs.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: it is answered already, or it is not `by`'s own; a leg is withdrawn with its bundle.
    """
    order = order_rows.locked(code, by=by)
    parties = policies.order_parties(by, order)
    for leg in order.legs.joined() if order.is_bundle else ():
        order_ending.end(leg, "withdraw", parties=parties, reason=reason, by=by, at=at)
    order_ending.end(order, "withdraw", parties=parties, reason=reason, by=by, at=at)
    return order


@transaction.atomic
def start(code: UUID, *, by: Actor, at: datetime) -> Order:
    """Begin the work; the first use, hand-in or shipment does this by itself.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: it is not agreed, or `by` is not the provider.
    """
    order = order_rows.locked(code, by=by)
    order_rows.move(order, "start", parties=policies.order_parties(by, order), by=by, at=at)
    if order.parent is not None:
        order_progress.started(order, by=by, at=at)
    return order


@transaction.atomic
def complete(code: UUID, *, by: Actor, at: datetime) -> Order:
    """Say that nothing more is wanted of an order whose parts are done; hours left over lapse.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        StillOpen: a part is still to come, running, or not accepted.
        TransitionRefused: it is not in progress, or `by` is not the consumer.
    """
    order = order_rows.locked(code, by=by)
    parties = policies.order_parties(by, order)
    if order.is_bundle or PARTS[order.lifecycle].is_open(order):
        raise StillOpen(
            gettext_noop("Parts of this order are not done yet."),
            fix=gettext_noop("Finish, accept or give back each of them first."),
        )
    order_progress.complete(order, PARTS[order.lifecycle].earned(order), parties=parties, by=by, at=at)
    return order


def _dated(line: Line, at: datetime) -> Line:
    """Let what was matched for a time that has begun begin now; without a time it is to be done within a month."""
    start = max(line.start or at, at)
    return replace(line, start=start, end=line.end if line.end and line.end > start else start + MATCHED_WITHOUT_TIME)


def listed_price(listing: Listing, quantity: int) -> pricing.Price:
    """Return what `quantity` of a listing costs when it is requested.

    Raises:
        RequestRefused: it has no fixed price.
    """
    return _at_listed_price(listing, Line(listing.code, quantity, 0)).price


def _at_listed_price(listing: Listing, line: Line) -> Line:
    if listing.price_fen is None:
        raise RequestRefused(
            gettext_noop("This listing has no fixed price."), fix=gettext_noop("Publish a demand and ask for a quote.")
        )
    return replace(line, unit_price_fen=listing.price_fen, setup_fen=listing.setup_fee_fen)


def _check_orderable(listing: Listing, line: Line, *, consumer_id: int, at: datetime) -> None:
    policies.require_offered(listing, at=at)
    policies.require_first_come(listing)
    if listing.owner_id == consumer_id:
        raise RequestRefused(gettext_noop("This is your own listing."))
    if line.quantity < listing.minimum_lot:
        raise RequestRefused(
            gettext_noop("The least that can be ordered is %(minimum)s."),
            field="quantity",
            params={"minimum": listing.minimum_lot},
        )
    if any(part.end <= part.start for part in line.slots) or (line.span and line.span[1] <= line.span[0]):
        raise RequestRefused(gettext_noop("The end must be after the start."), field="end")
    if line.span and line.span[0] < at + timedelta(days=listing.lead_time_days):
        raise RequestRefused(
            gettext_noop("The provider needs %(days)s days before the start."),
            fix=gettext_noop("Choose a later time."),
            field="start",
            params={"days": listing.lead_time_days},
        )


def _check_budget(demand: Demand, lines: Sequence[Line]) -> None:
    """Hold the demand's limit per unit against the whole."""
    if demand.budget_fen is not None:
        total_fen = sum(line.price.total_fen for line in lines)
        pricing.check_budget(total_fen, budget_fen=demand.budget_fen * sum(line.quantity for line in lines))


def _sign(order: Order, read_sha256: str, *, by: Actor, at: datetime) -> None:
    if by.organisation_id is None:
        raise RequestRefused(gettext_noop("Choose for which organisation you act."))
    agreements.accept(order, organisation_id=by.organisation_id, user_id=by.user_id, at=at, read_sha256=read_sha256)
    audit.record("order.accept", order, by=by, at=at)
