"""Orders as their parties and the staff see them: lists, one with all that is on it, the moves open to the viewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from accounts.core.actor import Actor, Role
from marketplace import policies
from marketplace.core.booking_states import BOOKING, DONE, OCCUPYING
from marketplace.core.delivery_states import DELIVERY
from marketplace.core.milestone_states import MILESTONE
from marketplace.core.order_states import AWAITING, BINDING, ENDED, OPEN, ORDER
from marketplace.directions import Lifecycle
from marketplace.models import (
    Agreement,
    Booking,
    Delivery,
    InvoiceRequest,
    Milestone,
    Order,
    OrderStep,
    Settlement,
)
from marketplace.models.order import OrderQuerySet

Part = Booking | Milestone | Delivery
_P = TypeVar("_P", Booking, Milestone, Delivery)
_MACHINES = {Booking: BOOKING, Milestone: MILESTONE, Delivery: DELIVERY}
TAKEN = OCCUPYING | DONE
_UNDER_WAY = ("agreed", "in_progress")

# Which states each tab of the list shows.
GROUPS = {
    "open": OPEN,
    "awaiting": AWAITING,
    "under_way": frozenset(BINDING & OPEN),
    "ended": ENDED,
}


@dataclass(frozen=True)
class Deal:
    """One order with everything that its page and its API document show."""

    order: Order
    moves: list[str]
    bookings: list[Booking]
    milestones: list[Milestone]
    deliveries: list[Delivery]
    steps: list[OrderStep]
    agreements: list[Agreement]
    settlement: Settlement | None
    invoice: InvoiceRequest | None
    legs: list[Order]
    is_binding: bool


def visible_to(viewer: Actor) -> OrderQuerySet:
    """Return the orders `viewer` may see, newest first, joined: their party's, disputed ones for mediators, or all."""
    orders = Order.objects.joined().order_by("-proposed_at", "-id")
    if viewer.is_operator or viewer.is_system:
        return orders
    seen = Q(consumer_id=viewer.own_organisation_id) | Q(provider_id=viewer.own_organisation_id)
    return orders.filter(seen | Q(is_disputed=True) if viewer.has(Role.MEDIATOR) else seen)


def listed(viewer: Actor, *, group: str = "", side: str = "", direction: str = "") -> OrderQuerySet:
    """Return the viewer's orders of one tab and side; bundles stand for their legs where the viewer asked for them.

    Args:
        group: a key of `GROUPS`, or empty for all.
        side: "consumer", "provider", or empty for both.
    """
    orders = visible_to(viewer)
    # To whoever asked for the whole, a leg is shown within its bundle.
    orders = orders.filter(Q(parent__isnull=True) | ~Q(consumer_id=viewer.organisation_id))
    if group in GROUPS:
        orders = orders.filter(state__in=sorted(GROUPS[group]))
    if side in ("consumer", "provider"):
        orders = orders.filter(**{f"{side}_id": viewer.organisation_id})
    return orders.filter(direction=direction) if direction else orders


def counts(viewer: Actor) -> dict[str, int]:
    """Return how many of the viewer's orders stand in each group, in one query."""
    orders = listed(viewer).order_by()
    return orders.aggregate(
        **{name: Count("pk", filter=Q(state__in=sorted(states))) for name, states in GROUPS.items()}
    )


def get(code: UUID, *, viewer: Actor) -> Order:
    """Return one order, joined.

    Raises:
        Order.DoesNotExist: no such order, or none of the viewer's business.
    """
    order = Order.objects.joined().get(code=code)
    if not policies.may_see_order(viewer, order):
        raise Order.DoesNotExist
    return order


def holding(part: UUID, *, viewer: Actor) -> Order:
    """Return the order that the milestone or delivery `part` belongs to.

    Raises:
        Order.DoesNotExist: no such part, or none of the viewer's business.
    """
    found = Order.objects.filter(Q(milestones__code=part) | Q(deliveries__code=part)).distinct().get()
    return get(found.code, viewer=viewer)


def deal(code: UUID, *, viewer: Actor) -> Deal:
    """Return one order with its parts, history, terms and what is due.

    Raises:
        Order.DoesNotExist: no such order, or none of the viewer's business.
    """
    order = get(code, viewer=viewer)
    steps = order.steps.select_related("by_user", "by_organisation").order_by("at", "id")
    accepted = Prefetch("acceptances__organisation")
    legs = order.legs.joined().order_by("id") if order.is_bundle else Order.objects.none()
    bookings = _of(order, list(order.bookings.order_by("period")))
    milestones = _of(order, list(order.milestones.order_by("ordinal")))
    deliveries = _of(order, list(order.deliveries.order_by("ordinal")))
    parts: list[Part] = [*bookings, *milestones, *deliveries]
    is_open = order.is_bundle or any(_is_open(part) for part in parts)
    return Deal(
        order=order,
        moves=[name for name in moves(order, viewer) if name != "complete" or not is_open],
        bookings=bookings,
        milestones=milestones,
        deliveries=deliveries,
        steps=list(steps),
        agreements=list(order.agreements.prefetch_related("acceptances", accepted).order_by("-version")),
        settlement=Settlement.objects.filter(order=order).first(),
        invoice=InvoiceRequest.objects.filter(order=order).first(),
        legs=list(legs),
        is_binding=order.state in BINDING,
    )


def moves(order: Order, viewer: Actor) -> list[str]:
    """Return the moves that `viewer` may make, in table order; the ways out of a hold are one move to people."""
    names = ORDER.open_moves(order.state, policies.order_parties(viewer, order))
    wanted = f"release_{order.held_from}"
    return ["release" if n == wanted else n for n in names if not n.startswith("release_") or n == wanted]


def part_moves(part: Part, viewer: Actor) -> list[str]:
    """Return the moves that `viewer` may make with a booking, milestone or delivery whose order is under way."""
    if part.order.state not in _UNDER_WAY:
        return []
    return _MACHINES[type(part)].open_moves(part.state, policies.part_parties(viewer, part.order))


def with_moves(orders: Iterable[Order], viewer: Actor) -> list[tuple[Order, list[str]]]:
    """Return each order beside the moves open to `viewer`; asks the database nothing more."""
    return [(order, moves(order, viewer)) for order in orders]


def parties_of(order: Order) -> tuple[int, ...]:
    """Return the ids of the organisations that take part: a bundle's consumer and the providers of all its legs."""
    if not order.is_bundle:
        return order.party_ids()
    legs = order.legs.order_by("id").values_list("provider_id", flat=True)
    return (order.consumer_id, *dict.fromkeys(pk for pk in legs if pk is not None))


def completed_between(organisation_id: int, *, since: datetime, until: datetime) -> OrderQuerySet:
    """Return an organisation's orders completed in [since, until), for its own export."""
    return (
        Order.objects.joined().of_organisation(organisation_id).filter(completed_at__gte=since, completed_at__lt=until)
    )


def _is_open(part: Part) -> bool:
    """Tell whether a part still waits for a move, so that its order cannot be complete."""
    return bool(_MACHINES[type(part)].open_moves(part.state, {"consumer", "provider", "system"}))


def _of(order: Order, parts: list[_P]) -> list[_P]:
    for part in parts:
        part.order = order
    return parts


def hours_left(deal: Deal) -> int:
    """Return how many hours of an order that is booked by the clock have no time yet."""
    if deal.order.lifecycle != Lifecycle.SLOTS:
        return 0
    taken = sum(booking.hours for booking in deal.bookings if booking.state in TAKEN)
    return max(deal.order.quantity - taken, 0)
