"""What happens to an order because its parts move: it starts with the first and completes with the last."""

from dataclasses import dataclass
from datetime import datetime

from accounts.core.actor import SYSTEM, Actor
from common.errors import Refused, gettext_noop
from marketplace.core.order_states import OrderParty, OrderState
from marketplace.models import Order
from marketplace.services import order_facts, order_notices, order_rows, settlements


class NotUnderWay(Refused):
    """The order is not at a point where its parts move."""


@dataclass(frozen=True)
class Earned:
    """What is due for the parts that are done."""

    goods_fen: int
    setup_fen: int
    label: str  # "booked", "metered", "accepted"

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.setup_fen

    def items(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = [{"label": self.label, "fen": self.goods_fen}]
        return [*rows, {"label": "setup", "fen": self.setup_fen}] if self.setup_fen else rows


def check_under_way(order: Order) -> None:
    """Refuse to move parts of an order that is not agreed or in progress.

    Raises:
        NotUnderWay: proposed still, on hold, or over.
    """
    if order.state not in (OrderState.AGREED, OrderState.IN_PROGRESS):
        raise NotUnderWay(
            gettext_noop("The order is not under way, so its parts cannot move."),
            fix=gettext_noop("See the state of the order above."),
        )


def started(order: Order, *, by: Actor, at: datetime) -> None:
    """Let an agreed order, and its bundle, be in progress."""
    if order.state == OrderState.AGREED:
        order_rows.move(order, "start", parties={OrderParty.SYSTEM}, by=by, at=at)
    if order.parent is not None and order.parent.state == OrderState.AGREED:
        order_rows.move(order.parent, "start", parties={OrderParty.SYSTEM}, by=by, at=at)


def complete(order: Order, earned: Earned, *, parties: frozenset[OrderParty], by: Actor, at: datetime) -> None:
    """Complete an order of which nothing is open any more: record what is due and what both sides have shown.

    Raises:
        TransitionRefused: the order is not in progress, or it is not for any of `parties`.
    """
    order_rows.move(order, "complete", parties=parties, by=by, at=at)
    settlements.record_due(order, amount_fen=earned.total_fen, items=earned.items(), at=at)
    order_facts.completed(order, at=at)
    order_notices.completed(order, at=at)
    bundle = order.parent
    if bundle is None or bundle.state != OrderState.IN_PROGRESS:
        return
    done = (OrderState.COMPLETED, OrderState.CLOSED)
    if not bundle.legs.exclude(state__in=done).exists():
        order_rows.move(bundle, "complete", parties={OrderParty.SYSTEM}, by=SYSTEM, at=at)
