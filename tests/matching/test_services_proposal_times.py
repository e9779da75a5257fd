"""When a proposed deal is to take place: free hours, held while the proposal is open, booked once both accept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from psycopg.types.range import TimestamptzRange

from marketplace.core import parts
from marketplace.models import AvailabilityException, AvailabilityRule, Booking, Order
from matching.models import Proposal, ProposedTime
from matching.selectors import proposals as select
from matching.services import proposals
from matching.services.proposal_orders import ProposedTimeGone
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.MONDAY_9AM + timedelta(hours=1)
HOUR = timedelta(hours=1)
# Answers are due on Thursday at nine.
THURSDAY_9AM = make.MONDAY_9AM + timedelta(days=3)


def weekly(listing, *weekdays, first=8, last=18):
    for weekday in weekdays:
        AvailabilityRule.objects.create(listing=listing, weekday=weekday, start_minute=first * 60, end_minute=last * 60)


def proposed(code="instruments", *, quantity=4, **opening):
    demand = make.fitting_wish(code, quantity=quantity)
    listing = make.fitting_offer(code)
    if opening:
        weekly(listing, *opening.pop("weekdays"), **opening)
    make.run_round(directions=[code])
    return Proposal.objects.joined().get(demand=demand, listing=listing)


def times(proposal):
    viewer = make.actor(proposal.consumer)
    return [(period.lower, period.upper) for period in select.get(proposal.code, viewer=viewer).times]


def both_accept(proposal):
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    return proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)


@pytest.mark.parametrize("code", ["instruments", "equipment"])
def test_a_proposal_names_the_first_free_hours_after_the_answers_are_due(code):
    proposal = proposed(code)

    assert times(proposal) == [(THURSDAY_9AM, THURSDAY_9AM + 4 * HOUR)]


def test_when_both_accept_the_proposed_hours_are_booked():
    proposal = proposed(weekdays=[3], first=8, last=18)

    both_accept(proposal)

    booking = Booking.objects.get()
    assert (booking.period.lower, booking.period.upper) == (THURSDAY_9AM, THURSDAY_9AM + 4 * HOUR)
    assert (booking.state, booking.hours) == ("confirmed", 4)
    order = Order.objects.get()
    assert (order.period.lower, order.period.upper) == (THURSDAY_9AM, THURSDAY_9AM + 4 * HOUR)
    assert not ProposedTime.objects.filter(is_held=True).exists()


def test_a_job_longer_than_a_day_runs_on_over_the_following_ones_and_is_booked_in_parts():
    proposal = proposed(quantity=14, weekdays=[3, 4], first=9, last=17)

    agreed = both_accept(proposal)

    expected = [
        (THURSDAY_9AM, THURSDAY_9AM + 8 * HOUR),
        (THURSDAY_9AM + 24 * HOUR, THURSDAY_9AM + 30 * HOUR),
    ]
    booked = Booking.objects.filter(order__code=agreed.order_code).order_by("period")
    assert [(b.period.lower, b.period.upper) for b in booked] == expected == times(proposal)


def test_hours_that_are_gone_meanwhile_are_refused_and_explained():
    proposal = proposed(weekdays=[3], first=8, last=18)
    proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=LATER)
    AvailabilityException.objects.create(
        listing=proposal.listing,
        period=(THURSDAY_9AM + HOUR, THURSDAY_9AM + 2 * HOUR),
        is_open=False,
        made_at=LATER,
    )

    with pytest.raises(ProposedTimeGone):
        proposals.accept(proposal.code, by=make.actor(proposal.provider), at=LATER)

    proposal.refresh_from_db()
    assert proposal.state == "wanted"
    assert not Order.objects.exists()
    assert not Booking.objects.exists()
    assert ProposedTime.objects.filter(is_held=True).count() == 1


def test_two_open_proposals_never_mean_the_same_hours():
    first = proposed(weekdays=[3, 4], first=8, last=18)
    second_need = make.fitting_wish("instruments")
    make.run_round(directions=["instruments"], at=LATER)

    second = Proposal.objects.get(demand=second_need)

    assert second.listing_id == first.listing_id
    # answers to the second are due an hour later
    assert times(second) == [(THURSDAY_9AM + 4 * HOUR, THURSDAY_9AM + 8 * HOUR)]
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedTime.objects.filter(proposal=second).update(period=(THURSDAY_9AM, THURSDAY_9AM + HOUR))


def test_the_hours_of_a_declined_proposal_are_free_again():
    first = proposed(weekdays=[3], first=9, last=13)
    proposals.decline(first.code, by=make.actor(first.provider), at=make.MONDAY_9AM)
    second_need = make.fitting_wish("instruments")
    make.run_round(directions=["instruments"])

    assert times(Proposal.objects.get(demand=second_need)) == [(THURSDAY_9AM, THURSDAY_9AM + 4 * HOUR)]


def test_where_no_run_of_hours_is_free_none_is_proposed_and_a_time_is_chosen_after_agreement():
    first = proposed(quantity=1, weekdays=[3], first=9, last=13)
    ProposedTime.objects.filter(proposal=first).update(period=(THURSDAY_9AM + 2 * HOUR, THURSDAY_9AM + 3 * HOUR))
    week = TimestamptzRange(make.MONDAY_9AM, make.MONDAY_9AM + timedelta(days=7))
    need = make.fitting_wish("instruments", quantity=3, period=week)
    make.run_round(directions=["instruments"])
    second = Proposal.objects.joined().get(demand=need)

    assert times(second) == []

    both_accept(second)
    assert not Booking.objects.exists()
    assert Order.objects.get().state == "agreed"


def test_hours_that_are_meant_for_certain_weeks_are_proposed_in_those_weeks():
    demand = make.fitting_wish("equipment", quantity=30)
    make.fitting_offer("equipment", capacity_per_week=20)
    make.run_round(directions=["equipment"])
    proposal = Proposal.objects.joined().get(demand=demand)
    assert len(proposal.weeks) > 1

    hours = {}
    for low, high in times(proposal):
        hours[parts.week_of(low)] = hours.get(parts.week_of(low), 0) + (high - low) // HOUR

    assert hours == dict(proposal.weeks)


@pytest.mark.parametrize("code", ["skills", "capacity"])
def test_what_is_not_counted_in_hours_names_no_time(code):
    assert times(make.proposal(code)) == []
