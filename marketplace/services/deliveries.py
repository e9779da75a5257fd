"""Spread a quantity over the weeks of a plant, ship, accept or return it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM, Actor
from common.errors import Refused, gettext_noop
from marketplace.core import clocks, parts
from marketplace.core.deal import Line
from marketplace.core.delivery_states import DELIVERY, DONE, DeliveryParty, DeliveryState
from marketplace.core.order_states import OrderParty
from marketplace.models import Delivery, Listing, Order
from marketplace.selectors import capacity
from marketplace.services import order_notices, order_progress, part_rows
from marketplace.services.order_progress import Earned


class DeliveryRefused(Refused):
    """The quantity or the time of a delivery does not hold."""


@transaction.atomic
def ship(code: UUID, *, waybill: str = "", by: Actor, at: datetime) -> Delivery:
    """Send a consignment; the consumer has seven days to accept or to return it.

    Raises:
        Delivery.DoesNotExist: no such delivery, or none of `by`'s business.
        NotUnderWay, TransitionRefused: the order or the delivery is not at this point, or `by` is not the provider.
    """
    delivery = part_rows.locked(Delivery, code, by=by)
    delivery.shipped_at, delivery.waybill = at, waybill
    delivery.accept_by = at + clocks.ACCEPTANCE
    order_progress.started(delivery.order, by=by, at=at)
    part_rows.move(delivery, DELIVERY, "ship", by=by, at=at)
    order_notices.handed_in(delivery.order, at=at)
    return delivery


@transaction.atomic
def accept(code: UUID, *, quantity: int | None = None, by: Actor, at: datetime) -> Delivery:
    """Accept a consignment, or the good part of it; the last acceptance completes the order.

    Args:
        quantity: how much of it is good, in the order's unit; None for all.

    Raises:
        Delivery.DoesNotExist: no such delivery, or none of `by`'s business.
        DeliveryRefused: more than was sent.
        NotUnderWay, TransitionRefused: the order or the delivery is not at this point, or `by` is not the consumer.
    """
    delivery = part_rows.locked(Delivery, code, by=by)
    good = delivery.quantity if quantity is None else quantity
    if not 0 <= good <= delivery.quantity:
        raise DeliveryRefused(
            gettext_noop("Between 0 and %(sent)s can be accepted."),
            field="quantity",
            params={"sent": delivery.quantity},
        )
    delivery.accepted_at, delivery.accept_by, delivery.accepted_quantity = at, None, good
    part_rows.move(delivery, DELIVERY, "accept", by=by, at=at)
    order = delivery.order
    if not is_open(order):
        order_progress.complete(order, earned(order), parties=frozenset({OrderParty.SYSTEM}), by=SYSTEM, at=at)
    return delivery


@transaction.atomic
def send_back(code: UUID, *, reason: str, by: Actor, at: datetime) -> Delivery:
    """Return a consignment with what is wrong with it.

    Raises:
        Delivery.DoesNotExist: no such delivery, or none of `by`'s business.
        DeliveryRefused: no reason is given.
        NotUnderWay, TransitionRefused: the order or the delivery is not at this point, or `by` is not the consumer.
    """
    if not reason.strip():
        raise DeliveryRefused(gettext_noop("Say what is wrong with it."), field="reason")
    delivery = part_rows.locked(Delivery, code, by=by)
    delivery.accept_by = None
    part_rows.move(delivery, DELIVERY, "return", by=by, at=at, reason=reason)
    order_notices.sent_back(delivery.order, at=at)
    return delivery


# --- what an order asks of its parts -----------------------------------------------------------------


def place(order: Order, line: Line, *, at: datetime) -> None:
    """Spread the quantity over the weeks of the period, within what the plant still has free.

    The weeks of a match come first; without them, or where they no longer hold, the earliest free ones do.

    Raises:
        DeliveryRefused: no period is given, or it lies in the past.
        NotEnoughCapacity: the weeks hold less.
    """
    if line.start is None or line.end is None or line.end <= line.start or line.start < at:
        raise DeliveryRefused(gettext_noop("Say from when to when it is to be made."), field="start")
    listing = order.listing
    if listing is None:
        raise TypeError("A bundle delivers nothing itself, only its legs do.")
    stretches = parts.weeks(line.start, line.end)
    planned = (
        line.weeks
        if _holds(listing, line, at=at)
        else parts.fill(line.quantity, stretches, capacity.free(listing, stretches))
    )
    Delivery.objects.bulk_create(
        Delivery(
            order=order,
            listing=listing,
            ordinal=ordinal,
            period=TimestamptzRange(part.start, part.end),
            quantity=part.quantity,
        )
        for ordinal, part in enumerate(planned, 1)
    )


def _holds(listing: Listing, line: Line, *, at: datetime) -> bool:
    """Tell whether what was matched for each week is all of the line, still to come and still free."""
    if not line.weeks or sum(part.quantity for part in line.weeks) != line.quantity:
        return False
    left = capacity.left_in_weeks(listing, [(part.start, part.end) for part in line.weeks])
    rooms = left or [part.quantity for part in line.weeks]
    return all(part.end > at and part.quantity <= room for part, room in zip(line.weeks, rooms, strict=True))


def confirm(order: Order, *, by: Actor, at: datetime) -> None:
    """The capacity was held from the proposal on, so nothing changes."""


def drop(order: Order, *, by: Actor, at: datetime) -> None:
    """Give back the capacity of every delivery that is not accepted."""
    for row in order.deliveries.exclude(state__in=DONE | {DeliveryState.CANCELLED}):
        row.order, row.accept_by = order, None
        part_rows.move(row, DELIVERY, "cancel", parties={DeliveryParty.SYSTEM}, by=by, at=at)


def earned(order: Order) -> Earned:
    """Return what is due for the accepted quantity, with the setup fee once something was accepted."""
    good = order.deliveries.filter(state__in=DONE).aggregate(quantity=Sum("accepted_quantity"))["quantity"] or 0
    return Earned(good * order.unit_price_fen, order.setup_fen if good else 0, "accepted")


def is_open(order: Order) -> bool:
    """Tell whether a consignment is not accepted yet."""
    return order.deliveries.exclude(state__in=DONE | {DeliveryState.CANCELLED}).exists()
