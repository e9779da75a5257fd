"""Listings that match rounds alone give away: nobody gets them by being quicker, by whatever door."""

from datetime import timedelta

import pytest

from marketplace.core.deal import Line
from marketplace.models import Inquiry, Listing, ListingVersion, Order, Quote
from marketplace.policies import AllottedInRounds
from marketplace.services import listings, orders
from marketplace.services.contents import ListingContent
from matching.models import Proposal, TentativeDeal
from matching.services import proposals
from matching.services.live_market import LiveMarket
from tests import make

pytestmark = pytest.mark.django_db

AT = make.MONDAY_9AM


@pytest.fixture
def listing():
    return make.fitting_offer(is_allotted=True)


def test_it_cannot_be_ordered_and_the_refusal_says_what_to_do(listing):
    with pytest.raises(AllottedInRounds) as refusal:
        make.order(listing)

    assert refusal.value.fix == "Post a need: the next round decides among all wishes together."
    assert not Order.objects.exists()


def test_no_bundle_takes_it_along(listing):
    free = make.fitting_offer()
    lines = [Line(each.code, 4, 0) for each in (free, listing)]

    with pytest.raises(AllottedInRounds):
        orders.request_bundle(lines, by=make.actor(make.organisation()), at=AT)

    assert not Order.objects.exists()


def test_its_owner_cannot_give_it_away_by_a_quote(listing):
    inquiry = make.inquiry(make.fitting_wish())

    with pytest.raises(AllottedInRounds):
        make.quote(asked=inquiry, listing=listing)

    assert not Quote.objects.exists()
    assert Inquiry.objects.get().state == inquiry.state


def test_a_round_allots_it_and_both_sides_conclude_by_saying_yes(listing):
    demand = make.fitting_wish()
    make.run_round()
    proposal = Proposal.objects.get()

    for party in (demand.owner, listing.owner):
        proposals.accept(proposal.code, by=make.actor(party), at=AT)

    order = Order.objects.get()
    assert (order.source, order.consumer, order.provider) == ("match", demand.owner, listing.owner)


def test_the_live_market_leaves_it_to_the_round_of_all_wishes(listing):
    demand = make.fitting_wish()

    LiveMarket().look(at=AT)
    assert not TentativeDeal.objects.exists()

    Listing.objects.update(is_allotted=False)
    LiveMarket().look(at=AT)
    assert TentativeDeal.objects.get().demand == demand


def test_being_first_gains_nothing_and_the_seed_decides_among_equals(listing):
    """Equal needs, posted one after the other: over several rounds not always the first one wins."""
    first, second = (make.fitting_wish(published_at=AT - timedelta(hours=hours)) for hours in (9, 1))
    winners = set()
    for _ in range(24):
        winners.add(make.run_round().proposals.get().demand_id)
        Proposal.objects.update(state="expired")

    assert winners == {first.pk, second.pk}


def test_the_owner_chooses_it_and_the_version_keeps_what_was_chosen():
    mine = make.fitting_offer()
    content = ListingContent(
        title=mine.title, unit=mine.unit, attributes=mine.attributes, place=mine.place, price_fen=mine.price_fen,
        is_allotted=True,
    )  # fmt: skip

    listings.edit(mine.code, content, by=make.actor(mine.owner), at=AT)

    assert Listing.objects.get().is_allotted
    assert ListingVersion.objects.latest("version").content["is_allotted"] is True


def test_by_default_whoever_is_first_is_served():
    free = make.fitting_offer()

    assert not free.is_allotted
    assert make.order(free).state == "proposed"
