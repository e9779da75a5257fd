"""Lock inquiries and quotes, move a quote by its table, and write its history."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.core.actor import Actor
from common import events
from marketplace import policies
from marketplace.core.quote_states import QUOTE
from marketplace.models import Inquiry, Quote, QuoteStep


def locked_inquiry(code: UUID, *, by: Actor) -> Inquiry:
    """Lock and return the inquiry.

    Raises:
        Inquiry.DoesNotExist: no such inquiry, or not of `by`'s own organisation.
    """
    inquiry = Inquiry.objects.select_for_update(of=("self",)).select_related("demand").get(code=code)
    if not policies.inquiry_parties(by, inquiry):
        raise Inquiry.DoesNotExist
    return inquiry


def locked(code: UUID, *, by: Actor, at: datetime) -> Quote:
    """Lock the quote's inquiry, then the quote, and return it.

    Raises:
        Quote.DoesNotExist: no such quote, or `by` may not see it (sealed quotes are for their providers alone).
    """
    inquiry_id = Quote.objects.values_list("inquiry_id", flat=True).get(code=code)
    inquiry = Inquiry.objects.select_for_update(of=("self",)).select_related("demand").get(pk=inquiry_id)
    quote = Quote.objects.select_for_update(of=("self",)).select_related("listing", "provider").get(code=code)
    quote.inquiry = inquiry
    if not policies.may_see_quote(by, quote, at=at):
        raise Quote.DoesNotExist
    return quote


def move(quote: Quote, name: str, *, parties: Collection[str], by: Actor, at: datetime) -> None:
    """Make move `name`, save the quote, add the step with the offer as it stands, and tell both sides' pages.

    Raises:
        TransitionRefused: the move does not start here, or it is not for any of `parties`.
    """
    source = quote.state
    quote.state = QUOTE.target(source, name, parties)
    quote.save()
    step(quote, name, source=source, by=by, at=at)


def step(quote: Quote, name: str, *, source: str, by: Actor, at: datetime) -> None:
    """Add one row to the history of `quote`."""
    QuoteStep.objects.create(
        quote=quote,
        move=name,
        source_state=source,
        target_state=quote.state,
        by_user_id=by.user_id,
        by_organisation_id=by.organisation_id,
        at=at,
        offer={
            "quantity": quote.quantity,
            "unit_price_fen": quote.unit_price_fen,
            "setup_fen": quote.setup_fen,
            "total_fen": quote.total_fen,
            "starts_at": quote.starts_at.isoformat(),
            "ends_at": quote.ends_at.isoformat(),
            "counter_unit_price_fen": quote.counter_unit_price_fen,
            "note": quote.counter_note if name == "counter" else quote.note,
        },
    )
    # A sealed quote gives no sign of itself to the consumer before the seal opens.
    audience = {quote.provider_id} | (
        set() if policies.is_sealed_at(quote.inquiry, at) else {quote.inquiry.consumer_id}
    )
    events.publish(f"quote.{quote.state}", audience=audience, quote=quote.code, inquiry=quote.inquiry.code)
