"""The supervision pages in a real browser: for officers and for everybody, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.core.actor import SYSTEM
from supervision.services import agencies
from tests import make
from tests.pages.conftest import DESK, PHONE, clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICER = ["", "statistics", "rounds", "complaints", "rows/orders", "quality", "reads", "clients"]


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
    page.get_by_role("button", name="签发凭据").click()

    secret = page.locator("dt:has-text('client_secret') + dd").inner_text()
    assert len(secret) > 60
    clean(page)
    page.goto(page.url)
    expect(page.get_by_role("rowheader", name="市数据平台")).to_be_visible()
    assert secret not in page.content()
