"""Tell the people of both sides what became of their order."""

from datetime import datetime

from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common.errors import gettext_noop
from marketplace.core.order_states import OrderState
from marketplace.models import Order

_ENDED = {
    OrderState.REFUSED: gettext_noop("The order “%(title)s” was refused."),
    OrderState.CANCELLED: gettext_noop("The order “%(title)s” was cancelled."),
    OrderState.EXPIRED: gettext_noop("The order “%(title)s” has expired."),
}


def path(order: Order) -> str:
    return f"/orders/{order.code}"


def proposed(order: Order, *, at: datetime) -> None:
    """Tell the side whose answer is awaited."""
    asked = order.provider_id if order.is_proposed_by_consumer else order.consumer_id
    _tell(order, gettext_noop("You are asked for “%(title)s”; please answer."), at=at, only=asked)


def agreed(order: Order, *, at: datetime) -> None:
    _tell(order, gettext_noop("The order “%(title)s” is agreed."), at=at)


def completed(order: Order, *, at: datetime) -> None:
    _tell(order, gettext_noop("The order “%(title)s” is completed; please rate the other side within 14 days."), at=at)


def held(order: Order, *, at: datetime) -> None:
    _tell(order, gettext_noop("The order “%(title)s” is on hold while a complaint stands."), at=at)


def released(order: Order, *, at: datetime) -> None:
    _tell(order, gettext_noop("The order “%(title)s” goes on."), at=at)


def ended(order: Order, *, at: datetime) -> None:
    _tell(order, _ENDED[OrderState(order.state)], at=at)


def handed_in(order: Order, *, at: datetime) -> None:
    _tell(
        order,
        gettext_noop("Something was delivered for “%(title)s”; please accept it or object within 7 days."),
        at=at,
        only=order.consumer_id,
    )


def sent_back(order: Order, *, at: datetime) -> None:
    _tell(order, gettext_noop("A delivery for “%(title)s” was sent back."), at=at, only=order.provider_id)


def _tell(order: Order, message: str, *, at: datetime, only: int | None = None) -> None:
    notifications.notify(
        organisation_ids=order.party_ids() if only is None else (only,),
        kind=NoticeKind.DEAL,
        message=message,
        params={"title": order.title},
        link=path(order),
        at=at,
    )
