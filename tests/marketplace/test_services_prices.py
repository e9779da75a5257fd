"""The price index from orders: what counts, in which cell, made once and for good."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation
from marketplace.core.prices import NATION
from marketplace.core.quarters import ripe, span
from marketplace.models import Listing, Order, OrderStep, PriceFigure, PriceRelease
from marketplace.selectors import prices as reads
from marketplace.services import prices
from tests import make

pytestmark = pytest.mark.django_db
Q1 = date(2026, 1, 1)
IN_Q1 = datetime(2026, 2, 10, tzinfo=UTC)
RIPE = datetime(2026, 7, 2, tzinfo=UTC)  # another quarter has passed
XIAMEN, CHONGQING = "350200", "500100"
FIVE_AXIS = {"machine": "cutting.five_axis"}


def cast(n_providers=3, n_consumers=7, division_code="350203") -> tuple[list[Listing], list[Organisation]]:
    """Providers with a listing each, and consumers."""
    listings = [
        make.offer(owner=make.organisation(division_code=division_code), attributes=FIVE_AXIS)
        for _ in range(n_providers)
    ]
    return listings, [make.organisation() for _ in range(n_consumers)]


def agreed(listing: Listing, consumer: Organisation, price_fen: int, **fields) -> Order:
    """An order that was carried out long ago."""
    defaults = {
        "direction": listing.direction,
        "lifecycle": "slots",
        "state": "closed",
        "listing": listing,
        "consumer": consumer,
        "provider": listing.owner,
        "title": listing.title,
        "quantity": 2,
        "unit": listing.unit,
        "unit_price_fen": price_fen,
        "total_fen": 2 * price_fen,
        "source": "request",
        "proposed_at": IN_Q1,
        "agreed_at": IN_Q1,
    }
    return Order.objects.create(**(defaults | fields))


def market(n_orders=10, *, of=None, first_fen=10_000, **fields) -> list[Order]:
    """Orders at 100, 110, 120 ... yuan, the parties taking turns."""
    listings, consumers = of or cast()
    return [
        agreed(listings[n % len(listings)], consumers[n % len(consumers)], first_fen + 1_000 * n, **fields)
        for n in range(n_orders)
    ]


def told(**wishes) -> dict[str, tuple[int, int, int, int]]:
    return {
        figure.division_code: (figure.n_orders, figure.lower_fen, figure.median_fen, figure.upper_fen)
        for figure in reads.published(**wishes)
    }


def test_ten_orders_give_orders_median_and_quartiles_of_country_and_city():
    market()

    assert prices.release_ripe(at=RIPE)[-1] == Q1

    # quartiles of 100, 110 ... 190 yuan: 122.50, 145 and 167.50
    assert told() == {NATION: (10, 12_000, 15_000, 17_000), XIAMEN: (10, 12_000, 15_000, 17_000)}
    figure = PriceFigure.objects.get(division_code=XIAMEN)
    assert (figure.direction, figure.class_code, figure.unit) == ("equipment", "cutting", "machine_hour")
    assert figure.release_id == Q1
    assert figure.change_percent is None
    assert not figure.is_demo


def test_nine_orders_give_nothing():
    market(9)

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_two_providers_give_nothing():
    market(12, of=cast(n_providers=2, n_consumers=10))

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_a_party_on_both_sides_counts_once():
    listings, consumers = cast(3, 6)
    market(12, of=(listings, [*consumers, listings[1].owner]))

    prices.release_ripe(at=RIPE)

    assert told() == {}  # nine parties, three of whom sell and seven buy


@pytest.mark.parametrize(("by_the_largest", "is_shown"), [(14, True), (15, False)])
def test_a_provider_with_more_than_70_percent_of_the_orders_hides_the_cell(by_the_largest, is_shown):
    listings, consumers = cast()
    for n in range(20):
        listing = listings[0] if n < by_the_largest else listings[1 + n % 2]
        agreed(listing, consumers[n % 7], 10_000)

    prices.release_ripe(at=RIPE)

    assert bool(told()) is is_shown


def test_a_buyer_with_more_than_70_percent_of_the_orders_hides_the_cell():
    listings, consumers = cast()
    for n in range(20):
        agreed(listings[n % 3], consumers[0] if n < 15 else consumers[1 + n % 6], 10_000)

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_a_buyer_may_dominate_the_country_and_none_of_the_cities_shown():
    listings, consumers = cast()
    for n in range(20):
        agreed(listings[n % 3], consumers[0] if n < 14 else consumers[1 + n % 6], 10_000)
    elsewhere, _ = cast(n_consumers=0, division_code="500103")
    for n in range(5):
        agreed(elsewhere[n % 3], consumers[0], 10_000)

    prices.release_ripe(at=RIPE)

    assert {code: figures[0] for code, figures in told().items()} == {XIAMEN: 20}


def test_the_country_is_shown_and_no_city_when_one_of_two_is_too_small():
    market(20)
    market(4, of=cast(division_code="500103"))

    prices.release_ripe(at=RIPE)

    assert {code: figures[0] for code, figures in told().items()} == {NATION: 25}


def test_each_city_is_shown_where_each_is_large_enough():
    market(20)
    market(10, of=cast(division_code="500103"), first_fen=30_000)

    prices.release_ripe(at=RIPE)

    assert told()[XIAMEN] == (20, 15_000, 20_000, 24_000)
    assert told()[CHONGQING] == (10, 32_000, 35_000, 37_000)
    assert told()[NATION][0] == 30


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_what_was_called_off_before_it_began_does_not_count(state):
    orders = market()
    Order.objects.filter(pk=orders[0].pk).update(state=state)

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_what_was_cancelled_after_it_began_counts():
    orders = market()
    Order.objects.filter(pk=orders[0].pk).update(state="cancelled")
    OrderStep.objects.create(order=orders[0], move="start", target_state="in_progress", at=IN_Q1)

    prices.release_ripe(at=RIPE)

    assert told()[NATION][0] == 10


def test_neither_what_was_never_agreed_nor_the_frame_of_a_bundle_counts():
    orders = market()
    Order.objects.filter(pk=orders[0].pk).update(agreed_at=None, state="refused")
    Order.objects.filter(pk=orders[1].pk).update(listing=None)

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_units_and_classes_are_never_mixed():
    listings, consumers = cast()
    market(6, of=(listings, consumers))
    other = [make.offer(owner=each.owner, attributes={"machine": "sheet.laser"}) for each in listings]
    market(6, of=(other, consumers))

    prices.release_ripe(at=RIPE)

    assert told() == {}


def test_a_listing_that_is_closed_by_now_still_counts():
    market()
    Listing.objects.update(state="closed")

    prices.release_ripe(at=RIPE)

    assert NATION in told()


def test_a_quarter_is_cut_at_midnight_in_china():
    start, end = span(Q1)
    orders = market(12)
    for order, at in ((orders[0], start), (orders[1], end - timedelta(seconds=1)), (orders[2], end)):
        Order.objects.filter(pk=order.pk).update(agreed_at=at)
    Order.objects.filter(pk=orders[3].pk).update(agreed_at=start - timedelta(seconds=1))

    prices.release_ripe(at=RIPE)

    assert told()[NATION][0] == 10


def test_nothing_is_told_before_another_quarter_has_passed():
    market()

    prices.release_ripe(at=datetime(2026, 6, 30, tzinfo=UTC))

    assert told() == {}
    assert not PriceRelease.objects.filter(quarter=Q1).exists()


def test_a_quarter_is_made_once_whatever_happens_later():
    orders = market(10)
    prices.release_ripe(at=RIPE)
    first = told()
    Order.objects.filter(pk=orders[0].pk).update(unit_price_fen=90_000, total_fen=180_000)

    assert prices.release_ripe(at=RIPE + timedelta(days=1)) == []

    assert told() == first
    assert PriceRelease.objects.get(quarter=Q1).method["min_persons"] == 10


def test_the_median_is_compared_with_the_quarter_before():
    of = cast()
    autumn = datetime(2025, 11, 5, tzinfo=UTC)
    market(of=of, agreed_at=autumn)
    market(of=of, first_fen=13_000)

    prices.release_ripe(at=RIPE)

    changes = dict(reads.published(division_code=NATION).values_list("release_id", "change_percent"))
    assert changes == {date(2025, 10, 1): None, Q1: 20}  # 145 shown as 150, 175 as 180


def test_made_up_orders_mark_their_figure():
    orders = market()
    Listing.objects.filter(pk=orders[0].listing_id).update(is_demo=True)

    prices.release_ripe(at=RIPE)

    assert all(figure.is_demo for figure in reads.published())


def test_a_listing_finds_the_figure_of_its_city_before_that_of_the_country():
    listing = market(20)[0].listing
    market(10, of=cast(division_code="500103"), first_fen=30_000)
    prices.release_ripe(at=RIPE)
    listing.refresh_from_db()

    assert reads.usual(listing.family, "350203").division_code == XIAMEN
    assert reads.usual(listing.family, "110101").division_code == NATION
    assert reads.usual(listing.family, "").division_code == NATION
    assert reads.usual("equipment/machine_hour/sheet", "350203") is None
    assert reads.usual(None, "350203") is None


def test_a_release_asks_the_same_number_of_queries_however_many_orders(django_assert_num_queries):
    of = cast()
    at = timezone.now()
    for quarter in ripe(at):
        market(12, of=of, agreed_at=span(quarter)[0])

    # per quarter: savepoint, look, insert with its savepoint, medians before, tally, figures, release of the savepoints
    with django_assert_num_queries(1 + 8 * 9):
        prices.release_ripe(at=at)
