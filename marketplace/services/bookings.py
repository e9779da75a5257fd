"""Take, use, meter and give back the time of a listing."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM, Actor
from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from marketplace import directions, policies
from marketplace.core import parts
from marketplace.core.booking_states import BOOKING, DONE, OCCUPYING, BookingParty, BookingState
from marketplace.core.deal import Line
from marketplace.core.order_states import OrderParty
from marketplace.core.parts import Slot
from marketplace.directions import Lifecycle
from marketplace.models import Booking, Listing, Order
from marketplace.selectors import slots as slot_selectors
from marketplace.services import order_parties, order_progress, order_rows
from marketplace.services.order_progress import Earned


class SlotTaken(Refused):
    """Somebody else has this time, or had it a moment earlier."""


class SlotClosed(Refused):
    """The provider does not offer this time."""


class HoursExceeded(Refused):
    """More hours than the order covers."""


_TAKEN = gettext_noop("This time was taken a moment ago.")
_CHOOSE = gettext_noop("Choose another time.")
EARLIEST = timedelta(hours=1)  # a use may begin this long before its time
FREE_UNTIL = timedelta(hours=24)  # a single time may be given back until then


@transaction.atomic
def reserve(order_code: UUID, slots: Sequence[Slot], *, by: Actor, at: datetime) -> list[Booking]:
    """Book times under an agreed order that still has hours; they are confirmed at once.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        NotUnderWay: the order is not agreed or in progress.
        SlotTaken, SlotClosed, HoursExceeded: a time is gone, not offered, or more than the order covers.
        DealingNeedsVerification, StandingRestricts: one of the parties may not agree to more at present.
        TransitionRefused: `by` is not the consumer.
    """
    order = order_rows.locked(order_code, by=by)
    policies.require_side("consumer", by, order)
    order_progress.check_under_way(order)
    order_parties.require_dealable(order.party_ids(), total_fen=order.total_fen, by=by, at=at)
    left = order.quantity - _hours(order, OCCUPYING | DONE) if order.lifecycle == Lifecycle.SLOTS else 0
    if sum(slot.hours for slot in slots) > left:
        raise HoursExceeded(
            gettext_noop("The order covers %(left)s more hours."),
            fix=gettext_noop("Book fewer hours, or order more of them."),
            field="slots",
            params={"left": left},
        )
    booked = _take(order, slots, at=at)
    _move(booked, order, "confirm", parties={BookingParty.SYSTEM}, by=by, at=at)
    return booked


@transaction.atomic
def start(code: UUID, *, by: Actor, at: datetime) -> Booking:
    """Begin to use the machine: the meter runs from `at`, and an agreed order is under way.

    Raises:
        Booking.DoesNotExist: no such booking, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the booking is not at this point, or `by` is not the provider.
        SlotClosed: it is more than an hour too early.
    """
    booking = _locked(code, by=by)
    order_progress.check_under_way(booking.order)
    if at < booking.period.lower - EARLIEST:
        raise SlotClosed(
            gettext_noop("It is too early: a use may begin up to one hour before its time."),
            fix=gettext_noop("Wait, or cancel this time and book an earlier one."),
        )
    booking.started_at = at
    order_progress.started(booking.order, by=by, at=at)
    _move([booking], booking.order, "start", parties=policies.part_parties(by, booking.order), by=by, at=at)
    return booking


@transaction.atomic
def finish(code: UUID, *, by: Actor, at: datetime, used_s: int | None = None) -> Booking:
    """End the use: what is left of the booked time is free again, and the last one completes the order.

    Args:
        used_s: metered running time in seconds, where the provider's meter tells; else the time from start to `at`.

    Raises:
        Booking.DoesNotExist: no such booking, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the booking is not in use, or `by` takes no part in it.
        TransitionRefused: the consumer tells what the meter says.
    """
    booking = _locked(code, by=by)
    order_progress.check_under_way(booking.order)
    if used_s is not None and not by.is_system:
        policies.require_side("provider", by, booking.order)
    _meter(booking, used_s, at=at)
    _move([booking], booking.order, "finish", parties=policies.part_parties(by, booking.order), by=by, at=at)
    _complete_if_done(booking.order, at=at)
    return booking


@transaction.atomic
def miss(code: UUID, *, by: Actor, at: datetime) -> Booking:
    """Record that nobody came; the time counts as used.

    Raises:
        Booking.DoesNotExist: no such booking, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the booking is not at this point, or `by` is not the provider.
        SlotClosed: the time has not passed yet.
    """
    booking = _locked(code, by=by)
    order_progress.check_under_way(booking.order)
    if at < booking.period.upper:
        raise SlotClosed(gettext_noop("Wait until the time is over."))
    order_progress.started(booking.order, by=by, at=at)
    _move([booking], booking.order, "miss", parties=policies.part_parties(by, booking.order), by=by, at=at)
    _complete_if_done(booking.order, at=at)
    return booking


@transaction.atomic
def cancel(code: UUID, *, reason: str = "", by: Actor, at: datetime) -> Booking:
    """Give a confirmed time back, so that it can be chosen again within the same order.

    Raises:
        Booking.DoesNotExist: no such booking, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the booking is not at this point.
        SlotClosed: it begins in less than a day: cancelling the order is the way then, with its fee shown.
    """
    booking = _locked(code, by=by)
    order_progress.check_under_way(booking.order)
    is_consumer = "consumer" in policies.sides_of(by, booking.order)
    if is_consumer and booking.period.lower - at < FREE_UNTIL:
        raise SlotClosed(
            gettext_noop("This time begins in less than 24 hours and can no longer be moved."),
            fix=gettext_noop("Talk to the provider, or cancel the order."),
        )
    parties = policies.part_parties(by, booking.order)
    _move([booking], booking.order, "cancel", parties=parties, by=by, at=at, reason=reason)
    return booking


# --- what an order asks of its parts -----------------------------------------------------------------


def place(order: Order, line: Line, *, at: datetime) -> None:
    """Hold the times of a proposed order until it is answered; without any, they are chosen after agreement.

    Raises:
        HoursExceeded: the times do not add up to the quantity.
        SlotTaken, SlotClosed: a time is gone or not offered.
    """
    if line.slots and sum(slot.hours for slot in line.slots) != line.quantity:
        raise HoursExceeded(gettext_noop("The chosen times do not add up to the quantity."), field="slots")
    if line.slots:
        _take(order, line.slots, at=at)


def confirm(order: Order, *, by: Actor, at: datetime) -> None:
    """Turn the held times into confirmed ones."""
    held = list(order.bookings.filter(state=BookingState.REQUESTED))
    _move(held, order, "confirm", parties={BookingParty.SYSTEM}, by=by, at=at)


def drop(order: Order, *, by: Actor, at: datetime) -> None:
    """Give back every time that is not used yet; a use that runs ends now."""
    for state, name in (
        (BookingState.REQUESTED, "decline"),
        (BookingState.CONFIRMED, "cancel"),
        (BookingState.IN_USE, "finish"),
    ):
        rows = list(order.bookings.filter(state=state))
        for row in rows:
            if state == BookingState.IN_USE:
                _meter(row, None, at=at)
        _move(rows, order, name, parties={BookingParty.SYSTEM}, by=by, at=at)


def earned(order: Order) -> Earned:
    """Return what is due for the times used: booked hours, or metered ones where the direction bills by the meter."""
    done = list(order.bookings.filter(state__in=DONE))
    if not directions.direction(order.direction).is_metered:
        hours_s = sum(booking.hours for booking in done) * 3600
        label = "booked"
    else:
        hours_s = sum(min(booking.used_s or 0, booking.hours * 3600) for booking in done)
        label = "metered"
    goods_fen = (hours_s * order.unit_price_fen + 1800) // 3600  # to the nearest fen
    return Earned(goods_fen, order.setup_fen if done else 0, label)


def is_open(order: Order) -> bool:
    """Tell whether a time is still to come or running."""
    return order.bookings.filter(state__in=OCCUPYING).exists()


# --- within ------------------------------------------------------------------------------------------


def _take(order: Order, slots: Sequence[Slot], *, at: datetime) -> list[Booking]:
    """Insert one booking for each slot; the listing row is locked by the caller."""
    ordered = parts.check_slots(slots)
    listing = order.listing
    if listing is None:
        raise TypeError("A bundle books nothing itself, only its legs do.")
    for slot in ordered:
        _check_offered(listing, slot, at=at)
    places = slot_selectors.places(listing)
    rows = [
        Booking(
            order=order,
            listing=listing,
            consumer_id=order.consumer_id,
            place_number=_free_place(listing, TimestamptzRange(slot.start, slot.end), places),
            period=TimestamptzRange(slot.start, slot.end),
            hours=slot.hours,
        )
        for slot in ordered
    ]
    try:
        with transaction.atomic():
            return Booking.objects.bulk_create(rows)
    except IntegrityError as error:
        if violated_constraint(error) != "booking_no_overlap":
            raise
        raise SlotTaken(_TAKEN, fix=_CHOOSE, field="slots") from error


def _free_place(listing: Listing, period: TimestamptzRange, places: int) -> int:
    """Return the first place that nobody holds in the period; the listing row is locked by the caller."""
    held = listing.bookings.filter(state__in=OCCUPYING, period__overlap=period)
    numbers = set(held.values_list("place_number", flat=True))
    if len(numbers) >= places:
        raise SlotTaken(_TAKEN, fix=_CHOOSE, field="slots")
    return next(number for number in range(1, places + 1) if number not in numbers)


def _check_offered(listing: Listing, slot: Slot, *, at: datetime) -> None:
    if slot.start < at:
        raise SlotClosed(gettext_noop("This time has passed."), fix=_CHOOSE, field="slots")
    if not slot_selectors.is_open(listing, slot.start, slot.end):
        raise SlotClosed(gettext_noop("The provider does not offer this time."), fix=_CHOOSE, field="slots")


def _locked(code: UUID, *, by: Actor) -> Booking:
    """Lock the booking's listing and order; Booking.DoesNotExist hides what is none of `by`'s business."""
    found = Booking.objects.select_related("order").get(code=code)
    try:
        order = order_rows.locked(found.order.code, by=by)
    except Order.DoesNotExist as error:
        raise Booking.DoesNotExist from error
    booking = Booking.objects.get(pk=found.pk)
    booking.order = order
    return booking


def _move(
    rows: Sequence[Booking],
    order: Order,
    name: str,
    *,
    parties: Collection[str],
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Make the same move with each row, all of which stand in one state."""
    if not rows:
        return
    source = rows[0].state
    for row in rows:
        row.state = BOOKING.target(row.state, name, parties)
        row.save()
    order_rows.part_steps(order, rows, name, source=source, by=by, at=at, reason=reason)


def _meter(booking: Booking, used_s: int | None, *, at: datetime) -> None:
    """Write down how long the use took: as the meter says, else from its start to `at`."""
    elapsed_s = int((at - booking.started_at).total_seconds()) if booking.started_at else 0
    booking.ended_at = at
    booking.used_s = elapsed_s if used_s is None else used_s
    booking.metered_by = "parties" if used_s is None else "telemetry"


def _hours(order: Order, states: Collection[str]) -> int:
    return order.bookings.filter(state__in=states).aggregate(hours=Sum("hours"))["hours"] or 0


def _complete_if_done(order: Order, *, at: datetime) -> None:
    if not is_open(order) and _hours(order, DONE) >= order.quantity:
        order_progress.complete(order, earned(order), parties=frozenset({OrderParty.SYSTEM}), by=SYSTEM, at=at)
