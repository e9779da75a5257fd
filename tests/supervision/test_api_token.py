"""Tokens: one grant, short, for the agency's own scopes, and never for malformed input."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application
from rest_framework.test import APIClient

from accounts.core.actor import SYSTEM
from supervision.core.reader import Reader, Scope
from supervision.selectors import agencies as agency_selectors
from supervision.services import agencies
from tests import make
from tests.supervision.api import TOKEN, ask_for_token, with_token

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def test_a_client_gets_a_token_of_15_minutes_with_all_scopes_of_its_agency():
    issued = make.agency_client(make.agency(scopes=(Scope.STATS, Scope.LOG)))

    answer = ask_for_token(issued)

    assert answer.status_code == 200
    assert answer.json()["expires_in"] == 900
    assert answer.json()["token_type"] == "Bearer"
    assert sorted(answer.json()["scope"].split()) == ["sup.log", "sup.stats"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_id_and_secret_may_come_as_http_basic():
    issued = make.agency_client()
    basic = base64.b64encode(f"{issued.client_id}:{issued.client_secret}".encode()).decode()

    answer = APIClient().post(
        TOKEN, "grant_type=client_credentials", content_type=FORM, HTTP_AUTHORIZATION=f"Basic {basic}"
    )

    assert answer.status_code == 200


def test_neither_token_nor_secret_is_kept_in_the_clear():
    issued = make.agency_client()

    token = ask_for_token(issued).json()["access_token"]

    assert not AccessToken.objects.filter(token=token).exists()
    assert issued.client_secret not in Application.objects.get(client_id=issued.client_id).client_secret


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"scope": "sup.parties"}, 400, "invalid_scope"),
        ({"scope": "sup.stats sup.parties"}, 400, "invalid_scope"),
        ({"scope": "read"}, 400, "invalid_scope"),
        ({"grant_type": "password", "username": "a", "password": "b"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "a"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "a"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": "%00"}, 400, "invalid_request"),
        ({"client_secret": "a%00b"}, 400, "invalid_request"),
        ({"scope": "%ed%a0%bd"}, 400, "invalid_request"),
        ({"client_id": "%zz"}, 401, "invalid_client"),
        ({"client_id": "x" * 5000}, 401, "invalid_client"),
        ({"scope": "sup.stats&scope=sup.log"}, 400, "invalid_request"),
    ],
)
def test_anything_else_gets_no_token_and_the_documented_answer(form, status, error):
    issued = make.agency_client(make.agency(scopes=(Scope.STATS, Scope.LOG)))

    answer = ask_for_token(issued, **form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"\xff\xfe\x00", FORM, 400),
        (b"", FORM, 400),
        (b'{"grant_type": "client_credentials"}', "application/json", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
        (b"a=b", "", 415),
    ],
)
def test_a_body_that_is_no_form_is_refused(body, content_type, status):
    assert APIClient().generic("POST", TOKEN, body, content_type=content_type).status_code == status


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_tokens_are_asked_for_by_post_only(method):
    assert getattr(APIClient(), method)(TOKEN).status_code == 405


def test_a_revoked_client_gets_no_token_and_loses_those_it_has():
    agency = make.agency()
    issued = make.agency_client(agency)
    token = ask_for_token(issued).json()["access_token"]
    officer = make.officer(agency)

    agencies.revoke_client(issued.client.code, by=officer, at=make.MONDAY_9AM)

    assert ask_for_token(issued).status_code == 401
    assert not AccessToken.objects.exists()
    assert with_token(token).get("/supervision/v1/reads").status_code == 401


def test_an_agency_that_is_shut_out_gets_no_token():
    agency = make.agency()
    issued = make.agency_client(agency)
    agencies.set_access(agency.code, scopes=agency.scopes, is_active=False, by=SYSTEM, at=make.MONDAY_9AM)

    answer = ask_for_token(issued)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert not AccessToken.objects.exists()


def test_a_stranger_agency_cannot_revoke_a_client():
    issued = make.agency_client()

    with pytest.raises(type(issued.client).DoesNotExist):
        agencies.revoke_client(issued.client.code, by=make.officer(), at=make.MONDAY_9AM)

    issued.client.refresh_from_db()
    assert issued.client.revoked_at is None


def test_guessing_is_slowed_down():
    issued = make.agency_client()

    statuses = [ask_for_token(issued, grant_type="password").status_code for _ in range(61)]

    assert statuses == [400] * 60 + [429]


def test_a_token_counts_for_what_the_agency_may_read_now():
    agency = make.agency()
    issued = make.agency_client(agency)
    application_id = issued.client.application_id
    agencies.set_access(agency.code, scopes=(Scope.LOG,), is_active=True, by=SYSTEM, at=make.MONDAY_9AM)

    reader = agency_selectors.reader_for_application(application_id, [Scope.LOG, Scope.ORDERS])

    assert isinstance(reader, Reader)
    assert reader.scopes == {Scope.LOG}


@pytest.mark.parametrize("header", ["Bearer ", "Bearer \x00", "Basic YTpi", "Bearer a b", "bearer " + "x" * 9000, "é"])
def test_a_malformed_token_is_no_token(header):
    answer = APIClient().get("/supervision/v1/reads", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_expired_token_is_no_token():
    token = ask_for_token(make.agency_client()).json()["access_token"]
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))

    assert with_token(token).get("/supervision/v1/reads").status_code == 401


def test_a_token_in_the_address_is_no_token():
    token = ask_for_token(make.agency_client()).json()["access_token"]

    assert APIClient().get(f"/supervision/v1/reads?access_token={token}").status_code == 401
