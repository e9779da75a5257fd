"""Complaints, ratings, reports and standing through the API, with the same rules as the pages."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.core.actor import Role
from credit.models import CreditEvent
from governance.models import Complaint, Rating
from tests import make
from tests.api.caller import Api, staff

pytestmark = pytest.mark.django_db
STARS = dict.fromkeys(("stars", "as_described", "on_time", "quality", "conduct"), 5)
WORDS = {"category": "deposit", "title": "押金未退", "text": "设备归还一周后押金仍未退还。", "remedy": "refund"}


@pytest.fixture
def order():
    """Completed a day ago by the wall clock, which the API goes by."""
    made = make.order(state="completed")
    made.completed_at = timezone.now() - timedelta(days=1)
    made.save()
    return made


def test_a_complaint_goes_from_filing_to_resolved(order):
    consumer, provider, mediator = Api(order.consumer), Api(order.provider), staff(Role.MEDIATOR)
    filed = consumer.post("complaints", WORDS | {"order": str(order.code), "claim_fen": 50_000})
    assert filed.status_code == 201
    code = filed.json()["code"]

    for api, move, words in (
        (mediator, "acknowledge", {}),
        (mediator, "accept", {}),
        (provider, "reply", {"text": "三日内退还", "offer_fen": 50_000}),
        (consumer, "mediate", {}),
        (mediator, "propose", {"text": "当日退还", "finding": "at_fault", "offer_fen": 50_000}),
        (consumer, "agree", {}),
        (provider, "agree", {}),
        (provider, "perform", {"text": "已转账"}),
        (consumer, "confirm", {"satisfaction": 5}),
    ):
        assert move in api.get(f"complaints/{code}").json()["moves"]
        answer = api.post(f"complaints/{code}/{move}", words)
        assert answer.status_code == 200, answer.content

    shown = consumer.get(f"complaints/{code}").json()
    assert (shown["state"], shown["finding"], shown["offer_fen"]) == ("resolved", "at_fault", 50_000)
    assert len(shown["steps"]) == 11
    standing = Client().get(f"/api/v1/providers/{order.provider.code}/standing").json()
    assert standing["complaints"] == {"accepted": 1, "open": 0, "resolved": 1, "upheld": 1}


def test_the_same_filing_sent_twice_is_filed_once(order):
    consumer = Api(order.consumer)
    body = WORDS | {"order": str(order.code)}

    first = consumer.post("complaints", body, **{"Idempotency-Key": "one"})
    second = consumer.post("complaints", body, **{"Idempotency-Key": "one"})

    assert first.json()["code"] == second.json()["code"]
    assert Complaint.objects.count() == 1


def test_a_step_out_of_turn_is_a_409_and_a_strangers_a_404(order):
    complaint = make.complaint(order, state="accepted")

    refused = Api(order.provider).post(f"complaints/{complaint.code}/settle")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:yuli:transition_refused")
    assert Api(make.organisation()).post(f"complaints/{complaint.code}/withdraw").status_code == 404
    assert Client().get(f"/api/v1/complaints/{complaint.code}").status_code in (401, 403)
    complaint.refresh_from_db()
    assert complaint.state == "accepted"


@pytest.mark.parametrize(
    "body",
    [
        {},
        WORDS | {"order": "not-a-code"},
        WORDS | {"category": "weather"},
        WORDS | {"claim_fen": -1},
        WORDS | {"text": "\x00"},
    ],
)
def test_what_is_not_valid_is_a_400(order, body):
    assert Api(order.consumer).post("complaints", body).status_code == 400
    assert not Complaint.objects.exists()


def test_evidence_is_added_and_fetched_by_parties_only(order):
    complaint = make.complaint(order, state="accepted")
    consumer = Api(order.consumer)
    file = SimpleUploadedFile("x.jpg", make.picture(), "image/jpeg")

    added = consumer.client.post(f"/api/v1/complaints/{complaint.code}/evidence", {"file": file, "caption": "凭证"})

    assert added.status_code == 201
    fetched = Api(order.provider).get(f"evidence/{added.json()['code']}")
    assert (fetched.status_code, fetched["Content-Type"]) == (200, "image/jpeg")
    assert Api(make.organisation()).get(f"evidence/{added.json()['code']}").status_code == 404
    bad = SimpleUploadedFile("x.jpg", b"MZ", "image/jpeg")
    assert consumer.client.post(f"/api/v1/complaints/{complaint.code}/evidence", {"file": bad}).status_code == 409


def test_ratings_are_sealed_until_both_are_in(order):
    consumer, provider = Api(order.consumer), Api(order.provider)
    assert consumer.get(f"orders/{order.code}/ratings").json()["moves"] == ["rate"]
    assert consumer.post(f"orders/{order.code}/ratings", STARS | {"text": "可靠"}).status_code == 201

    sealed = provider.get(f"orders/{order.code}/ratings").json()
    assert (sealed["other"], sealed["other_is_in"]) == (None, True)
    assert Client().get(f"/api/v1/providers/{order.provider.code}/ratings").json()["results"] == []

    opened = provider.post(f"orders/{order.code}/ratings", STARS).json()
    assert opened["other"]["text"] == "可靠"
    assert opened["moves"] == ["reply"]
    assert consumer.post(f"orders/{order.code}/ratings", STARS).status_code == 409
    assert Rating.objects.count() == 2


def test_a_stranger_rates_nothing(order):
    assert Api(make.organisation()).post(f"orders/{order.code}/ratings", STARS).status_code == 404
    assert not Rating.objects.exists()


@pytest.mark.clause("SC53-19c")
def test_anyone_reads_standing_history_and_rules(order):
    code = order.provider.code

    standing = Client().get(f"/api/v1/providers/{code}/standing").json()
    assert (standing["grade"], standing["order_count"]) == ("N", 1)
    assert standing["explanation"]["orders_needed"] == 3
    assert Client().get(f"/api/v1/providers/{code}/standing/history").json()["count"] == 1
    (rules,) = Client().get("/api/v1/credit/rules").json()["results"]
    assert rules["version"] == standing["explanation"]["rules"]


@pytest.mark.clause("XM-4.3.6a")
def test_a_party_reads_its_own_ledger_and_objects_once(order):
    provider = Api(order.provider)
    (fact,) = provider.get("me/credit").json()["results"]
    assert fact["kind"] == "order_completed"

    assert provider.post(f"me/credit/{fact['code']}/objection", {"reason": "重复记录"}).status_code == 201
    assert provider.post(f"me/credit/{fact['code']}/objection", {"reason": "再次"}).status_code == 409
    assert Api(order.consumer).post(f"me/credit/{fact['code']}/objection", {"reason": "x"}).status_code == 404
    assert CreditEvent.objects.get(code=fact["code"]).objection.state == "open"


def test_a_report_is_handed_in_and_answered_in_secret():
    listing = make.offer()
    reporter, operator = Api(make.organisation()), staff(Role.OPERATOR)
    body = {"listing": str(listing.code), "category": "no_licence", "text": "无资质"}
    code = reporter.post("reports", body).json()["code"]

    for move, text in (("triage", ""), ("verify", ""), ("measure", "下架"), ("inform", "")):
        assert operator.post(f"reports/{code}/{move}", {"text": text}).status_code == 200

    assert reporter.get(f"reports/{code}").json()["state"] == "informed"
    assert Api(listing.owner).get(f"reports/{code}").status_code == 404
    assert "reporter" not in operator.get(f"reports/{code}").json()
    assert reporter.post("reports", {"category": "fraud", "text": "x"}).status_code == 409
