"""The live market over real rows: what it shows to whom, when it proposes, and what comes between."""

import zlib
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.db import connection, connections, transaction
from psycopg.types.range import TimestamptzRange

from accounts.core.actor import SYSTEM
from common.db import own_session
from marketplace.selectors.deadlines import NeedTimes, OfferTimes
from marketplace.services import demands
from matching.core.exported import findings
from matching.models import Proposal, Round, RoundRecord, TentativeDeal, Unmatched
from matching.selectors import live, tentative
from matching.selectors.exported import exported
from matching.services import live_market, rounds, tentative_deals
from matching.services.live_market import LiveMarket
from tests import make

pytestmark = pytest.mark.django_db

# The need's period begins a day after Monday: a third of that day before, the two are proposed.
DUE = make.MONDAY_9AM + timedelta(hours=16)


def look(market=None, *, at=make.MONDAY_9AM):
    return (market or LiveMarket()).look(at=at)


def test_a_fitting_pair_is_shown_at_the_price_that_a_round_would_propose():
    demand, listing = make.fitting_wish(), make.fitting_offer()

    assert look() == DUE

    deal = TentativeDeal.objects.get()
    assert (deal.demand, deal.listing, deal.consumer, deal.provider) == (demand, listing, demand.owner, listing.owner)
    assert (deal.quantity, deal.unit, deal.unit_price_fen, deal.setup_fen) == (4, "machine_hour", 7_500, 0)
    assert (deal.low_unit_price_fen, deal.high_unit_price_fen) == (6_000, 9_000)
    assert (deal.since, deal.commit_at, deal.asked_at) == (make.MONDAY_9AM, DUE, None)
    assert not Proposal.objects.exists()
    assert rounds.run(by=SYSTEM, at=make.MONDAY_9AM).proposals.get().unit_price_fen == deal.unit_price_fen


def test_needs_that_may_be_divided_are_left_to_rounds():
    make.fitting_wish("equipment")
    make.fitting_offer("equipment")

    assert look() is None

    assert not TentativeDeal.objects.exists()


def test_a_rival_moves_the_band_and_who_stands_together_stays():
    market = LiveMarket()
    first, listing = make.fitting_wish(), make.fitting_offer()
    look(market)

    rival = make.fitting_wish(budget_fen=8_000)
    look(market, at=make.MONDAY_9AM + timedelta(hours=1))

    deal = TentativeDeal.objects.get()
    assert (deal.demand, deal.listing, deal.since) == (first, listing, make.MONDAY_9AM)
    assert (deal.low_unit_price_fen, deal.high_unit_price_fen, deal.unit_price_fen) == (8_000, 9_000, 8_500)

    other = make.fitting_offer(reserve_price_fen=6_500)
    look(market, at=make.MONDAY_9AM + timedelta(hours=2))

    assert dict(TentativeDeal.objects.values_list("demand", "listing")) == {first.pk: listing.pk, rival.pk: other.pk}


def test_what_did_not_change_is_not_written_again():
    market = LiveMarket()
    make.fitting_wish()
    make.fitting_offer()
    look(market)
    before = TentativeDeal.objects.values().get()

    look(market)

    assert TentativeDeal.objects.values().get() == before


def test_a_new_process_goes_on_with_the_same_market():
    for number in range(3):
        make.fitting_wish(budget_fen=8_000 + 300 * number)
        make.fitting_offer(reserve_price_fen=5_000 + 200 * number)
    look()
    before = list(TentativeDeal.objects.order_by("demand").values())

    look(at=make.MONDAY_9AM + timedelta(minutes=5))

    assert len(before) == 3
    assert list(TentativeDeal.objects.order_by("demand").values()) == before


