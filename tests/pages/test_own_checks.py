"""Check my own deal, in a real browser: honest numbers hold, a forged one is found at its line, no secret is shown."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.pages.conftest import DESK, PHONE, clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESERVE, DEAR = 6_137, 8_211


@pytest.fixture
def market():
    """A need with a proposal at the first of two offers with a secret reserve; a third one takes what it lists."""
    demand = make.fitting_wish(quantity=4)
    chosen = make.fitting_offer(reserve_price_fen=RESERVE, title="甲")
    dear = make.fitting_offer(reserve_price_fen=DEAR, title="乙")
    listed = make.fitting_offer(reserve_price_fen=None, price_fen=8_500, title="丙")
    found = make.run_round(directions=["instruments"])
    return found, demand, chosen, dear, listed


def forge(page: Page, path: str, old: str, new: str) -> None:
    """Let the page arrive with one number changed on the way."""

    def change(route) -> None:
        answer = route.fetch()
        text = answer.text()
        assert text.count(old) == 1, (old, text.count(old))
        route.fulfill(response=answer, body=text.replace(old, new))

    page.route(re.compile(re.escape(path)), change)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_honest_numbers_hold_for_both_sides(visit: Callable[..., Page], market, size, lang):
    _found, demand, chosen, dear, _listed = market

    page = visit(f"/demands/{demand.code}/check", as_=demand.owner, size=size, lang=lang)
    expect(page.locator("[data-summary]")).to_have_attribute("data-outcome", "holds")
    expect(page.locator("[data-row=line] .state.good")).to_have_count(2)
    expect(page.locator(".state.bad")).to_have_count(0)
    clean(page)
    for offer, sales in ((chosen, 1), (dear, 0)):
        page = visit(f"/listings/{offer.code}/check", as_=offer.owner, size=size, lang=lang)
        expect(page.locator("[data-summary]")).to_have_attribute("data-outcome", "holds")
        expect(page.locator("[data-row=sale] .state.good")).to_have_count(sales)
        clean(page)


# what is forged -> where it must show, and what is said there
FORGED = {
    "price": (
        "data-row=line]:has-text('丙')",
        "选它会比建议的方案给您留下更多",
        [("price", 34_000, 20_000), ("gain", 2_000, 16_000)],
    ),
    "gain": ("data-row=line]:has-text('丙')", "所余不等于价值减去价格", [("gain", 2_000, 1_900)]),
    "lost": ("data-sum=lost", "与上面各行算出的结果不一致", [("lost", 0, 100)]),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_number_fails_at_its_line(visit: Callable[..., Page], page: Page, market, name):
    _found, demand, *_ = market
    place, said, changes = FORGED[name]
    path = f"/demands/{demand.code}/check"

    def change(route) -> None:
        answer = route.fetch()
        text = answer.text()
        for number, old, new in changes:
            printed = f'data-n="{number}" value="{old}">¥{old // 100:,}<'
            assert text.count(printed) == 1, printed
            text = text.replace(printed, f'data-n="{number}" value="{new}">¥{new // 100:,}<')
        route.fulfill(response=answer, body=text)

    page.route(re.compile(re.escape(path)), change)
    visit(path, as_=demand.owner)

    expect(page.locator("[data-summary]")).to_have_attribute("data-outcome", "fails")
    row = page.locator(f"[{place}" if place.startswith("data-row") else f"[{place}]")
    expect(row.locator(".state.bad")).to_have_text("不成立")
    expect(row).to_contain_text(said)


def test_a_number_that_reads_otherwise_than_it_counts_is_found(visit: Callable[..., Page], page: Page, market):
    _found, demand, *_ = market
    path = f"/demands/{demand.code}/check"
    forge(page, path, 'data-n="gain" value="2000">¥20<', 'data-n="gain" value="2000">¥2<')

    visit(path, as_=demand.owner)

    expect(page.locator("[data-row=line].does-not-hold")).to_contain_text("显示的数字与计算所用的数字不同")


def test_a_provider_finds_a_deal_below_its_reserve(visit: Callable[..., Page], page: Page, market):
    _found, _demand, chosen, *_ = market
    path = f"/listings/{chosen.code}/check"
    forge(page, path, f'data-n="reserve" value="{RESERVE}">¥61.37<', 'data-n="reserve" value="9900">¥99<')

    visit(path, as_=chosen.owner)

    expect(page.locator("[data-row=sale].does-not-hold")).to_contain_text("低于您的底价")


def test_without_script_the_numbers_stand_there_unchecked(client_of, market):
    _found, demand, *_ = market

    page = client_of(demand.owner).get(f"/demands/{demand.code}/check").content.decode()

    assert "未经浏览器核对" in page
    assert page.count("未核对") >= 5
    assert "已在您的浏览器中核对" in page.split("data-module")[1].split(">")[0]  # only as words for the script


def test_no_reserve_is_on_a_needs_pages_or_in_its_answers(client_of, market):
    _found, demand, *_ = market
    client = client_of(demand.owner)
    [proposal] = demand.proposals.all()
    secrets = [str(RESERVE), str(DEAR), "61.37", "82.11", str(4 * RESERVE), str(4 * DEAR)]

    for path in (
        f"/demands/{demand.code}/check",
        f"/api/v1/demands/{demand.code}/check",
        f"/proposals/{proposal.code}",
        f"/api/v1/proposals/{proposal.code}",
        "/api/v1/proposals",
        f"/demands/{demand.code}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert [secret for secret in secrets if secret in answer.content.decode()] == [], path


def test_no_limit_is_on_a_providers_pages_or_in_its_answers(client_of, market):
    _found, demand, chosen, *_ = market
    [proposal] = demand.proposals.all()
    client = client_of(chosen.owner)

    for path in (
        f"/listings/{chosen.code}/check",
        f"/api/v1/listings/{chosen.code}/check",
        f"/proposals/{proposal.code}",
        f"/api/v1/proposals/{proposal.code}",
    ):
        text = client.get(path).content.decode()
        assert [secret for secret in ("9000", "¥90<", "¥90 ", "36000", "¥360") if secret in text] == [], path


def test_the_pages_of_need_offer_and_proposal_lead_to_the_check(client_of, market):
    found, demand, chosen, *_ = market
    [proposal] = demand.proposals.all()
    need, offer = f"/demands/{demand.code}/check", f"/listings/{chosen.code}/check"

    assert need in client_of(demand.owner).get(f"/demands/{demand.code}").content.decode()
    assert offer in client_of(chosen.owner).get(f"/listings/{chosen.code}").content.decode()
    for party, path in ((demand.owner, need), (chosen.owner, offer)):
        assert f"{path}?round={found.code}" in client_of(party).get(f"/proposals/{proposal.code}").content.decode()


def test_before_a_round_the_page_says_so(client_of):
    listing = make.fitting_offer()

    answer = client_of(listing.owner).get(f"/listings/{listing.code}/check")

    assert (answer.status_code, "还没有哪一轮撮合看过它" in answer.content.decode()) == (200, True)
    assert client_of(listing.owner).get(f"/listings/{listing.code}/check?round=x").status_code == 404


def test_a_mixed_need_and_its_supplier_check_theirs(visit: Callable[..., Page]):
    """Split orders with a minimum lot and a setup fee: no single price need support the plan."""
    wishes = [make.fitting_wish("capacity", quantity=60, budget_fen=9_000, max_suppliers=1) for _ in range(3)]
    terms = {"minimum_lot": 40, "setup_fee_fen": 5_000, "capacity_per_week": 30, "price_fen": 8_000}
    offers = [make.fitting_offer("capacity", reserve_price_fen=reserve, **terms) for reserve in (5_111, 5_222)]
    make.run_round(directions=["capacity"])
    of_others = {5_111: "51.11", 5_222: "52.22"}

    for demand in wishes:
        page = visit(f"/demands/{demand.code}/check", as_=demand.owner)
        expect(page.locator(".state.bad")).to_have_count(0)
        partners = set(demand.proposals.values_list("reserve_fen", flat=True))
        assert [said for fen, said in of_others.items() if fen not in partners and said in page.content()] == []
    for listing in offers:
        page = visit(f"/listings/{listing.code}/check", as_=listing.owner)
        expect(page.locator("[data-summary]")).to_have_attribute("data-outcome", "holds")
        expect(page.locator(".state.bad")).to_have_count(0)
