"""Pages of complaints, reports, ratings, standing, the desk and the figures: both ways, also on a phone."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.core.actor import Role
from accounts.models import User
from governance.models import Complaint, Rating, Report
from governance.services import ratings
from tests import make

pytestmark = pytest.mark.django_db


def _client(organisation=None, *, user=None) -> Client:
    """A browser in which the organisation's first member acts for it."""
    client = Client()
    user = user or User.objects.filter(memberships__organisation=organisation).earliest("memberships__id")
    client.force_login(user)
    if organisation is not None:
        session = client.session
        session["acting_for"] = str(organisation.code)
        session.save()
    return client


def _staff(*roles: Role) -> Client:
    return _client(user=make.user(staff=roles))


@pytest.fixture
def order():
    """Completed a day ago by the wall clock, which is what pages go by."""
    made = make.order(state="completed")
    made.completed_at = timezone.now() - timedelta(days=1)
    made.save()
    return made


WORDS = {"category": "quality", "title": "孔径超差", "text": "三件孔径超差0.05毫米。", "remedy": "redo"}


def test_a_complaint_goes_from_filing_to_resolved_by_clicking(order):
    consumer, provider, mediator = _client(order.consumer), _client(order.provider), _staff(Role.MEDIATOR)
    proof = SimpleUploadedFile("a.jpg", make.picture(), "image/jpeg")
    answer = consumer.post(f"/complaints/new?order={order.code}", WORDS | {"file": proof})
    complaint = Complaint.objects.get()
    assert answer["Location"] == f"/complaints/{complaint.code}"
    assert complaint.evidence.count() == 1

    for client, move, words in (
        (mediator, "acknowledge", {}),
        (mediator, "accept", {}),
        (provider, "reply", {"text": "同意返工", "offer_fen": "100"}),
        (consumer, "mediate", {}),
        (mediator, "propose", {"text": "返工三件", "finding": "at_fault"}),
        (consumer, "agree", {}),
        (provider, "agree", {}),
        (provider, "perform", {"text": "已寄出"}),
        (consumer, "confirm", {"satisfaction": "5"}),
    ):
        page = client.get(f"/complaints/{complaint.code}")
        assert f"/complaints/{complaint.code}/{move}" in page.content.decode(), move
        data = {f"{move}-{name}": value for name, value in words.items()}
        assert client.post(f"/complaints/{complaint.code}/{move}", data).status_code == 302, move

    complaint.refresh_from_db()
    assert (complaint.state, complaint.satisfaction, complaint.offer_fen) == ("resolved", 5, None)


def test_a_step_without_its_words_shows_the_form_again_and_moves_nothing(order):
    complaint = make.complaint(order, state="accepted")

    page = _client(order.provider).post(f"/complaints/{complaint.code}/reply", {"reply-text": ""})

    assert page.status_code == 400
    assert "open>" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "accepted"


def test_a_refused_proof_files_nothing(order):
    bad = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")

    page = _client(order.consumer).post(f"/complaints/new?order={order.code}", WORDS | {"file": bad})

    assert page.status_code == 200
    assert not Complaint.objects.exists()


def test_strangers_find_neither_complaint_nor_proof(order):
    complaint = make.complaint(order, state="accepted")
    stranger = _client(make.organisation())

    assert stranger.get(f"/complaints/{complaint.code}").status_code == 404
    assert stranger.post(f"/complaints/{complaint.code}/withdraw").status_code == 404
    assert stranger.get(f"/complaints/new?order={order.code}").status_code == 404
    assert Client().get("/complaints").status_code == 302


def test_proof_is_served_to_the_parties_as_what_it_is(order):
    complaint = make.complaint(order, state="accepted")
    consumer = _client(order.consumer)
    consumer.post(
        f"/complaints/{complaint.code}/evidence",
        {"file": SimpleUploadedFile("x.exe", make.picture(), "application/x-msdownload"), "caption": "照片"},
    )
    code = complaint.evidence.get().code

    answer = consumer.get(f"/evidence/{code}")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert _client(make.organisation()).get(f"/evidence/{code}").status_code == 404


