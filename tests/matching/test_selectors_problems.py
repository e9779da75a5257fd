"""From rows to a market: constant queries, and the narrowing that every direction must allow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.directions import DIRECTIONS, fields, narrowing
from marketplace.models import Listing
from marketplace.services import listings
from matching.core.explain import Why
from matching.core.market import Parameters
from matching.selectors import problems
from tests import make


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.code)
def test_another_class_never_fits_so_candidates_may_be_narrowed_by_it(direction):
    offered, wanted = dict(make.OFFERED[direction.code]), dict(make.WANTED[direction.code])
    if direction.has_legs:
        wanted = {"leg": "logistics", "service": "logistics.ftl"}
    parse = direction.parse_leg if direction.has_legs else direction.parse_need
    assert direction.fit(direction.parse_offer(offered), parse(wanted)).score > 0
    name = narrowing(direction)
    choices = {f.name: f.choices for f in fields(direction.offer)}[name]

    for value, _ in choices:
        if value.split(".")[0] != wanted[name].split(".")[0]:
            other = direction.parse_offer({**offered, name: value})
            assert direction.fit(other, parse(wanted)).score == 0


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["instruments", "equipment", "capacity"])
def test_gathering_takes_as_many_queries_for_six_needs_as_for_two(code):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            problems.gather(Parameters(), directions=[code], at=make.MONDAY_9AM)
        return len(captured)

    for _ in range(2):
        make.fitting_wish(code)
        make.fitting_offer(code)
    few = queries()
    for _ in range(4):
        make.fitting_wish(code)
        make.fitting_offer(code)

    assert queries() == few


@pytest.mark.django_db
def test_only_the_nearest_offers_are_compared():
    from django.contrib.gis.geos import Point

    make.fitting_wish()
    for step in range(5):
        make.fitting_offer(place=Point(118.089 + step / 100, 24.479, srid=4326))

    (section,) = problems.gather(Parameters(nearest=3), directions=None, at=make.MONDAY_9AM).sections

    assert sorted(section.rows.edges.distance_m) == pytest.approx([0, 1014, 2028], abs=5)


@pytest.mark.django_db
def test_an_offer_that_is_not_on_the_market_or_of_another_unit_is_no_candidate():
    make.fitting_wish()
    paused, other_unit = make.fitting_offer(), make.fitting_offer()
    listings.pause(paused.code, by=make.actor(paused.owner), at=make.MONDAY_9AM)
    Listing.objects.filter(pk=other_unit.pk).update(unit="sample")

    (section,) = problems.gather(Parameters(), directions=None, at=make.MONDAY_9AM).sections

    assert section.lots == []
    assert section.hurdles[0].why == Why.NOBODY_OFFERS


@pytest.mark.django_db
def test_offers_without_a_place_come_in_addition_and_their_way_does_not_count():
    make.fitting_wish("skills")
    make.fitting_offer("skills", place=None)
    make.fitting_offer("skills")

    (section,) = problems.gather(Parameters(nearest=1), directions=None, at=make.MONDAY_9AM).sections

    assert section.rows.edges.distance_m.tolist() == [0, 0]


@pytest.mark.django_db
def test_an_offer_by_quote_is_taken_to_ask_a_share_of_the_limit():
    make.fitting_wish()
    make.fitting_offer(price_fen=None, reserve_price_fen=None)

    (section,) = problems.gather(Parameters(), directions=None, at=make.MONDAY_9AM).sections

    assert section.rows.edges.reserve_fen.tolist() == [7_200]
    assert section.rows.lots.asked_fen.tolist() == [-1]


@pytest.mark.django_db
def test_what_open_orders_cover_is_not_gathered_again():
    demand = make.fitting_wish("capacity", quantity=10)
    listing = make.fitting_offer("capacity")
    order = make.order(listing, consumer=demand.owner, quantity=4)
    order.demand = demand
    order.save()

    (section,) = problems.gather(Parameters(), directions=None, at=make.MONDAY_9AM).sections

    assert section.rows.legs.quantity.tolist() == [6]
