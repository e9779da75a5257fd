"""Deals on pages: what each side sees and may press."""

import hashlib
import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from marketplace.models import Booking, Order
from marketplace.services import calendar_feeds, deliveries, messages
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["instruments", "skills", "equipment", "resources", "capacity"])
@pytest.mark.parametrize("state", ["proposed", "agreed", "completed"])
def test_both_sides_see_their_order_in_every_direction(client_of, code, state):
    order = make.order(make.offer(code), state=state)
    leg = order.legs.first() or order

    buyer = client_of(order.consumer).get(f"/orders/{order.code}")
    seller = client_of(leg.provider).get(f"/orders/{leg.code}")

    assert (buyer.status_code, seller.status_code) == (200, 200)
    assert order.title in buyer.content.decode()
    assert ("accept" in seller.content.decode()) is (state == "proposed") or state != "proposed"


def test_an_order_under_way_tells_each_side_what_comes_next(client_of):
    order = make.order(make.offer("skills"), state="agreed")
    done = make.order(make.offer("skills"), state="completed")

    buyer = client_of(order.consumer).get(f"/orders/{order.code}").content.decode()
    seller = client_of(order.provider).get(f"/orders/{order.code}").content.decode()
    afterwards = client_of(done.consumer).get(f"/orders/{done.code}").content.decode()

    assert "供方按期在此提交各里程碑；由您验收，或要求返工。" in buyer
    assert "请按期在此提交各里程碑；由需方验收，或要求返工。" in seller
    assert "提交各里程碑" not in afterwards


def test_a_stranger_and_a_passer_by_do_not_see_an_order(client_of):
    order = make.order()

    assert client_of(make.organisation()).get(f"/orders/{order.code}").status_code == 404
    assert Client().get(f"/orders/{order.code}").status_code == 302


def test_accepting_on_the_page_accepts_what_was_read(client_of):
    order = make.order()
    provider = client_of(order.provider)

    provider.post(f"/orders/{order.code}/accept", {"read_sha256": "0" * 64})
    order.refresh_from_db()
    assert order.state == "proposed"

    provider.post(f"/orders/{order.code}/accept", {"read_sha256": order.agreements.get().sha256})
    order.refresh_from_db()
    assert order.state == "agreed"


def test_the_fee_is_shown_before_it_is_charged(client_of):
    order = make.order(
        slots=[make.slot((timezone.now() + timedelta(hours=30)).replace(minute=0, second=0, microsecond=0))],
        state="agreed",
        at=timezone.now(),
    )
    buyer = client_of(order.consumer)

    asked = buyer.get(f"/orders/{order.code}/cancel").content.decode()
    assert "¥20" in asked
    buyer.post(f"/orders/{order.code}/cancel", {"reason": "计划有变", "shown_fee_fen": "2000"})

    order.refresh_from_db()
    assert (order.state, order.cancel_fee_fen) == ("cancelled", 2_000)


