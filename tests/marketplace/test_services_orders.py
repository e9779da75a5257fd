"""Orders from the request to the close, and every way out of one."""

from datetime import timedelta

import pytest

from accounts.core.actor import SYSTEM
from common.errors import Refused
from common.state_machine import TransitionRefused
from credit.models import CreditEvent
from marketplace.core.deal import Line
from marketplace.core.pricing import PriceOutsideLimits
from marketplace.models import Booking, Order, Settlement
from marketplace.policies import MayNotBind, NotOffered
from marketplace.selectors import orders as order_reads
from marketplace.services import agreements, bookings, milestones, order_deadlines, order_ending, orders
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


@pytest.mark.parametrize("code", ["instruments", "skills", "equipment", "capacity"])
def test_a_request_becomes_an_agreed_order_that_both_sides_signed(code):
    order = make.order(make.offer(code))

    orders.accept(order.code, by=make.actor(order.provider), at=AT)

    order.refresh_from_db()
    agreement = order.agreements.get()
    assert order.state == "agreed"
    assert order.agreed_at == AT
    assert set(agreement.acceptances.values_list("organisation_id", flat=True)) == set(order.party_ids())


@pytest.mark.parametrize("code", ["instruments", "skills", "equipment", "capacity"])
def test_finishing_every_part_completes_the_order_and_says_what_is_due(code):
    order = make.order(make.offer(code), state="completed")

    settlement = Settlement.objects.get(order=order)
    assert order.state == "completed"
    assert settlement.amount_fen == order.total_fen == 20_000
    assert sum(item["fen"] for item in settlement.items) == 20_000
    facts = CreditEvent.objects.filter(source_code=str(order.code), kind="order_completed")
    assert set(facts.values_list("organisation_id", flat=True)) == set(order.party_ids())


def test_only_the_side_that_was_asked_may_accept():
    order = make.order()

    with pytest.raises(TransitionRefused):
        orders.accept(order.code, by=make.actor(order.consumer), at=AT)

    order.refresh_from_db()
    assert order.state == "proposed"
    assert order.agreements.get().acceptances.count() == 1
    assert order.bookings.get().state == "requested"


def test_a_stranger_finds_no_order_to_accept():
    order = make.order()

    with pytest.raises(Order.DoesNotExist):
        orders.accept(order.code, by=make.actor(make.organisation()), at=AT)

    order.refresh_from_db()
    assert order.state == "proposed"


def test_a_plain_member_may_not_bind_the_organisation():
    listing, buyer = make.offer(), make.organisation()
    member = make.actor(buyer, user_=make.member(buyer))

    with pytest.raises(MayNotBind):
        orders.request(listing.code, slots=[make.slot()], by=member, at=AT)

    assert not Order.objects.exists()


def test_accepting_terms_that_were_not_read_is_refused_and_changes_nothing():
    order = make.order()

    with pytest.raises(agreements.TermsChanged):
        orders.accept(order.code, read_sha256="0" * 64, by=make.actor(order.provider), at=AT)

    order.refresh_from_db()
    assert order.state == "proposed"
    assert order.bookings.get().state == "requested"
    assert order.steps.count() == 1


def test_a_refusal_gives_the_time_back_to_others():
    order = make.order()

    orders.refuse(order.code, reason="设备检修", by=make.actor(order.provider), at=AT)

    assert order.bookings.get().state == "declined"
    assert make.order(order.listing).bookings.get().state == "requested"
    assert order_reads.get(order.code, viewer=SYSTEM).steps.get(move="refuse").reason == "设备检修"


def test_a_proposal_can_be_withdrawn_until_it_is_answered():
    order = make.order(state="agreed")

    with pytest.raises(TransitionRefused):
        orders.withdraw(order.code, by=make.actor(order.consumer), at=AT)

    order.refresh_from_db()
    assert order.state == "agreed"
    assert order.bookings.get().state == "confirmed"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"state": "paused"}, NotOffered),
        ({"price_fen": None}, orders.RequestRefused),
        ({"minimum_lot": 5}, orders.RequestRefused),
        ({"lead_time_days": 3}, orders.RequestRefused),
    ],
)
def test_what_is_not_offered_like_that_cannot_be_ordered(fields, error):
    listing = make.offer(**fields)

    with pytest.raises(error):
        make.order(listing)

    assert not Order.objects.exists()
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        {"slots": (), "start": make.TUESDAY_9AM, "end": make.TUESDAY_9AM},
        {"slots": (), "start": make.TUESDAY_9AM, "end": make.TUESDAY_9AM - timedelta(days=1)},
        {"slots": (make.slot(make.TUESDAY_9AM, -2),)},
        {"slots": (make.slot(make.TUESDAY_9AM, 2), make.slot(make.TUESDAY_9AM + timedelta(hours=4), -1))},
    ],
)
def test_a_time_that_ends_before_it_begins_is_refused(line):
    listing = make.offer()

    with pytest.raises(orders.RequestRefused) as refusal:
        make.order(listing, quantity=2, **line)

    assert refusal.value.field == "end"
    assert not Order.objects.exists()


