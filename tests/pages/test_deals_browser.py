"""A deal of each kind in a real browser: pressed through by both sides, without a complaint from axe."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from marketplace.models import Order
from tests import make
from tests.pages.conftest import PHONE, clean
from tests.pages.pressing import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_booked_use_goes_from_the_picker_to_its_bill(visit):
    listing, demand = make.offer(), make.wish(quantity=2)
    order = make.matched(listing, demand, at=timezone.now())

    page = visit(f"/orders/{order.code}/book", as_=demand.owner)
    clean(page)
    free = page.locator("input[name=hour]")
    free.nth(0).focus()
    page.keyboard.press("Space")
    free.nth(1).check()
    press(page, "预约所选时段")
    assert order.bookings.get().hours == 2
    clean(page)

    booking = order.bookings.get()
    make.begin_now(booking)
    page = visit(f"/orders/{order.code}", as_=listing.owner)
    press(page, "开始")
    press(page, "结束")
    clean(page)
    order.refresh_from_db()
    assert order.state == "completed"


def test_a_task_is_accepted_handed_in_sent_back_and_accepted(visit):
    order = make.order(make.offer("skills"), at=timezone.now(), **soon())

    page = visit(f"/orders/{order.code}", as_=order.provider)
    clean(page)
    press(page, "接受这些条款")
    page.get_by_label("提交内容").or_(page.locator("textarea[name=note]")).first.fill("初稿")
    press(page, "提交")

    page = visit(f"/orders/{order.code}", as_=order.consumer)
    page.locator("input[name=reason]").first.fill("缺少附图")
    press(page, "要求返工")
    page = visit(f"/orders/{order.code}", as_=order.provider)
    press(page, "提交")
    page = visit(f"/orders/{order.code}", as_=order.consumer)
    press(page, "验收通过")

    order.refresh_from_db()
    assert order.state == "completed"
    clean(page)


def test_a_quantity_is_shipped_accepted_and_paid(visit):
    order = make.order(make.offer("capacity"), state="agreed", at=timezone.now(), **soon())

    page = visit(f"/orders/{order.code}", as_=order.provider, size=PHONE)
    page.locator("input[name=waybill]").fill("SF123")
    press(page, "标记为已发货")
    page = visit(f"/orders/{order.code}", as_=order.consumer, size=PHONE)
    clean(page)
    press(page, "验收通过")
    page.locator("input[name=reference]").fill("回单 1")
    press(page, "我已付款")
    page = visit(f"/orders/{order.code}", as_=order.provider, size=PHONE)
    press(page, "款项已到账")

    order.refresh_from_db()
    assert order.settlement.state == "confirmed"
    clean(page)


def test_a_bundle_is_accepted_leg_by_leg(visit):
    bundle = make.bundle(2, at=timezone.now(), start=timezone.now() + timedelta(days=2))

    for leg in bundle.legs.order_by("id"):
        press(visit(f"/orders/{leg.code}", as_=leg.provider), "接受这些条款")
    page = visit(f"/orders/{bundle.code}", as_=bundle.consumer)

    clean(page)
    assert set(Order.objects.values_list("state", flat=True)) == {"agreed"}


@pytest.mark.parametrize("path", ["/orders", "/orders/calendar", "/inquiries", "/inquiries?show=own"])
def test_lists_please_axe_on_a_desk_and_on_a_phone(visit, path):
    order = make.order(state="agreed")
    asked = make.inquiry(make.wish("capacity", owner=order.consumer), at=timezone.now())
    make.quote(asked=asked, at=timezone.now())

    for size in ({"width": 1440, "height": 900}, PHONE):
        clean(visit(path, as_=order.consumer, size=size))


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_document_of_an_order_pleases_axe_and_prints_on_numbered_pages(visit, lang):
    order = make.order(state="agreed")

    for size in (PHONE, {"width": 1440, "height": 900}):
        page = visit(f"/orders/{order.code}/document", as_=order.consumer, lang=lang, size=size)
        clean(page)

    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    sheets = [sheet.extract_text() for sheet in printed.pages]
    assert [f"{number} / {len(sheets)}" in text for number, text in enumerate(sheets, 1)] == [True] * len(sheets)
    assert order.agreements.get().sha256 in "".join(sheets).replace("\n", "")


def test_quotes_side_by_side_please_axe(visit):
    asked = make.inquiry(at=timezone.now())
    for price in (9_000, 8_000):
        make.quote(asked=asked, unit_price_fen=price, at=timezone.now())

    for size in ({"width": 1440, "height": 900}, PHONE):
        page = visit(f"/inquiries/{asked.code}", as_=asked.consumer, size=size)
        clean(page)
    assert page.get_by_text("最低").count() == 1


def soon():
    """A fortnight from tomorrow on."""
    start = timezone.now() + timedelta(days=1)
    return {"start": start, "end": start + timedelta(days=14)}
