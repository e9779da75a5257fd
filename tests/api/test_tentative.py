"""The best partner of the moment through the API: for its two owners alone, and proposed at once when one asks."""

import pytest

from accounts.core.actor import Role
from matching.models import Proposal, TentativeDeal
from matching.services.live_market import LiveMarket
from tests import make
from tests.api.caller import Api, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    make.fitting_wish()
    make.fitting_offer()
    LiveMarket().look(at=make.MONDAY_9AM)
    return TentativeDeal.objects.joined().get()


def test_both_owners_see_the_deal_and_none_of_the_others_secrets(deal):
    seen = Api(deal.consumer).get(f"demands/{deal.demand.code}/tentative").json()
    [other] = Api(deal.provider).get(f"listings/{deal.listing.code}/tentative").json()["deals"]

    assert (seen.pop("side"), other.pop("side")) == ("consumer", "provider")
    assert seen == other
    assert (seen["listing"], seen["demand"]) == (str(deal.listing.code), str(deal.demand.code))
    assert (seen["unit_price_fen"], seen["total_fen"], seen["quantity"]) == (7_500, 30_000, 4)
    # 15 yuan of room, told down to one digit: the ends would be the reserve and the limit
    assert (seen["low_fen"], seen["high_fen"]) == (6_500, 8_500)
    assert not [name for name, value in seen.items() if value in (6_000, 9_000)]
    assert seen["commit_at"] == "2026-03-03T01:00:00+08:00"


def test_nobody_else_sees_or_hurries_it(deal):
    strangers = [Api(make.organisation()), staff(Role.OPERATOR), staff(Role.REGULATOR)]

    for api in (*strangers, Api(deal.provider)):
        assert api.get(f"demands/{deal.demand.code}/tentative").status_code == 404
    for api in (*strangers, Api(deal.consumer)):
        assert api.get(f"listings/{deal.listing.code}/tentative").status_code == 404
    for api in strangers:
        body = {"listing": str(deal.listing.code)}
        assert api.post(f"demands/{deal.demand.code}/tentative/propose", body).status_code == 404
    deal.refresh_from_db()
    assert deal.asked_at is None


@pytest.mark.parametrize("side", ["consumer", "provider"])
def test_either_owner_has_it_proposed_at_once(deal, side):
    demand, listing = str(deal.demand.code), str(deal.listing.code)
    mine, body = (
        (f"demands/{demand}", {"listing": listing})
        if side == "consumer"
        else (f"listings/{listing}", {"demand": demand})
    )

    asked = Api(getattr(deal, side)).post(f"{mine}/tentative/propose", body)

    assert (asked.status_code, asked.json()["demand"], asked.json()["listing"]) == (202, demand, listing)
    LiveMarket().look(at=make.MONDAY_9AM)
    assert Proposal.objects.get().listing == deal.listing
    assert Api(deal.consumer).get(f"demands/{demand}/tentative").status_code == 404


def test_a_partner_who_is_gone_is_not_replaced_unasked(deal):
    make.fitting_offer(reserve_price_fen=1_000)
    LiveMarket().look(at=make.MONDAY_9AM)

    refused = Api(deal.consumer).post(
        f"demands/{deal.demand.code}/tentative/propose", {"listing": str(deal.listing.code)}
    )

    assert (refused.status_code, refused.json()["type"]) == (409, "urn:yuli:partner_changed")
    assert TentativeDeal.objects.get().asked_at is None
