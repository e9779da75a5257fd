"""Which of the staff read what: each no more than the work needs."""

from datetime import timedelta

import pytest

from accounts.core.actor import Role
from credit.models import CreditEvent, Objection, RingAlert
from credit.selectors import ledger as ledger_reads
from credit.selectors import rings as ring_reads
from governance.services import complaints
from marketplace.models import Booking, Demand, Inquiry, Listing, MessageAttachment, Order, Quote
from marketplace.selectors import bookings, demands, listings, messages, milestones, orders, quotes
from marketplace.services import attachments
from marketplace.services import demands as demand_writes
from marketplace.services import listings as listing_writes
from marketplace.services import messages as message_writes
from marketplace.services import milestones as milestone_writes
from marketplace.services import orders as order_writes
from tests import make
from tests.accounts import pictures

pytestmark = pytest.mark.django_db
AT = make.MONDAY_9AM
STAFF = (Role.OPERATOR, Role.REVIEWER, Role.MEDIATOR)


def readers(read, error) -> set[Role]:
    """Return which roles of the staff may read."""
    found = set()
    for role in STAFF:
        try:
            read(make.staff(role))
        except error:
            continue
        found.add(role)
    return found


def sent_file(order):
    files = [message_writes.Upload("a.png", pictures.licence())]
    by = make.actor(order.consumer)
    return message_writes.send_in_order(order.code, text="图纸", files=files, by=by, at=AT).attachments.get()


def test_deals_their_messages_and_files_are_read_by_operators_alone():
    order = make.order(state="agreed")
    booking, file = order.bookings.get(), sent_file(order)

    assert readers(lambda who: orders.get(order.code, viewer=who), Order.DoesNotExist) == {Role.OPERATOR}
    assert readers(lambda who: orders.deal(order.code, viewer=who), Order.DoesNotExist) == {Role.OPERATOR}
    assert readers(lambda who: bookings.get(booking.code, viewer=who), Booking.DoesNotExist) == {Role.OPERATOR}
    assert readers(lambda who: messages.in_order(order.code, viewer=who), Order.DoesNotExist) == {Role.OPERATOR}
    told = readers(lambda who: messages.attachment(file.code, viewer=who, at=AT), MessageAttachment.DoesNotExist)
    assert told == {Role.OPERATOR}
    for role in (Role.REVIEWER, Role.MEDIATOR):
        assert not orders.visible_to(make.staff(role)).exists()
        assert not bookings.visible_to(make.staff(role)).exists()
    assert list(orders.visible_to(make.operator())) == [order]
    assert list(bookings.visible_to(make.operator())) == [booking]


def test_what_was_handed_in_for_a_milestone_is_not_for_reviewers():
    order = make.order(make.offer("skills"), state="agreed")
    milestone = order.milestones.get()
    milestone_writes.submit(milestone.code, note="成果", upload=pictures.pdf(), by=make.actor(order.provider), at=AT)

    read = readers(lambda who: milestones.with_file(milestone.code, viewer=who), type(milestone).DoesNotExist)

    assert read == {Role.OPERATOR}


def test_mediators_read_a_deal_while_a_complaint_about_it_is_open_and_no_longer():
    order, other = make.order(state="agreed"), make.order(state="agreed")
    file = sent_file(order)
    mediator = make.mediator()

    complaint = make.complaint(order)

    assert orders.get(order.code, viewer=mediator) == order
    assert messages.in_order(order.code, viewer=mediator).count() == 1
    assert messages.attachment(file.code, viewer=mediator, at=AT) == file
    assert list(orders.visible_to(mediator)) == [order]
    assert list(bookings.visible_to(mediator)) == [order.bookings.get()]
    with pytest.raises(Order.DoesNotExist):
        orders.get(other.code, viewer=mediator)
    with pytest.raises(Order.DoesNotExist):
        orders.get(order.code, viewer=make.reviewer())

    complaints.move(complaint.code, "withdraw", by=make.actor(complaint.complainant), at=make.COMPLAINED_AT)

    with pytest.raises(Order.DoesNotExist):
        orders.get(order.code, viewer=mediator)
    assert not orders.visible_to(mediator).exists()


