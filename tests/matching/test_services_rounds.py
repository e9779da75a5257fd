"""Rounds over real rows: what is proposed, inside which limits, and what the round keeps."""

import zlib
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.contrib.gis.geos import Point
from psycopg.types.range import TimestamptzRange

from accounts.models import Notification
from common.models import AuditEntry
from matching.core.market import Market, sha256
from matching.models import Component, Proposal, Round, RoundRecord, Unmatched
from matching.services import rounds
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "unit_price_fen"),
    [
        ("instruments", 7_500),  # one deal each: the middle of what both stated, since nobody competes
        ("skills", 7_500),
        ("equipment", 6_000),  # an offer with hours to spare earns no rent beyond its reserve
        ("capacity", 6_000),
    ],
)
def test_a_round_proposes_a_fitting_pair_inside_both_limits(code, unit_price_fen):
    demand, listing = make.fitting_wish(code), make.fitting_offer(code)

    found = make.run_round()

    proposal = found.proposals.get()
    assert (proposal.demand, proposal.listing) == (demand, listing)
    assert (proposal.consumer, proposal.provider) == (demand.owner, listing.owner)
    assert (proposal.quantity, proposal.unit) == (4, listing.unit)
    assert proposal.unit_price_fen == unit_price_fen
    assert proposal.total_fen == 4 * unit_price_fen
    assert (proposal.limit_fen, proposal.reserve_fen) == (9_000, 6_000)
    assert (proposal.fit_bp, proposal.distance_m, proposal.rank, proposal.n_candidates) == (10_000, 0, 1, 1)
    assert proposal.fit_terms
    assert proposal.period == make.FORTNIGHT
    assert proposal.state == "proposed"


def test_the_round_keeps_totals_comparison_parameters_and_a_verified_certificate():
    make.fitting_wish()
    make.fitting_offer()

    found = make.run_round()

    assert (found.n_needs, found.n_lots, found.n_edges, found.n_components) == (1, 1, 1, 1)
    assert (found.n_deals, found.n_served, found.n_unmatched) == (1, 1, 0)
    assert (found.primal_fen, found.dual_fen, found.gap_fen) == (12_000, 12_000, 0)
    assert (found.greedy_fen, found.first_come_fen, found.value_fen) == (12_000, 12_000, 30_000)
    assert (found.blocking, found.unfair, found.budget_fen) == (0, 0, 0)
    assert found.is_sound
    assert found.is_exact
    assert found.parameters["nearest"] == 20
    assert set(found.software) == {"numpy", "scipy", "numba"}
    part = Component.objects.get(round=found)
    assert (part.kind, part.method, part.is_exact) == ("unit", "pair_kernel", True)
    assert AuditEntry.objects.filter(act="round.run", code=str(found.code)).count() == 1


def test_the_stored_input_has_its_hash_and_replays_to_the_same_bytes():
    for number in range(4):
        make.fitting_wish(budget_fen=8_000 + 300 * number)
        make.fitting_offer(reserve_price_fen=5_000 + 200 * number)
    found = make.run_round()
    record = RoundRecord.objects.get(round=found)

    again = rounds.replay(found.code, by=make.operator(), at=make.MONDAY_9AM)

    assert sha256(zlib.decompress(record.input)) == found.input_sha256
    assert Market.from_bytes(zlib.decompress(record.input)).to_bytes() == zlib.decompress(record.input)
    assert again.is_same
    assert again.outcome_sha256 == found.outcome_sha256


def test_a_replay_finds_out_a_tampered_record():
    make.fitting_wish()
    make.fitting_offer()
    found = make.run_round()
    record = RoundRecord.objects.get(round=found)
    stored = zlib.decompress(record.input).replace((9_000).to_bytes(2, "little"), (9_900).to_bytes(2, "little"))
    assert Market.from_bytes(stored).sections[0].legs.limit_fen.tolist() == [9_900]
    RoundRecord.objects.filter(pk=record.pk).update(input=zlib.compress(stored))

    again = rounds.replay(found.code, by=make.operator(), at=make.MONDAY_9AM)

    assert not again.is_same


def test_together_is_better_than_greedy():
    # one need can only pay the dear offer; greedy gives that offer to the need that values it most
    near, far = make.XIAMEN, Point(118.4, 24.479, srid=4326)
    flexible = make.fitting_wish(budget_fen=10_000)
    bound = make.fitting_wish(budget_fen=9_800, radius_m=5_000)
    here, there = make.fitting_offer(place=near), make.fitting_offer(place=far, reserve_price_fen=6_050)

    found = make.run_round()

    chosen = {p.demand_id: p.listing_id for p in found.proposals.all()}
    assert chosen == {flexible.pk: there.pk, bound.pk: here.pk}
    assert found.primal_fen > found.greedy_fen
    loser = found.proposals.get(demand=flexible)
    assert loser.next_listing == here
    assert loser.next_missing_fen >= 0
    assert loser.n_candidates == 2


