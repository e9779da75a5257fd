"""What an offer can give at once, and week by week, in rounds and in the orders that come of them."""

from datetime import timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from marketplace.core import parts
from marketplace.models import Delivery, Order
from matching.core.market import Parameters
from matching.models import Component, Proposal, Unmatched
from matching.services import proposals
from tests import make

pytestmark = pytest.mark.django_db

FIRST = parts.week_of(make.MONDAY_9AM) + 1
LATER = make.MONDAY_9AM + timedelta(hours=1)


def weeks(count: int, *, after: int = 0) -> TimestamptzRange:
    """A period of whole calendar weeks, from next Monday on."""
    return TimestamptzRange(parts.calendar_week(FIRST + after)[0], parts.calendar_week(FIRST + after + count - 1)[1])


def both_accept(proposal: Proposal) -> None:
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)


# --- places ------------------------------------------------------------------------------------------


def test_an_expert_takes_as_many_tasks_as_at_a_time_and_asks_all_the_same():
    attributes = {**make.OFFERED["skills"], "tasks_at_once": 3}
    make.fitting_offer("skills", attributes=attributes)
    for budget in (9_000, 8_000, 8_500, 7_000):
        make.fitting_wish("skills", quantity=1, budget_fen=budget)

    found = make.run_round()

    assert sorted(found.proposals.values_list("limit_fen", flat=True)) == [8_000, 8_500, 9_000]
    # the loser would have paid 1000 above the reserve; the middle between that and what the last winner brings
    assert set(found.proposals.values_list("unit_price_fen", flat=True)) == {7_500}
    assert Unmatched.objects.get(round=found).why == "others_gained_more"
    part = Component.objects.get(round=found)
    assert (part.kind, part.n_lots, part.n_deals, part.is_exact) == ("divisible", 1, 3, True)


def test_open_proposals_and_orders_under_way_take_places_until_the_work_is_done():
    attributes = {**make.OFFERED["skills"], "tasks_at_once": 3}
    listing = make.fitting_offer("skills", attributes=attributes)
    make.order(listing, state="in_progress")
    make.order(listing, state="completed")
    make.fitting_wish("skills")
    assert make.run_round().n_deals == 1
    for _ in range(2):
        make.fitting_wish("skills")

    assert make.run_round(at=LATER).n_deals == 1
    assert make.run_round(at=LATER).n_deals == 0
    assert Unmatched.objects.order_by("id").last().why == "not_free"


def test_two_machines_serve_two_needs_within_their_shares_of_the_time():
    attributes = {**make.OFFERED["instruments"], "instrument_count": 2}
    listing = make.fitting_offer(attributes=attributes)
    for hours in (200, 300):
        make.fitting_wish(quantity=hours)
    long = make.fitting_wish(quantity=337)  # a fortnight has 336 hours

    found = make.run_round()

    assert sorted(found.proposals.values_list("quantity", "listing")) == [(200, listing.pk), (300, listing.pk)]
    assert Unmatched.objects.get(round=found).demand == long


def test_parallel_machines_add_up_where_hours_are_divided():
    attributes = {**make.OFFERED["equipment"], "machine_count": 3}
    make.fitting_offer("equipment", attributes=attributes)
    for _ in range(4):
        make.fitting_wish("equipment", quantity=300)

    found = make.run_round()

    # three times 336 hours; nobody can be at two machines at once
    assert sum(found.proposals.values_list("quantity", flat=True)) == 3 * 336
    assert max(found.proposals.values_list("quantity", flat=True)) <= 336
    assert found.is_exact


# --- weeks -------------------------------------------------------------------------------------------


