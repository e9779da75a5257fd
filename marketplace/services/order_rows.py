"""Lock an order after the listings it draws on, move it by its table, and write its history."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from accounts.core.actor import Actor
from common import events
from marketplace import policies
from marketplace.core import clocks
from marketplace.core.order_states import ENDED, ORDER, OrderState
from marketplace.models import Booking, Delivery, Listing, Milestone, Order, OrderStep

Part = Booking | Milestone | Delivery


def lock_listings(codes: Collection[UUID]) -> dict[UUID, Listing]:
    """Lock the listings in one order for all, so that nobody waits in a circle, and return them by code.

    Raises:
        Listing.DoesNotExist: one of them is not there.
    """
    rows = Listing.objects.select_for_update(of=("self",)).select_related("owner").filter(code__in=codes).order_by("id")
    found = {listing.code: listing for listing in rows}
    if len(found) != len(set(codes)):
        raise Listing.DoesNotExist
    return found


def locked(code: UUID, *, by: Actor) -> Order:
    """Lock the order's listings, then the order (with its bundle and the other legs), and return it.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
    """
    order = Order.objects.get(code=code)
    if not policies.may_see_order(by, order):
        raise Order.DoesNotExist
    root_id = order.parent_id or order.pk
    family = Order.objects.filter(pk=root_id) | Order.objects.filter(parent_id=root_id)
    listing_ids = [pk for pk in family.values_list("listing_id", flat=True) if pk]
    list(Listing.objects.select_for_update(of=("self",)).filter(pk__in=listing_ids).order_by("id").values("id"))
    list(family.select_for_update(of=("self",)).order_by("id").values("id"))
    return Order.objects.joined().get(pk=order.pk)


def move(
    order: Order,
    name: str,
    *,
    parties: Collection[str],
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: object,
) -> None:
    """Make move `name`, save the state with its next deadline, add the step and tell both sides' pages.

    Raises:
        TransitionRefused: the move does not start here, or it is not for any of `parties`.
    """
    source = order.state
    order.state = ORDER.target(source, name, parties)
    order.due_at = _deadline(order, at)
    if order.state == OrderState.AGREED and order.agreed_at is None:
        order.agreed_at = at
    elif order.state == OrderState.COMPLETED and order.completed_at is None:
        order.completed_at = at
    elif order.state in ENDED:
        order.ended_at = at
    order.save()
    step(order, name, source=source, by=by, at=at, reason=reason, **facts)
    events.publish(f"order.{order.state}", audience=order.party_ids(), order=order.code)


def step(order: Order, name: str, *, source: str, by: Actor, at: datetime, reason: str = "", **facts: object) -> None:
    """Add one row to the history of `order`."""
    OrderStep.objects.create(
        order=order,
        move=name,
        source_state=source,
        target_state=order.state,
        by_user_id=by.user_id,
        by_organisation_id=by.organisation_id,
        at=at,
        reason=reason,
        facts=facts,
    )


def part_steps(
    order: Order, parts: Iterable[Part], name: str, *, source: str, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Add one row to the history of `order` for each part that was moved, and tell both sides' pages once."""
    rows = [
        OrderStep(
            order=order,
            part=part._meta.model_name or "",
            part_code=part.code,
            move=name,
            source_state=source,
            target_state=part.state,
            by_user_id=by.user_id,
            by_organisation_id=by.organisation_id,
            at=at,
            reason=reason,
        )
        for part in parts
    ]
    OrderStep.objects.bulk_create(rows)
    if rows:
        events.publish("order.changed", audience=order.party_ids(), order=order.code)


def _deadline(order: Order, at: datetime) -> datetime | None:
    """Return when SYSTEM moves the order on from the state it has just reached."""
    if order.state in (OrderState.PROPOSED, OrderState.PLEDGED):
        return order.due_at
    if order.state in (OrderState.AGREED, OrderState.IN_PROGRESS):
        end = order.period.upper if order.period else at
        return max(end, at) + clocks.LAPSE
    return at + clocks.RATING if order.state == OrderState.COMPLETED else None
