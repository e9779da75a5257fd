"""The messages of a deal, for its two sides and those who look after it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.core.actor import Actor
from marketplace.models import Message, MessageAttachment, Order, Quote
from marketplace.selectors import orders, quotes


def in_order(code: UUID, *, viewer: Actor) -> QuerySet[Message]:
    """Return the messages of one order, oldest first, with their files.

    Raises:
        Order.DoesNotExist: no such order, or none of the viewer's business.
    """
    return _joined(Message.objects.filter(order=orders.get(code, viewer=viewer)))


def in_quote(code: UUID, *, viewer: Actor, at: datetime) -> QuerySet[Message]:
    """Return the messages of one quote, oldest first, with their files.

    Raises:
        Quote.DoesNotExist: no such quote, sealed still, or none of the viewer's business.
    """
    return _joined(Message.objects.filter(quote=quotes.get(code, viewer=viewer, at=at)))


def attachment(code: UUID, *, viewer: Actor, at: datetime) -> MessageAttachment:
    """Return one file of a message that the viewer may read.

    Raises:
        MessageAttachment.DoesNotExist: no such file, or none of the viewer's business.
    """
    found = MessageAttachment.objects.select_related("message__order", "message__quote").get(code=code)
    try:
        if found.message.order is not None:
            orders.get(found.message.order.code, viewer=viewer)
        elif found.message.quote is not None:
            quotes.get(found.message.quote.code, viewer=viewer, at=at)
    except (Order.DoesNotExist, Quote.DoesNotExist) as error:
        raise MessageAttachment.DoesNotExist from error
    return found


def unread_by_order(viewer: Actor) -> dict[int, int]:
    """Return order id -> how many messages of the other side the viewer's side has not read."""
    if viewer.organisation_id is None:
        return {}
    mine = Order.objects.of_organisation(viewer.organisation_id)
    rows = (
        Message.objects.filter(order__in=mine, read_at__isnull=True)
        .exclude(by_organisation_id=viewer.organisation_id)
        .values_list("order_id")
        .annotate(count=Count("pk"))
    )
    return {order_id: count for order_id, count in rows if order_id is not None}


def _joined(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.select_related("by_organisation", "by_user").prefetch_related("attachments").order_by("at", "id")