def test_nobody_orders_from_themselves():
    listing = make.offer()

    with pytest.raises(orders.RequestRefused):
        make.order(listing, consumer=listing.owner)

    assert not Order.objects.exists()


def test_a_total_over_the_demands_budget_is_refused():
    buyer = make.organisation()
    demand = make.wish(owner=buyer, budget_fen=9_999)

    with pytest.raises(PriceOutsideLimits):
        make.order(consumer=buyer, demand_code=demand.code)

    assert not Order.objects.exists()


# --- ways out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours_before", "percent"), [(100, 0), (72, 0), (71, 10), (24, 10), (23, 30), (1, 30)])
def test_the_fee_follows_the_hours_that_are_left(hours_before, percent):
    order = make.order(slots=[make.slot(AT + timedelta(hours=200), 2)], state="agreed")

    at = AT + timedelta(hours=200 - hours_before)
    fee = orders.cancel_fee(order, by=make.actor(order.consumer), at=at)

    assert (fee.percent, fee.fen) == (percent, order.total_fen * percent // 100)


def test_cancelling_late_records_the_fee_the_fact_and_gives_the_time_back():
    order = make.order(state="agreed")
    at = make.TUESDAY_9AM - timedelta(hours=10)

    orders.cancel(order.code, reason="计划有变", shown_fee_fen=6_000, by=make.actor(order.consumer), at=at)

    order.refresh_from_db()
    assert (order.state, order.cancel_fee_fen) == ("cancelled", 6_000)
    assert Settlement.objects.get(order=order).items == [{"label": "fee", "fen": 6_000}]
    assert order.bookings.get().state == "cancelled"
    assert CreditEvent.objects.get(source_code=str(order.code)).organisation_id == order.consumer_id


def test_a_provider_who_cancels_late_pays_with_their_record():
    order = make.order(state="agreed")

    orders.cancel(order.code, reason="设备故障", by=make.actor(order.provider), at=AT)

    order.refresh_from_db()
    assert (order.state, order.cancel_fee_fen) == ("cancelled", 0)
    assert not Settlement.objects.exists()
    assert CreditEvent.objects.get(source_code=str(order.code)).organisation_id == order.provider_id


def test_a_fee_that_has_grown_since_it_was_shown_is_not_charged_unseen():
    order = make.order(state="agreed")

    with pytest.raises(order_ending.FeeChanged):
        orders.cancel(
            order.code,
            reason="计划有变",
            shown_fee_fen=2_000,
            by=make.actor(order.consumer),
            at=make.TUESDAY_9AM - timedelta(hours=1),
        )

    order.refresh_from_db()
    assert order.state == "agreed"
    assert not Settlement.objects.exists()


def test_a_complaint_stops_the_order_and_its_parts_until_it_is_released():
    order = make.order(state="agreed")
    booking = order.bookings.get()
    orders.hold(order.code, reason="投诉", by=SYSTEM, at=AT)

    with pytest.raises(Refused):
        bookings.start(booking.code, by=make.actor(order.provider), at=make.TUESDAY_9AM)

    order.refresh_from_db()
    assert (order.state, order.held_from, order.due_at) == ("on_hold", "agreed", None)
    orders.release(order.code, reason="已和解", by=SYSTEM, at=AT)
    order.refresh_from_db()
    assert (order.state, order.held_from) == ("agreed", "")
    assert order.due_at is not None


def test_a_party_may_not_hold_or_close_an_order():
    order = make.order(state="completed")

    for refused in (orders.hold, orders.release):
        with pytest.raises(TransitionRefused):
            refused(order.code, reason="x", by=make.actor(order.consumer), at=AT)
    with pytest.raises(TransitionRefused):
        orders.close(order.code, by=make.actor(order.consumer), at=AT)

    order.refresh_from_db()
    assert order.state == "completed"


# --- deadlines ----------------------------------------------------------------------------------------


def test_a_proposal_without_an_answer_expires_and_frees_its_time():
    order = make.order()

    order_deadlines.sweep(at=AT + timedelta(days=3))

    order.refresh_from_db()
    assert order.state == "expired"
    assert order.bookings.get().state == "declined"


def test_a_deadline_that_has_not_come_moves_nothing():
    order = make.order(state="agreed")

    assert sum(order_deadlines.sweep(at=AT + timedelta(hours=1)).values()) == 0

    order.refresh_from_db()
    assert order.state == "agreed"


def test_silence_of_seven_days_accepts_what_was_handed_in():
    order = make.order(make.offer("skills"), state="agreed")
    milestones.submit(order.milestones.get().code, note="成果", by=make.actor(order.provider), at=AT)

    order_deadlines.sweep(at=AT + timedelta(days=6))
    order.refresh_from_db()
    assert order.state == "in_progress"
    order_deadlines.sweep(at=AT + timedelta(days=7))
    order.refresh_from_db()
    assert order.state == "completed"


def test_a_completed_order_closes_after_fourteen_days():
    order = make.order(state="completed")

    order_deadlines.sweep(at=order.completed_at + timedelta(days=14))

    order.refresh_from_db()
    assert order.state == "closed"
    assert order.ended_at == order.completed_at + timedelta(days=14)


def test_a_use_that_nobody_came_to_counts_as_missed_and_is_due():
    order = make.order(state="agreed")

    order_deadlines.sweep(at=make.TUESDAY_9AM + timedelta(hours=15))

    order.refresh_from_db()
    assert order.bookings.get().state == "no_show"
    assert order.state == "completed"


# --- matches and bundles ------------------------------------------------------------------------------


def test_a_match_that_both_accepted_is_binding_at_once():
    listing, demand = make.offer("capacity", reserve_price_fen=9_000), make.wish("capacity", quantity=2)
    line = Line(listing.code, 2, 9_000, start=make.TUESDAY_9AM, end=make.TUESDAY_9AM + timedelta(days=7))

    order = orders.from_match(
        [line],
        demand_code=demand.code,
        proposal_code=demand.code,
        acceptances=[make.yes(demand.owner), make.yes(listing.owner)],
        by=SYSTEM,
        at=AT,
    )

    assert (order.state, order.total_fen, order.source) == ("agreed", 18_000, "match")
    assert order.agreements.get().acceptances.count() == 2


def test_a_match_without_every_sides_yes_makes_no_order():
    listing, demand = make.offer("capacity"), make.wish("capacity")

    with pytest.raises(orders.RequestRefused):
        orders.from_match(
            [Line(listing.code, 2, 9_000)],
            demand_code=demand.code,
            proposal_code=demand.code,
            acceptances=[make.yes(demand.owner)],
            by=SYSTEM,
            at=AT,
        )

    assert not Order.objects.exists()


def test_a_match_under_the_providers_reserve_makes_no_order():
    listing, demand = make.offer("capacity", reserve_price_fen=9_500), make.wish("capacity")

    with pytest.raises(PriceOutsideLimits):
        orders.from_match(
            [Line(listing.code, 2, 9_000)],
            demand_code=demand.code,
            proposal_code=demand.code,
            acceptances=[make.yes(demand.owner), make.yes(listing.owner)],
            by=SYSTEM,
            at=AT,
        )

    assert not Order.objects.exists()


def test_a_bundle_binds_only_with_its_last_leg():
    bundle = make.bundle(2)
    first, second = bundle.legs.order_by("id")

    orders.accept(first.code, by=make.actor(first.provider), at=AT)
    first.refresh_from_db()
    bundle.refresh_from_db()
    assert (first.state, bundle.state) == ("pledged", "proposed")

    orders.accept(second.code, by=make.actor(second.provider), at=AT)
    bundle.refresh_from_db()
    assert bundle.state == "agreed"
    assert set(bundle.legs.values_list("state", flat=True)) == {"agreed"}


def test_one_refused_leg_refuses_the_whole_bundle():
    bundle = make.bundle(3)
    first, second, third = bundle.legs.order_by("id")
    orders.accept(first.code, by=make.actor(first.provider), at=AT)

    orders.refuse(second.code, by=make.actor(second.provider), at=AT)

    bundle.refresh_from_db()
    assert bundle.state == "refused"
    assert set(bundle.legs.values_list("state", flat=True)) == {"refused"}
    assert set(third.milestones.values_list("state", flat=True)) == {"cancelled"}


def test_an_expired_leg_takes_the_whole_bundle_with_it():
    bundle = make.bundle(2)

    order_deadlines.sweep(at=AT + timedelta(days=3))

    bundle.refresh_from_db()
    assert bundle.state == "expired"
    assert set(bundle.legs.values_list("state", flat=True)) == {"expired"}


def test_a_bundle_completes_with_its_last_leg():
    bundle = make.brought_to(make.bundle(2), "completed")

    assert bundle.state == "completed"
    assert Settlement.objects.filter(order__parent=bundle).count() == 2


def test_cancelling_a_leg_cancels_the_whole_bundle():
    bundle = make.brought_to(make.bundle(2), "agreed")
    leg = bundle.legs.first()

    orders.cancel(leg.code, reason="停产", by=make.actor(leg.provider), at=AT)

    bundle.refresh_from_db()
    assert bundle.state == "cancelled"
    assert set(bundle.legs.values_list("state", flat=True)) == {"cancelled"}


# --- the demand behind it -----------------------------------------------------------------------------


def test_a_demand_is_matched_when_orders_cover_it_and_open_again_when_one_falls_through():
    listing, demand = make.offer("capacity"), make.wish("capacity", quantity=4)
    first = make.order(listing, consumer=demand.owner, demand_code=demand.code, state="agreed")
    demand.refresh_from_db()
    assert demand.state == "published"

    make.order(listing, consumer=demand.owner, demand_code=demand.code, state="agreed")
    demand.refresh_from_db()
    assert demand.state == "matched"

    orders.cancel(first.code, reason="停产", by=make.actor(first.provider), at=AT)
    demand.refresh_from_db()
    assert demand.state == "published"
