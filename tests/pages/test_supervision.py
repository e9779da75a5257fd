"""The supervision pages in a real browser: for officers and for everybody, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.core.actor import SYSTEM, Role
from accounts.models import Organisation
from supervision.services import agencies
from tests import make
from tests.pages.conftest import DESK, PHONE, clean
from tests.pages.pressing import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICER = ["", "statistics", "rounds", "scarcity", "complaints", "rows/orders", "quality", "reads", "clients"]


@pytest.fixture
def bureau():
    """A party whose first member is also an officer of Xiamen's authority."""
    user = make.user()
    party = make.organisation(owner=user)
    agencies.add_officer(make.agency("350200"), user_id=user.pk, by=SYSTEM, at=make.MONDAY_9AM)
    return party


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_an_officer_is_accessible_and_fits(visit: Callable[..., Page], bureau, size):
    make.market("350203")
    make.market("350211")

    for path in OFFICER:
        clean(visit(f"/supervision/{path}", as_=bureau, size=size))


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_operators_pages_of_authorities_are_accessible_and_fit(visit: Callable[..., Page], size, lang):
    desk = Organisation.objects.get(person=make.user(staff=(Role.OPERATOR,)))
    agency = make.agency("350200")
    make.agency_client(agency)
    make.officer(agency)

    for path in ("agencies", "agencies/new", f"agencies/{agency.code}"):
        clean(visit(f"/supervision/{path}", as_=desk, size=size, lang=lang))


def test_an_operator_renews_a_secret_and_suspends_by_pressing(visit: Callable[..., Page]):
    desk = Organisation.objects.get(person=make.user(staff=(Role.OPERATOR,)))
    issued = make.agency_client(make.agency("350200"))
    page = visit(f"/supervision/agencies/{issued.client.agency.code}", as_=desk)

    press(page, "更换密钥")
    secret = page.locator("dt:has-text('client_secret') + dd").inner_text()
    assert (len(secret) > 60, secret == issued.client_secret) == (True, False)
    clean(page)
    page.goto(f"{page.url.split('/supervision')[0]}/supervision/agencies/{issued.client.agency.code}")
    press(page, "暂停")

    issued.client.agency.refresh_from_db()
    assert not issued.client.agency.is_active
    expect(page.get_by_text("已暂停", exact=True)).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_public_pages_are_accessible_and_fit(visit: Callable[..., Page], lang):
    make.agency("350200")

    for path in ("/supervision/", "/supervision/v1/docs/"):
        clean(visit(path, lang=lang, size=PHONE))


def test_chart_and_map_are_drawn_beside_their_tables(visit: Callable[..., Page], bureau):
    make.market("350203")

    page = visit("/supervision/", as_=bureau)

    expect(page.locator(".chart canvas")).to_be_visible()
    expect(page.locator(".map .pin")).to_have_text("3")
    expect(page.locator("tr[data-code='350203'] td").first).to_have_text("1")


def test_an_officer_issues_credentials_and_sees_the_secret_this_once(visit: Callable[..., Page], bureau):
    page = visit("/supervision/clients", as_=bureau)

    page.get_by_label("用于哪个系统？").fill("市数据平台")
    press(page, "签发凭据")

    secret = page.locator("dt:has-text('client_secret') + dd").inner_text()
    assert len(secret) > 60
    clean(page)
    page.goto(page.url)
    expect(page.get_by_role("rowheader", name="市数据平台")).to_be_visible()
    assert secret not in page.content()


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_scarcity_and_the_terms_of_a_gap_are_accessible_and_fit(visit: Callable[..., Page], bureau, size, lang):
    direction = make.scarce_market(at=timezone.now())
    market = make.market("350203")
    make.claim(market.round, market.consumer)

    page = visit(f"/supervision/scarcity?direction={direction}", as_=bureau, size=size, lang=lang)
    expect(page.locator(".map .pin.scarce-3")).to_have_text("33%")
    clean(page)
    clean(visit(f"/supervision/rounds/{market.round.code}", as_=bureau, size=size, lang=lang))
