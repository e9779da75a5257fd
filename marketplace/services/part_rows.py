"""Lock a milestone or a delivery with its order, and move it by its table."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from accounts.core.actor import Actor
from common.state_machine import StateMachine
from marketplace import policies
from marketplace.models import Delivery, Milestone, Order
from marketplace.services import order_progress, order_rows

Part = TypeVar("Part", Milestone, Delivery)


def locked(model: type[Part], code: UUID, *, by: Actor) -> Part:
    """Lock the part's listings and order, which must be under way, and return the part.

    Raises:
        Milestone.DoesNotExist, Delivery.DoesNotExist: no such part, or none of `by`'s business.
        NotUnderWay: its order is not at this point.
    """
    found = model.objects.select_related("order").get(code=code)
    try:
        order = order_rows.locked(found.order.code, by=by)
    except Order.DoesNotExist as error:
        raise model.DoesNotExist from error
    order_progress.check_under_way(order)
    part = model.objects.get(pk=found.pk)
    part.order = order
    return part


def move(
    part: Part,
    machine: StateMachine,
    name: str,
    *,
    by: Actor,
    at: datetime,
    parties: Collection[str] | None = None,
    reason: str = "",
) -> None:
    """Make one move of `machine`, save the part and write its step; `parties` are those of `by` unless given."""
    source, order = part.state, part.order
    part.state = machine.target(source, name, policies.part_parties(by, order) if parties is None else parties)
    part.save()
    order_rows.part_steps(order, [part], name, source=source, by=by, at=at, reason=reason)
