"""The operators' pages of authorities: who opens them, what they set, and secrets that are shown once."""

import pytest
from django.test import Client

from accounts.core.actor import Role
from accounts.models import User
from accounts.selectors import actors
from supervision.core.reader import Scope
from supervision.models import Agency
from supervision.selectors import agencies as select
from tests import make
from tests.supervision.api import ask_for_token

pytestmark = pytest.mark.django_db
ROOT = "/supervision/agencies"
ADMITTED = {
    "name": "某市工业和信息化局",
    "level": "city",
    "division_codes": "厦门市\n500000 重庆市",
    "scopes": ["sup.stats", "sup.log"],
    "legal_basis": "某条例第十条",
}


def person(*roles: Role) -> Client:
    client = Client()
    client.force_login(make.user(staff=roles))
    return client


@pytest.fixture
def operator() -> Client:
    return person(Role.OPERATOR)


def officer_of(agency) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=make.officer(agency).user_id))
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def test_nobody_but_an_operator_finds_these_pages():
    agency = make.agency()
    issued = make.agency_client(agency)
    posts = [
        f"/{agency.code}/{step}" for step in ("access", "territory", "suspend", "resume", "officers", "clients")
    ] + [f"/clients/{issued.client.code}/{step}" for step in ("rotate", "revoke")]

    for who in (person(Role.REGULATOR), person(Role.REVIEWER), person(Role.MEDIATOR), person()):
        assert {who.get(ROOT + path).status_code for path in ("", "/new", f"/{agency.code}")} == {404}
        assert {who.post(ROOT + path).status_code for path in ("/new", *posts)} == {404}
    assert Client().get(ROOT).status_code == 302
    agency.refresh_from_db()
    assert agency.is_active
    assert ask_for_token(issued).status_code == 200


def test_an_authority_is_admitted_with_its_territory_by_name_or_code(operator):
    answer = operator.post(f"{ROOT}/new", ADMITTED)

    agency = Agency.objects.get()
    assert answer.headers["Location"] == f"{ROOT}/{agency.code}"
    assert (agency.division_codes, agency.scopes) == (["350200", "500000"], ["sup.log", "sup.stats"])
    assert agency.name in text_of(operator.get(ROOT))


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("level", "planet"), ("division_codes", "亚特兰蒂斯"), ("scopes", []), ("legal_basis", "x" * 256)],
)
def test_what_is_wrong_stands_at_its_field_and_admits_nobody(operator, field, typed):
    page = operator.post(f"{ROOT}/new", ADMITTED | {field: typed})

    assert field in page.context["form"].errors
    assert ADMITTED["legal_basis"] in text_of(page) or field == "legal_basis"
    assert not Agency.objects.exists()


def test_a_name_is_admitted_once_and_the_fault_stands_at_the_name(operator):
    operator.post(f"{ROOT}/new", ADMITTED)

    page = operator.post(f"{ROOT}/new", ADMITTED)

    assert list(page.context["form"].errors) == ["name"]
    assert Agency.objects.count() == 1


def test_scopes_and_territory_change_at_once(operator):
    agency = make.agency("350200")

    operator.post(f"{ROOT}/{agency.code}/access", {"scopes": ["sup.log"]})
    operator.post(f"{ROOT}/{agency.code}/territory", {"division_codes": "重庆市"})
    faulty = operator.post(f"{ROOT}/{agency.code}/territory", {"division_codes": "哪里"})

    agency.refresh_from_db()
    assert (agency.scopes, agency.division_codes) == ([Scope.LOG], ["500000"])
    assert "division_codes" in faulty.context["territory_form"].errors


def test_suspended_means_no_tokens_and_no_pages_until_resumed(operator):
    agency = make.agency()
    issued = make.agency_client(agency)
    officer = officer_of(agency)

    operator.post(f"{ROOT}/{agency.code}/suspend")
    refused = (ask_for_token(issued).status_code, officer.get("/supervision/quality").status_code)
    operator.post(f"{ROOT}/{agency.code}/resume")

    assert refused == (400, 404)
    assert (ask_for_token(issued).status_code, officer.get("/supervision/quality").status_code) == (200, 200)


def test_a_secret_is_shown_on_the_answer_that_makes_it_and_nowhere_else(operator):
    agency = make.agency()

    answer = operator.post(f"{ROOT}/{agency.code}/clients", {"label": "市数据平台"})
    secret = answer.context["issued"].client_secret

    assert secret in text_of(answer)
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert secret not in text_of(operator.get(f"{ROOT}/{agency.code}"))


def test_a_new_secret_ends_the_old_one_with_its_tokens(operator):
    issued = make.agency_client()
    token = ask_for_token(issued).json()["access_token"]

    answer = operator.post(f"{ROOT}/clients/{issued.client.code}/rotate")
    renewed = answer.context["issued"]

    assert renewed.client_id == issued.client_id
    assert ask_for_token(issued).status_code == 401
    assert ask_for_token(renewed).status_code == 200
    old = Client().get("/supervision/v1/reads", headers={"authorization": f"Bearer {token}"})
    assert old.status_code == 401


def test_an_officer_renews_the_secrets_of_the_own_authority_alone():
    agency = make.agency()
    own, foreign = make.agency_client(agency), make.agency_client()
    officer = officer_of(agency)

    renewed = officer.post(f"/supervision/clients/{own.client.code}/rotate").context["issued"]
    refused = officer.post(f"/supervision/clients/{foreign.client.code}/rotate")

    assert ask_for_token(renewed).status_code == 200
    assert refused.status_code == 404
    assert ask_for_token(foreign).status_code == 200


def test_a_revoked_client_stays_listed_and_gets_nothing(operator):
    issued = make.agency_client()

    operator.post(f"{ROOT}/clients/{issued.client.code}/revoke")

    assert ask_for_token(issued).status_code == 401
    assert "已撤销" in text_of(operator.get(f"{ROOT}/{issued.client.agency.code}"))
    assert operator.post(f"{ROOT}/clients/{issued.client.code}/rotate").status_code == 404


def test_a_person_reads_from_being_named_until_being_ended(operator):
    agency, user = make.agency(), make.user("officer@example.test")

    operator.post(f"{ROOT}/{agency.code}/officers", {"email": "Officer@example.test"})
    assert select.reader_for(actors.actor_for(user)).agency_id == agency.pk

    operator.post(f"{ROOT}/{agency.code}/officers/{user.code}/end")
    assert not actors.actor_for(user).has(Role.REGULATOR)
    assert not select.officers_at(agency, viewer=make.operator()).exists()


def test_an_address_that_nobody_has_is_refused_at_its_field(operator):
    agency = make.agency()

    page = operator.post(f"{ROOT}/{agency.code}/officers", {"email": "nobody@example.test"})

    assert "email" in page.context["officer_form"].errors
    assert not select.officers_at(agency, viewer=make.operator()).exists()


def test_lists_ask_the_same_few_queries_however_many_there_are(operator, django_assert_max_num_queries):
    agency = make.agency()
    for _ in range(3):
        make.agency_client(agency)
        make.officer(agency)
    for _ in range(4):
        make.agency()
    operator.get("/me")

    with django_assert_max_num_queries(6):
        operator.get(ROOT)
    with django_assert_max_num_queries(9):
        operator.get(f"{ROOT}/{agency.code}")
