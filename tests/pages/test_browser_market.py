"""The same pages in a real browser: two sizes, two languages, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, expect

from marketplace.models import Listing
from tests import make
from tests.pages.conftest import DESK, PHONE, clean
from tests.pages.pressing import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh-hans", "en"])


@SIZES
@LANGUAGES
def test_public_pages_are_clean(visit, lang, size):
    proposal = make.proposal("equipment")
    make.price_figure()
    paths = [
        "/",
        "/prices?direction=equipment",
        "/prices?direction=equipment&family=cutting/machine_hour",
        "/prices?direction=skills",
        "/search?direction=equipment",
        "/search?words=nothing-like-this",
        "/directions/equipment",
        "/demands",
        "/rounds",
        f"/rounds/{proposal.round.code}",
        f"/listings/{proposal.listing.code}",
        f"/demands/{proposal.demand.code}",
        f"/providers/{proposal.provider.code}",
        f"/search/compare?code={proposal.listing.code}",
        "/how-matching-works",
        "/help",
        "/help/need",
        "/no-such-page",
    ]

    for path in paths:
        page = visit(path, lang=lang, size=size)
        page.complaints[:] = [text for text in page.complaints if "404" not in text]
        clean(page)


@SIZES
@LANGUAGES
def test_pages_of_ones_own_are_clean(visit, lang, size):
    proposal = make.proposal("equipment")
    listing, provider = proposal.listing, proposal.provider
    paths = [
        "/listings/mine",
        "/listings/new",
        "/listings/new/instruments",
        f"/listings/{listing.code}/edit",
        f"/listings/{listing.code}/hours",
        f"/listings/{listing.code}/files",
        "/demands/mine",
        "/demands/new/resources",
        "/proposals",
        f"/proposals/{proposal.code}",
        "/searches",
    ]

    for path in paths:
        clean(visit(path, as_=provider, lang=lang, size=size))
    clean(visit(f"/listings/{listing.code}/request", as_=proposal.consumer, lang=lang, size=size))


def test_search_by_clicking_keeps_the_address_and_lights_the_map(visit):
    make.listing(direction="equipment", title="五轴夜班", attributes={"machine": "cutting.five_axis"})
    make.listing(direction="equipment", title="车床白班", attributes={"machine": "cutting.cnc_lathe"})
    page = visit("/search")

    page.get_by_text("生产设备", exact=False).first.click()
    page.wait_for_url(re.compile("direction=equipment"))
    page.get_by_label(re.compile("五轴加工中心")).check()
    page.wait_for_url(re.compile("a.machine=cutting.five_axis"))

    expect(page.get_by_role("link", name="五轴夜班")).to_be_visible()
    expect(page.get_by_role("link", name="车床白班")).to_have_count(0)
    expect(page.locator(".map .pin")).to_have_count(1)
    page.get_by_role("link", name="五轴夜班").focus()
    expect(page.locator(".map .pin.lit")).to_have_count(1)
    page.reload()
    expect(page.get_by_label(re.compile("五轴加工中心"))).to_be_checked()
    clean(page)


def test_a_listing_is_published_by_clicking_with_the_place_picked_on_the_map(visit):
    owner = make.organisation()
    make.approved_case(owner)
    page = visit("/listings/new/equipment", as_=owner)

    page.get_by_label("标题").fill("龙门加工中心周末机时")
    page.get_by_label("设备类型").select_option(label="龙门加工中心")
    page.get_by_label("单价（含税）").fill("260")
    page.get_by_role("region", name="在地图上选点").click(position={"x": 300, "y": 120})
    expect(page.get_by_label("经度")).not_to_have_value("")
    page.get_by_label("省市").select_option(label="厦门市")
    page.get_by_label("区县").select_option(label="湖里区")
    press(page, "保存并发布")
    assert re.search("/listings/[0-9a-f-]+$", page.url)

    expect(page.get_by_text("已发布，现在可以被搜到")).to_be_visible()
    listing = Listing.objects.get()
    assert (listing.state, listing.price_fen, listing.division_code) == ("published", 26_000, "350206")
    clean(page)


def test_a_dangerous_step_asks_first_and_not_now_changes_nothing(visit):
    owner = make.organisation()
    listing = make.offer(owner=owner)
    page = visit(f"/listings/{listing.code}", as_=owner)

    page.get_by_role("button", name="关闭", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("确定关闭")
    dialog.get_by_role("button", name="先不").click()
    expect(dialog).to_have_count(0)
    listing.refresh_from_db()
    assert listing.state == "published"

    press(page, "关闭")
    expect(page.locator("main .state").filter(has_text="已关闭")).to_be_visible()


def test_the_keyboard_alone_reaches_content_menu_and_search(visit):
    make.offer()
    page = visit("/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.get_by_label("您在找什么").focus()
    page.keyboard.type("五轴")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    looks = page.locator("summary[aria-label='语言与外观']")
    looks.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="English")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="English")).to_be_hidden()
    expect(looks).to_be_focused()


def test_a_round_is_replayed_in_place(visit):
    proposal = make.proposal()
    page = visit(f"/rounds/{proposal.round.code}", as_=proposal.consumer)

    page.get_by_role("button", name="重放本轮").click()

    expect(page.locator("#replay .callout.success")).to_contain_text("结果相同")
    clean(page)


def test_both_themes_keep_their_contrast(visit):
    proposal = make.proposal("equipment")
    page = visit("/help")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])

    for path in ("/", "/search", f"/listings/{proposal.listing.code}", f"/rounds/{proposal.round.code}"):
        clean(visit(path))


def test_without_javascript_search_forms_and_steps_work(browser: Browser, live_server, client_of):
    owner = make.organisation()
    make.approved_case(owner)
    make.offer("skills", title="结构设计人日")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE)
    session = client_of(owner).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()

    page.goto(f"{live_server.url}/search")
    page.locator("input[name=direction][value=skills]").check(force=True)
    press(page, "搜索")
    expect(page.get_by_role("link", name="结构设计人日")).to_be_visible()
    assert "direction=skills" in page.url

    page.goto(f"{live_server.url}/listings/new/equipment")
    page.get_by_label("标题").fill("无脚本也能发布")
    page.get_by_label("设备类型").select_option(label="龙门加工中心")
    press(page, "保存并发布")
    listing = Listing.objects.get(title="无脚本也能发布")
    assert listing.state == "published"

    press(page, "暂停")
    listing.refresh_from_db()
    assert listing.state == "paused"
    context.close()