@pytest.mark.parametrize(
    ("changed_offer", "changed_wish", "why"),
    [
        (None, {}, "nobody_offers"),
        ({"state": "paused"}, {}, "nobody_offers"),
        ({"attributes": {"category": "physical.mechanical"}}, {}, "nobody_offers"),
        ({"unit": "sample"}, {}, "nobody_offers"),
        ({"place": Point(119.3, 26.1, srid=4326)}, {}, "too_far"),
        ({"lead_time_days": 30}, {}, "not_free"),
        ({"valid_until": make.MONDAY_9AM.date()}, {}, "not_licensed"),
        ({"reserve_price_fen": 9_500}, {}, "too_dear"),
        ({}, {"budget_fen": None}, "no_limit"),
        ({}, {"quantity": 400}, "incomplete"),  # a fortnight has 336 hours
        ({"minimum_lot": 5}, {}, "incomplete"),
    ],
)
def test_the_first_binding_reason_is_told(changed_offer, changed_wish, why):
    demand = make.fitting_wish(**changed_wish)
    if changed_offer is not None:
        make.fitting_offer(**changed_offer)

    found = make.run_round()

    left = Unmatched.objects.get(round=found)
    assert not found.proposals.exists()
    assert (left.demand, left.owner, left.why) == (demand, demand.owner, why)


def test_reasons_name_the_distance_or_the_price_that_would_do():
    make.fitting_wish()
    make.fitting_wish("skills")
    make.fitting_offer(place=Point(119.3, 26.1, srid=4326))
    make.fitting_offer("skills", reserve_price_fen=9_500)

    found = make.run_round()

    far, dear = (Unmatched.objects.get(round=found, direction=d) for d in ("instruments", "skills"))
    assert 215_000 < far.facts["distance_m"] < 225_000
    assert "price_fen" not in dear.facts


def test_the_loser_of_a_scarce_offer_learns_what_would_have_won_it():
    rich, poor = make.fitting_wish(budget_fen=9_000, quantity=1), make.fitting_wish(budget_fen=8_000, quantity=1)
    listing = make.fitting_offer()

    found = make.run_round()

    left = Unmatched.objects.get(round=found)
    assert found.proposals.get().demand == rich
    assert (left.demand, left.why, left.listing) == (poor, "others_gained_more", listing)
    assert left.missing_fen == 1_001  # a fen more than the other would pay


def test_one_does_not_match_with_oneself():
    owner = make.organisation()
    make.fitting_wish(owner=owner)
    make.fitting_offer(owner=owner)

    assert not make.run_round().proposals.exists()


def test_what_waits_for_an_answer_is_not_proposed_again():
    make.fitting_wish(quantity=300)
    make.fitting_offer()
    make.run_round()
    late = make.fitting_wish(quantity=300)  # the offer has 336 hours in the fortnight

    second = make.run_round(at=make.MONDAY_9AM + timedelta(minutes=5))

    assert second.n_needs == 1
    assert Unmatched.objects.get(round=second).demand == late


def test_booked_and_closed_hours_are_not_offered():
    period = TimestamptzRange(make.MONDAY_9AM + timedelta(days=1), make.MONDAY_9AM + timedelta(days=1, hours=8))
    make.fitting_wish(period=period, quantity=4)
    listing = make.fitting_offer()
    listing.exceptions.create(
        period=TimestamptzRange(period.lower, period.lower + timedelta(hours=5)), made_at=make.MONDAY_9AM
    )

    found = make.run_round()

    assert not found.proposals.exists()
    assert Unmatched.objects.get(round=found).why == "incomplete"


def test_a_large_order_is_split_over_plants_by_capacity_and_limit_of_partners():
    demand = make.fitting_wish("capacity", quantity=500, max_suppliers=3, is_whole=True)
    for _ in range(4):
        make.fitting_offer("capacity", minimum_lot=50, setup_fee_fen=10_000)  # 200 pieces a fortnight each

    found = make.run_round()

    deals = list(found.proposals.all())
    assert len(deals) == 3
    assert sum(deal.quantity for deal in deals) == 500
    assert all(50 <= deal.quantity <= 200 for deal in deals)
    assert {deal.bundle for deal in deals} == {deals[0].bundle}
    assert all(deal.is_whole and deal.demand == demand for deal in deals)
    assert sum(deal.total_fen for deal in deals) <= 500 * 9_000
    assert found.is_sound


