"""The gap of a round and scarcity, for authorities: sums of all, parties of the territory, each read in the log."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from matching.models import Claim, RoundTerms
from supervision.core.reader import Scope
from supervision.models import ReadLog
from tests import make
from tests.supervision.api import signed_in
from tests.supervision.test_api_rows import ROOT
from tests.supervision.test_pages import officer_of

pytestmark = pytest.mark.django_db
SUMS = {
    "n_claims": 2, "claims_fen": 700, "quotas_fen": 0, "n_rejected": 1, "rejected_fen": 500, "n_made_whole": 1,
    "made_whole_fen": 90,
}  # fmt: skip


@pytest.fixture
def claimed():
    """A round with a claim in Xiamen, a smaller one in Chongqing."""
    market = make.market()
    round_ = market.round
    type(round_).objects.filter(pk=round_.pk).update(dual_fen=700, gap_fen=700, is_exact=False)
    RoundTerms.objects.create(round=round_, **SUMS)
    common = {"round": round_, "direction": "capacity"}
    Claim.objects.create(
        organisation=market.consumer, side="need", division_code="350203", lost_fen=500, is_rejected=True,
        made_whole_fen=0, **common,
    )  # fmt: skip
    Claim.objects.create(
        organisation=market.provider, side="offer", division_code="500103", lost_fen=200, is_rejected=False,
        made_whole_fen=0, **common,
    )  # fmt: skip
    return market


def test_the_sums_are_the_countrys_and_the_rows_the_territorys(claimed):
    answer = signed_in(make.agency("350200")).get(f"{ROOT}rounds/{claimed.round.code}/claims").json()

    assert answer["sums"] == {"gap_fen": 700, **SUMS}
    [row] = answer["largest"]
    assert (row["side"], row["lost_fen"], row["is_rejected"], row["division_code"]) == ("need", 500, True, "350203")


def test_a_party_has_the_pseudonym_that_it_has_elsewhere_and_sees_that_it_was_read_about(claimed):
    client = signed_in(make.agency("350200"))
    demands = client.get(ROOT + "demands").json()["rows"]

    [row] = client.get(f"{ROOT}rounds/{claimed.round.code}/claims").json()["largest"]

    assert row["party"] == next(each["consumer"] for each in demands)
    log = ReadLog.objects.latest("id")
    assert (log.resource, log.organisation_ids, log.rows) == ("claims", [claimed.consumer.pk], 1)


def test_nothing_that_names_a_party_or_tells_a_limit_leaves_the_house(claimed):
    text = signed_in(make.agency("350200")).get(f"{ROOT}rounds/{claimed.round.code}/claims").content.decode()

    private = [*make.SECRETS, claimed.consumer.name, str(claimed.consumer.code), claimed.consumer.credit_code, "77777"]
    assert [word for word in private if word in text] == []


def test_without_token_or_scope_nothing_is_read(claimed):
    path = f"{ROOT}rounds/{claimed.round.code}/claims"
    others = tuple(scope for scope in Scope if scope != Scope.MARKET)

    assert APIClient().get(path).status_code == 401
    assert signed_in(make.agency(scopes=others)).get(path).status_code == 403
    assert officer_of(make.agency(scopes=others)).get(f"/supervision/rounds/{claimed.round.code}").status_code == 404
    assert not ReadLog.objects.exists()


def test_a_round_that_is_not_there_is_not_read():
    nobody = "00000000-0000-0000-0000-000000000000"

    assert signed_in().get(f"{ROOT}rounds/{nobody}/claims").status_code == 404
    assert officer_of(make.agency()).get(f"/supervision/rounds/{nobody}").status_code == 404
    assert not ReadLog.objects.exists()


def test_terms_that_are_not_written_yet_are_said_to_be(claimed):
    RoundTerms.objects.all().delete()
    path = f"rounds/{claimed.round.code}"

    assert signed_in().get(f"{ROOT}{path}/claims").json() == {
        "round": str(claimed.round.code), "sums": None, "largest": [],
    }  # fmt: skip
    assert "请一分钟后再看" in officer_of(make.agency()).get(f"/supervision/{path}").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_officer_reads_the_terms_on_a_page(claimed, language):
    client = officer_of(make.agency("350200"))

    answer = client.get(f"/supervision/rounds/{claimed.round.code}", headers={"accept-language": language})

    text = answer.content.decode()
    assert ("¥7<" in text, "¥5<" in text, claimed.consumer.name in text) == (True, True, False)
    assert ReadLog.objects.get().via == "page"


def test_an_officer_sees_scarcity_as_a_table_and_on_the_map():
    make.scarce_market(at=timezone.now())
    client = officer_of(make.agency("350200"))

    context = client.get("/supervision/scarcity?direction=instruments").context

    assert [(row["place"], row["figure"].premium_percent, row["level"]) for row in context["rows"]] == [
        ("全国", 33, 3), ("福建省厦门市", 33, 3),
    ]  # fmt: skip
    [point] = context["map"]["points"]
    assert (point["code"], point["mark"], point["kind"]) == ("350200", "33%", "scarce-3")


def test_scarcity_outside_the_territory_is_the_countrys_alone():
    make.scarce_market(at=timezone.now())

    cells = {
        places: signed_in(make.agency(places)).get(ROOT + "scarcity?direction=instruments").json()["cells"]
        for places in ("500100", "350203")
    }

    assert {places: [cell["city_code"] for cell in found] for places, found in cells.items()} == {
        "500100": ["000000"], "350203": ["000000", "350200"],
    }  # fmt: skip