def test_whoever_can_wait_makes_room_for_whoever_cannot_and_both_orders_keep_to_their_week():
    plant = make.fitting_offer("capacity", capacity_per_week=100)
    patient = make.fitting_wish("capacity", quantity=100, period=weeks(2))
    bound = make.fitting_wish("capacity", quantity=100, period=weeks(1), budget_fen=8_000)

    found = make.run_round()

    assert dict(found.proposals.values_list("demand_id", "weeks")) == {
        patient.pk: [[FIRST + 1, 100]],
        bound.pk: [[FIRST, 100]],
    }
    assert (found.n_lots, found.n_edges, found.is_exact) == (1, 2, True)
    both_accept(found.proposals.get(demand=patient))  # first, and yet it leaves the first week alone
    both_accept(found.proposals.get(demand=bound))
    assert sorted(Delivery.objects.filter(listing=plant).values_list("period", "quantity")) == [
        (weeks(1), 100),
        (weeks(1, after=1), 100),
    ]


def test_several_weeks_of_one_plant_are_one_supplier_with_one_setup():
    make.fitting_offer("capacity", capacity_per_week=100, setup_fee_fen=5_000, minimum_lot=120)
    make.fitting_wish("capacity", quantity=150, period=weeks(2), is_whole=True, max_suppliers=1)

    found = make.run_round()

    deal = found.proposals.get()
    assert (deal.quantity, sum(units for _, units in deal.weeks), len(deal.weeks)) == (150, 150, 2)
    assert max(units for _, units in deal.weeks) <= 100
    assert deal.total_fen == 150 * deal.unit_price_fen + 5_000
    assert found.is_sound


def test_what_is_planned_or_proposed_for_a_week_is_not_given_twice():
    plant = make.fitting_offer("capacity", capacity_per_week=100)
    make.order(plant, quantity=60, start=weeks(1).lower, end=weeks(1).upper)
    make.fitting_wish("capacity", quantity=30, period=weeks(1))
    assert make.run_round().n_deals == 1
    make.fitting_wish("capacity", quantity=30, period=weeks(1))
    make.fitting_wish("capacity", quantity=80, period=weeks(1, after=1))

    found = make.run_round(at=LATER)

    assert sorted(found.proposals.values_list("weeks", flat=True)) == [[[FIRST, 10]], [[FIRST + 1, 80]]]


def test_part_of_a_week_gives_its_share():
    make.fitting_offer("capacity", capacity_per_week=100)
    begin = weeks(1).lower
    make.fitting_wish(
        "capacity", quantity=500, period=TimestamptzRange(begin + timedelta(days=5), begin + timedelta(days=17))
    )

    deal = make.run_round().proposals.get()

    assert deal.weeks == [[FIRST, 28], [FIRST + 1, 100], [FIRST + 2, 43]]


def test_a_matched_week_that_is_gone_meanwhile_gives_way_to_the_earliest_free_one():
    plant = make.fitting_offer("capacity", capacity_per_week=100)
    make.fitting_wish("capacity", quantity=100, period=weeks(2))
    proposal = make.run_round().proposals.get()
    (week, _), *_ = proposal.weeks
    taken = weeks(1, after=week - FIRST)
    make.order(plant, quantity=50, start=taken.lower, end=taken.upper)

    both_accept(proposal)

    order = Order.objects.get(source="match")
    assert sum(order.deliveries.values_list("quantity", flat=True)) == 100
    for each in (weeks(1), weeks(1, after=1)):
        assert sum(Delivery.objects.filter(period=each).values_list("quantity", flat=True)) <= 100


# --- quotas ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["provider", "zone"])
def test_an_operator_may_bound_the_share_of_one_provider_or_city(by):
    big = make.organisation()
    for _ in range(4):
        make.fitting_offer(owner=big, division_code="350200")
        make.fitting_wish(quantity=1)
    other = make.fitting_offer(division_code="350100", reserve_price_fen=8_000)

    free = make.run_round(parameters=Parameters())
    for proposal in free.proposals.all():
        proposals.decline(proposal.code, by=make.actor(proposal.consumer), at=LATER)
        make.fitting_offer(owner=big, division_code="350200")
    bounded = make.run_round(parameters=Parameters(quota_by=by, quota_share_bp=5_000), at=LATER)

    assert free.proposals.filter(provider=big).count() == 4
    assert bounded.proposals.filter(provider=big).count() == 2
    assert bounded.proposals.filter(listing=other).count() == 1
    assert bounded.is_exact
    assert bounded.primal_fen < free.primal_fen