def test_a_bundle_is_proposed_whole_and_not_without_a_leg():
    complete = make.fitting_wish("resources", budget_fen=None)
    make.leg(complete, ordinal=1, attributes={"leg": "logistics", "service": "logistics.ftl"})
    make.leg(complete, ordinal=2, attributes={"leg": "technology", "service": "technology.testing"}, unit="service")
    torn = make.fitting_wish("resources", budget_fen=None)
    make.leg(torn, ordinal=1, attributes={"leg": "logistics", "service": "logistics.ftl"})
    make.leg(torn, ordinal=2, attributes={"leg": "manufacturing", "service": "manufacturing.parts"}, unit="batch")
    for _ in range(2):
        make.fitting_offer("resources", unit="trip")
    make.fitting_offer(
        "resources", unit="service", attributes={"leg": "technology", "services": ["technology.testing"]}
    )

    found = make.run_round()

    assert {(p.demand_id, p.leg) for p in found.proposals.all()} == {(complete.pk, "环节1"), (complete.pk, "环节2")}
    assert Unmatched.objects.get(round=found).demand == torn


def test_each_party_is_told_once_how_many():
    consumer = make.organisation()
    make.fitting_wish(owner=consumer)
    make.fitting_wish("skills", owner=consumer)
    make.fitting_offer()
    make.fitting_offer("skills")

    make.run_round()

    told = Notification.objects.get(organisation=consumer)
    assert (told.kind, told.params) == ("match", {"count": "2"})


def test_open_pages_of_those_concerned_hear_of_the_round_and_others_do_not(django_capture_on_commit_callbacks):
    layer = get_channel_layer()
    parties = winner, loser, provider, _ = [make.organisation() for _ in range(4)]
    make.fitting_wish(owner=winner)
    make.fitting_wish(owner=loser, budget_fen=8_000)
    make.fitting_offer(owner=provider)

    def run() -> str:
        with django_capture_on_commit_callbacks(execute=True):
            return str(make.run_round().code)

    async def heard() -> tuple[str, list[set[str]]]:
        for party in parties:
            await layer.group_add(f"organisation.{party.pk}", f"page.{party.pk}")
        code = await sync_to_async(run)()
        return code, [await _waiting(layer, f"page.{party.pk}") for party in parties]

    code, (*concerned, nothing) = async_to_sync(heard)()

    assert all(f"round.finished {code}" in topics for topics in concerned)
    assert nothing == set()


async def _waiting(layer, channel) -> set[str]:
    """Return topic and round of what waits in a channel."""
    found = set()
    while layer.channels.get(channel):
        message = await layer.receive(channel)
        found.add(f"{message['topic']} {message.get('round', '')}")
    return found


def test_only_operators_and_the_clock_start_rounds():
    make.fitting_wish()

    with pytest.raises(rounds.RoundNotAllowed):
        rounds.run(by=make.actor(make.organisation()), at=make.MONDAY_9AM)

    assert not Round.objects.exists()
    assert rounds.run(by=make.operator(), at=make.MONDAY_9AM).trigger == "operator"


def test_an_empty_market_makes_an_empty_round():
    found = make.run_round()

    assert (found.n_needs, found.n_deals, found.primal_fen) == (0, 0, 0)
    assert found.is_sound
    assert not Proposal.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_market(django_assert_max_num_queries):
    for _ in range(6):
        make.fitting_wish()
        make.fitting_offer()
    with django_assert_max_num_queries(75):
        make.run_round(directions=["instruments"])


def test_the_round_tells_who_was_compared_and_who_won_by_kind_of_provider():
    for number in range(3):
        provider = make.organisation(
            size="small", division_code="350203", created_at=make.MONDAY_9AM - timedelta(days=80 + 10 * number)
        )
        make.fitting_offer(owner=provider, reserve_price_fen=1_000 * (number + 1))
    make.fitting_wish()

    found = make.run_round()
    found.refresh_from_db()

    won = found.proposals.get().provider
    assert found.fairness["hhi"] == 10_000
    assert won.created_at == make.MONDAY_9AM - timedelta(days=80)
    assert found.fairness["shares"] == [
        {"by": "size", "kind": "small", "providers": 3, "compared": 3, "won": 1},
        {"by": "region", "kind": "35", "providers": 3, "compared": 3, "won": 1},
        {"by": "standing", "kind": "middle", "providers": 3, "compared": 3, "won": 1},
    ]