def test_ticked_hours_side_by_side_become_one_booking(client_of):
    listing, demand = make.offer(), make.wish(quantity=3)
    order = make.matched(listing, demand)
    buyer = client_of(demand.owner)
    start = (timezone.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    hours = [(start + timedelta(hours=n)).isoformat() for n in (0, 1, 5)]

    chosen_from = buyer.get(f"/orders/{order.code}/book").content.decode()
    buyer.post(f"/orders/{order.code}/book", {"hour": hours})

    booked = Booking.objects.filter(order=order).order_by("period")
    assert [booking.hours for booking in booked] == [2, 1]
    assert {booking.state for booking in booked} == {"confirmed"}
    when_all_are_placed = buyer.get(f"/orders/{order.code}/book").content.decode()
    assert 'name="hour"' in chosen_from
    assert 'name="hour"' not in when_all_are_placed
    assert "约定的小时都已排定" in when_all_are_placed


def test_the_list_counts_and_asks_for_a_fixed_number_of_rows(client_of, django_assert_max_num_queries):
    buyer = make.organisation()
    for _ in range(12):
        make.order(consumer=buyer)
    browser = client_of(buyer)
    browser.get("/orders")

    with django_assert_max_num_queries(16):
        answer = browser.get("/orders")

    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 12


def test_messages_of_the_other_side_are_unread_until_the_page_says_so(client_of):
    order = make.order(state="agreed")
    messages.send_in_order(order.code, text="何时到货？", by=make.actor(order.consumer), at=make.MONDAY_9AM)
    provider = client_of(order.provider)

    assert "何时到货？" in provider.get(f"/orders/{order.code}").content.decode()
    assert order.messages.get().read_at is None
    provider.post(f"/orders/{order.code}/messages/read")

    assert order.messages.get().read_at is not None


def test_a_calendar_address_works_until_it_is_revoked():
    order = make.order(slots=[make.slot(make.instant("2030-01-01 01:00"))], state="agreed")
    who = make.actor(order.consumer)
    token = calendar_feeds.renew(by=who, at=make.MONDAY_9AM)

    body = Client().get(f"/calendars/{token}.ics")
    calendar_feeds.revoke(by=who, at=make.MONDAY_9AM)

    assert body["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20300101T010000Z" in body.content.decode()
    assert max(len(line.encode()) for line in body.content.decode().split("\r\n")) <= 75
    assert Client().get(f"/calendars/{token}.ics").status_code == 404


def test_quotes_are_asked_given_compared_and_awarded_on_pages(client_of):
    demand = make.wish("capacity", quantity=10)
    dear, cheap = make.offer("capacity"), make.offer("capacity")
    buyer = client_of(demand.owner)
    start = timezone.localtime() + timedelta(days=9)

    buyer.post(
        f"/inquiries/ask/{demand.code}",
        {"closes_at": f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}", "quantity": 10, "note": ""},
    )
    inquiry = demand.inquiries.get()
    for listing, price in ((dear, "80"), (cheap, "75.50")):
        given = client_of(listing.owner).post(
            f"/inquiries/{inquiry.code}/quote",
            {
                "listing": str(listing.code),
                "unit_price_fen": price,
                "starts_at": f"{start:%Y-%m-%dT%H:%M}",
                "ends_at": f"{start + timedelta(days=20):%Y-%m-%dT%H:%M}",
                "valid_until": f"{start + timedelta(days=5):%Y-%m-%dT%H:%M}",
            },
        )
        assert given.status_code == 302, given.context["form"].errors
    compared = buyer.get(f"/inquiries/{inquiry.code}")
    first = compared.context["rows"][0].quote

    assert [row.quote.total_fen for row in compared.context["rows"]] == [75_500, 80_000]
    assert "price" in compared.context["rows"][0].best_in
    buyer.post(f"/quotes/{first.code}/award")
    assert Order.objects.get().total_fen == 75_500
    assert set(inquiry.quotes.values_list("state", flat=True)) == {"awarded", "declined"}


def test_a_competitor_sees_only_their_own_quote(client_of):
    quote = make.quote("capacity")
    other = make.offer("capacity")

    page = client_of(other.owner).get(f"/inquiries/{quote.inquiry.code}")

    assert page.context["rows"] == []
    assert quote.provider.name not in page.content.decode()


def test_an_order_page_asks_the_database_no_more_for_more_parts(client_of, django_assert_max_num_queries):
    order = make.order(make.offer("capacity", capacity_per_week=1), quantity=2)
    long = make.order(
        make.offer("capacity", capacity_per_week=1),
        quantity=12,
        start=make.TUESDAY_9AM,
        end=make.TUESDAY_9AM + timedelta(days=90),
    )
    for each in (order, long):
        browser = client_of(each.consumer)
        browser.get("/orders")

        with django_assert_max_num_queries(28):
            assert browser.get(f"/orders/{each.code}").status_code == 200

    assert long.deliveries.count() == 12


def soon() -> dict[str, object]:
    """A fortnight from tomorrow on."""
    start = timezone.now() + timedelta(days=1)
    return {"start": start, "end": start + timedelta(days=14), "at": timezone.now()}


def test_a_quantity_that_cannot_be_read_accepts_nothing_and_comes_back_at_its_field(client_of):
    order = make.order(make.offer("capacity"), state="agreed", **soon())
    delivery = order.deliveries.get()
    deliveries.ship(delivery.code, waybill="SF1", by=make.actor(order.provider), at=timezone.now())
    buyer = client_of(order.consumer)

    for typed in ("", "-1", "abc", str(delivery.quantity + 1)):
        page = buyer.post(f"/deliveries/{delivery.code}/accept", {"quantity": typed})
        assert page.status_code == 400
        assert f'id="accept-{delivery.code}-quantity_error"' in page.content.decode()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.accepted_quantity) == ("shipped", None)


def test_a_hand_in_that_is_refused_keeps_what_was_written(client_of):
    order = make.order(make.offer("skills"), state="agreed", **soon())
    task = order.milestones.get()
    sent = {"note": "初稿与计算书", "file": SimpleUploadedFile("run.pdf", b"MZ" + bytes(100), "application/pdf")}

    page = client_of(order.provider).post(f"/milestones/{task.code}/submit", sent)

    task.refresh_from_db()
    assert task.state == "planned"
    assert "初稿与计算书" in page.content.decode()
    assert f'id="submit-{task.code}-file_error"' in page.content.decode()


def test_a_drawing_is_handed_in_and_comes_back_only_as_a_download(client_of):
    order = make.order(make.offer("skills"), state="agreed", **soon())
    task = order.milestones.get()
    step = b"ISO-10303-21;\nHEADER;\nENDSEC;\n"
    seller = client_of(order.provider)

    seller.post(f"/milestones/{task.code}/submit", {"note": "", "file": SimpleUploadedFile("壳体.html", step)})
    answer = client_of(order.consumer).get(f"/milestones/{task.code}/file")

    assert b"".join(answer.streaming_content) == step
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Disposition"].endswith(".step")


def test_a_step_taken_in_another_tab_is_told_and_changes_nothing_twice(client_of):
    order = make.order(make.offer("skills"), state="agreed", **soon())
    task = order.milestones.get()
    seller = client_of(order.provider)
    seller.post(f"/milestones/{task.code}/submit", {"note": "第一次"})

    stale = seller.post(
        f"/milestones/{task.code}/submit",
        {"note": "第二次"},
        headers={"referer": f"http://testserver/orders/{order.code}"},
    )

    task.refresh_from_db()
    assert stale.headers["Location"] == f"http://testserver/orders/{order.code}"
    assert task.submission_note == "第一次"


def test_a_message_with_a_file_that_is_refused_keeps_its_text(client_of):
    order = make.order(state="agreed")
    sent = {"text": "图纸见附件", "files": SimpleUploadedFile("a.pdf", b"MZ" + bytes(100))}

    page = client_of(order.consumer).post(f"/orders/{order.code}/messages", sent)

    assert "图纸见附件" in page.content.decode()
    assert 'id="message-files_error"' in page.content.decode()
    assert not order.messages.exists()


def test_an_invoice_form_with_a_fault_keeps_the_rest(client_of):
    order = make.order(state="agreed")
    typed = {"kind": "special", "title": "厦门某某机械有限公司", "tax_code": "9135", "email": "not-an-address"}

    page = client_of(order.consumer).post(f"/orders/{order.code}/invoice", typed).content.decode()

    assert "厦门某某机械有限公司" in page
    assert 'id="invoice_email_error"' in page


@pytest.mark.parametrize(("lang", "title"), [("zh-hans", "共享服务协议"), ("en", "Agreement on shared services")])
def test_the_document_has_both_sides_the_price_the_terms_and_a_fingerprint_that_holds(
    client_of, lang, title, django_assert_max_num_queries
):
    order = make.order(state="agreed")
    agreed = order.agreements.get()
    buyer = client_of(order.consumer)
    buyer.get("/me")

    with django_assert_max_num_queries(20):
        page = buyer.get(f"/orders/{order.code}/document", headers={"accept-language": lang}).content.decode()

    told = html.unescape(page)
    assert title in told
    assert all(side.name in told and side.credit_code in told for side in (order.consumer, order.provider))
    assert agreed.canonical in told
    assert hashlib.sha256(agreed.canonical.encode()).hexdigest() in told
    assert (agreed.text_zh if lang == "zh-hans" else agreed.text_en).splitlines()[-1] in told


def test_the_document_is_for_those_of_the_order_alone(client_of):
    order = make.order()

    assert client_of(order.provider).get(f"/orders/{order.code}/document").status_code == 200
    assert client_of(make.organisation()).get(f"/orders/{order.code}/document").status_code == 404
    assert Client().get(f"/orders/{order.code}/document").status_code == 302


def test_new_messages_in_a_list_of_orders_do_not_pass_for_the_bell(client_of):
    order = make.order(state="agreed")
    messages.send_in_order(order.code, text="何时到货？", by=make.actor(order.consumer), at=make.MONDAY_9AM)

    page = client_of(order.provider).get("/orders").content.decode()

    assert "1 条新消息" in page
    assert f"{{{order.pk}: 1}}" not in page


def test_a_counter_offer_with_a_fault_comes_back_open_with_what_was_typed(client_of):
    quote = make.quote("capacity", at=timezone.now())
    buyer = client_of(quote.inquiry.consumer)

    page = buyer.post(f"/quotes/{quote.code}/counter", {"unit_price_fen": "八十", "note": "量大可否再优惠"})

    quote.refresh_from_db()
    assert (page.status_code, quote.counter_unit_price_fen) == (400, None)
    assert f'id="counter-{quote.code}-unit_price_fen_error"' in page.content.decode()
    assert "量大可否再优惠" in page.content.decode()
