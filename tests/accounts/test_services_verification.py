"""Handing in, checking, deciding, expiring."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection

from accounts.core import credit_code
from accounts.core.actor import Role
from accounts.core.levels import CaseKind
from accounts.models import Notification, Organisation, VerificationCase, VerificationDocument
from accounts.selectors import verification as selectors
from accounts.services import verification
from accounts.services.verification import Claim
from common.state_machine import TransitionRefused
from common.uploads import UploadRefused
from tests import make
from tests.accounts import pictures

pytestmark = pytest.mark.django_db
BUSINESS = Claim(CaseKind.ORGANISATION)


def submitted(organisation=None, *, files=None, claim=BUSINESS):
    organisation = organisation or make.organisation(verified=False)
    by = make.actor(organisation)
    return verification.submit(organisation.pk, claim, files or [pictures.pdf()], by=by, at=make.MONDAY_9AM)


def in_review(organisation=None, **kwargs):
    return verification.run_checks(submitted(organisation, **kwargs).code, at=make.MONDAY_9AM)


def test_an_unverified_party_may_not_publish_and_learns_how_to():
    organisation = make.organisation(verified=False)

    with pytest.raises(selectors.PublishingNeedsVerification) as refusal:
        selectors.require_publishable(organisation.pk, at=make.MONDAY_9AM)

    assert "Verification" in refusal.value.fix


@pytest.mark.clause("SC53-19a")
def test_approval_lets_a_party_publish_until_its_last_day():
    case = in_review()

    verification.approve(case.code, by=make.reviewer(), at=make.MONDAY_9AM)

    case.refresh_from_db()
    organisation = Organisation.objects.get(pk=case.organisation_id)
    assert (case.state, organisation.verification_level) == ("approved", 2)
    assert organisation.verified_until == date(2026, 3, 2) + timedelta(days=180)
    selectors.require_publishable(organisation.pk, at=make.MONDAY_9AM + timedelta(days=180))
    with pytest.raises(selectors.PublishingNeedsVerification, match="run out"):
        selectors.require_publishable(organisation.pk, at=make.MONDAY_9AM + timedelta(days=181))


def test_a_document_that_ends_earlier_ends_the_verification():
    case = in_review(claim=Claim(CaseKind.ORGANISATION, document_until=date(2026, 4, 1)))

    verification.approve(case.code, by=make.reviewer(), at=make.MONDAY_9AM)

    case.refresh_from_db()
    assert case.valid_until == date(2026, 4, 1)


@pytest.mark.clause("XM-4.2.1b")
@pytest.mark.clause("586-3b")
def test_the_machine_finds_fault_but_leaves_refusing_to_a_person():
    organisation = make.organisation(verified=False, credit_code="91350200000000000X")

    case = in_review(organisation, files=[pictures.licence("something else", size=(300, 200))])

    found = {check.name: check.outcome for check in case.checks.all()}
    assert case.state == "in_review"
    assert (found["number"], found["quality"]) == ("failed", "warned")
    assert case.risk_percent > 50


def test_a_clear_picture_with_the_right_print_carries_little_risk():
    organisation = make.organisation("Lujiang Precision Ltd", verified=False)

    case = in_review(organisation, files=[pictures.licence("Lujiang Precision Ltd", organisation.credit_code)])

    found = {check.name: check.outcome for check in case.checks.all()}
    assert found == {
        "number": "passed",
        "quality": "passed",
        "name": "passed",
        "number_read": "passed",
        "duplicates": "passed",
        "registry": "unknown",
    }
    assert (case.state, case.risk_percent) == ("in_review", 15)


def test_the_machine_passes_low_risk_that_a_register_confirms(settings):
    settings.DEMO = True
    code = "91350200DEM000001"
    organisation = make.organisation(
        "Lujiang 演示", verified=False, is_demo=True, credit_code=credit_code.complete(code)
    )

    case = in_review(organisation, files=[pictures.licence("Lujiang 演示", organisation.credit_code)])

    names = {check.name: check.outcome for check in case.checks.all()}
    assert names["registry"] == "passed"
    assert case.state == ("approved" if case.risk_percent <= 10 else "in_review")


def test_a_picture_that_another_party_handed_in_is_found_even_when_saved_anew():
    in_review(files=[pictures.licence("One", "Two", form="PNG")])

    case = in_review(files=[pictures.licence("One", "Two", form="JPEG")])

    duplicate = case.checks.get(name="duplicates")
    assert (duplicate.outcome, duplicate.params) == ("failed", {"count": 1})


def test_a_person_is_verified_without_keeping_the_number():
    actor = make.actor()
    claim = Claim(CaseKind.PERSON, name="张三", number="11010519491231002X")

    case = verification.submit(actor.organisation_id, claim, [pictures.pdf()], by=actor, at=make.MONDAY_9AM)

    assert case.number == "**************002X"
    assert case.checks.get(name="number").outcome == "passed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_verificationcase c WHERE c::text LIKE '%%11010519491231002X%%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "file",
    [b"", b"GIF89a", b"<svg onload=alert(1)>", b"MZ\x90\x00", pictures.licence() + b"PK\x03\x04rest"],
    ids=["empty", "gif", "svg", "program", "polyglot"],
)
def test_an_unsafe_file_is_refused_and_nothing_is_stored(file, settings):
    organisation = make.organisation(verified=False)

    with pytest.raises(UploadRefused):
        submitted(organisation, files=[pictures.pdf(), file])

    assert not VerificationCase.objects.exists()
    assert not VerificationDocument.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_second_submission_waits_for_the_first():
    first = submitted()

    with pytest.raises(verification.SubmissionRefused, match="already"):
        submitted(first.organisation)

    assert VerificationCase.objects.count() == 1


def test_a_member_without_say_cannot_submit():
    organisation = make.organisation(verified=False)
    member = make.actor(organisation, user_=make.member(organisation))

    with pytest.raises(verification.SubmissionRefused):
        verification.submit(organisation.pk, BUSINESS, [pictures.pdf()], by=member, at=make.MONDAY_9AM)

    assert not VerificationCase.objects.exists()


def test_a_stranger_sees_neither_case_nor_pages():
    case = submitted()
    stranger = make.actor(make.organisation())

    with pytest.raises(VerificationCase.DoesNotExist):
        selectors.get(case.code, viewer=stranger)
    with pytest.raises(VerificationDocument.DoesNotExist):
        selectors.document(case.documents.get().code, viewer=stranger)


def test_nobody_reviews_their_own_organisation():
    reviewer = make.user(staff=(Role.REVIEWER,))
    organisation = make.organisation(verified=False)
    make.member(organisation, reviewer)
    case = in_review(organisation)

    with pytest.raises(TransitionRefused):
        verification.approve(case.code, by=make.actor(user_=reviewer), at=make.MONDAY_9AM)

    case.refresh_from_db()
    assert case.state == "in_review"


def test_a_refusal_needs_a_reason_and_tells_it_by_page_and_mail(django_capture_on_commit_callbacks):
    case = in_review()
    owner = case.organisation.memberships.get().user

    with pytest.raises(verification.DecisionRefused):
        verification.decide(case.code, "refuse", reason=" ", by=make.reviewer(), at=make.MONDAY_9AM)
    verification.decide(case.code, "refuse", reason="照片不清楚", by=make.reviewer(), at=make.MONDAY_9AM)

    case.refresh_from_db()
    told = Notification.objects.get(user=owner)
    assert (case.state, case.reason) == ("refused", "照片不清楚")
    assert (told.message, told.params["reason"]) == ("Your verification was refused: %(reason)s", "照片不清楚")
    from accounts.services import notifications

    assert notifications.send(told.code, at=make.MONDAY_9AM) is True
    assert notifications.send(told.code, at=make.MONDAY_9AM) is False
    assert [letter.to for letter in mail.outbox] == [[owner.email]]


def test_asked_for_more_the_applicant_adds_pages_and_all_are_looked_at_again():
    case = in_review()
    verification.decide(case.code, "ask", reason="请补背面", by=make.reviewer(), at=make.MONDAY_9AM)

    verification.resubmit(case.code, [pictures.licence("Back")], by=make.actor(case.organisation), at=make.MONDAY_9AM)
    again = verification.run_checks(case.code, at=make.MONDAY_9AM)

    assert (again.state, again.documents.count()) == ("in_review", 2)
    assert set(again.checks.values_list("round", flat=True)) == {1, 2}


def test_revoking_ends_the_right_to_publish_at_once():
    case = in_review()
    reviewer = make.reviewer()
    verification.approve(case.code, by=reviewer, at=make.MONDAY_9AM)

    verification.decide(case.code, "revoke", reason="证照系伪造", by=reviewer, at=make.MONDAY_9AM)

    with pytest.raises(selectors.PublishingNeedsVerification, match="not verified yet"):
        selectors.require_publishable(case.organisation_id, at=make.MONDAY_9AM)


def test_expiry_lapses_by_the_clock_and_says_so_once():
    case = in_review()
    verification.approve(case.code, by=make.reviewer(), at=make.MONDAY_9AM)
    warn_at = make.MONDAY_9AM + timedelta(days=166)
    late = make.MONDAY_9AM + timedelta(days=181)

    assert verification.expire_due(at=warn_at) == 0
    assert verification.expire_due(at=warn_at) == 0
    assert verification.expire_due(at=late) == 1
    assert verification.expire_due(at=late) == 0

    case.refresh_from_db()
    moves = list(case.steps.order_by("id").values_list("move", flat=True))
    assert case.state == "expired"
    assert moves == ["submit", "queue", "approve", "warn", "expire"]
    assert Organisation.objects.get(pk=case.organisation_id).verification_level == 0


def test_a_new_approval_takes_the_place_of_the_old_one():
    case = in_review()
    verification.approve(case.code, by=make.reviewer(), at=make.MONDAY_9AM)
    later = make.MONDAY_9AM + timedelta(days=170)
    renewed = verification.submit(
        case.organisation_id, BUSINESS, [pictures.pdf()], by=make.actor(case.organisation), at=later
    )
    verification.run_checks(renewed.code, at=later)

    verification.approve(renewed.code, by=make.reviewer(), at=later)

    case.refresh_from_db()
    assert case.state == "expired"
    selectors.require_publishable(case.organisation_id, at=later + timedelta(days=100))


def test_a_credit_code_is_proved_by_one_organisation_only():
    first = in_review(make.organisation(verified=False, credit_code=make.credit_code(7)))
    second = in_review(make.organisation(verified=False, credit_code=make.credit_code(7)))
    verification.approve(first.code, by=make.reviewer(), at=make.MONDAY_9AM)

    with pytest.raises(verification.DecisionRefused, match="holds this credit code"):
        verification.approve(second.code, by=make.reviewer(), at=make.MONDAY_9AM)

    second.refresh_from_db()
    assert second.state == "in_review"
    assert second.organisation.verification_level == 0


def test_a_licence_is_asked_for_by_name():
    organisation = make.organisation()
    claim = Claim(CaseKind.LICENCE, licence="cma", name=organisation.name, number="CMA-1")
    case = verification.run_checks(submitted(organisation, claim=claim).code, at=make.MONDAY_9AM)

    with pytest.raises(selectors.PublishingNeedsVerification, match="inspection body"):
        selectors.require_publishable(organisation.pk, licences={"cma": "inspection body"}, at=make.MONDAY_9AM)
    verification.approve(case.code, by=make.reviewer(), at=make.MONDAY_9AM)

    selectors.require_publishable(organisation.pk, licences={"cma": "inspection body"}, at=make.MONDAY_9AM)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_who_decide_at_once_one_wins():
    case = in_review()
    reviewers = [make.reviewer(), make.reviewer()]
    gate, results = Barrier(2), []

    def decide(reviewer):
        try:
            gate.wait()
            verification.approve(case.code, by=reviewer, at=make.MONDAY_9AM)
            results.append("won")
        except TransitionRefused:
            results.append("lost")
        finally:
            connection.close()

    threads = [Thread(target=decide, args=[reviewer]) for reviewer in reviewers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(results) == ["lost", "won"]
    assert case.steps.filter(move="approve").count() == 1
