"""Deals: what stands on offer for them, and orders at each point of their life."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM
from accounts.models import Organisation
from marketplace.core.deal import Acceptance, Line
from marketplace.core.parts import Slot
from marketplace.directions import Lifecycle, direction
from marketplace.models import Booking, Demand, Inquiry, Listing, Order, Quote
from marketplace.services import bookings, deliveries, inquiries, milestones, orders, quotes
from tests.make.accounts import MONDAY_9AM, actor, organisation

TUESDAY_9AM = MONDAY_9AM + timedelta(days=1)
_lots = count(1)


def offer(code: str = "equipment", *, owner: Organisation | None = None, **fields) -> Listing:
    """A published listing of the direction, open at every hour, 100.00 yuan a unit."""
    defaults = {
        "owner": owner or organisation(),
        "direction": code,
        "state": "published",
        "title": "五轴加工中心",
        "unit": direction(code).unit,
        "price_fen": 10_000,
        "published_at": MONDAY_9AM,
        "created_at": MONDAY_9AM,
        "changed_at": MONDAY_9AM,
        "lottery": next(_lots),
    }
    return Listing.objects.create(**(defaults | fields))


def wish(code: str = "equipment", *, owner: Organisation | None = None, **fields) -> Demand:
    """A published demand of the direction."""
    defaults = {
        "owner": owner or organisation(),
        "direction": code,
        "state": "published",
        "title": "求五轴加工",
        "quantity": 4,
        "unit": direction(code).unit,
        "published_at": MONDAY_9AM,
        "created_at": MONDAY_9AM,
        "changed_at": MONDAY_9AM,
    }
    return Demand.objects.create(**(defaults | fields))


def slot(start: datetime = TUESDAY_9AM, hours: int = 2) -> Slot:
    return Slot(start, start + timedelta(hours=hours))


def request_fields(listing: Listing, *, quantity: int = 2) -> dict:
    """What a consumer fills in to ask for `listing`, as its kind of deal wants it."""
    if direction(listing.direction).lifecycle == Lifecycle.SLOTS and listing.unit == "machine_hour":
        return {"slots": [slot(hours=quantity)]}
    return {"quantity": quantity, "start": TUESDAY_9AM, "end": TUESDAY_9AM + timedelta(days=14)}


def order(
    listing: Listing | None = None,
    *,
    consumer: Organisation | None = None,
    state: str = "proposed",
    at: datetime = MONDAY_9AM,
    **fields,
) -> Order:
    """An order asked for at 9 o'clock on Monday, brought to `state` through the services."""
    listing = listing or offer()
    asker = actor(consumer or organisation())
    made = orders.request(listing.code, **(request_fields(listing) | fields), by=asker, at=at)
    return brought_to(made, state, at=at)


def brought_to(made: Order, state: str, *, at: datetime = MONDAY_9AM) -> Order:
    """Move an order along its usual way until it stands in `state`."""
    way = ["proposed", "agreed", "in_progress", "completed"]
    for step in way[1 : way.index(state) + 1]:
        if step == "agreed":
            for each in made.legs.order_by("id") if made.is_bundle else [made]:
                orders.accept(each.code, by=actor(each.provider), at=at)
        elif step == "in_progress":
            for each in made.legs.order_by("id") if made.is_bundle else [made]:
                orders.start(each.code, by=actor(each.provider), at=at)
        else:
            finish(made)
    made.refresh_from_db()
    return made


def finish(made: Order) -> None:
    """Use, accept or receive every part of an order and of its legs."""
    for leg in made.legs.order_by("id"):
        finish(leg)
    if made.is_bundle:
        return
    consumer, provider = actor(made.consumer), actor(made.provider)
    for booking in made.bookings.filter(state="confirmed").order_by("period"):
        bookings.start(booking.code, by=provider, at=booking.period.lower)
        bookings.finish(booking.code, by=provider, at=booking.period.upper)
    for milestone in made.milestones.filter(state="planned").order_by("ordinal"):
        milestones.submit(milestone.code, note="成果", by=provider, at=TUESDAY_9AM)
        milestones.accept(milestone.code, by=consumer, at=TUESDAY_9AM)
    for delivery in made.deliveries.filter(state="planned").order_by("ordinal"):
        deliveries.ship(delivery.code, waybill="SF1", by=provider, at=TUESDAY_9AM)
        deliveries.accept(delivery.code, by=consumer, at=TUESDAY_9AM)


def bundle(
    n_legs: int = 2,
    *,
    consumer: Organisation | None = None,
    at: datetime = MONDAY_9AM,
    start: datetime = TUESDAY_9AM,
) -> Order:
    """A bundle asked for from `n_legs` providers, over a week from `start` on."""
    end = start + timedelta(days=7)
    lines = [Line(offer("resources").code, 1, 0, start=start, end=end) for _ in range(n_legs)]
    return orders.request_bundle(lines, by=actor(consumer or organisation()), at=at)


def yes(of: Organisation, at: datetime = MONDAY_9AM) -> Acceptance:
    """The acceptance of an organisation's first member."""
    who = actor(of)
    return Acceptance(of.pk, who.user_id, at)


def instant(text: str) -> datetime:
    """An instant in UTC from "2026-03-02 01:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def close_inquiry(code: str, *, at: datetime) -> None:
    """Let the closing time of an inquiry have passed."""
    Inquiry.objects.filter(code=code).update(opened_at=at - timedelta(days=3), closes_at=at - timedelta(seconds=1))


def matched(listing: Listing, demand: Demand, *, at: datetime = MONDAY_9AM) -> Order:
    """The order of a match that both accepted, over the demand's whole quantity at the listed price."""
    return orders.from_match(
        [Line(listing.code, demand.quantity, listing.price_fen)],
        demand_code=demand.code,
        proposal_code=demand.code,
        acceptances=[yes(demand.owner), yes(listing.owner)],
        by=SYSTEM,
        at=at,
    )


def offered(at: datetime = MONDAY_9AM, **fields) -> quotes.Offer:
    """What a provider offers: 90.00 yuan a unit, begun in a week, done in three, standing for a month."""
    defaults = {
        "unit_price_fen": 9_000,
        "starts_at": at + timedelta(days=7),
        "ends_at": at + timedelta(days=21),
        "valid_until": at + timedelta(days=30),
    }
    return quotes.Offer(**(defaults | fields))


def inquiry(demand: Demand | None = None, *, at: datetime = MONDAY_9AM, code: str = "capacity") -> Inquiry:
    """A call for quotes on a demand, open for three days."""
    demand = demand or wish(code)
    return inquiries.open_for(demand.code, closes_at=at + timedelta(days=3), by=actor(demand.owner), at=at)


def quote(
    code: str = "capacity",
    *,
    asked: Inquiry | None = None,
    listing: Listing | None = None,
    at: datetime = MONDAY_9AM,
    **fields,
) -> Quote:
    """A quote that stands, from a listing of its own."""
    asked = asked or inquiry(code=code, at=at)
    listing = listing or offer(asked.demand.direction)
    return quotes.submit(asked.code, listing.code, offered(at, **fields), by=actor(listing.owner), at=at)


def begin_now(booking: Booking) -> None:
    """Move a booking to the hours that run now, so that it may begin."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    booking.period = TimestamptzRange(start, start + timedelta(hours=booking.hours))
    booking.save()
