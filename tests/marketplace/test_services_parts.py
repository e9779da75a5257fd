"""Milestones, deliveries, agreements, settlements and messages within an order."""

import hashlib
import io
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections
from django.db.models import F
from PIL import Image

from common.errors import Refused
from common.state_machine import TransitionRefused
from common.uploads import UploadRefused
from marketplace.core.parts import MilestonePlan, NotEnoughCapacity
from marketplace.models import Delivery, Message, Order, Settlement
from marketplace.selectors import messages as message_reads
from marketplace.services import deliveries, messages, milestones, orders, settlements
from marketplace.services.payments import PaymentNotFound
from tests import make

AT = make.MONDAY_9AM
WEEK = timedelta(days=7)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


# --- milestones ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_is_cut_as_planned_and_paid_as_accepted():
    plans = [MilestonePlan("方案", AT + WEEK, 5_000), MilestonePlan("成果", AT + 2 * WEEK, 15_000)]
    order = make.order(make.offer("skills"), milestones=plans, state="agreed")
    first = order.milestones.get(ordinal=1)
    milestones.submit(first.code, note="方案", by=make.actor(order.provider), at=AT)
    milestones.accept(first.code, by=make.actor(order.consumer), at=AT)

    orders.cancel(order.code, reason="计划有变", by=make.actor(order.consumer), at=AT)

    # The accepted part stays due, and half of what was left.
    assert Settlement.objects.get(order=order).amount_fen == 5_000 + 7_500


@pytest.mark.django_db
def test_milestones_that_do_not_add_up_make_no_order():
    with pytest.raises(milestones.PlanRefused):
        make.order(make.offer("skills"), milestones=[MilestonePlan("方案", AT + WEEK, 1)])

    assert not Order.objects.exists()


@pytest.mark.django_db
def test_what_is_handed_in_is_cleaned_kept_and_hashed():
    order = make.order(make.offer("skills"), state="agreed")
    code = order.milestones.get().code

    milestones.submit(code, note="", upload=picture(), upload_name="图纸.png", by=make.actor(order.provider), at=AT)

    kept = order.milestones.get()
    assert kept.file_name == "图纸.png"
    assert kept.file_sha256 == hashlib.sha256(kept.file.read()).hexdigest()


@pytest.mark.django_db
def test_a_disguised_program_is_not_taken_and_nothing_is_handed_in():
    order = make.order(make.offer("skills"), state="agreed")

    with pytest.raises(UploadRefused):
        milestones.submit(
            order.milestones.get().code,
            note="",
            upload=b"MZ\x90\x00" * 100,
            upload_name="图纸.png",
            by=make.actor(order.provider),
            at=AT,
        )

    order.refresh_from_db()
    assert (order.state, order.milestones.get().state) == ("agreed", "planned")


@pytest.mark.django_db
def test_rework_needs_a_reason_and_stops_the_clock_of_acceptance():
    order = make.order(make.offer("skills"), state="agreed")
    code = order.milestones.get().code
    milestones.submit(code, note="", by=make.actor(order.provider), at=AT)

    with pytest.raises(milestones.PlanRefused):
        milestones.ask_rework(code, reason=" ", by=make.actor(order.consumer), at=AT)
    milestones.ask_rework(code, reason="缺图", by=make.actor(order.consumer), at=AT)

    assert (order.milestones.get().state, order.milestones.get().accept_by) == ("rework", None)


@pytest.mark.django_db
def test_the_provider_does_not_accept_their_own_work():
    order = make.order(make.offer("skills"), state="agreed")
    code = order.milestones.get().code
    milestones.submit(code, note="", by=make.actor(order.provider), at=AT)

    with pytest.raises(TransitionRefused):
        milestones.accept(code, by=make.actor(order.provider), at=AT)

    assert order.milestones.get().state == "submitted"


# --- deliveries ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_quantity_is_spread_over_the_weeks_that_have_room():
    listing = make.offer("capacity", capacity_per_week=30)
    make.order(listing, quantity=20, start=AT, end=AT + WEEK)

    order = make.order(listing, quantity=35, start=AT, end=AT + 3 * WEEK)

    assert list(order.deliveries.order_by("ordinal").values_list("quantity", flat=True)) == [10, 25]


@pytest.mark.django_db
def test_more_than_the_weeks_hold_is_refused_whole():
    listing = make.offer("capacity", capacity_per_week=30)

    with pytest.raises(NotEnoughCapacity):
        make.order(listing, quantity=61, start=AT, end=AT + 2 * WEEK)

    assert not Order.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_refused_order_gives_its_capacity_back():
    listing = make.offer("capacity", capacity_per_week=30)
    order = make.order(listing, quantity=30, start=AT, end=AT + WEEK)

    orders.refuse(order.code, by=make.actor(order.provider), at=AT)

    again = make.order(listing, quantity=30, start=AT, end=AT + WEEK)
    assert sum(again.deliveries.values_list("quantity", flat=True)) == 30


@pytest.mark.django_db
def test_only_the_good_part_is_due():
    order = make.order(make.offer("capacity", setup_fee_fen=500), quantity=10, state="agreed")
    code = order.deliveries.get().code
    deliveries.ship(code, waybill="SF1", by=make.actor(order.provider), at=AT)

    with pytest.raises(deliveries.DeliveryRefused):
        deliveries.accept(code, quantity=11, by=make.actor(order.consumer), at=AT)
    deliveries.accept(code, quantity=8, by=make.actor(order.consumer), at=AT)

    assert Settlement.objects.get(order=order).amount_fen == 8 * 10_000 + 500


