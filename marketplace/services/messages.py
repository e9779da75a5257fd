"""Write to the other side of a deal, and note what was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.core.actor import Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import events, uploads
from common.errors import Refused, gettext_noop
from common.uploads import FileKind
from marketplace.core import contacts
from marketplace.core.order_states import BINDING
from marketplace.models import Message, MessageAttachment
from marketplace.selectors import orders, quotes

LIMIT_BYTES = 20 * 1024 * 1024
MOST_FILES = 5


class MessageRefused(Refused):
    """The message cannot be sent."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, not yet checked."""

    name: str
    content: bytes


@transaction.atomic
def send_in_order(code: UUID, *, text: str, files: Sequence[Upload] = (), by: Actor, at: datetime) -> Message:
    """Write to the other side of an order; until it is agreed, contact data is left out of the text.

    Raises:
        Order.DoesNotExist: no such order, or none of `by`'s business.
        MessageRefused: nothing written, too many files, or `by` acts for neither side.
        UploadRefused: a file is not one that is kept.
    """
    order = orders.get(code, viewer=by)
    if order.is_bundle:
        raise MessageRefused(
            gettext_noop("A bundle has several providers."), fix=gettext_noop("Write within one of its legs.")
        )
    message = Message(order=order)
    return _send(message, text, files, masked=order.state not in BINDING, parties=order.party_ids(), by=by, at=at)


@transaction.atomic
def send_in_quote(code: UUID, *, text: str, files: Sequence[Upload] = (), by: Actor, at: datetime) -> Message:
    """Write to the other side of a quote; contact data is left out of the text.

    Raises:
        Quote.DoesNotExist: no such quote, sealed still, or none of `by`'s business.
        MessageRefused: nothing written, too many files, or `by` acts for neither side.
        UploadRefused: a file is not one that is kept.
    """
    quote = quotes.get(code, viewer=by, at=at)
    parties = (quote.inquiry.consumer_id, quote.provider_id)
    return _send(Message(quote=quote), text, files, masked=True, parties=parties, by=by, at=at)


@transaction.atomic
def mark_read(*, order_code: UUID | None = None, quote_code: UUID | None = None, by: Actor, at: datetime) -> int:
    """Note that `by`'s side has read what the other side wrote in one deal; return how many messages that were.

    Raises:
        Order.DoesNotExist, Quote.DoesNotExist: no such deal, or none of `by`'s business.
    """
    unread = Message.objects.filter(read_at__isnull=True)
    if order_code is not None:
        order = orders.get(order_code, viewer=by)
        unread, parties = unread.filter(order=order), order.party_ids()
    else:
        if quote_code is None:
            return 0
        quote = quotes.get(quote_code, viewer=by, at=at)
        unread, parties = unread.filter(quote=quote), (quote.inquiry.consumer_id, quote.provider_id)
    if by.organisation_id not in parties:
        return 0
    return unread.exclude(by_organisation_id=by.organisation_id).update(read_at=at)


def _send(
    message: Message,
    text: str,
    files: Sequence[Upload],
    *,
    masked: bool,
    parties: Sequence[int],
    by: Actor,
    at: datetime,
) -> Message:
    if by.organisation_id is None or by.organisation_id not in parties or by.user_id is None:
        raise MessageRefused(gettext_noop("Only the two sides write here."))
    if not text.strip() and not files:
        raise MessageRefused(gettext_noop("Write something first."), field="text")
    if len(files) > MOST_FILES:
        raise MessageRefused(
            gettext_noop("At most %(count)s files go with one message."), field="files", params={"count": MOST_FILES}
        )
    message.text, message.hidden_count = contacts.mask(text.strip()) if masked else (text.strip(), 0)
    message.by_organisation_id, message.by_user_id, message.at = by.organisation_id, by.user_id, at
    message.save()
    for upload in files:
        _attach(message, upload)
    others = [party for party in parties if party != by.organisation_id]
    deal = message.order or message.quote
    path = "orders" if message.order_id else "quotes"
    codes = {"order" if message.order_id else "quote": deal.code if deal else ""}
    events.publish("message.sent", audience=parties, message=message.code, **codes)
    notifications.notify(
        organisation_ids=others,
        kind=NoticeKind.MESSAGE,
        message=gettext_noop("You have a new message."),
        link=f"/{path}/{deal.code if deal else ''}#messages",
        at=at,
    )
    return message


def _attach(message: Message, upload: Upload) -> None:
    clean = uploads.clean(upload.content, accept=tuple(FileKind), limit_bytes=LIMIT_BYTES)
    row = MessageAttachment(
        message=message,
        name=clean.called(upload.name),
        media_type=clean.media_type,
        size_bytes=len(clean.content),
        sha256=clean.sha256,
    )
    row.file.save(f"{row.code}{clean.extension}", ContentFile(clean.content), save=True)