def test_at_the_last_moment_the_pair_is_proposed_by_a_round_of_its_own():
    demand, _ = make.fitting_wish(), make.fitting_offer()
    later = make.fitting_wish(period=TimestamptzRange(make.MONDAY_9AM + timedelta(days=20), None))
    make.fitting_offer(reserve_price_fen=5_900)
    market = LiveMarket()
    look(market)
    assert TentativeDeal.objects.count() == 2
    due = TentativeDeal.objects.get(demand=demand)

    look(market, at=DUE)

    found = Round.objects.get()
    assert (found.trigger, found.n_needs, found.n_lots, found.n_deals, found.is_exact) == ("live", 2, 2, 1, True)
    proposal = found.proposals.get()
    assert (proposal.demand, proposal.listing_id, proposal.state) == (demand, due.listing_id, "proposed")
    assert proposal.unit_price_fen == due.unit_price_fen
    assert not Unmatched.objects.exists()
    assert TentativeDeal.objects.get().demand == later


def test_a_live_round_replays_to_the_same_bytes_and_its_export_is_found_right_even_among_equals():
    market = LiveMarket()
    listing = make.fitting_offer()
    first = make.fitting_wish()
    look(market)
    equals = [make.fitting_wish() for _ in range(6)]
    look(market)
    assert TentativeDeal.objects.get().demand == first
    assert len(equals) == 6

    look(LiveMarket(), at=DUE)  # another process, which decides from nothing

    found = Round.objects.get()
    assert found.proposals.get().demand == first
    assert found.proposals.get().listing == listing
    assert rounds.replay(found.code, by=make.operator(), at=DUE).is_same
    assert findings(exported(found.code), input_sha256=found.input_sha256) == []
    tampered = zlib.decompress(RoundRecord.objects.get(round=found).outcome).replace(b"pair_kernel", b"pair_kernal")
    RoundRecord.objects.update(outcome=zlib.compress(tampered))
    assert not rounds.replay(found.code, by=make.operator(), at=DUE).is_same


def test_either_side_may_have_it_proposed_at_once_and_the_first_wish_stands():
    demand, listing = make.fitting_wish(), make.fitting_offer()
    market = LiveMarket()
    look(market)
    provider, consumer = make.actor(listing.owner), make.actor(demand.owner)

    tentative_deals.propose_now(demand.code, listing.code, by=provider, at=make.MONDAY_9AM)
    again = tentative_deals.propose_now(
        demand.code, listing.code, by=consumer, at=make.MONDAY_9AM + timedelta(minutes=1)
    )

    assert (again.asked_at, again.asked_by) == (make.MONDAY_9AM, listing.owner)
    look(market, at=make.MONDAY_9AM + timedelta(minutes=2))
    assert Proposal.objects.get().demand == demand
    assert not TentativeDeal.objects.exists()


def test_nobody_else_learns_whether_there_is_a_deal_to_propose():
    demand, listing = make.fitting_wish(), make.fitting_offer()
    look()

    for by in (make.actor(make.organisation()), make.actor(), make.operator()):
        with pytest.raises(TentativeDeal.DoesNotExist):
            tentative_deals.propose_now(demand.code, listing.code, by=by, at=make.MONDAY_9AM)

    assert TentativeDeal.objects.get().asked_at is None


def test_a_wish_for_a_partner_who_is_gone_is_refused_and_one_that_was_overtaken_is_dropped():
    demand, listing = make.fitting_wish(), make.fitting_offer()
    market = LiveMarket()
    look(market)
    consumer = make.actor(demand.owner)
    tentative_deals.propose_now(demand.code, listing.code, by=consumer, at=make.MONDAY_9AM)
    better = make.fitting_offer(reserve_price_fen=1_000)

    look(market)

    assert not Proposal.objects.exists()
    deal = TentativeDeal.objects.get()
    assert (deal.listing, deal.asked_at) == (better, None)
    with pytest.raises(tentative_deals.PartnerChanged):
        tentative_deals.propose_now(demand.code, listing.code, by=consumer, at=make.MONDAY_9AM)


def test_what_has_an_open_proposal_leaves_the_live_market():
    make.fitting_wish()
    make.fitting_offer()
    market = LiveMarket()
    look(market)

    make.run_round()
    look(market)

    assert not TentativeDeal.objects.exists()


