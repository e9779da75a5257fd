"""What holds for every resource: keys, problems, pages, repeated requests, and input that no database can hold."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.core.parties import NoticeKind
from accounts.core.tokens import Scope
from accounts.models import Organisation
from accounts.services import notifications, tokens
from api.v1.throttling import AnonymousRate
from tests import make

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


@pytest.fixture
def owner():
    return make.actor(make.organisation())


@pytest.fixture
def key(owner):
    def secret(*scopes: Scope) -> dict[str, str]:
        _, made = tokens.create(name="t", scopes=scopes, by=owner, at=timezone.now())
        return {"Authorization": f"Bearer {made}"}

    return secret


def new_organisation(**changes):
    return {"kind": "enterprise", "name": "新企业", "credit_code": make.credit_code(77)} | changes


def test_a_key_acts_for_the_party_it_was_made_for(client, owner, key):
    answer = client.get("/api/v1/me", headers=key(Scope.READ)).json()

    assert answer["acting_for"]["code"] == str(Organisation.objects.get(pk=owner.organisation_id).code)
    assert answer["roles"] == ["owner"]


def test_a_reading_key_writes_nothing(client, key):
    answer = client.post(
        "/api/v1/organisations", new_organisation(), content_type="application/json", headers=key(Scope.READ)
    )

    assert answer.status_code == 403
    assert not Organisation.objects.filter(name="新企业").exists()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer yuli_unknown", "Bearer \xff\xfe", "bearer yuli_", "Bearer " + "x" * 9000]
)
def test_a_bad_key_is_401_and_says_which_scheme(client, header):
    answer = client.get("/api/v1/me", headers={"Authorization": header})

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_withdrawn_or_old_key_does_not_hold(client, owner):
    at = timezone.now()
    withdrawn, first = tokens.create(name="a", scopes=[Scope.READ], by=owner, at=at)
    tokens.revoke(withdrawn.code, by=owner, at=at)
    _, second = tokens.create(
        name="b", scopes=[Scope.READ], lasts=timedelta(days=1), by=owner, at=at - timedelta(days=2)
    )

    for secret in (first, second):
        assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_browsers_write_needs_its_csrf_token(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Organisation.objects.get(pk=owner.organisation_id).memberships.get().user)

    answer = client.post("/api/v1/organisations", new_organisation(), content_type="application/json")

    assert answer.status_code == 403
    assert not Organisation.objects.filter(name="新企业").exists()


def test_a_refusal_is_a_409_with_its_reason_and_fix(client, key):
    make.organisation(credit_code=make.credit_code(77))

    answer = client.post(
        "/api/v1/organisations",
        new_organisation(),
        content_type="application/json",
        headers=key(Scope.WRITE) | {"Accept-Language": "en"},
    )

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert problem["type"] == "urn:yuli:credit_code_taken"
    assert "invite" in problem["detail"]
    assert list(problem["errors"]) == ["credit_code"]


def test_a_repeated_request_is_done_once(client, key):
    headers = key(Scope.WRITE) | {"Idempotency-Key": "order-1"}
    send = {"data": json.dumps(new_organisation()), "content_type": "application/json", "headers": headers}

    first = client.post("/api/v1/organisations", **send)
    second = client.post("/api/v1/organisations", **send)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Organisation.objects.filter(name="新企业").count() == 1


def test_a_key_of_repetition_belongs_to_one_request(client, key):
    headers = key(Scope.WRITE) | {"Idempotency-Key": "order-1"}
    client.post("/api/v1/organisations", new_organisation(), content_type="application/json", headers=headers)

    other = client.post(
        "/api/v1/organisations", new_organisation(name="另一家"), content_type="application/json", headers=headers
    )

    assert other.status_code == 422
    assert not Organisation.objects.filter(name="另一家").exists()


def test_a_refused_request_may_be_sent_again_with_its_key(client, key):
    headers = key(Scope.WRITE) | {"Idempotency-Key": "order-1"}
    wrong = new_organisation(credit_code="1")
    assert (
        client.post("/api/v1/organisations", wrong, content_type="application/json", headers=headers).status_code == 409
    )

    right = client.post("/api/v1/organisations", new_organisation(), content_type="application/json", headers=headers)

    assert right.status_code == 201


@pytest.mark.parametrize("repeated", ["x" * 81, "ä", "", "a\x7f"])
def test_an_odd_key_of_repetition_is_refused_and_nothing_is_done(client, key, repeated):
    headers = key(Scope.WRITE) | {"Idempotency-Key": repeated}

    answer = client.post("/api/v1/organisations", new_organisation(), content_type="application/json", headers=headers)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert not Organisation.objects.filter(name="新企业").exists()


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=x",
        "page=",
        "page=1&page=2",
        "page=99999999999999999999",
        "page=%00",
        "page_size=%00",
        "page_size=0",
        "page_size=101",
    ],
)
def test_an_impossible_page_is_a_400_that_names_the_parameter(client, key, query):
    answer = client.get(f"/api/v1/notifications?{query}", headers=key(Scope.READ))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("=")[0]])


def test_a_page_beyond_the_last_is_a_404(client, key):
    assert client.get("/api/v1/notifications?page=9007199254740991", headers=key(Scope.READ)).status_code == 404


def test_a_page_holds_as_many_as_are_asked_for(client, owner, key):
    for _ in range(3):
        notifications.notify(user_ids=[owner.user_id], kind=NoticeKind.DEAL, message="x", at=make.MONDAY_9AM)

    page = client.get("/api/v1/notifications?page=2&page_size=2", headers=key(Scope.READ)).json()

    assert (page["count"], len(page["results"]), page["next"]) == (3, 1, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"name": NaN}',
        b"\xff\xfe",
        b'{"kind": "enterprise", "name": "a\\u0000b", "credit_code": "1"}',
        b'{"kind": "enterprise", "name": "\\ud83d", "credit_code": "1"}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "\\ud83d"}',
        b'{"kind": ["enterprise"], "name": {"a": 1}, "credit_code": 9223372036854775808}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "place": {"lng": 1e400, "lat": 0}}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "place": {"lng": 1e308, "lat": 0}}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "place": [1, 2]}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "founded_on": "0000-01-01"}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "founded_on": "10000-01-01"}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "founded_on": "0001-01-01"}',
        b'{"kind": "enterprise", "name": 5, "credit_code": "1"}',
        b'{"kind": "enterprise", "name": "x", "credit_code": "1", "place": {"lng": "118", "lat": 24}}',
        b"[" * 5000,
    ],
)
def test_a_body_that_cannot_be_is_refused_and_nothing_is_written(client, key, body):
    before = Organisation.objects.count()

    answer = client.post("/api/v1/organisations", body, content_type="application/json", headers=key(Scope.WRITE))

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert Organisation.objects.count() == before


def test_another_kind_of_body_is_415(client, key):
    answer = client.post("/api/v1/organisations", b"<a/>", content_type="application/xml", headers=key(Scope.WRITE))

    assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)


def test_too_many_calls_are_429_with_a_time_to_wait(client, monkeypatch):
    monkeypatch.setattr(AnonymousRate, "THROTTLE_RATES", {"anonymous": "2/min"})
    code = make.organisation().code

    answers = [client.get(f"/api/v1/organisations/{code}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_the_page_of_the_api_needs_nothing_inline_and_nothing_foreign(client):
    page = client.get("/api/v1/docs/")

    assert "<style" not in page.content.decode()
    assert "https://" not in page.content.decode()
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    "path", ["", "nothing", "organisations/no-uuid", "verifications/\u4f59/approve", "listings/%C2%B1%0A/close", "me/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_address_that_is_not_there_is_a_404_problem(client, path, method):
    answer = client.generic(method, f"/api/v1/{path}")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
