"""Decided among the nearest first: the result is the best among all, and few pairs are looked at."""

from random import Random

import pytest
from django.contrib.gis.geos import Point

from matching.core.market import Parameters
from matching.selectors import beyond
from matching.services import rounds
from tests import make

WIDE = 10**6
DAY = make.MONDAY_9AM


def market(n=25, direction="instruments", **fields):
    """Needs close together beside dear offers, and cheap offers farther away."""
    random = Random(3)
    for number in range(n):
        make.fitting_wish(direction, budget_fen=9_000 + random.randrange(3_000), radius_m=150_000, **fields)
        away = random.uniform(0.0, 0.9)
        place = Point(118.089 + away, 24.479, srid=4326)
        floor_fen = 8_000 - round(5_000 * away) + number
        make.fitting_offer(direction, place=place, price_fen=floor_fen, reserve_price_fen=floor_fen)


def welfare(found):
    return sum(one.certificate.primal_fen for parts in found.checked for one in parts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("direction", "fields"), [("instruments", {}), ("equipment", {"quantity": 3, "max_suppliers": 30})]
)
def test_among_the_nearest_two_the_best_of_all_is_found(direction, fields):
    market(direction=direction, **fields)

    def decided(**parameters):
        return rounds.decide(Parameters(**parameters), directions=None, at=DAY)

    everything = decided(nearest=WIDE, widen=0)
    nearest, widened = decided(nearest=2, widen=0), decided(nearest=2, widen=20)

    assert welfare(nearest) < welfare(widened) == welfare(everything)
    assert (nearest.gathered.entered, nearest.gathered.left) == (0, None)
    assert widened.gathered.entered > 0
    assert widened.gathered.left == 0
    n_edges = [sum(len(s.rows.edges) for s in found.gathered.sections) for found in (nearest, widened, everything)]
    assert n_edges[0] < n_edges[1] <= n_edges[2]


@pytest.mark.django_db
def test_needs_of_one_partner_each_get_better_ones_from_beyond_the_nearest():
    market(direction="equipment", quantity=3)

    nearest, widened = (rounds.decide(Parameters(nearest=2, widen=widen), directions=None, at=DAY) for widen in (0, 20))

    assert {one.part.kind for parts in widened.checked for one in parts} == {"mixed"}
    assert welfare(nearest) < welfare(widened)


@pytest.mark.django_db
def test_a_round_that_may_not_look_often_enough_says_how_many_pairs_were_left():
    market()

    found = rounds.decide(Parameters(nearest=1, widen=1), directions=None, at=DAY)

    assert found.gathered.entered > 0
    assert found.gathered.left > 0


@pytest.mark.django_db
def test_where_there_are_too_many_pairs_nobody_looks_and_nothing_is_claimed(monkeypatch):
    market(n=4)
    monkeypatch.setattr(beyond, "MOST_PAIRS", 15)

    found = rounds.decide(Parameters(nearest=1), directions=None, at=DAY)

    assert (found.gathered.entered, found.gathered.left) == (0, None)


@pytest.mark.django_db
def test_a_pair_that_was_declined_does_not_come_in_again():
    market(n=6)
    before = rounds.run(by=make.operator(), at=DAY, parameters=Parameters(nearest=1, widen=0))
    proposal = before.proposals.order_by("pk").first()
    before.proposals.update(state="declined")

    after = rounds.run(by=make.operator(), at=DAY, parameters=Parameters(nearest=1))

    pairs = set(after.proposals.values_list("demand_id", "listing_id"))
    assert (proposal.demand_id, proposal.listing_id) not in pairs
    assert after.n_left == 0


@pytest.mark.django_db
def test_the_market_with_the_pairs_that_came_in_is_what_is_stored_and_replayed():
    market()
    found = rounds.run(by=make.operator(), at=DAY, parameters=Parameters(nearest=1))

    assert found.n_entered > 0
    assert rounds.replay(found.code, by=make.operator(), at=DAY).is_same
