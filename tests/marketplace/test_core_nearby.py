"""Who comes first for whom: against looking at every pair, and against the geodesic."""

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core import nearby
from marketplace.core.nearby import FILTERS, NEVER, NO_FLOOR, Offers, Wishes, arc_m, first, passes, places


def market(seed, *, n_wishes, n_offers, families=2, placed=0.8):
    """A small market in which every filter refuses somebody."""
    rng = np.random.default_rng(seed)

    def where(n):
        lng, lat = rng.uniform(118, 119, n), rng.uniform(24, 25, n)
        lng[rng.random(n) > placed] = np.nan
        return places(lng, lat)

    wishes = Wishes(
        place=where(n_wishes),
        owner=rng.integers(0, 4, n_wishes),
        family=rng.integers(0, families, n_wishes),
        reach_m=rng.uniform(10_000, 120_000, n_wishes),
        until=np.where(rng.random(n_wishes) < 0.5, NEVER, rng.integers(0, 1_000, n_wishes)),
        since_day=rng.integers(0, 10, n_wishes),
        budget_fen=rng.integers(50, 200, n_wishes),
    )
    offers = Offers(
        place=where(n_offers),
        owner=rng.integers(0, 4, n_offers),
        family=rng.integers(0, families, n_offers),
        lead_s=rng.integers(0, 900, n_offers),
        valid_until=np.where(rng.random(n_offers) < 0.5, NEVER, rng.integers(0, 10, n_offers)),
        floor_fen=np.where(rng.random(n_offers) < 0.2, NO_FLOOR, rng.integers(1, 250, n_offers)),
        lottery=rng.integers(0, 4, n_offers),
    )
    return wishes, offers


def one_by_one(wishes, offers, most, filters):
    """Return (wish, offer) of those that come first, found by looking at every pair."""
    chosen = [FILTERS.index(name) for name in filters]
    found = set()
    for wish in range(wishes.owner.size):
        near, cheap = [], []
        for offer in np.flatnonzero(offers.family == wishes.family[wish]).tolist():
            chord = float(np.linalg.norm(wishes.place[wish] - offers.place[offer]))
            metres = float(arc_m(np.array(chord)))
            args = (np.array([wish]), np.array([offer]), np.array([metres]))
            if not passes(wishes, offers, *args, at_s=0)[0, chosen].all():
                continue
            floor = offers.floor_fen[offer]
            cost = NEVER if floor == NO_FLOOR else floor
            if not np.isnan(metres):
                near.append((metres, offer))
            else:
                cheap.append((bool(np.isnan(offers.place[offer, 0])), cost, offers.lottery[offer], offer))
        found |= {(wish, offer) for _, offer in sorted(near)[:most]}
        for is_remote in (True, False):
            of_kind = sorted((cost, drawn, offer) for remote, cost, drawn, offer in cheap if remote == is_remote)
            found |= {(wish, offer) for *_, offer in of_kind[:most]}
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from([FILTERS, FILTERS[:1], FILTERS[:3]]))
def test_those_come_first_whom_looking_at_every_pair_finds(seed, most, filters):
    wishes, offers = market(seed, n_wishes=12, n_offers=60)

    found = first(wishes, offers, most=most, filters=filters, at_s=0)

    pairs = list(zip(found.wish.tolist(), found.offer.tolist(), strict=True))
    assert pairs == sorted(one_by_one(wishes, offers, most, filters))


def test_among_offers_as_cheap_as_each_other_the_draw_decides_and_not_who_came_first():
    wishes, offers = market(2, n_wishes=1, n_offers=3, families=1, placed=0)
    wishes.owner[:], wishes.since_day[:], wishes.until[:] = 9, 0, NEVER
    offers.floor_fen[:], offers.lottery[:] = 10, (7, 9, 1)

    assert first(wishes, offers, most=1, at_s=0).offer.tolist() == [2]
    assert first(wishes, offers, most=2, at_s=0).offer.tolist() == [0, 2]


def test_a_wish_that_refuses_nearly_all_finds_the_one_offer_in_its_budget():
    wishes, offers = market(1, n_wishes=1, n_offers=900, families=1, placed=1)
    wishes.owner[:], wishes.reach_m[:], wishes.since_day[:], wishes.until[:] = 9, 1e7, 0, NEVER
    offers.floor_fen[:] = 1_000
    offers.floor_fen[613] = 1

    found = first(wishes, offers, most=20, at_s=0)

    assert found.offer.tolist() == [613]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lng", "lat", "to_lng", "to_lat"),
    [(118.089, 24.479, 118.099, 24.479), (118.0, 24.0, 118.0, 28.2), (121.47, 31.23, 116.40, 39.90)],
)
def test_the_way_is_that_of_the_database_within_two_metres_up_to_500_km(lng, lat, to_lng, to_lat):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Distance(ST_Point(%s, %s, 4326)::geography, ST_Point(%s, %s, 4326)::geography)",
            [lng, lat, to_lng, to_lat],
        )
        [geodesic_m] = cursor.fetchone()

    a, b = places(np.array([lng, to_lng]), np.array([lat, to_lat]))
    metres = float(nearby.arc_m(np.linalg.norm(a - b)))

    assert metres == pytest.approx(geodesic_m, abs=2 if geodesic_m < 500_000 else 40)
