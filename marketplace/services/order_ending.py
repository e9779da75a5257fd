"""How orders end or pause: cancelled with a fee, held for a complaint, closed, or moved on by a deadline."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.core.actor import SYSTEM, Actor
from common import audit
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core import cancellation
from marketplace.core.cancellation import Fee
from marketplace.core.order_states import AWAITING, OrderState
from marketplace.models import Order
from marketplace.services import order_demands, order_facts, order_notices, order_rows, settlements
from marketplace.services.order_making import PARTS

_DONE = (OrderState.COMPLETED, OrderState.CLOSED)


class ReasonMissing(Refused):
    """Who leaves a deal says why."""


class FeeChanged(Refused):
    """Cancelling costs another amount than was shown."""


@transaction.atomic
def cancel(code: UUID, *, reason: str, shown_fee_fen: int | None = None, by: Actor, at: datetime) -> Order:
    """Leave an agreed order, a bundle with all its legs; what was accepted stays due, with the fee that the terms say.

    Args:
        shown_fee_fen: the fee that was shown before confirming; when given it must still be the fee.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        ReasonMissing: no reason is given.
        FeeChanged: time has passed and the fee is another one.
        TransitionRefused: it is not agreed or in progress, or `by` takes no part in it.
    """
    if not reason.strip():
        raise ReasonMissing(gettext_noop("Say why you cancel."), field="reason")
    order = order_rows.locked(code, by=by)
    fee = cancel_fee(order, by=by, at=at)
    if shown_fee_fen is not None and shown_fee_fen != fee.fen:
        raise FeeChanged(
            gettext_noop("Cancelling now costs another amount than was shown."),
            fix=gettext_noop("Look at the fee again and confirm."),
        )
    parties = policies.order_parties(by, order)
    for each in family(order):
        if each.state not in _DONE:
            _cancel_one(each, parties=parties, reason=reason, by=by, at=at)
    if fee.is_late:
        order_facts.cancelled_late(order, by=by, at=at)
    audit.record("order.cancel", order, by=by, at=at, fee_fen=fee.fen)
    order.refresh_from_db()
    return order


def cancel_fee(order: Order, *, by: Actor, at: datetime) -> Fee:
    """Return what cancelling costs the consumer at `at` when `by` does it; a bundle's fee is the sum of its legs'."""
    open_orders = [each for each in family(order) if not each.is_bundle and each.state not in _DONE]
    return cancellation.total([_fee_of(each, by=by, at=at) for each in open_orders])


@transaction.atomic
def hold(code: UUID, *, reason: str, by: Actor, at: datetime) -> Order:
    """Stop an order while a complaint about it stands: nothing moves and no deadline runs.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: it is not agreed, in progress or completed, or `by` is neither staff nor the system.
    """
    order = order_rows.locked(code, by=by)
    order.held_from = order.state
    order_rows.move(order, "hold", parties=policies.order_parties(by, order), by=by, at=at, reason=reason)
    order_notices.held(order, at=at)
    return order


@transaction.atomic
def release(code: UUID, *, reason: str, by: Actor, at: datetime) -> Order:
    """Let a held order go on where it stood; its deadline starts anew.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        TransitionRefused: it is not on hold, or `by` is neither staff nor the system.
    """
    order = order_rows.locked(code, by=by)
    back_to, order.held_from = order.held_from, ""
    parties = policies.order_parties(by, order)
    order_rows.move(order, f"release_{back_to}", parties=parties, by=by, at=at, reason=reason)
    order_notices.released(order, at=at)
    return order


@transaction.atomic
def close(code: UUID, *, by: Actor, at: datetime) -> Order:
    """Close a completed order: both sides have rated, or the time for it is over.

    Raises:
        Order.DoesNotExist: no such order.
        TransitionRefused: it is not completed, or `by` is not the system.
    """
    order = order_rows.locked(code, by=by)
    order_rows.move(order, "close", parties=policies.order_parties(by, order), by=by, at=at)
    return order


# --- within the package ------------------------------------------------------------------------------


def family(order: Order) -> list[Order]:
    """Return the bundle that `order` belongs to, legs first; a plain order is alone."""
    root = order.parent or order
    return [*root.legs.joined().order_by("id"), root]


def waiting(parent: Order) -> list[Order]:
    """Return the bundle and those of its legs that still wait for an answer."""
    return [each for each in family(parent) if each.state in AWAITING]


def end(order: Order, move: str, *, parties: Collection[str], reason: str, by: Actor, at: datetime) -> None:
    """Make a move that ends a deal which never became binding, and give back what it held."""
    order_rows.move(order, move, parties=parties, by=by, at=at, reason=reason)
    order_demands.fell_through(order, at=at)
    if not order.is_bundle:
        PARTS[order.lifecycle].drop(order, by=SYSTEM, at=at)
        order_notices.ended(order, at=at)


def _cancel_one(order: Order, *, parties: Collection[str], reason: str, by: Actor, at: datetime) -> None:
    """Cancel one order of a family; whoever may cancel one leg thereby cancels the others."""
    fee = Fee() if order.is_bundle else _fee_of(order, by=by, at=at)
    order.cancel_fee_fen = fee.fen
    order.held_from = ""
    order_rows.move(order, "cancel", parties=parties, by=by, at=at, reason=reason, fee_fen=fee.fen)
    order_demands.fell_through(order, at=at)
    if order.is_bundle:
        return
    PARTS[order.lifecycle].drop(order, by=SYSTEM, at=at)
    earned = PARTS[order.lifecycle].earned(order)
    if due_fen := earned.total_fen + fee.fen:
        items = [
            *(earned.items() if earned.total_fen else []),
            *([{"label": "fee", "fen": fee.fen}] if fee.fen else []),
        ]
        settlements.record_due(order, amount_fen=due_fen, items=items, at=at)
    order_notices.ended(order, at=at)


def _fee_of(order: Order, *, by: Actor, at: datetime) -> Fee:
    return cancellation.fee(
        by_consumer="consumer" in policies.sides_of(by, order),
        is_started=order.state == OrderState.IN_PROGRESS,
        total_fen=order.total_fen,
        accepted_fen=PARTS[order.lifecycle].earned(order).total_fen,
        starts_at=order.period.lower if order.period else None,
        at=at,
    )
