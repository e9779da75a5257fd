"""Answer an inquiry with a quote, bargain over it, and award it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.core.actor import SYSTEM, Actor
from accounts.core.parties import NoticeKind
from accounts.services import notifications
from common import audit
from common.db import violated_constraint
from common.errors import Refused, gettext_noop
from marketplace import policies
from marketplace.core import pricing
from marketplace.core.deal import Acceptance, Line
from marketplace.core.parts import MilestonePlan
from marketplace.core.pricing import Price
from marketplace.core.quote_states import LIVE, InquiryState
from marketplace.models import Inquiry, Listing, Order, Quote
from marketplace.services import inquiries, order_making, order_rows, quote_rows


class QuoteRefused(Refused):
    """The quote cannot be given, changed or awarded like this."""


@dataclass(frozen=True)
class Offer:
    """What a provider offers: price, time, parts and until when it stands."""

    unit_price_fen: int
    starts_at: datetime
    ends_at: datetime
    valid_until: datetime
    setup_fen: int = 0
    milestones: Sequence[MilestonePlan] = ()
    note: str = ""


@transaction.atomic
def submit(inquiry_code: UUID, listing_code: UUID, offer: Offer, *, by: Actor, at: datetime) -> Quote:
    """Answer an open inquiry from one of one's own listings; binding until it is withdrawn or runs out.

    Raises:
        Inquiry.DoesNotExist, Listing.DoesNotExist: not there, or the listing is not `by`'s own.
        AllottedInRounds: match rounds alone give the listing away.
        QuoteRefused: closed, another direction, one's own inquiry, times out of order, or quoted before.
    """
    provider_id = policies.require_binding(by)
    inquiry = Inquiry.objects.select_for_update(of=("self",)).select_related("demand").get(code=inquiry_code)
    listing = Listing.objects.get(code=listing_code, owner_id=provider_id)
    policies.require_offered(listing, at=at)
    policies.require_first_come(listing)
    _check_open(inquiry, at=at)
    if inquiry.consumer_id == provider_id:
        raise QuoteRefused(gettext_noop("This is your own demand."))
    if listing.direction != inquiry.demand.direction:
        raise QuoteRefused(gettext_noop("This listing is of another direction than the demand."), field="listing")
    quote = Quote(inquiry=inquiry, listing=listing, provider_id=provider_id, submitted_at=at)
    _set_offer(quote, offer, at=at)
    try:
        with transaction.atomic():
            quote.save()
    except IntegrityError as error:
        if violated_constraint(error) != "quote_one_live_per_listing":
            raise
        raise QuoteRefused(
            gettext_noop("You have quoted from this listing already."), fix=gettext_noop("Revise that quote.")
        ) from error
    quote_rows.step(quote, "submit", source="", by=by, at=at)
    audit.record("quote.submit", quote, by=by, at=at)
    _tell(quote, inquiry.consumer_id, gettext_noop("A quote has come in for “%(title)s”."), at=at)
    return quote


@transaction.atomic
def revise(code: UUID, offer: Offer, *, by: Actor, at: datetime) -> Quote:
    """Replace one's own offer while the inquiry is open; a counter-offer is answered by `answer`.

    Raises:
        Quote.DoesNotExist: no such quote, or not for `by`'s eyes.
        QuoteRefused: the inquiry has closed, or times are out of order.
        TransitionRefused: it is not at this point, or not `by`'s own.
    """
    quote = quote_rows.locked(code, by=by, at=at)
    _check_open(quote.inquiry, at=at)
    _set_offer(quote, offer, at=at)
    quote_rows.move(quote, "revise", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    return quote


@transaction.atomic
def counter(code: UUID, *, unit_price_fen: int, note: str = "", by: Actor, at: datetime) -> Quote:
    """The consumer asks for another unit price.

    Raises:
        Quote.DoesNotExist: no such quote, or sealed still.
        TransitionRefused: it is not at this point, or `by` is not the consumer.
    """
    quote = quote_rows.locked(code, by=by, at=at)
    quote.counter_unit_price_fen, quote.counter_note = unit_price_fen, note
    quote_rows.move(quote, "counter", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    _tell(quote, quote.provider_id, gettext_noop("There is a counter-offer for “%(title)s”."), at=at)
    return quote


@transaction.atomic
def answer(code: UUID, offer: Offer, *, by: Actor, at: datetime) -> Quote:
    """The provider answers a counter-offer with the offer that now stands, the asked one or another.

    Raises:
        Quote.DoesNotExist: no such quote, or not for `by`'s eyes.
        QuoteRefused: times are out of order.
        TransitionRefused: there is no counter-offer, or the quote is not `by`'s own.
    """
    quote = quote_rows.locked(code, by=by, at=at)
    _set_offer(quote, offer, at=at)
    quote.counter_unit_price_fen, quote.counter_note = None, ""
    quote_rows.move(quote, "answer", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    _tell(quote, quote.inquiry.consumer_id, gettext_noop("Your counter-offer for “%(title)s” was answered."), at=at)
    return quote


@transaction.atomic
def award(code: UUID, *, by: Actor, at: datetime) -> Order:
    """Choose a quote: it becomes a binding order, and every other quote of the inquiry is declined.

    Raises:
        Quote.DoesNotExist: no such quote, or sealed still.
        QuoteRefused: it has run out.
        PriceOutsideLimits: over the budget of the demand.
        Refused: the listing is no longer offered, or its time or capacity is gone.
        TransitionRefused: it is not at this point, or `by` is not the consumer.
    """
    # The listing first, as everywhere; then the inquiry and the quote.
    listing_code = Quote.objects.values_list("listing__code", flat=True).get(code=code)
    listing = order_rows.lock_listings([listing_code])[listing_code]
    quote = quote_rows.locked(code, by=by, at=at)
    if quote.valid_until <= at:
        raise QuoteRefused(gettext_noop("The quote has run out."), fix=gettext_noop("Ask the provider to quote again."))
    quote_rows.move(quote, "award", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    policies.require_offered(listing, at=at)
    order = _order_of(quote, listing, by=by, at=at)
    inquiries.end(quote.inquiry, "award", by=by, at=at)
    audit.record("quote.award", quote, by=by, at=at, order=str(order.code))
    return order


@transaction.atomic
def decline(code: UUID, *, by: Actor, at: datetime) -> Quote:
    """The consumer says no to one quote.

    Raises:
        Quote.DoesNotExist: no such quote, or sealed still.
        TransitionRefused: it is not at this point, or `by` is not the consumer.
    """
    quote = quote_rows.locked(code, by=by, at=at)
    quote_rows.move(quote, "decline", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    return quote


@transaction.atomic
def withdraw(code: UUID, *, by: Actor, at: datetime) -> Quote:
    """The provider takes their quote back.

    Raises:
        Quote.DoesNotExist: no such quote, or not for `by`'s eyes.
        TransitionRefused: it is not at this point, or not `by`'s own.
    """
    quote = quote_rows.locked(code, by=by, at=at)
    quote_rows.move(quote, "withdraw", parties=policies.quote_parties(by, quote, at=at), by=by, at=at)
    return quote


def sweep(*, at: datetime) -> int:
    """Let every quote expire that has run out; return how many. What a person moved meanwhile stays."""
    codes = Quote.objects.filter(state__in=LIVE, valid_until__lte=at).values_list("code", flat=True)
    return sum(_expire(code, at=at) for code in list(codes[:500]))


@transaction.atomic
def _expire(code: UUID, *, at: datetime) -> bool:
    quote = quote_rows.locked(code, by=SYSTEM, at=at)
    if quote.state not in LIVE or quote.valid_until > at:
        return False
    quote_rows.move(quote, "expire", parties={"system"}, by=SYSTEM, at=at)
    return True


def _check_open(inquiry: Inquiry, *, at: datetime) -> None:
    if inquiry.state != InquiryState.OPEN or inquiry.closes_at <= at:
        raise QuoteRefused(gettext_noop("No more quotes are taken here; the time is over."))


def _set_offer(quote: Quote, offer: Offer, *, at: datetime) -> None:
    price = Price(quote.inquiry.quantity, offer.unit_price_fen, offer.setup_fen)
    if not at <= offer.starts_at < offer.ends_at:
        raise QuoteRefused(gettext_noop("The work must begin in the future and end after it begins."), field="ends_at")
    if offer.valid_until <= max(at, quote.inquiry.closes_at if quote.inquiry.is_sealed else at):
        raise QuoteRefused(gettext_noop("The quote must stand beyond the closing time."), field="valid_until")
    if offer.milestones and sum(plan.amount_fen for plan in offer.milestones) != price.total_fen:
        raise QuoteRefused(gettext_noop("The amounts of the milestones must add up to the total."), field="milestones")
    quote.quantity, quote.unit_price_fen = price.quantity, price.unit_price_fen
    quote.setup_fen, quote.total_fen = price.setup_fen, price.total_fen
    quote.starts_at, quote.ends_at = offer.starts_at, offer.ends_at
    quote.valid_until, quote.note = offer.valid_until, offer.note
    quote.milestones = [
        {"title": plan.title, "due_at": plan.due_at.isoformat(), "amount_fen": plan.amount_fen}
        for plan in offer.milestones
    ]


def plans(quote: Quote) -> tuple[MilestonePlan, ...]:
    """Return the milestones that a quote offers."""
    return tuple(
        MilestonePlan(row["title"], datetime.fromisoformat(row["due_at"]), row["amount_fen"])
        for row in quote.milestones
    )


def _order_of(quote: Quote, listing: Listing, *, by: Actor, at: datetime) -> Order:
    demand = quote.inquiry.demand
    if demand.budget_fen is not None:
        pricing.check_budget(quote.total_fen, budget_fen=demand.budget_fen * quote.quantity)
    line = Line(
        listing.code,
        quote.quantity,
        quote.unit_price_fen,
        setup_fen=quote.setup_fen,
        start=max(quote.starts_at, at),
        end=quote.ends_at,
        milestones=plans(quote),
    )
    order = order_making.propose(
        [(listing, line)],
        consumer_id=quote.inquiry.consumer_id,
        demand=demand,
        source=Order.Source.QUOTE,
        source_code=quote.code,
        is_proposed_by_consumer=False,
        note=quote.note,
        by=by,
        at=at,
    )
    provider = quote.steps.filter(by_organisation_id=quote.provider_id).latest("at", "id")
    acceptances = [
        Acceptance(quote.provider_id, provider.by_user_id, provider.at),
        Acceptance(quote.inquiry.consumer_id, by.user_id, at),
    ]
    order_making.agree(order, acceptances, at=at)
    return order


def _tell(quote: Quote, organisation_id: int, message: str, *, at: datetime) -> None:
    if organisation_id == quote.inquiry.consumer_id and policies.is_sealed_at(quote.inquiry, at):
        return
    notifications.notify(
        organisation_ids=(organisation_id,),
        kind=NoticeKind.DEAL,
        message=message,
        params={"title": quote.inquiry.demand.title},
        link=f"/inquiries/{quote.inquiry.code}",
        at=at,
    )
