"""Move on by SYSTEM whatever waited too long: answers, acceptances, forgotten uses, ratings."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import SYSTEM
from common.errors import Refused
from marketplace.core import clocks
from marketplace.core.booking_states import BookingState
from marketplace.core.delivery_states import DeliveryState
from marketplace.core.milestone_states import MilestoneState
from marketplace.core.order_states import OrderParty, OrderState
from marketplace.models import Booking, Delivery, Milestone, Order
from marketplace.services import bookings, deliveries, milestones, order_ending, order_progress, order_rows
from marketplace.services.order_making import PARTS

_log = logging.getLogger(__name__)
BATCH = 500

Move = Callable[[UUID, datetime], object]


def sweep(*, at: datetime) -> dict[str, int]:
    """Make every move whose deadline has passed, each in its own transaction; return how many of each kind.

    Running it twice does no harm: what was moved is no longer due, and what a person moved meanwhile refuses.
    """
    moves: tuple[tuple[str, Iterable[UUID], Move], ...] = (
        ("accepted_milestones", _handed_in(at), lambda code, now: milestones.accept(code, by=SYSTEM, at=now)),
        ("accepted_deliveries", _shipped(at), lambda code, now: deliveries.accept(code, by=SYSTEM, at=now)),
        ("finished_uses", _forgotten(at), lambda code, now: bookings.finish(code, by=SYSTEM, at=now)),
        ("missed_uses", _missed(at), lambda code, now: bookings.miss(code, by=SYSTEM, at=now)),
        ("orders", _due(at), lambda code, now: _move_on(code, at=now)),
    )
    return {name: sum(_try(move, code, at) for code in codes) for name, codes, move in moves}


def _try(move: Move, code: UUID, at: datetime) -> bool:
    try:
        move(code, at)
    except Refused as refusal:
        _log.info("Deadline of %s not moved: %s", code, refusal)
        return False
    return True


@transaction.atomic
def _move_on(code: UUID, *, at: datetime) -> None:
    """Expire, complete or close the order `code`, as its state says."""
    order = order_rows.locked(code, by=SYSTEM)
    if order.due_at is None or order.due_at > at:
        return
    if order.state == OrderState.COMPLETED:
        order_ending.close(code, by=SYSTEM, at=at)
    elif order.state == OrderState.IN_PROGRESS:
        _complete_leftover(order, at=at)
    else:
        for each in order_ending.family(order):
            if each.state in (OrderState.PROPOSED, OrderState.PLEDGED, OrderState.AGREED):
                order_ending.end(each, "expire", parties={OrderParty.SYSTEM}, reason="", by=SYSTEM, at=at)


def _complete_leftover(order: Order, *, at: datetime) -> None:
    """Complete an order of which nothing is open, though less was taken than agreed; else stop its clock."""
    if order.is_bundle or PARTS[order.lifecycle].is_open(order):
        order.due_at = None
        order.save(update_fields=["due_at"])
        return
    earned = PARTS[order.lifecycle].earned(order)
    order_progress.complete(order, earned, parties=frozenset({OrderParty.SYSTEM}), by=SYSTEM, at=at)


_MOVING = ("agreed", "in_progress")


def _due(at: datetime) -> list[UUID]:
    rows = Order.objects.filter(due_at__lte=at).order_by("due_at")
    return list(rows.values_list("code", flat=True)[:BATCH])


def _handed_in(at: datetime) -> list[UUID]:
    rows = Milestone.objects.filter(state=MilestoneState.SUBMITTED, accept_by__lte=at, order__state__in=_MOVING)
    return list(rows.order_by("accept_by").values_list("code", flat=True)[:BATCH])


def _shipped(at: datetime) -> list[UUID]:
    rows = Delivery.objects.filter(state=DeliveryState.SHIPPED, accept_by__lte=at, order__state__in=_MOVING)
    return list(rows.order_by("accept_by").values_list("code", flat=True)[:BATCH])


def _forgotten(at: datetime) -> list[UUID]:
    rows = Booking.objects.filter(
        state=BookingState.IN_USE, period__endswith__lte=at - clocks.OVERRUN, order__state__in=_MOVING
    )
    return list(rows.order_by("period").values_list("code", flat=True)[:BATCH])


def _missed(at: datetime) -> list[UUID]:
    rows = Booking.objects.filter(
        state=BookingState.CONFIRMED, period__endswith__lte=at - clocks.OVERRUN, order__state__in=_MOVING
    )
    return list(rows.order_by("period").values_list("code", flat=True)[:BATCH])
