"""Nothing is agreed with a party that is not verified, or that its standing restricts."""

from datetime import date, timedelta

import pytest

from accounts.models import Organisation
from accounts.selectors.verification import DealingNeedsVerification
from credit.core.kinds import EventKind, Source
from credit.models import Standing
from credit.selectors.restrictions import StandingRestricts
from credit.services import ledger
from marketplace.core.deal import Line
from marketplace.models import Booking, Order, OrderStep
from marketplace.services import bookings, orders, quotes
from matching.models import ProposalStep
from matching.services import proposals
from tests import make

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM


def lapse(party: Organisation) -> None:
    """Let the party's verification have ended yesterday."""
    Organisation.objects.filter(pk=party.pk).update(verified_until=date(2026, 3, 1))


def put_on_list(party: Organisation, *, until=None) -> None:
    ledger.record(
        organisation_id=party.pk,
        kind=EventKind.OFFICIAL_LIST,
        source=Source.AGENCY,
        source_code="闽市监严字〔2026〕1号",
        occurred_at=AT,
        at=AT,
        effect_until=until,
    )


def asked_of(listing, consumer):
    return orders.request(listing.code, **make.request_fields(listing), by=make.actor(consumer), at=AT)


def test_an_unverified_party_orders_nothing_and_is_told_where_to_mend_it():
    consumer, listing = make.organisation("厦门甲", verified=False), make.offer()

    with pytest.raises(DealingNeedsVerification) as refusal:
        asked_of(listing, consumer)

    assert (refusal.value.link, refusal.value.params) == ("/me/verification", {"name": "厦门甲"})
    assert "Verification" in refusal.value.fix
    assert not Order.objects.exists()
    assert not Booking.objects.exists()


def test_a_person_who_is_not_verified_orders_nothing():
    listing, nobody = make.offer(), make.actor()

    with pytest.raises(DealingNeedsVerification):
        orders.request(listing.code, **make.request_fields(listing), by=nobody, at=AT)

    assert not Order.objects.exists()


def test_nothing_is_ordered_from_a_party_whose_verification_has_run_out():
    listing = make.offer()
    lapse(listing.owner)

    with pytest.raises(DealingNeedsVerification) as refusal:
        asked_of(listing, make.organisation())

    assert refusal.value.link == ""
    assert not Order.objects.exists()


def test_the_last_day_of_a_verification_still_counts():
    listing, consumer = make.offer(), make.organisation(verified_until=date(2026, 3, 2))

    assert asked_of(listing, consumer).state == "proposed"


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_a_request_is_not_accepted_when_a_side_is_no_longer_verified(side):
    order = make.order()
    lapse(getattr(order, side))
    steps = OrderStep.objects.count()

    with pytest.raises(DealingNeedsVerification):
        orders.accept(order.code, by=make.actor(order.provider), at=AT)

    order.refresh_from_db()
    assert (order.state, OrderStep.objects.count()) == ("proposed", steps)
    assert order.agreements.get().acceptances.count() == 1


def test_a_stranger_hears_nothing_of_the_sides():
    order = make.order()
    lapse(order.consumer)

    with pytest.raises(Order.DoesNotExist):
        orders.accept(order.code, by=make.actor(make.organisation()), at=AT)


def test_a_leg_is_not_pledged_by_an_unverified_provider():
    bundle = make.bundle()
    leg = bundle.legs.earliest("id")
    lapse(leg.provider)

    with pytest.raises(DealingNeedsVerification):
        orders.accept(leg.code, by=make.actor(leg.provider), at=AT)

    leg.refresh_from_db()
    assert leg.state == "proposed"


def test_a_bundle_with_one_unverified_provider_is_not_made():
    good, bad = make.offer("resources"), make.offer("resources")
    lapse(bad.owner)
    start = make.TUESDAY_9AM
    lines = [Line(each.code, 1, 0, start=start, end=start + timedelta(days=7)) for each in (good, bad)]

    with pytest.raises(DealingNeedsVerification):
        orders.request_bundle(lines, by=make.actor(make.organisation()), at=AT)

    assert not Order.objects.exists()


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_a_quote_is_not_awarded_when_a_side_is_no_longer_verified(side):
    quote = make.quote("capacity")
    lapse(quote.provider if side == "provider" else quote.inquiry.consumer)

    with pytest.raises(DealingNeedsVerification):
        quotes.award(quote.code, by=make.actor(quote.inquiry.consumer), at=AT)

    quote.refresh_from_db()
    assert (quote.state, quote.inquiry.state) == ("submitted", "open")
    assert not Order.objects.exists()


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_a_proposal_is_not_accepted_by_or_with_an_unverified_side(side):
    proposal = make.proposal()
    lapse(getattr(proposal, side))

    with pytest.raises(DealingNeedsVerification) as refusal:
        proposals.accept(proposal.code, by=make.actor(proposal.consumer), at=AT)

    proposal.refresh_from_db()
    assert (proposal.state, ProposalStep.objects.count()) == ("proposed", 0)
    assert refusal.value.link == ("/me/verification" if side == "consumer" else "")


def test_no_more_times_are_booked_under_an_order_of_an_unverified_party():
    listing = make.offer("instruments")
    order = orders.request(listing.code, quantity=4, by=make.actor(make.organisation()), at=AT)
    orders.accept(order.code, by=make.actor(order.provider), at=AT)
    lapse(order.provider)

    with pytest.raises(DealingNeedsVerification):
        bookings.reserve(order.code, [make.slot()], by=make.actor(order.consumer), at=AT)

    assert order.bookings.count() == 0


def test_a_party_on_an_official_list_agrees_to_nothing_until_the_list_ends():
    provider = make.organisation("厦门乙")
    listing = make.offer(owner=provider)
    until = AT + timedelta(days=10)
    put_on_list(provider, until=until)

    with pytest.raises(StandingRestricts) as refusal:
        asked_of(listing, make.organisation())

    assert (refusal.value.link, refusal.value.params) == ("", {"name": "厦门乙"})
    assert not Order.objects.exists()
    made = orders.request(
        listing.code, slots=[make.slot(until + timedelta(days=1))], by=make.actor(make.organisation()), at=until
    )
    assert made.state == "proposed"


def test_one_who_is_on_a_list_is_told_where_the_facts_stand():
    consumer = make.organisation()
    put_on_list(consumer)

    with pytest.raises(StandingRestricts) as refusal:
        asked_of(make.offer(), consumer)

    assert refusal.value.link == "/me/standing"
    assert "official list" in refusal.value.sentence()


def test_grade_d_orders_up_to_ten_thousand_yuan_and_no_fen_more():
    consumer = make.organisation()
    make.credit_event(consumer)
    Standing.objects.filter(organisation=consumer).update(grade="D")
    start, end = make.TUESDAY_9AM, make.TUESDAY_9AM + timedelta(days=14)
    listing = make.offer("capacity", price_fen=1_000_000)
    dearer = make.offer("capacity", price_fen=1_000_001)

    with pytest.raises(StandingRestricts, match="at most 10000 yuan"):
        orders.request(dearer.code, quantity=1, start=start, end=end, by=make.actor(consumer), at=AT)

    assert not Order.objects.exists()
    made = orders.request(listing.code, quantity=1, start=start, end=end, by=make.actor(consumer), at=AT)
    assert made.total_fen == 1_000_000
