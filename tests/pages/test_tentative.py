"""The panel "best partner right now": what its owner reads, how it is drawn, and what others do not get."""

import pytest

from frontend.views.tentative import drawn
from matching.models import Proposal, TentativeDeal
from matching.selectors import tentative
from matching.services.live_market import LiveMarket
from tests import make

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def deal():
    make.fitting_wish(title="显微镜观察")
    make.fitting_offer(title="电镜机时")
    LiveMarket().look(at=make.MONDAY_9AM)
    return TentativeDeal.objects.joined().get()


def test_both_owners_see_each_other_price_and_range_and_not_the_others_limit(client_of, deal):
    pages = {
        "consumer": text_of(client_of(deal.consumer).get(f"/demands/{deal.demand.code}/now")),
        "provider": text_of(client_of(deal.provider).get(f"/listings/{deal.listing.code}/now")),
    }

    assert "电镜机时" in pages["consumer"]
    assert "显微镜观察" in pages["provider"]
    for page in pages.values():
        assert "¥75 " in page
        assert "在 ¥65 到 ¥85 之间" in page
        assert "立即提出建议" in page
    assert ("¥90" in pages["consumer"], "¥60" in pages["consumer"]) == (True, False)
    assert ("¥90" in pages["provider"], "¥60" in pages["provider"]) == (False, True)


def test_the_panel_stands_on_the_pages_of_ones_own_and_on_no_other(client, client_of, deal):
    for as_, path, is_there in (
        (deal.consumer, f"/demands/{deal.demand.code}", True),
        (deal.provider, f"/listings/{deal.listing.code}", True),
        (deal.consumer, "/proposals", True),
        (deal.provider, f"/demands/{deal.demand.code}", False),
        (deal.consumer, f"/listings/{deal.listing.code}", False),
    ):
        assert ('id="right-now"' in text_of(client_of(as_).get(path))) == is_there, path
    assert 'id="right-now"' not in text_of(client.get(f"/demands/{deal.demand.code}"))
    stranger = client_of(make.organisation())
    assert stranger.get(f"/demands/{deal.demand.code}/now").status_code == 404
    assert stranger.get(f"/listings/{deal.listing.code}/now").status_code == 404


def test_an_empty_panel_says_what_will_come(client_of):
    lonely = make.fitting_wish()
    divisible = make.fitting_wish("equipment", owner=lonely.owner)
    client = client_of(lonely.owner)

    assert "此刻市场上还没有最适合它的一方" in text_of(client.get(f"/demands/{lonely.code}"))
    assert "此刻都还没有搭档" in text_of(client.get("/proposals/now"))
    assert 'id="right-now"' not in text_of(client.get(f"/demands/{divisible.code}"))
    assert client.get(f"/demands/{divisible.code}/now").status_code == 404


def test_proposing_now_leads_back_and_then_to_the_proposal(client_of, deal):
    consumer, provider = client_of(deal.consumer), client_of(deal.provider)

    sent = consumer.post(f"/demands/{deal.demand.code}/now/{deal.listing.code}")

    assert (sent.status_code, sent["Location"]) == (302, f"/demands/{deal.demand.code}")
    assert "您要求立即提出建议" in text_of(consumer.get(f"/demands/{deal.demand.code}/now"))
    assert "对方要求立即提出建议" in text_of(provider.get(f"/listings/{deal.listing.code}/now"))
    again = provider.post(f"/listings/{deal.listing.code}/now/{deal.demand.code}")
    assert again["Location"] == f"/listings/{deal.listing.code}"
    LiveMarket().look(at=make.MONDAY_9AM)
    proposal = Proposal.objects.get()
    shown = text_of(consumer.get(f"/demands/{deal.demand.code}/now"))
    assert "已提出建议：电镜机时" in shown
    assert f"/proposals/{proposal.code}" in shown


def test_the_range_is_drawn_between_the_own_limit_and_what_lies_beyond(deal):
    view = tentative.of_demand(deal.demand.code, viewer=make.actor(deal.consumer))

    found = drawn(view)

    # from 65 to the limit of 90 yuan on 8 to 92
    assert (found.low, found.price, found.high, found.own) == (8.0, 41.6, 75.2, 92.0)
    assert found.width == 67.2


def test_operators_see_whether_it_runs_and_how_much_it_holds(client_of, deal):
    desk = text_of(client_of(user=make.user(staff=("operator",))).get("/desk"))

    assert "实时市场" in desk
    assert "未运行" in desk
    assert "实时市场" not in text_of(client_of(user=make.user(staff=("reviewer",))).get("/desk"))
