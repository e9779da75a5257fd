"""Handing in documents on pages, the reviewers' desk, and who may open a stored page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.core.actor import Role
from accounts.models import VerificationCase
from accounts.services import verification
from tests import make
from tests.accounts import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    organisation = make.organisation(verified=False)
    user = organisation.memberships.get().user
    client.force_login(user)
    client.post(reverse("act-for"), {"organisation": str(organisation.code)})
    page = SimpleUploadedFile("a.png", pictures.licence("One"), "image/png")
    client.post(reverse("verification-new", args=["organisation"]), {"representative": "张三", "pages": [page]})
    return VerificationCase.objects.get()


def test_handing_in_leads_to_the_case_with_its_checks(client, case):
    verification.run_checks(case.code, at=make.MONDAY_9AM)

    text = client.get(reverse("verification-case", args=[case.code])).content.decode()

    assert case.checks.count() == 6
    assert "审核" in text


def test_a_bad_file_is_refused_at_its_field(client, case):
    verification.withdraw(case.code, by=make.actor(case.organisation), at=make.MONDAY_9AM)
    script = SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>", "image/png")

    response = client.post(
        reverse("verification-new", args=["organisation"]), {"representative": "张三", "pages": [script]}
    )

    assert response.context["form"].errors["pages"]
    assert VerificationCase.objects.count() == 1


def test_a_stored_page_opens_for_its_owner_and_reviewers_only(client, case):
    address = reverse("verification-document", args=[case.documents.get().code])

    own = client.get(address)
    client.force_login(make.organisation().memberships.get().user)
    stranger = client.get(address)
    client.force_login(make.user(staff=(Role.REVIEWER,)))
    reviewer = client.get(address)
    client.logout()
    anonymous = client.get(address)

    statuses = [own.status_code, stranger.status_code, reviewer.status_code, anonymous.status_code]
    assert statuses == [200, 404, 200, 302]
    assert own["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert own["Cache-Control"] == "private, no-store"
    assert own["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_only_ever_saved(client, case):
    verification.run_checks(case.code, at=make.MONDAY_9AM)
    verification.decide(case.code, "ask", reason="更多", by=make.reviewer(), at=make.MONDAY_9AM)
    more = io.BytesIO(pictures.pdf())
    more.name = "x.pdf"
    client.post(reverse("verification-resubmit", args=[case.code]), {"pages": [more]})
    pdf = case.documents.get(media_type="application/pdf")

    response = client.get(reverse("verification-document", args=[pdf.code]))

    assert response["Content-Disposition"].startswith("attachment")


def test_the_desk_is_for_reviewers(client, case):
    assert client.get(reverse("desk-verification")).status_code == 403
    client.force_login(make.user(staff=(Role.OPERATOR,)))
    assert client.get(reverse("desk-verification")).status_code == 403


def test_a_reviewer_decides_from_the_desk(client, case):
    verification.run_checks(case.code, at=make.MONDAY_9AM)
    client.force_login(make.user(staff=(Role.REVIEWER,)))
    desk = client.get(reverse("desk-verification")).content.decode()

    no_reason = client.post(reverse("verification-decide", args=[case.code, "refuse"]), {"reason": ""})
    approved = client.post(reverse("verification-decide", args=[case.code, "approve"]), {"reason": ""})

    case.refresh_from_db()
    assert case.organisation.name in desk
    assert no_reason.context["decision"].errors["reason"]
    assert approved["Location"] == reverse("desk-verification")
    assert case.state == "approved"


def test_nobody_else_decides(client, case):
    verification.run_checks(case.code, at=make.MONDAY_9AM)

    response = client.post(reverse("verification-decide", args=[case.code, "approve"]), {"reason": ""})

    case.refresh_from_db()
    assert (response.status_code, case.state) == (403, "in_review")
