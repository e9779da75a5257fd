"""Quotes: sealed until the call closes, bargained over, awarded once."""

from datetime import timedelta

import pytest
from django.db.utils import InternalError

from accounts.core.actor import SYSTEM
from common.errors import Refused
from common.state_machine import TransitionRefused
from marketplace.core.parts import MilestonePlan
from marketplace.core.pricing import PriceOutsideLimits
from marketplace.models import Demand, Inquiry, Listing, Order, Quote
from marketplace.selectors import quotes as quote_reads
from marketplace.services import inquiries, quotes
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM
AFTER = AT + timedelta(days=3)


def consumer(quote):
    return make.actor(quote.inquiry.demand.owner)


def provider(quote):
    return make.actor(quote.provider)


def test_a_sealed_quote_is_read_by_nobody_but_its_provider_until_the_call_closes():
    quote = make.quote("skills")

    assert quote_reads.compare(quote.inquiry, viewer=consumer(quote), at=AT) == []
    for stranger in (consumer(quote), make.mediator(), make.actor(make.organisation())):
        with pytest.raises(Quote.DoesNotExist):
            quote_reads.get(quote.code, viewer=stranger, at=AFTER - timedelta(seconds=1))
    assert quote_reads.get(quote.code, viewer=provider(quote), at=AT) == quote
    assert quote_reads.get(quote.code, viewer=consumer(quote), at=AFTER) == quote


def test_a_sealed_quote_cannot_be_countered_or_awarded_early():
    quote = make.quote("skills")

    for act in (
        lambda: quotes.counter(quote.code, unit_price_fen=1, by=consumer(quote), at=AT),
        lambda: quotes.award(quote.code, by=consumer(quote), at=AT),
        lambda: quotes.decline(quote.code, by=consumer(quote), at=AT),
    ):
        with pytest.raises(Quote.DoesNotExist):
            act()

    quote.refresh_from_db()
    assert quote.state == "submitted"
    assert not Order.objects.exists()


def test_closing_a_sealed_call_early_opens_no_seal():
    quote = make.quote("skills")

    inquiries.close(quote.inquiry.code, by=consumer(quote), at=AT)

    quote.refresh_from_db()
    assert quote.state == "declined"
    with pytest.raises(Quote.DoesNotExist):
        quote_reads.get(quote.code, viewer=consumer(quote), at=AT + timedelta(hours=1))


def test_an_unsealed_quote_is_bargained_over_and_awarded_at_the_answered_price():
    quote = make.quote("capacity")
    quotes.counter(quote.code, unit_price_fen=8_000, note="长期合作", by=consumer(quote), at=AT)
    quotes.answer(quote.code, make.offered(unit_price_fen=8_500), by=provider(quote), at=AT)

    order = quotes.award(quote.code, by=consumer(quote), at=AT)

    assert (order.state, order.unit_price_fen, order.source_code) == ("agreed", 8_500, quote.code)
    assert [step.move for step in quote.steps.order_by("id")] == ["submit", "counter", "answer", "award"]
    assert quote.steps.get(move="counter").offer["counter_unit_price_fen"] == 8_000
    assert order.agreements.get().acceptances.count() == 2


def test_an_award_declines_every_other_quote_and_ends_the_call():
    first = make.quote("capacity")
    second = make.quote(asked=first.inquiry, unit_price_fen=8_000)

    quotes.award(second.code, by=consumer(first), at=AT)

    first.refresh_from_db()
    first.inquiry.refresh_from_db()
    assert (first.state, first.inquiry.state) == ("declined", "awarded")
    with pytest.raises(TransitionRefused):
        quotes.award(first.code, by=consumer(first), at=AT)
    assert Order.objects.count() == 1


def test_an_award_over_the_budget_is_refused_and_leaves_all_quotes_standing():
    quote = make.quote(asked=make.inquiry(make.wish("capacity", budget_fen=8_999)))

    with pytest.raises(PriceOutsideLimits):
        quotes.award(quote.code, by=consumer(quote), at=AT)

    quote.refresh_from_db()
    assert quote.state == "submitted"
    assert not Order.objects.exists()