def test_both_sides_rate_by_clicking_and_see_the_seal(order):
    stars = dict.fromkeys(("stars", "as_described", "on_time", "quality", "conduct"), "4")
    consumer, provider = _client(order.consumer), _client(order.provider)
    consumer.post(f"/orders/{order.code}/rate", stars | {"text": "干净利落"})

    sealed = provider.get(f"/orders/{order.code}/rate").content.decode()
    assert "干净利落" not in sealed
    provider.post(f"/orders/{order.code}/rate", stars)

    assert "干净利落" in provider.get(f"/orders/{order.code}/rate").content.decode()
    assert "干净利落" in Client().get(f"/providers/{order.provider.code}").content.decode()
    rating = Rating.objects.get(rater=order.consumer)
    provider.post(f"/ratings/{rating.code}/reply", {"text": "谢谢惠顾"})
    assert "谢谢惠顾" in Client().get(f"/providers/{order.provider.code}").content.decode()


def test_an_operator_hides_words_and_the_page_says_so(order):
    for side in ("consumer", "provider"):
        by = make.actor(getattr(order, side))
        ratings.submit(order.code, make.rating_words(1, "电话13800000000"), by=by, at=timezone.now())
    rating = Rating.objects.get(rater=order.consumer)

    assert _client(order.provider).get(f"/ratings/{rating.code}/hide").status_code == 404
    _staff(Role.OPERATOR).post(f"/ratings/{rating.code}/hide", {"reason": "含个人电话"})

    shown = Client().get(f"/providers/{order.provider.code}").content.decode()
    assert "含个人电话" in shown
    assert "13800000000" not in shown


def test_a_report_is_handed_in_and_dealt_with_by_clicking():
    listing = make.offer()
    reporter, operator = _client(make.organisation()), _staff(Role.OPERATOR)
    reporter.post(f"/reports/new?listing={listing.code}", {"category": "fraud", "text": "证书系伪造"})
    report = Report.objects.get()
    assert str(report.code) in operator.get("/desk").content.decode()

    for move, text in (("triage", ""), ("verify", ""), ("measure", "下架"), ("inform", "")):
        assert operator.post(f"/reports/{report.code}/{move}", {"text": text}).status_code == 302

    listing.refresh_from_db()
    assert listing.state == "removed"
    assert "下架" in reporter.get(f"/reports/{report.code}").content.decode()
    assert _client(listing.owner).get(f"/reports/{report.code}").status_code == 404
    assert str(report.code) in reporter.get("/reports").content.decode()


def test_the_desk_is_for_staff_and_shows_clocks(order):
    make.complaint(order, state="submitted")

    page = _staff(Role.MEDIATOR).get("/desk")

    assert page.status_code == 200
    assert "加工件超差" in page.content.decode()
    assert _client(order.consumer).get("/desk").status_code == 403


def test_a_party_reads_its_ledger_and_objects_and_staff_decide(order):
    party = order.provider
    event = make.credit_event(party, kind="complaint_upheld", source="complaint")
    own = _client(party)
    assert own.get("/me/standing").status_code == 200

    own.post(f"/me/standing/{event.code}/contest", {"reason": "责任在承运方"})

    mediator = _staff(Role.MEDIATOR)
    event.refresh_from_db()
    assert str(event.objection.code) in mediator.get("/desk").content.decode()
    mediator.post(f"/desk/objections/{event.objection.code}", {"uphold": "1", "answer": "属实"})
    event.objection.refresh_from_db()
    assert event.objection.state == "upheld"
    assert "属实" in own.get("/me/standing").content.decode()
    assert _client(order.consumer).get(f"/me/standing/{event.code}/contest").status_code == 404


@pytest.mark.clause("NDRC2020-3.4")
def test_anyone_reads_the_figures_with_their_limits(order):
    make.complaint(order, state="resolved")

    shown = Client().get("/trust").content.decode()

    assert "45" in shown
    assert "投诉举报处理" in shown


@pytest.mark.parametrize("path", ["/complaints", "/complaints/new", "/reports", "/me/standing", "/trust"])
def test_pages_open_in_both_languages(path):
    client = _client(make.organisation())
    for language in ("zh-hans", "en"):
        assert client.get(path, headers={"accept-language": language}).status_code == 200