@pytest.mark.django_db(transaction=True)
def test_twenty_orders_at_once_never_take_more_than_a_week_holds():
    listing = make.offer("capacity", capacity_per_week=50)
    buyers = [make.actor(make.organisation()) for _ in range(20)]
    gate, results = threading.Barrier(20), []

    def ask(buyer):
        gate.wait()
        try:
            orders.request(listing.code, quantity=10, start=AT, end=AT + WEEK, by=buyer, at=AT)
            results.append("won")
        except Refused as refusal:
            results.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(buyer,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(results) == {"won": 5, "NotEnoughCapacity": 15}


# --- agreement ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_agreed(act):
    order = make.order(state="agreed")
    agreement = order.agreements.get()

    for rows in (order.agreements, agreement.acceptances, order.steps):
        with pytest.raises(IntegrityError, match="append-only"):
            rows.all().update(id=F("id")) if act == "update" else rows.all()._raw_delete("default")

    agreement.refresh_from_db()
    assert agreement.sha256 == hashlib.sha256(agreement.canonical.encode()).hexdigest()


@pytest.mark.django_db
def test_the_terms_hold_what_the_rows_say():
    order = make.order(make.offer(setup_fee_fen=300))

    terms = order.agreements.get().terms

    assert (terms["total_fen"], terms["quantity"], terms["listing_version"]) == (20_300, 2, 1)
    assert [part["kind"] for part in terms["parts"]] == ["booking"]
    assert terms["period_start"] == "2026-03-03T01:00:00Z"


# --- money --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_payment_is_reported_by_one_side_and_confirmed_by_the_other():
    order = make.order(state="completed")
    consumer, provider = make.actor(order.consumer), make.actor(order.provider)

    with pytest.raises(settlements.SettlementRefused):
        settlements.confirm_paid(order.code, by=provider, at=AT)
    with pytest.raises(settlements.SettlementRefused):
        settlements.report_paid(order.code, channel="offline", reference="1", by=provider, at=AT)
    settlements.report_paid(order.code, channel="offline", reference="1", by=consumer, at=AT)
    settlements.confirm_paid(order.code, by=provider, at=AT)

    assert Settlement.objects.get(order=order).state == "confirmed"


@pytest.mark.django_db
def test_the_sandbox_says_that_it_is_one_and_knows_only_its_own_payments():
    order = make.order(state="completed")
    consumer = make.actor(order.consumer)

    with pytest.raises(PaymentNotFound, match="sandbox"):
        settlements.report_paid(order.code, channel="sandbox", reference="6222", by=consumer, at=AT)
    assert Settlement.objects.get(order=order).state == "due"
    settlements.report_paid(order.code, channel="sandbox", reference="SANDBOX-20000-1", by=consumer, at=AT)

    assert Settlement.objects.get(order=order).state == "reported"


@pytest.mark.django_db
def test_an_invoice_is_asked_for_once_and_issued_by_the_provider():
    order = make.order(state="agreed")
    consumer, provider = make.actor(order.consumer), make.actor(order.provider)
    fields = {"kind": "ordinary", "title": "需方", "tax_code": "91350200000000000X", "email": "a@example.test"}

    settlements.request_invoice(order.code, **fields, by=consumer, at=AT)
    with pytest.raises(settlements.SettlementRefused):
        settlements.request_invoice(order.code, **fields, by=consumer, at=AT)
    settlements.record_invoice(order.code, number="24352000000012345678", by=provider, at=AT)

    assert order.invoice_request.state == "issued"
    with pytest.raises(Order.DoesNotExist):
        settlements.record_invoice(order.code, number="1", by=make.actor(make.organisation()), at=AT)


# --- messages -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_keeps_its_checked_file_and_strangers_do_not_find_it():
    order = make.order(state="agreed")
    sent = messages.send_in_order(
        order.code,
        text="见附图",
        files=[messages.Upload("图.png", picture())],
        by=make.actor(order.consumer),
        at=AT,
    )
    file = sent.attachments.get()

    assert file.media_type == "image/png"
    assert message_reads.attachment(file.code, viewer=make.actor(order.provider), at=AT) == file
    with pytest.raises(type(file).DoesNotExist):
        message_reads.attachment(file.code, viewer=make.actor(make.organisation()), at=AT)


@pytest.mark.django_db
def test_an_empty_message_and_a_strangers_message_are_not_sent():
    order = make.order()

    with pytest.raises(messages.MessageRefused):
        messages.send_in_order(order.code, text=" ", by=make.actor(order.consumer), at=AT)
    with pytest.raises(Order.DoesNotExist):
        messages.send_in_order(order.code, text="hi", by=make.actor(make.organisation()), at=AT)
    with pytest.raises(messages.MessageRefused):
        messages.send_in_order(order.code, text="hi", by=make.operator(), at=AT)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_reading_marks_only_the_other_sides_messages():
    order = make.order(state="agreed")
    for side in (order.consumer, order.provider):
        messages.send_in_order(order.code, text="你好", by=make.actor(side), at=AT)

    assert messages.mark_read(order_code=order.code, by=make.actor(order.consumer), at=AT) == 1
    assert message_reads.unread_by_order(make.actor(order.consumer)) == {}
    assert message_reads.unread_by_order(make.actor(order.provider)) == {order.pk: 1}