def test_a_quote_that_has_run_out_is_not_awarded_and_expires():
    quote = make.quote("capacity")
    late = quote.valid_until + timedelta(seconds=1)

    with pytest.raises(quotes.QuoteRefused):
        quotes.award(quote.code, by=consumer(quote), at=late)
    assert quotes.sweep(at=late) == 1
    assert quotes.sweep(at=late) == 0

    quote.refresh_from_db()
    assert quote.state == "expired"


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": AT},
        {"starts_at": AT - timedelta(days=1)},
        {"ends_at": AT + timedelta(days=7)},
        {"milestones": [MilestonePlan("初稿", AT + timedelta(days=9), 1)]},
    ],
)
def test_an_offer_that_cannot_hold_is_refused(fields):
    with pytest.raises(quotes.QuoteRefused):
        make.quote("capacity", **fields)

    assert not Quote.objects.exists()


def test_the_milestones_of_a_quote_are_those_of_the_order():
    plans = [
        MilestonePlan("方案", AT + timedelta(days=9), 10_000),
        MilestonePlan("成果", AT + timedelta(days=20), 26_000),
    ]
    quote = make.quote("skills", milestones=plans)

    order = quotes.award(quote.code, by=consumer(quote), at=AFTER)

    assert list(order.milestones.order_by("ordinal").values_list("title", "amount_fen")) == [
        ("方案", 10_000),
        ("成果", 26_000),
    ]


@pytest.mark.parametrize("why", ["late", "own", "direction", "twice", "foreign"])
def test_who_may_not_quote_is_refused(why):
    asked = make.inquiry(code="capacity")
    listing = make.offer("capacity")
    by, at = make.actor(listing.owner), AT
    if why == "late":
        at = AFTER
    elif why == "own":
        listing = make.offer("capacity", owner=asked.demand.owner)
        by = make.actor(listing.owner)
    elif why == "direction":
        listing = make.offer("skills", owner=listing.owner)
    elif why == "twice":
        make.quote(asked=asked, listing=listing)
    else:
        by = make.actor(make.organisation())
    before = Quote.objects.count()

    with pytest.raises((Refused, Listing.DoesNotExist)):
        quotes.submit(asked.code, listing.code, make.offered(at), by=by, at=at)

    assert Quote.objects.count() == before


def test_only_the_demands_owner_asks_and_only_once():
    asked = make.inquiry()

    with pytest.raises(Demand.DoesNotExist):
        inquiries.open_for(asked.demand.code, closes_at=AFTER, by=make.actor(make.organisation()), at=AT)
    with pytest.raises(inquiries.InquiryRefused):
        inquiries.open_for(asked.demand.code, closes_at=AFTER, by=make.actor(asked.demand.owner), at=AT)

    assert Inquiry.objects.count() == 1


def test_a_demand_that_was_only_published_takes_offers_until_its_deadline():
    demand = make.wish("capacity", deadline_at=AFTER)

    found = inquiries.for_offer(demand.code, by=SYSTEM, at=AT)

    assert (found.closes_at, found.quantity) == (AFTER, demand.quantity)
    assert inquiries.for_offer(demand.code, by=SYSTEM, at=AT) == found


def test_quotes_side_by_side_are_marked_where_each_is_best():
    first = make.quote("capacity", unit_price_fen=8_000)
    make.quote(asked=first.inquiry, unit_price_fen=9_000, ends_at=AT + timedelta(days=10))

    cheap, soon = quote_reads.compare(first.inquiry, viewer=consumer(first), at=AT)

    assert cheap.best_in == frozenset({"price"})
    assert soon.best_in == frozenset({"time"})


def test_the_database_refuses_to_rewrite_the_history_of_a_quote():
    step = make.quote("capacity").steps.get()

    step.offer = {}
    with pytest.raises((InternalError, Exception), match="append-only"):
        step.save()
