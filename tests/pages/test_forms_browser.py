"""Forms in a real browser: the price while one types, faults that are led to, and nothing that is lost."""

import re

import pytest
from playwright.sync_api import expect

from marketplace.models import Listing
from tests import make
from tests.pages.conftest import PHONE, clean
from tests.pages.pressing import press, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_price_follows_what_is_typed_and_what_is_removed(visit):
    listing = make.offer("equipment", price_fen=12_000, setup_fee_fen=5_000)
    page = visit(f"/listings/{listing.code}/request", as_=make.organisation())
    cost = page.locator("#cost")
    expect(cost).to_contain_text("¥170")  # one hour and the setting up, before anything is typed

    page.get_by_label("小时数").fill("4")
    expect(cost).to_contain_text("¥530")
    page.get_by_role("button", name="再加一段").click()
    page.get_by_label("小时数").nth(1).fill("2")
    expect(cost).to_contain_text("¥770")
    page.get_by_role("button", name="移除").nth(1).click()
    expect(cost).to_contain_text("¥530")
    expect(page.get_by_role("button", name="重新计算价格")).to_be_hidden()
    clean(page)


def test_an_industry_is_found_by_a_word(visit):
    page = visit("/listings/new/equipment", as_=make.organisation(), size=PHONE)
    field = page.get_by_label("所属行业")

    assert page.locator("#id_industry_code_list option").count() == 117
    field.press_sequentially("金属切削")

    expect(page.locator("#id_industry_code_list option").first).to_have_attribute("value", "C3421 金属切削机床制造")
    clean(page)


def test_the_first_fault_of_a_form_has_the_focus(visit):
    page = visit("/demands/new/skills", as_=make.organisation())

    page.get_by_label("描述").fill("留着这句话")
    press(page, "存为草稿")

    assert page.evaluate("document.activeElement.id") == "id_title"
    expect(page.get_by_label("描述")).to_have_value("留着这句话")
    clean(page)


def test_a_button_pressed_twice_sends_once(visit):
    page = visit("/listings/new/equipment", as_=make.organisation())
    page.get_by_label("标题").fill("周末机时")
    page.get_by_label("设备类型").select_option(label="龙门加工中心")

    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="存为草稿").dblclick()

    assert Listing.objects.count() == 1


def test_what_was_typed_outlives_the_session_and_is_gone_once_it_arrived(visit):
    owner = make.organisation()
    page = visit("/listings/new/equipment", as_=owner)
    page.get_by_label("标题").fill("龙门加工中心周末机时")
    page.get_by_label("设备类型").select_option(label="龙门加工中心")
    page.context.clear_cookies(name="sessionid")

    press(page, "存为草稿")
    assert "/login" in page.url
    assert not Listing.objects.exists()
    page.locator("[name=username]").fill(owner.memberships.get().user.email)
    page.locator("[name=password]").fill(make.PASSWORD)
    send(page, page.locator("main .btn-primary"))

    assert page.url.endswith("/listings/new/equipment")
    expect(page.get_by_text("已恢复您之前在此填写的内容")).to_be_visible()
    expect(page.get_by_label("标题")).to_have_value("龙门加工中心周末机时")
    clean(page)
    press(page, "存为草稿")
    assert re.search("/listings/[0-9a-f-]+$", page.url)
    assert Listing.objects.get().title == "龙门加工中心周末机时"
    page = visit("/listings/new/equipment")
    expect(page.get_by_label("标题")).to_have_value("")


def test_what_one_left_behind_is_not_shown_to_the_next(visit):
    page = visit("/listings/new/equipment", as_=make.organisation())
    page.get_by_label("标题").fill("不该被别人看到")
    page.context.clear_cookies(name="sessionid")

    visit("/")

    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kept:'))") == []
