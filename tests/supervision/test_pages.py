"""The officers' pages: who may open them, what they say, and that each is a read in the log."""

import pytest
from django.test import Client
from oauth2_provider.models import Application

from accounts.models import User
from supervision.core.reader import Scope
from supervision.core.resources import RESOURCES
from supervision.models import AgencyClient, AgencyOfficer, ReadLog
from tests import make
from tests.supervision.api import ask_for_token

pytestmark = pytest.mark.django_db
ROOT = "/supervision/"
ROWS = [f"rows/{resource.name}" for resource in RESOURCES]
OFFICERS = ["statistics", "rounds", "scarcity", "complaints", *ROWS, "quality", "reads", "clients"]
READING = ["", *OFFICERS[:-1]]
SCOPE_OF = {
    "statistics": Scope.STATS,
    "rounds": Scope.MARKET,
    "scarcity": Scope.MARKET,
    "complaints": Scope.COMPLAINTS,
    "reads": Scope.LOG,
    **{f"rows/{resource.name}": resource.scope for resource in RESOURCES},
}


def officer_of(agency) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=make.officer(agency).user_id))
    return client


def person(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["", *OFFICERS])
def test_an_officer_opens_every_page_in_both_languages(path, language):
    make.market()
    client = officer_of(make.agency())

    answer = client.get(ROOT + path, headers={"accept-language": language})

    assert answer.status_code == 200
    assert "style=" not in answer.content.decode().split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("path", READING)
def test_a_page_is_one_read_by_the_officer(path):
    make.market()
    agency = make.agency()
    client = officer_of(agency)

    client.get(ROOT + path)

    log = ReadLog.objects.get()
    assert (log.agency, log.via, log.client) == (agency, "page", None)
    assert log.officer_id == AgencyOfficer.objects.get(agency=agency).user_id


@pytest.mark.parametrize("path", OFFICERS)
def test_who_is_no_officer_finds_no_page(path):
    assert person(make.user()).get(ROOT + path).status_code == 404
    assert Client().get(ROOT + path).status_code == 302
    assert not ReadLog.objects.exists()


@pytest.mark.parametrize("path", sorted(SCOPE_OF))
def test_a_page_outside_the_scopes_of_the_agency_is_not_there(path):
    agency = make.agency(scopes=tuple(scope for scope in Scope if scope != SCOPE_OF[path]))

    assert officer_of(agency).get(ROOT + path).status_code == 404
    assert not ReadLog.objects.exists()


def test_an_officer_who_left_finds_no_page():
    agency = make.agency()
    client = officer_of(agency)
    AgencyOfficer.objects.update(until=make.MONDAY_9AM)

    assert client.get(ROOT + "quality").status_code == 404


def test_everybody_else_sees_who_supervises():
    agency = make.agency()

    for client in (Client(), person(make.user())):
        answer = client.get(ROOT)
        assert answer.status_code == 200
        assert agency.name in answer.content.decode()
    assert not ReadLog.objects.exists()


def test_operators_see_the_reads_of_all_authorities_and_nobody_else_does():
    agency = make.agency()
    officer_of(agency).get(ROOT + "quality")
    operator = User.objects.get(pk=make.operator().user_id)

    assert [entry["read"].agency for entry in person(operator).get(ROOT).context["reads"]] == [agency]
    assert list(person(make.user()).get(ROOT).context["reads"]) == []
    assert list(Client().get(ROOT).context["reads"]) == []


def test_the_dashboard_counts_the_territory_and_nothing_else():
    make.market("350203")
    make.market("500103")

    context = officer_of(make.agency("350200")).get(ROOT).context

    assert context["counts"]["listings"]["open"] == 1
    assert [(row["division_code"], row["listings"]) for row in context["divisions"]] == [("350203", 1)]
    assert context["map"]["points"][0]["code"] == "350203"


def test_rows_go_on_from_where_the_page_ended():
    for number in range(60):
        make.organisation(name=f"企业{number}", verified=False)
    client = officer_of(make.agency())

    first = client.get(ROOT + "rows/parties")
    second = client.get(ROOT + "rows/parties", {"cursor": first.context["page"].cursor})

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)
    assert (first.context["page"].has_more, second.context["page"].has_more) == (True, False)


def test_another_agencys_cursor_opens_nothing():
    make.market()
    cursor = officer_of(make.agency()).get(ROOT + "rows/parties").context["page"].cursor

    assert officer_of(make.agency()).get(ROOT + "rows/parties", {"cursor": cursor}).status_code == 404


def test_a_complaint_past_its_deadline_is_marked():
    market = make.market()
    type(market.complaint).objects.update(due_at=make.MONDAY_9AM)

    answer = officer_of(make.agency()).get(ROOT + "complaints", headers={"accept-language": "en"})

    assert "late" in answer.content.decode()
    assert market.complaint.title not in answer.content.decode()


def test_a_new_clients_secret_is_shown_once_and_works():
    client = officer_of(make.agency())

    issued = client.post(ROOT + "clients", {"label": "数据中心"}).context["issued"]
    again = client.get(ROOT + "clients")

    assert ask_for_token(issued).status_code == 200
    assert issued.client_secret not in again.content.decode()
    assert again.headers["Cache-Control"].startswith("max-age=0")
    assert "数据中心" in again.content.decode()


@pytest.mark.parametrize("label", ["", "   ", "\x00"])
def test_a_client_without_a_name_is_not_issued(label):
    officer_of(make.agency()).post(ROOT + "clients", {"label": label})

    assert not AgencyClient.objects.exists()
    assert not Application.objects.exists()


def test_an_agency_has_five_clients_at_most():
    client = officer_of(make.agency())

    for number in range(6):
        client.post(ROOT + "clients", {"label": f"客户端{number}"})

    assert AgencyClient.objects.count() == 5


def test_an_officer_revokes_a_client_of_the_own_agency_only():
    agency = make.agency()
    own, foreign = make.agency_client(agency), make.agency_client()
    client = officer_of(agency)

    mine = client.post(f"{ROOT}clients/{own.client.code}/revoke")
    theirs = client.post(f"{ROOT}clients/{foreign.client.code}/revoke")

    assert (mine.status_code, theirs.status_code) == (302, 404)
    assert set(AgencyClient.objects.filter(revoked_at__isnull=True)) == {foreign.client}


def test_a_party_sees_which_authority_read_what_about_it():
    market = make.market("350203")
    agency = make.agency("350200")
    officer_of(agency).get(ROOT + "rows/orders")
    owner = User.objects.get(memberships__organisation=market.provider)
    acting = person(owner)
    session = acting.session
    session["acting_for"] = str(market.provider.code)
    session.save()

    mine = acting.get(ROOT + "reads/about-me")
    others = person(make.user()).get(ROOT + "reads/about-me")

    assert [entry["read"].resource for entry in mine.context["reads"]] == ["orders"]
    assert agency.name in mine.content.decode()
    assert others.context["reads"] == []