def test_the_two_owners_are_told_that_something_changed_and_nobody_else_and_no_figure(
    django_capture_on_commit_callbacks,
):
    layer = get_channel_layer()
    demand, listing = make.fitting_wish(), make.fitting_offer()
    parties = [demand.owner_id, listing.owner_id, make.organisation().pk]

    def look_and_commit():
        with django_capture_on_commit_callbacks(execute=True):
            look()

    async def told():
        for pk in parties:
            await layer.group_add(f"organisation.{pk}", f"panel.{pk}")
        await sync_to_async(look_and_commit)()
        return [
            [queue.get_nowait()[1] for _ in range(queue.qsize())] if queue else []
            for queue in (layer.channels.get(f"panel.{pk}") for pk in parties)
        ]

    change = [{"type": "changed", "topic": "tentative.changed"}]
    assert async_to_sync(told)() == [change, change, []]


@pytest.mark.parametrize(
    ("need", "offer", "last"),
    [
        ({}, {}, []),
        ({"answers_until": 9}, {}, [9]),
        ({"begins_at": 4, "ends_at": 9}, {"lead_time_days": 2}, [4, 7]),
        ({"begins_at": -3, "ends_at": 9}, {}, [9]),  # begun before it was posted: there is time until the end
        ({"begins_at": -3}, {"valid_until": date(2026, 3, 5)}, [datetime(2026, 3, 5, 16, tzinfo=UTC)]),
    ],
)
def test_the_last_moments_are_those_that_either_side_names(need, offer, last):
    at = make.MONDAY_9AM
    times = {name: at + timedelta(days=days) for name, days in need.items()}
    found = live.last_moments(
        NeedTimes(at, times.get("answers_until"), times.get("begins_at"), times.get("ends_at")),
        OfferTimes(offer.get("lead_time_days", 0), offer.get("valid_until")),
    )

    assert [moment for moment in found if moment] == [
        moment if isinstance(moment, datetime) else at + timedelta(days=moment) for moment in last
    ]


@pytest.mark.django_db(transaction=True)
def test_a_need_withdrawn_while_it_is_being_committed_is_not_proposed():
    demand, _ = make.fitting_wish(), make.fitting_offer()
    owner, market = make.actor(demand.owner), LiveMarket()
    look(market)
    is_held = Event()

    def withdraw():
        with transaction.atomic():
            demands.close(demand.code, by=owner, at=DUE)
            is_held.set()
            assert _soon(_somebody_waits_for_a_row)
        connections.close_all()

    owners = Thread(target=withdraw)
    owners.start()
    is_held.wait(10)
    look(market, at=DUE)
    owners.join(20)

    assert not Proposal.objects.exists()
    assert not Round.objects.exists()
    assert not TentativeDeal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_processes_one_follows_the_market_and_the_other_takes_its_place():
    demand, listing = make.fitting_wish(), make.fitting_offer()
    first_over, second_over = Event(), Event()

    def follow(over):
        try:
            live_market.follow(over.is_set, clock=lambda: make.MONDAY_9AM)
        finally:
            connections.close_all()

    first, second = (Thread(target=follow, args=(over,)) for over in (first_over, second_over))
    first.start()
    assert _soon(lambda: TentativeDeal.objects.filter(demand=demand).exists())
    assert tentative.is_running()
    second.start()

    rival = make.fitting_wish(budget_fen=20_000)
    assert _soon(lambda: list(TentativeDeal.objects.values_list("demand", flat=True)) == [rival.pk])
    first_over.set()
    first.join(10)
    tentative_deals.propose_now(rival.code, listing.code, by=make.actor(rival.owner), at=make.MONDAY_9AM)
    assert _soon(lambda: Proposal.objects.filter(demand=rival).exists())
    second_over.set()
    second.join(10)

    assert _soon(lambda: not tentative.is_running())


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_at_commit_and_not_before():
    with own_session() as session:
        session.execute(f"LISTEN {live_market.CHANNEL}")
        with transaction.atomic():
            make.fitting_offer()
            assert list(session.notifies(timeout=0.2)) == []
        told = {notice.payload for notice in session.notifies(timeout=0.5)}
    assert "marketplace_listing" in told
    assert connection.in_atomic_block is False


def _somebody_waits_for_a_row():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND wait_event <> 'advisory')"
        )
        return cursor.fetchone()[0]


def _soon(holds, *, within_s=15):
    waiting = Event()
    for _ in range(within_s * 10):
        if holds():
            return True
        waiting.wait(0.1)
    return False
