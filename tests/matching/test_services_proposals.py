"""The two sides' answers: orders, refusals, time, strangers and races."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.core.actor import SYSTEM
from accounts.models import Notification
from common.errors import Refused
from common.state_machine import TransitionRefused
from marketplace.models import Order
from matching.models import Proposal, ProposalStep
from matching.selectors import proposals as select
from matching.selectors import rounds as select_rounds
from matching.services import proposals
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.MONDAY_9AM + timedelta(hours=1)


def both_accept(proposal: Proposal) -> Proposal:
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    return proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)


@pytest.mark.parametrize("code", ["instruments", "skills", "equipment", "capacity"])
def test_when_both_accept_an_order_is_made_on_the_proposed_terms(code):
    proposal = make.proposal(code)

    agreed = both_accept(proposal)

    order = Order.objects.get()
    assert (agreed.state, agreed.order_code, agreed.ended_at) == ("agreed", order.code, LATER)
    assert (order.consumer, order.provider, order.listing) == (proposal.consumer, proposal.provider, proposal.listing)
    assert (order.quantity, order.unit_price_fen, order.total_fen) == (4, proposal.unit_price_fen, proposal.total_fen)
    assert (order.state, order.source, order.source_code) == ("agreed", "match", proposal.code)
    assert list(ProposalStep.objects.order_by("id").values_list("move", "source_state", "target_state")) == [
        ("accept", "proposed", "wanted"),
        ("accept", "wanted", "agreed"),
    ]


def test_the_provider_may_accept_first():
    proposal = make.proposal()

    first = proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)

    assert (first.state, first.order_code) == ("offered", None)
    assert not Order.objects.exists()
    assert Notification.objects.filter(organisation=proposal.consumer, kind="match").count() == 2


def test_a_second_yes_of_the_same_side_is_refused_and_changes_nothing():
    proposal = make.proposal()
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)

    with pytest.raises(TransitionRefused):
        proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)

    proposal.refresh_from_db()
    assert proposal.state == "wanted"
    assert proposal.steps.count() == 1
    assert not Order.objects.exists()


def test_declining_leaves_nothing_behind_and_is_not_proposed_again():
    proposal = make.proposal()
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)

    declined = proposals.decline(proposal.code, by=make.actor(proposal.provider), at=LATER, reason="设备检修")

    assert (declined.state, declined.ended_at) == ("declined", LATER)
    assert not Order.objects.exists()
    with pytest.raises(TransitionRefused):
        proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    assert not make.run_round(at=LATER).proposals.exists()


def test_a_stranger_sees_and_moves_nothing():
    proposal = make.proposal()
    stranger = make.actor(make.organisation())

    assert not select.mine(stranger).exists()
    with pytest.raises(Proposal.DoesNotExist):
        select.get(proposal.code, viewer=stranger)
    for move in (proposals.accept, proposals.decline):
        with pytest.raises(Proposal.DoesNotExist):
            move(proposal.code, by=stranger, at=LATER)
    with pytest.raises(Proposal.DoesNotExist):
        select.get(proposal.code, viewer=make.operator())

    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_each_side_sees_its_own_limit_only():
    proposal = make.proposal()

    consumer = select.get(proposal.code, viewer=make.actor(proposal.consumer))
    provider = select.get(proposal.code, viewer=make.actor(proposal.provider))

    assert (consumer.side, consumer.own_limit_fen, consumer.moves) == ("consumer", 9_000, ["accept", "decline"])
    assert (provider.side, provider.own_limit_fen) == ("provider", 6_000)


def test_time_over_refuses_an_answer_and_the_clock_ends_it():
    proposal = make.proposal()
    late = proposal.expires_at

    with pytest.raises(proposals.ProposalExpired):
        proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=late)
    assert proposals.expire_due(by=SYSTEM, at=late - timedelta(seconds=1)) == 0
    assert proposals.expire_due(by=SYSTEM, at=late) == 1
    assert proposals.expire_due(by=SYSTEM, at=late) == 0

    proposal.refresh_from_db()
    assert proposal.state == "expired"
    assert make.run_round(at=late).n_deals == 1  # need and offer are free again


def test_an_offer_withdrawn_meanwhile_makes_no_order_and_keeps_the_proposal_as_it_was():
    proposal = make.proposal()
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    listing = proposal.listing
    listing.state = "paused"
    listing.save()

    with pytest.raises(Refused):
        proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.order_code) == ("wanted", None)
    assert not Order.objects.exists()


def bundle() -> list[Proposal]:
    """Two proposals that serve the legs of one bundle."""
    demand = make.fitting_wish("resources", budget_fen=None)
    make.leg(demand, ordinal=1, attributes={"leg": "logistics", "service": "logistics.ftl"})
    make.leg(demand, ordinal=2, attributes={"leg": "technology", "service": "technology.testing"}, unit="service")
    make.fitting_offer("resources", unit="trip")
    make.fitting_offer(
        "resources", unit="service", attributes={"leg": "technology", "services": ["technology.testing"]}
    )
    return list(make.run_round().proposals.order_by("leg"))


def test_a_bundle_becomes_one_order_with_its_legs_when_the_last_side_accepts():
    first, second = bundle()

    proposals.accept(first.code, by=make.actor(first.consumer), at=LATER)
    proposals.accept(first.code, by=make.actor(first.provider), at=LATER)
    assert not Order.objects.exists()
    proposals.accept(second.code, by=make.actor(second.provider), at=LATER)

    parent = Order.objects.get(parent=None)
    assert (parent.is_bundle, parent.legs.count(), parent.state) == (True, 2, "agreed")
    assert set(Proposal.objects.values_list("state", "order_code")) == {("agreed", parent.code)}


def test_one_no_fells_the_whole_bundle():
    first, second = bundle()
    proposals.accept(first.code, by=make.actor(first.provider), at=LATER)

    proposals.decline(second.code, by=make.actor(second.provider), at=LATER)

    assert set(Proposal.objects.values_list("code", "state")) == {(first.code, "withdrawn"), (second.code, "declined")}
    assert not Order.objects.exists()


def test_the_public_map_rounds_places_and_names_nobody():
    proposal = make.proposal()

    (pair,) = select_rounds.pairs(proposal.round.code)

    assert (pair.consumer_lon, pair.consumer_lat) == (118.09, 24.48)
    assert set(pair.__dataclass_fields__) == {
        "direction", "city_code", "consumer_lon", "consumer_lat", "provider_lon", "provider_lat", "distance_m",
    }  # fmt: skip


def test_the_list_of_proposals_takes_a_fixed_number_of_queries(django_assert_num_queries):
    consumer = make.organisation()
    for _ in range(3):
        make.fitting_wish(owner=consumer)
        make.fitting_offer()
    make.run_round()
    viewer = make.actor(consumer)

    with django_assert_num_queries(1):
        shown = [(p.demand.title, p.listing.title, p.provider.name, p.round.code) for p in select.mine(viewer)]

    assert len(shown) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sides", [("consumer", "provider"), ("consumer", "consumer")])
def test_two_answers_at_once_make_at_most_one_order(sides):
    proposal = make.proposal()
    actors = [make.actor(getattr(proposal, side)) for side in sides]
    barrier, results = threading.Barrier(2), []

    def answer(by):
        barrier.wait()
        try:
            results.append(proposals.accept(proposal.code, by=by, at=LATER).state)
        except Refused as refusal:
            results.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[by]) for by in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    if len(set(sides)) == 2:
        assert "agreed" in results
        assert Order.objects.count() == 1
    else:
        assert sorted(results) == ["TransitionRefused", "wanted"]
        assert not Order.objects.exists()
