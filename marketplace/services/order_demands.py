"""Keep a demand in step with its orders: covered while they stand, open again when one falls through."""

from datetime import datetime

from django.db.models import Q, Sum

from accounts.core.actor import SYSTEM
from common.errors import Refused
from marketplace.core.demand_states import DemandState
from marketplace.core.order_states import BINDING
from marketplace.directions import Lifecycle
from marketplace.models import Demand, Order
from marketplace.services import demands


def agreed(order: Order, *, at: datetime) -> None:
    """Mark the demand as matched once binding orders cover all of it."""
    demand = _demand(order)
    if demand is not None and demand.state == DemandState.PUBLISHED and _is_covered(demand):
        demands.match(demand.code, by=SYSTEM, at=at)


def fell_through(order: Order, *, at: datetime) -> None:
    """Open the demand again when binding orders no longer cover it; past its deadline it stays as it is."""
    demand = _demand(order)
    if demand is None or demand.state != DemandState.MATCHED or _is_covered(demand):
        return
    try:
        demands.reopen(demand.code, by=SYSTEM, at=at)
    except Refused:
        return


def _demand(order: Order) -> Demand | None:
    # Read anew: the order's own copy may be older than the last move.
    return Demand.objects.filter(pk=order.demand_id).first() if order.demand_id else None


def _is_covered(demand: Demand) -> bool:
    """A bundle covers its demand as a whole, other orders by their quantities."""
    binding = demand.orders.filter(state__in=sorted(BINDING))
    if binding.filter(lifecycle=Lifecycle.BUNDLE).exists():
        return True
    single = binding.filter(Q(parent__isnull=True) & ~Q(lifecycle=Lifecycle.BUNDLE))
    return (single.aggregate(quantity=Sum("quantity"))["quantity"] or 0) >= demand.quantity