def test_a_draft_complaint_opens_nothing_and_the_last_of_two_closes():
    order = make.order(state="agreed")
    make.complaint(order, state="draft")
    assert not Order.objects.get().is_disputed

    first = make.complaint(order)
    second = make.complaint(order, by=make.actor(order.provider))
    complaints.move(first.code, "withdraw", by=make.actor(order.consumer), at=make.COMPLAINED_AT)
    assert Order.objects.get().is_disputed

    complaints.move(second.code, "withdraw", by=make.actor(order.provider), at=make.COMPLAINED_AT)
    assert not Order.objects.get().is_disputed


def test_a_reopened_complaint_opens_the_deal_again():
    complaint = make.complaint(state="resolved")
    assert not complaint.order.is_disputed

    later = make.COMPLAINED_AT + timedelta(days=1)
    complaints.move(
        complaint.code, "reopen", words=make.step_words("reopen"), by=make.actor(complaint.complainant), at=later
    )

    assert Order.objects.get().is_disputed


def test_reviewers_and_mediators_of_nothing_stop_no_deal():
    order = make.order(state="agreed")

    for who in (make.reviewer(), make.mediator()):
        with pytest.raises(Order.DoesNotExist):
            order_writes.hold(order.code, reason="x", by=who, at=AT)

    order.refresh_from_db()
    assert order.state == "agreed"


def test_quotes_and_closed_calls_are_read_by_operators_alone():
    quote = make.quote("capacity")
    Inquiry.objects.update(state="closed")

    read = readers(lambda who: quotes.get(quote.code, viewer=who, at=AT), Quote.DoesNotExist)
    called = readers(lambda who: quotes.inquiry(quote.inquiry.code, viewer=who), Inquiry.DoesNotExist)

    assert (read, called) == ({Role.OPERATOR}, {Role.OPERATOR})


def test_nobody_reads_the_drafts_of_others():
    listing, demand = make.listing(published=False), make.demand(published=False)

    assert readers(lambda who: listings.get(listing.code, viewer=who), Listing.DoesNotExist) == set()
    assert readers(lambda who: demands.get(demand.code, viewer=who), Demand.DoesNotExist) == set()
    with pytest.raises(Listing.DoesNotExist):
        listing_writes.publish(listing.code, by=make.operator(), at=AT)
    with pytest.raises(Demand.DoesNotExist):
        demand_writes.publish(demand.code, by=make.operator(), at=AT)


def test_who_reviews_content_reads_what_was_removed_with_its_history_and_closed_papers():
    listing, demand = make.listing(), make.demand()
    paper = attachments.add_document(
        listing.code, pictures.pdf(), title="合格证", is_public=False, by=make.actor(listing.owner), at=AT
    )
    reviewers = {Role.OPERATOR, Role.REVIEWER}
    assert readers(lambda who: listings.document(paper.code, viewer=who), type(paper).DoesNotExist) == reviewers

    listing_writes.take_down(listing.code, reason="虚假", by=make.operator(), at=AT)
    demand_writes.take_down(demand.code, reason="虚假", by=make.operator(), at=AT)

    assert readers(lambda who: listings.get(listing.code, viewer=who), Listing.DoesNotExist) == reviewers
    assert readers(lambda who: demands.get(demand.code, viewer=who), Demand.DoesNotExist) == reviewers
    assert listings.steps(listing, viewer=make.reviewer()).count() == 2
    assert not listings.steps(listing, viewer=make.mediator()).exists()


def test_a_ledger_is_read_by_its_party_and_by_who_decides_on_objections():
    fact = make.credit_event()
    deciders = {Role.OPERATOR, Role.MEDIATOR}

    assert readers(lambda who: ledger_reads.get(fact.code, viewer=who), CreditEvent.DoesNotExist) == deciders
    read = readers(lambda who: ledger_reads.visible_to(who, fact.organisation_id), CreditEvent.DoesNotExist)
    assert read == deciders


def test_objections_and_alerts_are_hidden_from_reviewers():
    fact = make.credit_event()
    objection = Objection.objects.create(event=fact, reason="x", filed_by=make.user(), filed_at=AT)
    alert = make.ring_alert(fact.organisation)
    deciders = {Role.OPERATOR, Role.MEDIATOR}

    assert readers(lambda who: ledger_reads.objection(who, objection.code), Objection.DoesNotExist) == deciders
    assert readers(lambda who: ring_reads.alert(alert.code, viewer=who), RingAlert.DoesNotExist) == deciders
